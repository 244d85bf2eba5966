"""Every page on which organisations deal with each other: whole on the narrowest phone, accessible, in order, for whom it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from commons.db import db
from tests.browser.dealing import Pages, deal
from tests.browser.test_accessibility import found_in, say
from tests.browser.test_keyboard import press
from tests.browser.watching import DESK, PHONE, Site, Watch, sign_in, watched

pytestmark = pytest.mark.timeout(600)  # ninety pages in one test; the machine may be busy
NARROW = ViewportSize(width=320, height=640)
MOST = 200  # stops of the Tab key on one page
IN_FRONT = """() => { const e = document.activeElement, b = e.getBoundingClientRect();
    const top = document.elementFromPoint(b.left + Math.min(b.width / 2, 8), b.top + b.height / 2);
    return !!top && (e.contains(top) || top.contains(e)) }"""
GONE = {"a link that was used": 410}
ORDER = """() => { const seen = e => e.getClientRects().length;
    const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter(seen).map(e => Number(e.tagName[1]));
    const named = e => e.caption || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby');
    const found = levels.flatMap((level, at) => at && level > levels[at - 1] + 1 ? [`h${level} below h${levels[at - 1]}`] : []);
    if (levels.filter(level => level === 1).length !== 1) found.push('not one h1');
    return found.concat([...document.querySelectorAll('main table')].filter(e => !named(e)).map(() => 'a table without a name')) }"""


@pytest.fixture(scope="module")
def pages(site: Site) -> Iterator[Pages]:
    with site.app.app_context():
        found = deal()
        db.session.remove()
    yield found


def faults_of(page: Page, watch: Watch, address: str, status: int) -> list[Any]:
    """On a desk in light, on a phone in the dark; and whether it fits the phone and something narrower."""
    answer = page.goto(address)
    if answer is None or answer.status != status:
        return [f"answers {answer and answer.status}"]
    found: list[Any] = found_in(page) + page.evaluate(ORDER)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    found += found_in(page) + page.evaluate(ORDER)
    for width in (PHONE, NARROW):
        page.set_viewport_size(width)
        watch.fits(page)
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    return found


def test_pages_of_dealings_are_accessible_and_narrow(chromium: Browser, site: Site, pages: Pages) -> None:
    faults: dict[str, Any] = {}
    for who, some in groupby(sorted(pages.items(), key=lambda one: one[1]), key=lambda one: one[1][0]):
        with watched(chromium, site, viewport=DESK, bypass_csp=True) as (page, watch):
            watch.expected = set(GONE.values())
            if who:
                sign_in(page, who)
            for name, (_who, address) in some:
                if found := faults_of(page, watch, address, GONE.get(name, 200)):
                    faults[name] = found
    assert not faults, say(faults)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_tab_passes_through_the_pages_of_an_organisation_and_out(
    chromium: Browser, site: Site, pages: Pages, size: ViewportSize
) -> None:
    with watched(chromium, site, viewport=size) as (page, _watch):
        sign_in(page, "garden.steward")
        for name in ("matches of a need", "say a need", "need of mine", "version of the terms"):
            page.goto(pages[name][1])
            for _stop in range(MOST):
                here = press(page)
                if here["tag"] in ("BODY", "HTML"):
                    break
                assert here["outline"] >= 2 and here["inside"], f"focus is not seen on {name}: {here}"
                assert page.evaluate(IN_FRONT), f"something covers the focus on {name}: {here}"
            else:
                raise AssertionError(f"Tab never leaves {name}")
