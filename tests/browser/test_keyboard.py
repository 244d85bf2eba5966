"""Without a mouse: the skip link comes first, Tab reaches everything, menus open and close, focus is always seen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.watching import DESK, PATIENCE, PHONE, Site, sign_in, watched

expect.set_options(timeout=PATIENCE)
HERE = """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
    return {tag: e.tagName, name: e.name || '', id: e.id, text: (e.innerText || '').trim(), cls: e.className,
            href: e.getAttribute('href') || '',
            outline: s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth), tint: s.outlineColor,
            inside: b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth && b.width > 0} }"""


def press(page: Page, key: str = "Tab") -> dict[str, Any]:
    page.keyboard.press(key)
    here: dict[str, Any] = page.evaluate(HERE)
    return here


def tab_to(page: Page, wanted: Any, most: int = 90) -> dict[str, Any]:
    """Presses Tab until something wanted has the focus; every stop on the way has to be seen."""
    for _stop in range(most):
        here = press(page)
        assert here["outline"] >= 2, f"focus is not seen on {here}"
        assert here["inside"], f"focus is outside of the window on {here}"
        if wanted(here):
            return here
    raise AssertionError("Tab never came there")


@pytest.mark.parametrize("address", ["/", "/organisations", "/organisations/{rich}", "/search?q=social", "/sign-in"])
def test_the_skip_link_comes_first_and_leads_to_the_content(chromium: Browser, site: Site, address: str) -> None:
    with watched(chromium, site, viewport=DESK) as (page, _watch):
        page.goto(address.format(rich=site.rich))
        first = press(page)
        assert first["cls"] == "skip" and first["inside"] and first["outline"] >= 2
        page.keyboard.press("Enter")
        assert page.url.endswith("#main")
        after = press(page)
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)"), after


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desktop"])
def test_tab_reaches_search_and_enter_sends_it(chromium: Browser, site: Site, size: Any) -> None:
    with watched(chromium, site, viewport=size) as (page, watch):
        page.goto("/organisations")
        tab_to(page, lambda here: here["id"] == "q", 6)
        page.keyboard.type("solidarity")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=solidarity*")
        tab_to(page, lambda here: here["href"].startswith("/organisations/"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/organisations/*")
        watch.fits(page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desktop"])
def test_a_menu_opens_with_enter_and_closes_with_escape(chromium: Browser, site: Site, size: Any) -> None:
    with watched(chromium, site, viewport=size) as (page, _watch):
        page.goto("/about")
        tab_to(page, lambda here: here["tag"] == "SUMMARY" and here["text"] == "More")
        menu = page.locator("details.menu:has(summary:focus)")
        page.keyboard.press("Enter")
        expect(page.locator("details.menu[open] ul")).to_be_visible()
        assert press(page)["tag"] == "A"
        here = press(page, "Escape")
        assert here["tag"] == "SUMMARY" and here["text"] == "More"
        expect(menu).not_to_have_attribute("open", "")


def test_filters_are_set_with_the_space_bar(chromium: Browser, site: Site) -> None:
    with watched(chromium, site, viewport=DESK) as (page, watch):
        page.goto("/organisations")
        tab_to(page, lambda here: here["tag"] == "SUMMARY" and page.evaluate(IN_FACETS))
        folded = "document.activeElement.parentElement.open"
        if not page.evaluate(folded):
            page.keyboard.press("Enter")
        tab_to(page, lambda here: here["tag"] == "INPUT" and page.evaluate("document.activeElement.type") == "checkbox")
        chosen = page.evaluate("document.activeElement.name + '=' + document.activeElement.value")
        page.keyboard.press("Space")
        page.wait_for_url(f"**/organisations?**{chosen}**")
        expect(page.locator(".chip.applied")).to_have_count(1)
        watch.fits(page)


IN_FACETS = "!!document.activeElement.closest('form.facets')"


def test_an_organisation_is_corrected_with_keys_alone(chromium: Browser, site: Site) -> None:
    with watched(chromium, site, viewport=DESK) as (page, watch):
        sign_in(page, "chi")
        page.goto(f"/organisations/{site.poor}/edit?section=contact")
        tab_to(page, lambda here: here["name"] == "phone")
        page.keyboard.type("+30 210 000 0000")
        tab_to(page, lambda here: here["name"] == "note")
        page.keyboard.type("From their door")
        tab_to(page, lambda here: here["tag"] == "BUTTON" and here["text"] == "Save")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/organisations/{site.poor}")
        expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()
        watch.fits(page)


def test_a_page_is_made_linked_and_saved_with_keys_alone(chromium: Browser, site: Site) -> None:
    with watched(chromium, site, viewport=DESK) as (page, watch):
        sign_in(page, "chi")
        page.goto("/wiki/new")
        tab_to(page, lambda here: here["name"] == "title")
        page.keyboard.type("Mulch with keys")
        tab_to(page, lambda here: here["name"] == "text")
        page.keyboard.type("Straw keeps it moist. See [[Soil l")
        expect(page.get_by_role("option", name="Soil life")).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.keyboard.type(".")
        tab_to(page, lambda here: here["tag"] == "BUTTON" and here["text"] == "Save")
        page.keyboard.press("Enter")
        page.wait_for_url("**/wiki/mulch-with-keys")
        tab_to(page, lambda here: here["href"] == "/wiki/soil-life" and here["text"] == "Soil life")
        page.keyboard.press("Enter")
        page.wait_for_url("**/wiki/soil-life")
        expect(page.locator("main")).to_contain_text("Mulch with keys")
        watch.fits(page)


def enter(page: Page, words: str) -> None:
    tab_to(page, lambda here: here["text"].startswith(words))
    page.keyboard.press("Enter")


def test_a_question_is_asked_and_answered_with_keys_alone(chromium: Browser, site: Site) -> None:
    with watched(chromium, site, viewport=DESK) as (page, watch):
        sign_in(page, "chi")
        page.goto("/forums")
        enter(page, "Begin a topic")
        page.wait_for_url("**/topics/new")
        enter(page, "Seeds and soil")
        page.wait_for_url("**/forums/*/new")
        tab_to(page, lambda here: here["name"] == "title")
        page.keyboard.type("Where do swallows go in rain?")
        tab_to(page, lambda here: here["name"] == "sort")
        page.keyboard.press("ArrowDown")
        tab_to(page, lambda here: here["name"] == "text")
        page.keyboard.type("They left the barn.")
        enter(page, "Publish")
        expect(page.locator(".topic-head")).to_contain_text("Question")
        tab_to(page, lambda here: here["name"] == "text")
        page.keyboard.type("Under the bridge.")
        enter(page, "Post reply")
        expect(page.locator("article.post").nth(1)).to_contain_text("Under the bridge.")
        watch.fits(page)


def test_a_choice_is_made_and_a_group_is_joined_with_keys_alone(chromium: Browser, site: Site) -> None:
    with watched(chromium, site, viewport=PHONE) as (page, watch):
        sign_in(page, "ben")
        page.goto(f"/topics/{site.said['poll']}")
        tab_to(page, lambda here: here["name"] == "choice")
        page.keyboard.press("ArrowDown")
        enter(page, "Choose")
        expect(page.locator(".poll")).to_contain_text("your choice")
        watch.fits(page)
        page.goto("/groups/repair-evenings")
        enter(page, "Join the group")
        expect(page.get_by_role("status").filter(has_text="You belong to the group now.")).to_be_visible()


def test_after_a_fault_the_keyboard_stands_at_the_summary_of_faults(chromium: Browser, site: Site) -> None:
    with watched(chromium, site, viewport=DESK) as (page, watch):
        watch.expected = {422}
        page.goto("/sign-in")
        page.locator("main form button").press("Enter")
        expect(page.locator(".errors")).to_be_focused()
        first = press(page)
        assert first["href"].startswith("#")
        page.keyboard.press("Enter")
        expect(page.locator("#who")).to_be_focused()
