"""Moderators' pages about searches in a real browser: accessible light and dark, whole on a phone, decided by keyboard and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete

from commons.db import db, now, transaction
from commons.search.judging import Figures, keep
from commons.search.models import FailedSearch, SearchRuling
from tests.browser.test_accessibility import look, say
from tests.browser.watching import DESK, PATIENCE, PHONE, Site, sign_in, watched

expect.set_options(timeout=PATIENCE)
pytestmark = pytest.mark.timeout(300)
WORDS = ["biogas leasing", "gouvernance des puits partages entre plusieurs villages de la meme vallee", "yak husbandry"]
TERM = "/moderation/searches/term?words=biogas+leasing&language=en"


@pytest.fixture(autouse=True)
def sought(site: Site) -> Iterator[None]:
    with site.app.app_context():
        with transaction():
            for back in range(3):
                day = now().date() - timedelta(days=back)
                db.session.add_all(
                    FailedSearch(words=words, language="en", day=day, times=3, askers=2) for words in WORDS
                )
        keep(Figures(3, 0.5, 0.6, 0.7))
        keep(Figures(4, 0.6, 0.6, 0.65))
        yield
        with transaction():
            db.session.execute(delete(SearchRuling))
            db.session.execute(delete(FailedSearch))


def decide(page: Page, act: str) -> None:
    page.get_by_role("radio", name=act).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Decide").focus()
    page.keyboard.press("Enter")


def test_the_pages_are_accessible_and_fit_a_phone(chromium: Browser, site: Site) -> None:
    faults: dict[str, Any] = {}
    with watched(chromium, site, viewport=DESK, bypass_csp=True) as (page, watch):
        watch.expected = {422}
        sign_in(page, "mo.derates")
        for name, address in (
            ("list", "/moderation/searches"),
            ("words", TERM),
            ("judged", "/moderation/searches/judged"),
            ("judge", "/moderation/searches/judge?q=social"),
        ):
            page.goto(address)
            look(page, watch, name, faults)
        page.goto(TERM)
        decide(page, "Nothing needs to be done")
        page.get_by_role("alert").wait_for()
        look(page, watch, "words with faults", faults)
        page.get_by_label("Reason").fill("A product")
        page.get_by_role("button", name="Decide").click()
        page.get_by_role("heading", name="Decided").wait_for()
        look(page, watch, "list with decisions", faults)
        page.goto("/moderation/searches/decided")
        look(page, watch, "decisions", faults)
    assert not faults, say(faults)


def test_words_become_a_wanted_page_without_scripts_and_by_keyboard(chromium: Browser, site: Site) -> None:
    with watched(chromium, site, viewport=PHONE, java_script_enabled=False) as (page, _watch):
        sign_in(page, "mo.derates")
        page.goto("/moderation/searches")
        page.get_by_role("link", name="biogas leasing").focus()
        page.keyboard.press("Enter")
        page.get_by_label("How it is written").fill("Biogas leasing")
        decide(page, "Somebody should write a page about it")
        page.get_by_text("made “Biogas leasing” a wanted page").wait_for()
        page.goto("/wiki/wanted")
        page.get_by_role("link", name="Biogas leasing").click()
        expect(page.get_by_label("Title", exact=True)).to_have_value("Biogas leasing")
        page.goto("/moderation/searches")
        page.get_by_role("button", name="Take it back").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Taken back").wait_for()
