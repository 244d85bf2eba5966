"""Reads of the wiki that are wider than one key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from flask import current_app
from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, func, select, union_all
from sqlalchemy.orm import aliased

from commons.audience import keys, through
from commons.db import db, now, table
from commons.entries.models import Entry, EntryLink, Redirect, Revision
from commons.entries.queries import visible
from commons.focus.models import FocusLink
from commons.members.models import Member
from commons.search.ruling import wanted_titles
from commons.text import slug as slug_of
from wiki.models import Page, PageImport

Rows = Select[Any]


def pages(viewer: Member | None) -> Select[Page]:
    return select(Page).where(visible(viewer))


def standing(ids: Sequence[int]) -> Select[Page]:
    """Those of these that nobody took away, whoever may see them: for the machine, not for a page."""
    return select(Page).where(Page.id.in_(ids), Page.state == "live").order_by(Page.id)


def page_called(title: str, viewer: Member | None, within_id: int | None = None) -> Page | None:
    """A page of this very title, in whatever letters: each group has its own, and so has what stands in none."""
    same = pages(viewer).where(Page.within_id.is_(None) if within_id is None else Page.within_id == within_id)
    if within_id is None:
        same = same.where(Page.slug.startswith(slug_of(title)[:80], autoescape=True))
    return _titled(same, title)


def waiting_page(title: str, author: Member, within_id: int | None = None) -> Page | None:
    """The same among what this member sent and nobody has looked at yet."""
    mine = select(Page).where(Page.author_id == author.id, Page.state == "pending")
    return _titled(mine.where(Page.within_id.is_(None) if within_id is None else Page.within_id == within_id), title)


def _titled(query: Select[Page], title: str) -> Page | None:
    """Letters are compared here, because SQLite knows capitals of the Latin alphabet only."""
    rows = db.session.execute(query.with_only_columns(Page.id, Page.title).order_by(Page.id))
    found = next((id for id, name in rows if name.casefold() == title.casefold()), None)
    return db.session.get(Page, found) if found else None


def near_titles(title: str, viewer: Member | None, limit: int = 6) -> list[Entry]:
    """Pages whose titles share words with this one, or words that begin alike; most shared words first."""
    stems = [word[: max(4, len(word) - 2)] for word in slug_of(title, fallback="").split("-") if len(word) > 3][:6]
    if not stems:
        return []
    shares: list[ColumnElement[int]] = [
        case((Entry.slug.contains(stem, autoescape=True), 1), else_=0) for stem in stems
    ]
    shared = sum(shares[1:], start=shares[0])
    query = (
        select(Entry)
        .where(Entry.kind == "page", visible(viewer), shared > len(stems) // 3)
        .order_by(shared.desc(), func.length(Entry.slug), Entry.id)
    )
    return list(db.session.scalars(query.limit(limit)))


def original_of(page_id: int, viewer: Member | None) -> Page | None:
    return db.session.scalar(pages(viewer).where(Page.id == page_id))


class Version(NamedTuple):
    """One language of a page."""

    id: int
    title: str
    slug: str
    language: str
    text_version: int
    version: int
    translated_version: int
    translation_of: int | None


def languages_of(page: Page, viewer: Member | None) -> list[Version]:
    """The original first, then its translations; alone where there is none."""
    rows = db.session.execute(_VERSIONS, {"first": page.translation_of or page.id, **keys(viewer)})
    return [Version(*row) for row in rows]


class Writer(NamedTuple):
    id: int
    name: str
    username: str
    edits: int
    first: datetime
    last: datetime
    number: int  # of their last revision


def writers_of(page: Page) -> list[Writer]:
    """Everybody who wrote on it, most edits first. What a moderator hid is nobody's."""
    return [Writer(*row) for row in db.session.execute(_WRITERS, {"page": page.id})]


