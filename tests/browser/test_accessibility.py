"""axe-core finds nothing on any kind of page, light and dark; and no page of them scrolls sideways on a phone."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from commons.config import ROOT
from tests.browser.pages import FOR_MEMBERS, PUBLIC, SAID, SAID_TO_MEMBERS, WALKED, join_with_faults, visit
from tests.browser.watching import DESK, PHONE, Site, Watch, sign_in, watched

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOK = """async rules => { const why = node => node.any.map(one => one.message).join('; ');
    const said = node => [node.html.slice(0, 160), why(node).slice(0, 200)];
    const {violations} = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
    return violations.map(one => [one.id, one.nodes.slice(0, 3).map(said)]) }"""
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}  # in the dark nothing else can differ
pytestmark = pytest.mark.timeout(300)  # many pages in one test; the machine may be busy
ANSWERS = {404, 409, 422}


@cache
def source() -> str:
    if not AXE.exists():
        pytest.fail("axe-core is not in node_modules; ./dev test fetches it")
    return AXE.read_text(encoding="utf-8")


def found_in(page: Page, rules: Any = RULES) -> list[Any]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(source())
    found: list[Any] = page.evaluate(LOOK, rules)
    return found


def look(page: Page, watch: Watch, name: str, faults: dict[str, Any]) -> None:
    """Light and dark on a desk, and whether it fits a phone."""
    for colours, rules in (("light", RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        if found := found_in(page, rules):
            faults[f"{name}, {colours}"] = found
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    watch.fits(page)
    page.set_viewport_size(DESK)


def say(faults: dict[str, Any]) -> str:
    return json.dumps(faults, indent=1, ensure_ascii=False)


def test_what_visitors_see_is_accessible(chromium: Browser, site: Site) -> None:
    faults: dict[str, Any] = {}
    with watched(chromium, site, viewport=DESK, bypass_csp=True) as (page, watch):
        watch.expected = ANSWERS
        for name, address in PUBLIC.items():
            visit(page, site, address)
            look(page, watch, name, faults)
        join_with_faults(page, site)
        look(page, watch, "join with faults", faults)
    assert not faults, say(faults)


def test_what_members_see_is_accessible(chromium: Browser, site: Site) -> None:
    faults: dict[str, Any] = {}
    with watched(chromium, site, viewport=DESK, bypass_csp=True) as (page, watch):
        watch.expected = ANSWERS
        sign_in(page)
        for name, address in FOR_MEMBERS.items():
            visit(page, site, address)
            look(page, watch, name, faults)
        for name, walk in WALKED.items():
            walk(page, site)
            look(page, watch, name, faults)
    assert not faults, say(faults)


@pytest.mark.parametrize(("who", "pages"), [("", SAID), ("ana", SAID_TO_MEMBERS)], ids=["visitors", "members"])
def test_what_people_say_is_accessible(chromium: Browser, site: Site, who: str, pages: Any) -> None:
    faults: dict[str, Any] = {}
    with watched(chromium, site, viewport=DESK, bypass_csp=True) as (page, watch):
        if who:
            sign_in(page, who)
        for name, address in pages.items():
            watch.expected = {404} if name.startswith("tag that") else set()
            visit(page, site, address)
            assert page.locator("h1").count() == 1, f"{name} is no page"
            look(page, watch, name, faults)
    assert not faults, say(faults)


def test_on_a_phone_with_its_bottom_bar_and_open_menu_as_well(chromium: Browser, site: Site) -> None:
    faults: dict[str, Any] = {}
    with watched(chromium, site, viewport=PHONE, color_scheme="dark", bypass_csp=True) as (page, watch):
        for address in ("/", "/organisations", "/organisations/{rich}", "/organisations/{rich}/history"):
            visit(page, site, address)
            if found := found_in(page):
                faults[address] = found
            watch.fits(page)
        page.locator(".bottom-bar summary").click()
        if found := found_in(page):
            faults["menu"] = found
        watch.fits(page)
    assert not faults, say(faults)


def test_axe_does_find_what_is_wrong(chromium: Browser, site: Site) -> None:
    with watched(chromium, site, viewport=DESK, bypass_csp=True) as (page, _watch):
        page.goto("/about")
        page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><img src=\"data:,\">')")
        assert {"label", "image-alt"} <= {one[0] for one in found_in(page)}
