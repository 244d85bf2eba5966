"""Two records are made one and two again: by keyboard, on a phone, in light and dark, and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from commons.db import db
from directory.merging.actions import find_all
from tests.browser.test_accessibility import look, say
from tests.browser.watching import DESK, PHONE, Site, sign_in, watched
from tests.cast import Cast
from tests.directory.merging.makers import twins

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def pair(site: Site) -> str:
    with site.app.app_context():
        winner, loser = twins(description="Builds tanks.")
        find_all()
        address = f"/organisations/duplicates/{winner.id}/{loser.id}"
        db.session.remove()
    return address


def test_the_queue_and_two_records_are_accessible(chromium: Browser, site: Site, pair: str) -> None:
    faults: dict[str, Any] = {}
    with watched(chromium, site, viewport=DESK, bypass_csp=True) as (page, watch):
        sign_in(page, "mo.derates")
        for address in ("/organisations/duplicates", pair, "/organisations/merges"):
            page.goto(site.url + address)
            look(page, watch, address, faults)
    assert not faults, say(faults)


def test_by_keyboard_without_scripts_on_a_phone(chromium: Browser, site: Site, pair: str) -> None:
    with watched(chromium, site, viewport=PHONE, java_script_enabled=False) as (page, watch):
        sign_in(page, "mo.derates")
        page.goto(site.url + pair)
        page.locator("input[name=choice-website]").first.focus()
        page.locator("#note").focus()
        page.keyboard.type("The same telephone number")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Take it back")).to_be_visible()
        page.locator("#note").focus()
        page.keyboard.type("Two villages")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Rain Water for Kisumu", level=1)).to_be_visible()
        page.goto(site.url + "/organisations/duplicates?state=different")
        expect(page.get_by_text("Decided by Mo.")).to_be_visible()
    with site.app.app_context():
        assert Cast().mo.is_moderator
