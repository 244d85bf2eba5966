"""Rows of an import on their way into pages: one batch is one transaction, written without the session.

What a batch knows of a page is a `Standing`: how it stands here, and how the batch will leave it. `Page.rows` says how
many rows of its source are in, so that the same file again, or a longer one, goes on where it ended. `Page.head` is the
version at which the import left the page; it is negative from a batch until `wiki.linking` has written the page's
links, which needs every page of the source to be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import bindparam, func, select, update

from commons.db import db, now, table
from commons.entries.actions import digest, take_log_lock
from commons.entries.bulk import free_slugs, new_ids
from commons.entries.changes import stored
from commons.entries.models import Change, Entry, Revision
from commons.entries.queries import reserved_slugs
from commons.focus.models import FocusLink
from commons.focus.queries import AreasByName
from commons.text import slug as slug_of
from commons.text import sources_needed
from wiki.models import Page
from wiki.rows import PageRow, possible_titles

VIA = "import"
FIRST_NOTE = "Imported from {source}"
REMOVED = "Removed at the source"
ENTRY = ("title", "language", "licence", "state", "version", "author_id", "created", "updated")
OWN = ("text", "summary", "text_version", "sources", "rows", "head")
CHANGING = ("state", "version", "updated")  # of a page that was here before; and everything in OWN


class Job(Protocol):
    source: str
    licence: str
    counts: dict[str, int]
    has_new_pages: bool
    areas: AreasByName

    def writer(self, name: str) -> int | None: ...


@dataclass(slots=True)
class Standing:
    source_id: str
    id: int = 0  # none yet
    title: str = ""
    slug: str = ""
    language: str = ""
    licence: str = ""
    state: str = "live"
    version: int = 0
    author_id: int | None = None
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    text: str = ""
    summary: str = ""
    text_version: int = 1
    sources: int = 0
    rows: int = 0
    head: int = 0
    digest: str = ""
    focus: list[int] = field(default_factory=list)
    is_ours: bool = True  # nobody has changed it here
    is_new: bool = False
    touched: bool = False


@dataclass(slots=True)
class Batch:
    """What the batch will write, in the order of its rows."""

    at: datetime
    revisions: list[dict[str, Any]] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)


def land_rows(job: Job, rows: Sequence[tuple[int, PageRow]]) -> None:
    """Brings in one batch of (which row of its page it is, row); called inside a transaction."""
    lock_pages(job.source, [row.page for _index, row in rows])
    take_log_lock()
    pages = _standing(job.source, rows)
    _name(pages, rows)
    batch = Batch(now())
    for index, row in rows:
        job.counts[_land(job, pages[row.page], index, row, batch)] += 1
        job.counts["mended"] += row.mended
    _write(job, [page for page in pages.values() if page.touched], batch)


def lock_pages(source: str, names: Iterable[str]) -> None:
    """Before the log is locked, and in the order of their ids, as edits do."""
    entry = table(Entry).c
    mine = (entry.source == source) & entry.source_id.in_(set(names)) & (entry.kind == "page")
    db.session.execute(select(entry.id).where(mine).order_by(entry.id).with_for_update(key_share=True))


def rows_here(source: str, names: Iterable[str]) -> dict[str, int]:
    """How many rows of each of these pages are in."""
    entry, page = table(Entry).c, table(Page).c
    query = select(entry.source_id, page.rows).join_from(table(Entry), table(Page), entry.id == page.id)
    found = db.session.execute(query.where(entry.source == source, entry.source_id.in_(set(names))))
    return {row.source_id: row.rows for row in found}


def _standing(source: str, rows: Sequence[tuple[int, PageRow]]) -> dict[str, Standing]:
    entry, page, revision = table(Entry).c, table(Page).c, table(Revision).c
    names = list(dict.fromkeys(row.page for _index, row in rows))
    columns = [entry.source_id, entry.id, entry.slug, *(entry[name] for name in ENTRY), *(page[name] for name in OWN)]
    last = (revision.entry_id == entry.id) & (revision.number == entry.version)
    found = db.session.execute(
        select(*columns, revision.digest)
        .join_from(table(Entry), table(Page), entry.id == page.id)
        .join(table(Revision), last)
        .where(entry.source == source, entry.source_id.in_(names), entry.kind == "page")
    )
    known = {row.source_id: Standing(**row._mapping) for row in found}
    gone = [page.id for page in known.values() if page.state != "live"]
    theirs = select(Change.entry_id).where(Change.entry_id.in_(gone), Change.actor_id.is_not(None))
    taken = set(db.session.scalars(theirs)) if gone else set()
    for one in known.values():
        one.is_ours = one.version == abs(one.head) and one.id not in taken
    return {name: known.get(name) or Standing(name, is_new=True) for name in names}


def _name(pages: Mapping[str, Standing], rows: Sequence[tuple[int, PageRow]]) -> None:
    """The first row with a text decides what a new page is called: by the first of its possible titles that no page has."""
    first: dict[str, PageRow] = {}
    for _index, row in rows:
        if pages[row.page].is_new and not row.deleted:
            first.setdefault(row.page, row)
    options = {name: possible_titles(row) for name, row in first.items()}
    slugs = {title: slug_of(title)[:80] for titles in options.values() for title in titles}
    taken = set(db.session.scalars(select(Entry.slug).where(Entry.kind == "page", Entry.slug.in_(slugs.values()))))
    taken |= reserved_slugs("page")
    for name, titles in options.items():
        pages[name].title = next((title for title in titles if slugs[title] not in taken), titles[-1])
        taken.add(slugs[pages[name].title])


def _land(job: Job, page: Standing, index: int, row: PageRow, batch: Batch) -> str:
    """What became of the row: the name of its count."""
    if index <= page.rows and (row.has_history or _says_the_same(page, row)):
        return "unchanged"
    if not page.is_ours:
        return "kept"
    page.rows = max(page.rows, index)
    page.touched = page.touched or bool(page.version)
    if not row.deleted:
        return _land_text(job, page, row, batch)
    if not page.version or page.state != "live":
        return "unchanged"
    page.state, page.updated = "deleted", row.at or batch.at
    batch.log.append({"page": page, "verb": "removed", "revision": None, "note": row.note or REMOVED})
    return "removed"


def _says_the_same(page: Standing, row: PageRow) -> bool:
    if row.deleted:
        return page.state != "live"
    return page.state == "live" and page.text == row.text and page.summary == (row.summary or page.summary)


def _land_text(job: Job, page: Standing, row: PageRow, batch: Batch) -> str:
    verb = "brought back" if page.state != "live" else "updated" if page.version and not row.has_history else "imported"
    changes = _changes(job, page, row, batch)
    page.version += 1
    page.state, page.updated, page.touched = "live", row.at or batch.at, True
    if {"title", "text", "summary"} & changes.keys():
        page.text_version = page.version
    kept = stored(changes)
    page.digest = digest(page.digest, page.version, kept)
    note = row.note if row.has_history else FIRST_NOTE.format(source=job.source)
    batch.revisions.append(
        {
            "page": page,
            "number": page.version,
            "at": page.updated,
            "author_id": job.writer(row.user),
            "note": note[:300],
            "minor": False,
            "hidden": False,
            "changes": kept,
            "digest": page.digest,
        }
    )
    batch.log.append({"page": page, "verb": verb, "revision": page.version, "note": note[:300]})
    return "updated" if verb == "updated" else "imported"


def _changes(job: Job, page: Standing, row: PageRow, batch: Batch) -> dict[str, list[Any]]:
    """Field by field, old and new, and the page as it stands after them."""
    changes: dict[str, list[Any]] = {}
    if not page.version:
        page.author_id, page.created, page.licence = job.writer(row.user), row.at or batch.at, job.licence
        page.language = row.language
        page.focus = sorted({area for slug in row.focus if (area := job.areas[slug]) is not None})
        given = {"title": page.title, "licence": page.licence, "language": page.language, "focus": page.focus}
        changes = {name: [None, value] for name, value in given.items() if value}
    new = {"text": row.text} | ({"summary": row.summary} if row.summary else {})
    for name, value in new.items():
        old = getattr(page, name)
        if old != value or (name == "text" and not page.version):
            changes[name] = [old if page.version else None, value]
            setattr(page, name, value)
    return changes


def _write(job: Job, touched: Sequence[Standing], batch: Batch) -> None:
    fresh = [page for page in touched if page.is_new]
    ids, slugs = new_ids(len(fresh)), free_slugs("page", [page.title for page in fresh])
    for page, id, slug in zip(fresh, ids, slugs, strict=True):
        page.id, page.slug = id, slug
    for page in touched:
        page.head, page.sources = -page.version, sources_needed(page.text)
    shared = {"kind": "page", "audience": "public", "source": job.source}
    own = {"outline": "", "review_by": "", "translation_of": None, "translated_version": 0}
    places = [{**shared, **_of(page, ("id", "slug", "source_id", *ENTRY))} for page in fresh]
    log = {"at": batch.at, "actor_id": None, "via": VIA}
    _insert(Entry, places)
    _insert(Page, [{**own, **_of(page, ("id", *OWN))} for page in fresh])
    _insert(FocusLink, [{"entry_id": page.id, "area_id": area} for page in fresh for area in page.focus])
    known = [page for page in touched if not page.is_new]
    _update(Entry, [_of(page, ("id", *CHANGING)) for page in known], CHANGING)
    _update(Page, [_of(page, ("id", *OWN)) for page in known], OWN)
    _insert(Revision, [_placed(row) for row in batch.revisions])
    _insert(Change, [log | _placed(row) | {"thread_id": row["page"].id} for row in batch.log])
    if fresh and not job.has_new_pages:
        job.has_new_pages = True
        _reopen(job.source)


def _of(page: Standing, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(page, name) for name in names}


def _placed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "page"} | {"entry_id": row["page"].id}


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(table(model).insert(), rows)


def _update(model: type[Any], rows: list[dict[str, Any]], names: Sequence[str]) -> None:
    if rows:
        columns = table(model).c
        query = update(table(model)).where(columns.id == bindparam("of_id"))
        values = {name: bindparam(f"of_{name}", type_=columns[name].type) for name in names}
        db.session.execute(query.values(values), [{f"of_{key}": value for key, value in row.items()} for row in rows])


def _reopen(source: str) -> None:
    """Pages have come: relative addresses in older ones of the source may mean them now, so their links are written again."""
    entry, page = table(Entry).c, table(Page).c
    mine = select(entry.id).where(entry.source == source, entry.kind == "page")
    relative = page.text.like("%](%")
    db.session.execute(
        update(table(Page)).where(page.id.in_(mine), page.head > 0, relative).values(head=-func.abs(page.head))
    )