def _versions() -> Select[Any]:
    entry, page = table(Entry), table(Page)
    first: Any = bindparam("first", type_=Integer)
    ids = union_all(select(first), select(page.c.id).where(page.c.translation_of == first)).subquery()
    return (
        select(entry.c.id, entry.c.title, entry.c.slug, entry.c.language, page.c.text_version, entry.c.version)
        .add_columns(page.c.translated_version, page.c.translation_of)
        .join(page, page.c.id == entry.c.id)
        .where(entry.c.id.in_(select(ids)), entry.c.state == "live", through(entry.c.audience))
        .order_by(page.c.id != first, entry.c.language)
    )


def _writers() -> Select[Any]:
    made, member = table(Revision), table(Member)
    edits = func.count().label("edits")
    named = (member.c.id, member.c.name, member.c.username)
    return (
        select(*named, edits, func.min(made.c.at), func.max(made.c.at), func.max(made.c.number))
        .join(member, member.c.id == made.c.author_id)
        .where(made.c.entry_id == bindparam("page"), made.c.hidden.is_(False))
        .group_by(*named)
        .order_by(edits.desc(), member.c.id)
    )


_VERSIONS, _WRITERS = _versions(), _writers()  # every page asks these: built once


def import_of(page: Page) -> PageImport | None:
    """What an import is known by never changes, so each process remembers those it met."""
    if not page.source:
        return None
    known: dict[str, PageImport | None] = current_app.extensions.setdefault("page imports", {})
    if page.source not in known:
        found = db.session.get(PageImport, page.source)
        if found is None:
            return None
        db.session.expunge(found)
        known[page.source] = found
    return known[page.source]


# --- lists ---


def letters(viewer: Member | None) -> list[str]:
    """First signs of the pages' addresses."""
    first = func.substr(Entry.slug, 1, 1)
    rows = select(first).where(Entry.kind == "page", visible(viewer)).group_by(first).order_by(first)
    return [letter for letter in db.session.scalars(rows) if letter]


def listed(viewer: Member | None, letter: str = "", language: str = "", areas: Sequence[int] = ()) -> Select[Page]:
    query = pages(viewer).order_by(func.lower(Page.title), Page.id)
    if letter:
        query = query.where(Page.slug.startswith(letter[:1], autoescape=True))
    if language:
        query = query.where(Page.language == language)
    return query.where(Page.id.in_(_under(areas))) if areas else query


def _under(areas: Sequence[int]) -> Rows:
    return select(FocusLink.entry_id).where(FocusLink.area_id.in_(areas))


def newest_change(viewer: Member | None) -> Select[Page]:
    return pages(viewer).order_by(Page.updated.desc(), Page.id.desc())


def counted(query: Rows) -> int:
    return int(db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0)


def totals(viewer: Member | None) -> tuple[int, int]:
    """(pages, people who wrote on them)"""
    mine = select(Entry.id).where(Entry.kind == "page", visible(viewer))
    people = select(func.count(func.distinct(Revision.author_id))).where(Revision.entry_id.in_(mine))
    return counted(mine), int(db.session.scalar(people) or 0)


def needing_sources(viewer: Member | None) -> Select[Page]:
    return pages(viewer).where(Page.sources > 0).order_by(Page.sources.desc(), Page.id)


def due_for_review(viewer: Member | None) -> Select[Page]:
    today = now().date().isoformat()
    return pages(viewer).where(Page.review_by != "", Page.review_by <= today).order_by(Page.review_by, Page.id)


def behind(viewer: Member | None) -> Select[Page]:
    """Translations whose original has changed since."""
    original = aliased(Page)
    return (
        pages(viewer)
        .join(original, original.id == Page.translation_of)
        .where(original.text_version > Page.translated_version, visible(viewer, original))
        .order_by(Page.id)
    )


