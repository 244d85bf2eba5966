"""The whole way of a newcomer, in a real browser: search, filter, read, join, correct, look at the history, undo."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.watching import DESK, PATIENCE, PHONE, Site, Watch, watched

expect.set_options(timeout=PATIENCE)
pytestmark = pytest.mark.timeout(300)  # a long way; the machine may be busy
PHRASE = "seven quiet herons wading"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desktop"])
def test_a_newcomer_finds_joins_corrects_and_undoes(chromium: Browser, site: Site, size: Any, scripts: bool) -> None:
    narrow, name = size is PHONE, f"wren-{size['width']}-{'a' if scripts else 'b'}"
    with watched(chromium, site, viewport=size, java_script_enabled=scripts) as (page, watch):
        searches(page, watch)
        filters(page, watch, narrow, scripts)
        title, address = opens_one(page, watch)
        joins(page, watch, name)
        corrects(page, watch, address, f"Heronsford {name}")
        undoes(page, watch, address, title, f"Heronsford {name}")
        assert len(watch.requests) > 15


def searches(page: Page, watch: Watch) -> None:
    page.goto("/")
    watch.fits(page)
    field = page.locator("main form[role=search] input[name=q]")
    field.fill("solidarity")
    field.press("Enter")
    page.wait_for_url("**/search?*q=solidarity*")
    expect(page.locator("main .rows .row").first).to_be_visible()
    expect(page.locator("main .rows").first).to_contain_text(re.compile("solidar", re.I))
    watch.fits(page)


def filters(page: Page, watch: Watch, narrow: bool, scripts: bool) -> None:
    page.locator(".bottom-bar a" if narrow else ".primary-nav a").filter(has_text="Organisations").click()
    page.wait_for_url("**/organisations")
    before = total(page)
    watch.fits(page)
    if narrow:
        page.get_by_role("link", name="Filters").click()
        page.wait_for_url("**/organisations/filters*")
        watch.fits(page)
    country = page.locator("form.facets:visible details").filter(has=page.locator("input[name=country]"))
    if not country.locator("input[name=country]").first.is_visible():
        country.locator("summary").click()
    box = country.locator("input[name=country]:not([disabled])").first
    chosen = box.get_attribute("value")
    box.click()
    if narrow or not scripts:  # on wide screens a script sends the form at once
        page.locator("form.facets:visible p button").click()
    page.wait_for_url(f"**/organisations?*country={chosen}*")
    expect(page.locator(".chip.applied")).to_have_count(1)
    assert 0 < total(page) < before
    watch.fits(page)


def total(page: Page) -> int:
    return int(page.locator(".list-state [role=status] .figure").first.inner_text().replace(",", ""))


def opens_one(page: Page, watch: Watch) -> tuple[str, str]:
    link = page.locator("main .rows .row h2 a").first
    title = link.inner_text()
    link.click()
    page.wait_for_url("**/organisations/*")
    expect(page.locator("h1")).to_have_text(title)
    watch.fits(page)
    return title, page.url


def joins(page: Page, watch: Watch, name: str) -> None:
    page.get_by_role("link", name="Sign in to correct it").click()
    page.wait_for_url("**/sign-in?next=**")
    watch.fits(page)
    page.locator("main").get_by_role("link", name="Join").click()
    page.wait_for_url("**/join")
    watch.fits(page)
    for label, words in (("Your name", "Wren"), ("User name", name), ("E-mail", f"{name}@example.org")):
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("Password", exact=True).fill(PHRASE)
    page.get_by_label("I have read the charter and agree to it").check()
    page.locator("main form button").click()
    page.wait_for_url("**/join/sent")
    watch.fits(page)
    page.goto(watch.site.link(f"{name}@example.org"))
    watch.fits(page)
    page.get_by_role("button", name="Yes, this address is mine").click()
    expect(page.get_by_role("status").filter(has_text="Welcome")).to_be_visible()
    expect(page.locator(".masthead .person")).to_be_visible()
    watch.fits(page)


def corrects(page: Page, watch: Watch, address: str, town: str) -> None:
    page.goto(address)
    page.locator(".object-head").get_by_role("link", name="Edit", exact=True).click()
    page.wait_for_url("**/edit")
    watch.fits(page)
    page.locator(".tabs").get_by_role("link", name="Contact and place").click()
    page.wait_for_url("**/edit?section=contact")
    page.locator("input[name=city]").fill(town)
    page.locator("input[name=note]").fill("It moved")
    watch.fits(page)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(address)
    expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()
    expect(page.locator(".object-head")).to_contain_text(town)
    watch.fits(page)


def undoes(page: Page, watch: Watch, address: str, title: str, town: str) -> None:
    page.locator("main a[href$='/history']").first.click()
    page.wait_for_url("**/history")
    expect(page.locator("table.history tbody tr").first).to_contain_text("It moved")
    watch.fits(page)
    page.get_by_role("button", name="Compare the two chosen").click()
    page.wait_for_url("**/diff/*/*")
    expect(page.locator("main ins").first).to_contain_text("Heronsford")
    watch.fits(page)
    page.get_by_role("button", name=re.compile("^Restore version")).click()
    page.wait_for_url("**/history")
    expect(page.get_by_role("status").filter(has_text="is back, as a new version")).to_be_visible()
    watch.fits(page)
    page.goto(address)
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("main")).not_to_contain_text(town)
    watch.fits(page)
