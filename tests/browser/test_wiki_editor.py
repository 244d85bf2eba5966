"""The field in which pages are written: buttons, keys, links that are offered, the preview beside it, the room that is left."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.watching import DESK, PATIENCE, Site, sign_in, watched
from tests.browser.writing import begin, open_form

expect.set_options(timeout=PATIENCE)
pytestmark = pytest.mark.timeout(300)


def test_keys_and_buttons_mark_what_is_chosen_and_can_be_taken_back(chromium: Browser, site: Site) -> None:
    address = begin(site, "Marks", "alpha")
    with watched(chromium, site, viewport=DESK) as (page, watch):
        sign_in(page)
        area = open_form(page, address)
        area.select_text()
        page.keyboard.press("Control+b")
        expect(area).to_have_value("**alpha**")
        page.keyboard.press("Control+z")
        expect(area).to_have_value("alpha")
        area.select_text()
        page.get_by_role("group", name="Formatting").get_by_role("button", name="Italic").click()
        expect(area).to_have_value("_alpha_")
        expect(page.get_by_role("group", name="Formatting").get_by_role("button")).to_have_count(7)
        watch.fits(page)


def test_two_brackets_offer_pages_to_link_to(chromium: Browser, site: Site) -> None:
    address = begin(site, "Offers", "")
    with watched(chromium, site, viewport=DESK) as (page, watch):
        sign_in(page)
        area = open_form(page, address)
        area.press_sequentially("See [[Soil l")
        offered = page.locator(".write [role=listbox]")
        expect(offered.get_by_role("option", name="Soil life")).to_be_visible()
        page.keyboard.press("Escape")
        expect(offered).to_be_hidden()
        area.press_sequentially("i")
        expect(offered).to_be_visible()
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
        page.keyboard.press("Enter")
        expect(area).to_have_value("See [[Soil life]]")
        expect(offered).to_be_hidden()
        watch.fits(page)


def test_the_preview_follows_the_text_beside_it(chromium: Browser, site: Site) -> None:
    address = begin(site, "Follows", "alpha")
    with watched(chromium, site, viewport=DESK) as (page, watch):
        sign_in(page)
        area = open_form(page, address)
        page.get_by_role("group", name="Formatting").get_by_role("button", name="Preview").click()
        pane = page.get_by_role("region", name="Preview")
        expect(pane).to_contain_text("alpha")
        area.fill("See [[Composting]] and [[Nobody wrote this]].")
        expect(pane.get_by_role("link", name="Composting")).to_have_attribute("href", "/wiki/composting")
        expect(pane.locator("a.wanted")).to_have_text("Nobody wrote this")
        watch.fits(page)


def test_near_the_limit_the_room_that_is_left_is_said(chromium: Browser, site: Site) -> None:
    address = begin(site, "Room", "alpha")
    with watched(chromium, site, viewport=DESK) as (page, _watch):
        sign_in(page)
        area = open_form(page, address)
        left = page.locator(".write .left")
        expect(left).to_have_text("")
        area.fill("a" * 199_000)
        expect(left).to_have_text("1,000 characters left")
        area.fill("a" * 200_005)
        expect(left).to_have_text("5 characters too many")