def orphans(viewer: Member | None) -> Select[Page]:
    """Pages that no text links to."""
    there, source = aliased(EntryLink), aliased(Entry)
    now_called = (
        select(there.source_id)
        .join(source, source.id == there.source_id)
        .where(there.kind == "page", there.slug == Page.slug, there.source_id != Page.id, visible(viewer, source))
    )
    once_called = (
        select(there.source_id)
        .join(Redirect, and_(Redirect.kind == there.kind, Redirect.slug == there.slug))
        .join(source, source.id == there.source_id)
        .where(Redirect.entry_id == Page.id, there.source_id != Page.id, visible(viewer, source))
    )
    return pages(viewer).where(~now_called.exists(), ~once_called.exists()).order_by(Page.title, Page.id)


def dead_ends(viewer: Member | None) -> Select[Page]:
    """Pages that link to no other."""
    out = select(EntryLink.source_id).where(EntryLink.source_id == Page.id)
    return pages(viewer).where(~out.exists()).order_by(Page.title, Page.id)


def wanted(viewer: Member | None) -> Rows:
    """(slug, a name as it is written, how many texts ask for it) of pages that are not there for this viewer."""
    source, there, old, moved = aliased(Entry), aliased(Entry), aliased(Redirect), aliased(Entry)
    many = func.count(func.distinct(EntryLink.source_id)).label("many")
    exists = select(there.id).where(there.kind == "page", there.slug == EntryLink.slug, visible(viewer, there))
    once = (
        select(old.id)
        .join(moved, moved.id == old.entry_id)
        .where(old.kind == "page", old.slug == EntryLink.slug, visible(viewer, moved))
    )
    rows = (
        select(EntryLink.slug, func.min(EntryLink.name).label("name"), many)
        .join(source, source.id == EntryLink.source_id)
        .where(EntryLink.kind == "page", ~EntryLink.name.startswith("./"))  # an address names no page to be written
        .where(visible(viewer, source), ~exists.exists(), ~once.exists())
        .group_by(EntryLink.slug)
        .order_by(many.desc(), EntryLink.slug)
    )
    return cast(Rows, rows)


def searched(viewer: Member | None, limit: int = 40) -> dict[str, str]:
    """slug: title of pages that people looked for in vain and a moderator wants, while they are not there for this viewer."""
    titles = {slug_of(title): title for title, _language in wanted_titles()}
    called = select(Entry.slug).where(Entry.kind == "page", Entry.slug.in_(titles), visible(viewer))
    once = select(Redirect.slug).join(Entry, Entry.id == Redirect.entry_id)
    moved = once.where(Redirect.kind == "page", Redirect.slug.in_(titles), visible(viewer))
    there = {*db.session.scalars(called), *db.session.scalars(moved)} if titles else set()
    return dict([(slug, title) for slug, title in titles.items() if slug not in there][:limit])


def asking_for(slug: str, viewer: Member | None, limit: int = 8) -> list[Entry]:
    """Entries whose texts link to a page that is not there."""
    links = select(EntryLink.source_id).where(EntryLink.kind == "page", EntryLink.slug == slug)
    rows = select(Entry).where(Entry.id.in_(links), visible(viewer)).order_by(Entry.title, Entry.id)
    return list(db.session.scalars(rows.limit(limit)))


def about(areas: Sequence[int], viewer: Member | None) -> Select[Page]:
    """Pages under these areas, the leads of areas first, then what was changed last: each once, as the original."""
    return (
        pages(viewer)
        .where(Page.id.in_(_under(areas)), Page.translation_of.is_(None))
        .order_by(Page.outline != "area", Page.updated.desc(), Page.id)
    )


def areas_by_pages(viewer: Member | None, limit: int) -> list[tuple[int, int]]:
    """(area, pages that stand right under it), most first."""
    many = func.count().label("many")
    rows = db.session.execute(
        select(FocusLink.area_id, many)
        .join(Entry, Entry.id == FocusLink.entry_id)
        .where(Entry.kind == "page", visible(viewer))
        .group_by(FocusLink.area_id)
        .order_by(many.desc(), FocusLink.area_id)
        .limit(limit)
    )
    return [(area, count) for area, count in rows]


def all_of(query: Select[Page], limit: int) -> list[Page]:
    return list(db.session.scalars(query.limit(limit)))
