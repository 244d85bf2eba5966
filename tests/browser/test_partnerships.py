"""Two organisations with two people each, from a need to an outcome that both confirmed; on phones, each in a browser of their own.

Every page on the way is held to axe and to the width of a phone. That nothing on it needs scripts is said by the tests of the room,
which go the same way without a browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from commons.db import db
from directory.partnerships.board.models import Posting
from tests.browser.test_accessibility import found_in, say
from tests.browser.watching import PATIENCE, PHONE, Site, Watch, sign_in, watched
from tests.cast import PASSWORD
from tests.directory.partnerships.board import makers as board
from tests.directory.partnerships.dossiers import makers

expect.set_options(timeout=PATIENCE)
pytestmark = pytest.mark.timeout(600)  # a long way; the machine may be busy
NEED = "Find somebody who teaches us to graft apple trees"
OFFERED = (
    "We have grafted apple and pear trees in schools for eleven years and would gladly come to you for three days in spring, with "
    "knives, wax and scions of old varieties of the region. We ask for beds, soup, and that you show it to your neighbours."
)


@pytest.fixture
def people(site: Site) -> Iterator[dict[str, str]]:
    """Orchard: Pia (steward) and Quinn (signatory). Grafters: Rhea (delegate) and Sam (signatory)."""
    with site.app.app_context():
        names = ("pia", "quinn", "rhea", "sam")
        members = {name: makers.person(name) for name in names}
        makers.organisation("Orchard of the hill", steward=members["pia"], signatory=members["quinn"])
        makers.organisation("Grafters", delegate=members["rhea"], signatory=members["sam"])
        db.session.remove()
    yield {name: name for name in names}


class Walker:
    """One person in their browser: what they look at is looked at by axe too."""

    def __init__(self, page: Page, watch: Watch, faults: dict[str, Any]) -> None:
        self.page, self.watch, self.faults = page, watch, faults

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def look(self) -> None:
        self.watch.fits(self.page)
        if found := found_in(self.page):
            self.faults[self.page.url] = found

    def press(self, name: str) -> None:
        self._click("button", name)

    def follow(self, name: str) -> None:
        self._click("link", name)

    def _click(self, role: Any, name: str) -> None:
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role(role, name=name, exact=True).first.click()
        self.look()

    def fill(self, **words: str) -> None:
        for name, text in words.items():
            self.page.locator(f"main [name='{name}']").first.fill(text)

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)


def test_from_a_need_to_an_outcome_that_both_confirmed(chromium: Browser, site: Site, people: dict[str, str]) -> None:
    faults: dict[str, Any] = {}
    phone: dict[str, Any] = {"viewport": PHONE, "bypass_csp": True}
    with (
        watched(chromium, site, **phone) as pia,
        watched(chromium, site, **phone) as quinn,
        watched(chromium, site, **phone) as rhea,
        watched(chromium, site, **phone) as sam,
    ):
        walkers = [Walker(*one, faults) for one in (pia, quinn, rhea, sam)]
        for name, walker in zip(people, walkers, strict=True):
            sign_in(walker.page, name)
        steward, signatory, delegate, other = walkers
        need = says_what_is_needed(steward, site)
        dossier = answers(delegate, need)
        agree(steward, other, dossier)
        sign(signatory, other, dossier)
        keep(steward, other, dossier)
        finish(steward, other, dossier)
    assert not faults, say(faults)


def says_what_is_needed(steward: Walker, site: Site) -> str:
    steward.go("/partnerships")
    steward.follow("Say what you need")
    steward.page.get_by_label("Training").check()
    steward.fill(title=NEED)
    steward.press("Go on")
    steward.fill(
        text="Twelve of us graft a tree each, and it lives a year later.",
        in_return="Apples, and beds for three nights.",
    )
    steward.press("Go on")
    steward.press("Go on")
    steward.sees("Organisations that would see this today")
    steward.press("Publish")
    let_through(site)
    steward.page.reload()
    steward.sees(NEED)
    return steward.page.url


def let_through(site: Site) -> None:
    """The first need of an organisation waits for a moderator."""
    with site.app.app_context():
        for posting in db.session.scalars(select(Posting).where(Posting.state == "pending")).all():
            board.let_through(posting)
        db.session.remove()


def answers(delegate: Walker, need: str) -> str:
    delegate.go(need)
    delegate.follow("Express interest")
    delegate.fill(text=OFFERED)
    delegate.press("Send")
    delegate.sees("Step 1 of 6")
    return delegate.page.url


def agree(steward: Walker, other: Walker, dossier: str) -> None:
    steward.go(dossier)
    steward.sees("It waits for your organisation.")
    steward.press("Yes, let us talk")
    steward.follow("Write the terms")
    steward.fill(title="Three days of grafting", goal="Twelve people graft a tree each, and it lives a year later.")
    for box in steward.page.locator("main textarea[name^='gives-']").all():
        box.fill("What each of us said: beds and soup, knives and wax.")
    steward.press("Send this version")
    other.go(dossier)
    other.press("Accept version 1")
    other.sees("Step 4 of 6")


def sign(signatory: Walker, other: Walker, dossier: str) -> None:
    for one, name in ((signatory, "Quinn"), (other, "Sam")):
        one.go(dossier)
        one.follow("Read and sign")
        one.fill(name=name, password=PASSWORD)
        one.page.get_by_label("I have read the agreement").check()
        one.press("Sign for your organisation")
    other.sees("Step 5 of 6")


def keep(steward: Walker, other: Walker, dossier: str) -> None:
    for one in (steward, other):
        one.go(dossier)
        one.press("We want it in the register")
    steward.go("/partnerships/register")
    steward.sees("Three days of grafting")


def finish(steward: Walker, other: Walker, dossier: str) -> None:
    steward.go(dossier)
    steward.follow("It is done")
    steward.page.locator("main [name=result]").first.check()
    steward.fill(text="Eleven of twelve trees live.")
    steward.press("Send")
    other.go(dossier)
    other.press("Yes, so it was")
    other.go("/partnerships/register")
    other.sees("Three days of grafting")
