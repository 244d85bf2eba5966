"""In a real browser: a picture is added without a mouse, its pages are accessible, and they fit on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import chromium, site
from tests.browser.test_accessibility import found_in
from tests.browser.test_keyboard import tab_to
from tests.browser.watching import DESK, PHONE, Site, Watch, sign_in, watched
from tests.commons.files.samples import striped

__all__ = ["chromium", "site"]
pytestmark = pytest.mark.timeout(300)


def fine(page: Page, watch: Watch) -> None:
    assert found_in(page) == []
    page.set_viewport_size(PHONE)
    watch.fits(page)
    page.set_viewport_size(DESK)


def test_a_picture_is_added_by_keyboard_and_every_page_of_it_is_accessible(
    chromium: Browser,
    site: Site,
    tmp_path: Path,
) -> None:
    (tmp_path / "tank.png").write_bytes(striped((1000, 500)))
    with watched(chromium, site, viewport=DESK, bypass_csp=True) as (page, watch):
        sign_in(page)
        page.goto("/files")
        tab_to(page, lambda here: here["href"] == "/files/new")
        page.keyboard.press("Enter")
        page.wait_for_url("**/files/new")
        tab_to(page, lambda here: here["id"] == "file")
        page.locator("#file").set_input_files(tmp_path / "tank.png")  # the system's own window is not the page's
        for name, words in (("title", "A rain tank"), ("alt", "A striped tank on a roof")):
            tab_to(page, lambda here, name=name: here["id"] == name)
            page.keyboard.type(words)
        tab_to(page, lambda here: here["name"] == "people")
        page.keyboard.press("Space")
        fine(page, watch)
        watch.expected = {422}
        tab_to(page, lambda here: here["text"] == "Add it")
        page.keyboard.press("Enter")
        page.get_by_text("There is a problem").wait_for()
        assert page.locator("#alt").input_value() == "A striped tank on a roof"
        fine(page, watch)
        page.locator("#file").set_input_files(tmp_path / "tank.png")
        page.locator("#licence").select_option("CC0 1.0")
        page.get_by_role("button", name="Add it").click()
        page.wait_for_url("**/files/a-rain-tank")
        shown = page.get_by_alt_text("A striped tank on a roof")
        assert shown.evaluate("async one => { await one.decode(); return one.naturalWidth }") > 0
        fine(page, watch)
        for address in ("/files", "/files/a-rain-tank/edit", "/files/a-rain-tank/replace"):
            page.goto(address)
            fine(page, watch)
