"""What stands between the pages of an import: links and redirects, written when all its pages are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update

from commons.db import db, table, transaction
from commons.entries import links
from commons.entries.actions import take_log_lock
from commons.entries.models import Entry, EntryLink, Redirect
from commons.room import rooms
from commons.text import slug as slug_of
from wiki.models import Page

MANY = 200  # pages in one transaction
Tick = Callable[[int], None]


def write_links(source: str, tick: Tick) -> None:
    """The links of every page that the import has left without (`head` below 0)."""
    entry, page = table(Entry).c, table(Page).c
    waiting = select(entry.id).join_from(table(Entry), table(Page), entry.id == page.id)
    waiting = waiting.where(entry.source == source, entry.kind == "page", page.head < 0).order_by(entry.id).limit(MANY)
    while ids := db.session.scalars(waiting).all():
        with transaction():
            db.session.execute(
                select(entry.id).where(entry.id.in_(ids)).order_by(entry.id).with_for_update(key_share=True)
            )
            pages = db.session.scalars(select(Page).where(Page.id.in_(ids))).all()
            db.session.execute(delete(table(EntryLink)).where(table(EntryLink).c.source_id.in_(ids)))
            links.insert({page.id: links.names_in(page) for page in pages})
            db.session.execute(update(table(Page)).where(page.id.in_(ids)).values(head=func.abs(page.head)))
        db.session.expunge_all()
        tick(len(ids))


def rebuild_links(tick: Tick) -> tuple[int, int]:
    """Writes the links of all texts again; (entries looked at, entries whose links were not what their texts say)."""
    seen = differed = 0
    for kind in rooms().kinds.values():
        if not any(field.how == "text" and not field.private for field in kind.fields):
            continue
        last = 0
        query = select(kind.model).order_by(kind.model.id).limit(MANY)
        while entries := db.session.scalars(query.where(kind.model.id > last)).all():
            with transaction():
                differed += sum(_mended(entry) for entry in entries)
            seen, last = seen + len(entries), entries[-1].id
            db.session.expunge_all()
            tick(len(entries))
    return seen, differed


def _mended(entry: Entry) -> bool:
    link = table(EntryLink).c
    rows = db.session.execute(select(link.name, link.kind, link.slug).where(link.source_id == entry.id))
    if {name: links.Target(kind, slug) for name, kind, slug in rows} == links.names_in(entry):
        return False
    links.write(entry)
    return True


# --- redirects ---


class Pointer(NamedTuple):
    """A row that says: this page is called that now."""

    number: int
    name: str
    to: str


Rejects = list[tuple[int, str, str]]


def write_redirects(source: str, pointers: Sequence[Pointer], counts: dict[str, int]) -> Rejects:
    """Old addresses for what redirects, chains followed to their end; which could not be made, and why."""
    by_slug = {_slug(one.name): one for one in pointers}
    rejects: Rejects = []
    for start in range(0, len(pointers), MANY):
        some = pointers[start : start + MANY]
        with transaction():
            take_log_lock()
            for one, reason in _written(source, {one: _end(one, by_slug) for one in some}, counts):
                rejects.append((one.number, one.name, reason))
    counts["rejected"] += len(rejects)
    return rejects


def _slug(name: str) -> str:
    return slug_of(name)[:80]


def _end(pointer: Pointer, by_slug: Mapping[str, Pointer]) -> str | None:
    """The name at the end of the chain; None where it runs in a circle."""
    met, to = {_slug(pointer.name)}, pointer.to
    while (slug := _slug(to)) in by_slug:
        if slug in met:
            return None
        met.add(slug)
        to = by_slug[slug].to
    return to


def _written(source: str, ends: Mapping[Pointer, str | None], counts: dict[str, int]) -> Iterator[tuple[Pointer, str]]:
    pages = _pages(source, {end for end in ends.values() if end})
    slugs = {_slug(one.name) for one in ends}
    here = _by_slug(select(Entry.slug, Entry.id).where(Entry.kind == "page", Entry.slug.in_(slugs)))
    known = _by_slug(select(Redirect.slug, Redirect.entry_id).where(Redirect.kind == "page", Redirect.slug.in_(slugs)))
    fresh: dict[str, int] = {}
    for one, end in ends.items():
        slug, page = _slug(one.name), pages.get(end or "")
        there = known.get(slug, fresh.get(slug))
        if end is None:
            yield one, "It redirects in a circle."
        elif page is None:
            yield one, f"It redirects to “{end[:100]}”, and there is no such page."
        elif here.get(slug, page) != page:
            yield one, "There is a page of this title; it stays."
        elif there not in (None, page):
            yield one, "This address leads to another page already."
        elif there == page or slug in here:
            counts["unchanged"] += 1
        else:
            fresh[slug] = page
            counts["redirected"] += 1
    if fresh:
        rows: list[dict[str, Any]] = [{"kind": "page", "slug": slug, "entry_id": id} for slug, id in fresh.items()]
        db.session.execute(table(Redirect).insert(), rows)


def _pages(source: str, names: set[str]) -> dict[str, int]:
    """Pages by their names at the source, else by the addresses that their names give."""
    of_source = select(Entry.source_id, Entry.id).where(
        Entry.source == source, Entry.kind == "page", Entry.source_id.in_(names)
    )
    slugs = {name: _slug(name) for name in names}
    called = _by_slug(select(Entry.slug, Entry.id).where(Entry.kind == "page", Entry.slug.in_(set(slugs.values()))))
    return {name: called[slug] for name, slug in slugs.items() if slug in called} | _by_slug(of_source)


def _by_slug(query: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}
