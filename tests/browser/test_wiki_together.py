"""Two people at one page, a network that goes away, a session that ends: no word of anybody is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.watching import DESK, PATIENCE, PHONE, Site, sign_in, watched
from tests.browser.writing import begin, open_form, replace, rewrite, save, saved, text_of, versions_of

expect.set_options(timeout=PATIENCE)
pytestmark = pytest.mark.timeout(300)  # a long way; the machine may be busy
TEXT = "The first paragraph.\n\nThe second paragraph.\n\nThe third paragraph.\n"


def test_two_people_change_different_paragraphs_and_one_of_them_is_offline_for_a_while(
    chromium: Browser, site: Site
) -> None:
    address = begin(site, "Rainwater tanks", TEXT)
    with (
        watched(chromium, site, viewport=DESK) as (ana, ana_watch),
        watched(chromium, site, viewport=PHONE) as (ben, _watch),
    ):
        sign_in(ana, "ana")
        sign_in(ben, "ben")
        hers, his = open_form(ana, address), open_form(ben, address)
        ben.context.set_offline(True)
        replace(his, "third", "last")
        status = ben.locator("form .draft")
        expect(status).to_contain_text("No connection. Draft saved")
        save(ben)
        expect(status).to_contain_text("No connection. Your text is safe on this device.")
        assert ben.url.endswith("/edit") and "last" in his.input_value()
        replace(hers, "first", "opening")
        save(ana)
        saved(ana, address)
        ben.get_by_role("button", name="Save it when the connection is back").click()
        expect(status).to_contain_text("as soon as the connection is back")
        ben.context.set_offline(False)
        saved(ben, address)
        ana_watch.fits(ana)
    assert text_of(site, address) == TEXT.replace("first", "opening").replace("third", "last")
    assert versions_of(site, address) == 3


def test_two_people_change_the_same_paragraph_and_both_texts_are_shown_and_kept(chromium: Browser, site: Site) -> None:
    address = begin(site, "Tool libraries", TEXT)
    with watched(chromium, site, viewport=DESK) as (page, watch):
        watch.expected = {409}
        sign_in(page, "ben")
        area = open_form(page, address)
        replace(area, "The second paragraph.", "Tools are lent for a week.")
        replace(area, "third", "last")
        rewrite(site, address, "The second paragraph.", "Tools are lent for ten days.")
        save(page)
        place = page.locator("fieldset.two-versions")
        expect(place).to_have_count(1)
        expect(place).to_contain_text("Tools are lent for a week.")
        expect(place).to_contain_text("Tools are lent for ten days.")
        expect(place.get_by_label("Both, one after the other")).to_be_checked()
        watch.fits(page)
        page.set_viewport_size(PHONE)
        watch.fits(page)
        save(page)
        saved(page, address)
    text = text_of(site, address)
    assert all(words in text for words in ("lent for a week", "lent for ten days", "The last paragraph"))


def test_of_two_texts_one_is_chosen_with_the_keyboard(chromium: Browser, site: Site) -> None:
    address = begin(site, "Seed libraries", TEXT)
    with watched(chromium, site, viewport=PHONE) as (page, watch):
        watch.expected = {409}
        sign_in(page, "ben")
        area = open_form(page, address)
        replace(area, "second", "middle")
        rewrite(site, address, "The second paragraph.", "Seeds are lent until harvest.")
        save(page)
        expect(page.get_by_role("alert")).to_be_focused()
        page.get_by_label("Both, one after the other").focus()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        expect(page.get_by_label("Only yours")).to_be_checked()
        page.get_by_role("button", name="Save", exact=True).press("Enter")
        saved(page, address)
    text = text_of(site, address)
    assert "until harvest" not in text and "The middle paragraph." in text


def test_a_draft_outlives_the_end_of_the_session(chromium: Browser, site: Site) -> None:
    address = begin(site, "Bicycle repair", TEXT)
    with watched(chromium, site, viewport=DESK) as (page, watch):
        watch.expected = {400, 401, 422}
        sign_in(page, "ben")
        area = open_form(page, address)
        replace(area, "second", "middle")
        expect(page.locator("form .draft")).to_have_text(re.compile("on this device and on the site"))
        page.context.clear_cookies()
        replace(area, "third", "last")
        expect(page.locator("form .draft")).to_contain_text("You are signed out.")
        save(page)
        expect(page.get_by_text("You were signed out while you were writing.")).to_be_visible()
        assert page.locator("textarea[name=text]").input_value().count("last") == 1
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Sign in in a new tab").first.click()
        sign_in(opened.value, "ben")
        save(page)
        expect(page.get_by_text("Please save once more.")).to_be_visible()
        save(page)
        saved(page, address)
    assert text_of(site, address) == TEXT.replace("second", "middle").replace("third", "last")


def test_what_was_typed_without_a_network_is_offered_on_the_next_visit_and_merged_with_what_others_wrote(
    chromium: Browser, site: Site
) -> None:
    address = begin(site, "Solar dryers", TEXT)
    with watched(chromium, site, viewport=PHONE) as (page, watch):
        sign_in(page, "ben")
        area = open_form(page, address)
        page.context.set_offline(True)
        replace(area, "second", "middle")
        expect(page.locator("form .draft")).to_contain_text("No connection. Draft saved")
        page.context.set_offline(False)
        page.goto("/about")
        rewrite(site, address, "first", "opening")
        area = open_form(page, address)
        assert "middle" not in area.input_value()
        page.get_by_role("button", name="Bring back what you wrote").click()
        expect(area).to_have_value(TEXT.replace("second", "middle"))
        watch.fits(page)
        save(page)
        saved(page, address)
        area = open_form(page, address)
        expect(page.get_by_role("button", name="Bring back what you wrote")).to_have_count(0)
    assert text_of(site, address) == TEXT.replace("second", "middle").replace("first", "opening")


def test_a_draft_of_one_device_is_offered_on_another(chromium: Browser, site: Site) -> None:
    address = begin(site, "Savings circles", TEXT)
    with watched(chromium, site, viewport=PHONE) as (phone, _watch):
        sign_in(phone, "ben")
        replace(open_form(phone, address), "second", "middle")
        expect(phone.locator("form .draft")).to_have_text(re.compile("on this device and on the site"))
    with watched(chromium, site, viewport=DESK) as (desk, watch):
        sign_in(desk, "ben")
        open_form(desk, address)
        desk.get_by_role("link", name="Go on with it").click()
        expect(desk.locator("textarea[name=text]")).to_have_value(TEXT.replace("second", "middle"))
        watch.fits(desk)
        save(desk)
        saved(desk, address)
        open_form(desk, address)
        expect(desk.get_by_role("link", name="Go on with it")).to_have_count(0)
