"""Pages for the browser tests, and what people do to them again and again."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from sqlalchemy import select

from commons.db import db
from tests.browser.watching import Site
from tests.cast import Cast
from wiki.actions import add_page, edit_page
from wiki.models import Page

TEXT = """Composting turns kitchen waste into soil.

## What it needs

Green matter, brown matter, water and air.[^1] See [[Soil life]] and [[Seed libraries]].

## Building the heap

- Three bays
  - one filling
  - one resting

| Kept at | For |
| --- | --- |
| 55 °C | 3 days |

> A heap is a promise.

## When it smells

Add straw [source needed].

[^1]: Notes of a garden.
"""


def write_pages() -> None:
    """A page with everything a page can have, a translation that is behind, and one that links here."""
    ana, ben = Cast().ana, Cast().ben
    values = {
        "summary": "How groups make soil.",
        "language": "en",
        "licence": "CC BY-SA 4.0",
        "review_by": "2020-01-31",
    }
    page = add_page({"title": "Composting", "text": TEXT.replace("water and air", "water")} | values, actor=ana)
    french = {"title": "Le compostage", "text": "Du sol vivant.", "language": "fr", "licence": "CC BY-SA 4.0"}
    add_page(french | {"translation_of": page.id, "translated_version": 1}, actor=ben)
    edit_page(page, {"text": TEXT}, version=page.version, actor=ben, note="It breathes")
    add_page({"title": "Soil life", "text": "Worms. See [[Composting]].", "language": "en"}, actor=ben)


def begin(site: Site, title: str, text: str) -> str:
    """A page by Ana; its address."""
    with site.app.app_context():
        made = add_page({"title": title, "text": text, "language": "en"}, actor=Cast().ana)
        return f"/wiki/{made.slug}"


def rewrite(site: Site, address: str, old: str, new: str) -> None:
    """Chi saves other words while somebody else has the form open."""
    with site.app.app_context():
        page = found(address)
        edit_page(page, {"text": page.text.replace(old, new)}, version=page.version, actor=Cast().chi)


def found(address: str) -> Page:
    return db.session.scalars(select(Page).where(Page.slug == address.rsplit("/", 1)[-1])).one()


def text_of(site: Site, address: str) -> str:
    with site.app.app_context():
        return found(address).text


def versions_of(site: Site, address: str) -> int:
    with site.app.app_context():
        return found(address).version


def open_form(tab: Tab, address: str) -> Any:
    tab.goto(f"{address}/edit")
    return tab.locator("textarea[name=text]")


def replace(area: Any, old: str, new: str) -> None:
    area.fill(area.input_value().replace(old, new))


def save(tab: Tab) -> None:
    tab.get_by_role("button", name="Save", exact=True).click()


def saved(tab: Tab, address: str) -> None:
    tab.wait_for_url(f"**{address}")
    expect(tab.get_by_role("status").filter(has_text="Published")).to_be_visible()
