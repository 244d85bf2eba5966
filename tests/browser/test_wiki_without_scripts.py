"""Everything once on a phone without scripts: begin a page, look at it first, save, mend a section, meet somebody, compare."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.watching import PATIENCE, PHONE, Site, Watch, sign_in, watched
from tests.browser.writing import rewrite, save, saved, text_of

expect.set_options(timeout=PATIENCE)
pytestmark = pytest.mark.timeout(300)
ADDRESS = "/wiki/quiet-gardens"


def test_a_page_is_written_mended_and_compared_without_scripts(chromium: Browser, site: Site) -> None:
    with watched(chromium, site, viewport=PHONE, java_script_enabled=False) as (page, watch):
        watch.expected = {404, 409}
        sign_in(page, "chi")
        asks_for_a_page_that_is_not_there(page, watch)
        looks_first_and_saves(page, watch)
        mends_one_section(page, watch)
        meets_somebody(page, watch, site)
        compares(page, watch)
    assert "Mint grows" in text_of(site, ADDRESS) and "Thyme grows" in text_of(site, ADDRESS)


def asks_for_a_page_that_is_not_there(page: Page, watch: Watch) -> None:
    page.goto(ADDRESS)
    expect(page.locator("h1")).to_have_text("Quiet gardens")
    watch.fits(page)
    page.get_by_role("link", name="Write it").click()
    page.wait_for_url("**/wiki/new?title=*")
    expect(page.get_by_label("Title")).to_have_value("Quiet gardens")
    watch.fits(page)


def looks_first_and_saves(page: Page, watch: Watch) -> None:
    page.locator("textarea[name=text]").fill(
        "See [[Composting]].\n\n## Herbs\n\nSage grows.\n\n## Trees\n\nPear.\n\n## Water\n\nA barrel."
    )
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview").get_by_role("link", name="Composting")).to_be_visible()
    watch.fits(page)
    save(page)
    saved(page, ADDRESS)
    expect(page.locator("article")).to_contain_text("Sage grows.")
    page.locator(".contents summary").click()
    expect(page.locator(".contents details").get_by_role("link", name="Trees")).to_be_visible()
    watch.fits(page)


def mends_one_section(page: Page, watch: Watch) -> None:
    page.get_by_role("link", name="Edit the section “Herbs”").click()
    area = page.locator("textarea[name=text]")
    expect(area).to_have_value(re.compile("Sage grows"))
    assert "Pear" not in area.input_value()
    watch.fits(page)
    area.fill("## Herbs\n\nSage and rue grow.\n")
    save(page)
    saved(page, ADDRESS)
    expect(page.locator("article")).to_contain_text("Pear.")


def meets_somebody(page: Page, watch: Watch, site: Site) -> None:
    page.goto(f"{ADDRESS}/edit")
    area = page.locator("textarea[name=text]")
    area.fill(area.input_value().replace("Sage and rue grow.", "Mint grows."))
    rewrite(site, ADDRESS, "Sage and rue grow.", "Thyme grows.")
    save(page)
    expect(page.locator("fieldset.two-versions")).to_be_visible()
    watch.fits(page)
    save(page)
    saved(page, ADDRESS)


def compares(page: Page, watch: Watch) -> None:
    for name, heading in (("History", "History of"), ("Who wrote what", "Who wrote"), ("Links", "Links of")):
        page.goto(ADDRESS)
        page.locator(".tabs").get_by_role("link", name=name).click()
        expect(page.locator("h1")).to_contain_text(f"{heading} Quiet gardens")
        watch.fits(page)
    page.goto(f"{ADDRESS}/compare/1/2")
    expect(page.locator(".compared")).to_contain_text("rue")
    watch.fits(page)
