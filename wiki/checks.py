"""The invariants of pages: `flask site check` reads them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from commons.db import db
from commons.entries.links import RELATIVE, names_in
from commons.entries.models import EntryLink
from commons.room import Check
from commons.text import sources_needed
from wiki.models import Page


def links_are_those_of_the_texts() -> Iterable[str]:
    """A relative address keeps the slug that its page had when it was resolved; a redirect leads on from there."""
    for page in db.session.scalars(select(Page).order_by(Page.id).execution_options(yield_per=200)):
        kept = {
            name: (kind, slug)
            for name, kind, slug in db.session.execute(
                select(EntryLink.name, EntryLink.kind, EntryLink.slug).where(EntryLink.source_id == page.id)
            )
        }
        named = {name: tuple(target) for name, target in names_in(page).items() if not name.startswith(RELATIVE)}
        if {name: target for name, target in kept.items() if not name.startswith(RELATIVE)} != named:
            yield f"page {page.id}: the links kept of it are not those in its text"
        if page.sources != sources_needed(page.text):
            yield f"page {page.id}: asks for {sources_needed(page.text)} sources, {page.sources} are noted"
        if page.text_version > page.version:
            yield f"page {page.id}: its text is of version {page.text_version}, the page of {page.version}"
        db.session.expunge(page)


checks = (Check("pages: links, marks and versions follow from the texts", links_are_those_of_the_texts),)
