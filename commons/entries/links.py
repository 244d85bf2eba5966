"""Links by name in texts: `[[Composting]]`, `[[organisation:Solar Aid]]`, and relative addresses in imported pages.

A name means a kind and a slug; whether an entry stands there, and under which address now, is asked when it is read, as
the viewer. What they may not see is not there: a link never tells of a hidden title.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import aliased

from commons.db import db, table
from commons.entries.models import Entry, EntryLink, Redirect
from commons.entries.queries import entries_by_id, visible
from commons.members.models import Member
from commons.room import Kind, rooms
from commons.text import Link, clean_line, linked
from commons.text import slug as slug_of

PLAIN = "page"  # what a name without a kind before it means
RELATIVE = "./"
SHAPES = ("", "/index", "/readme", "/README")  # what an address of a folder means in other wikis


class Target(NamedTuple):
    kind: str
    slug: str


class Named(NamedTuple):
    """One name in a text and the entry that it means, if there is one for this viewer."""

    name: str
    target: Target
    id: int | None
    slug: str  # where it stands now
    title: str


@lru_cache(maxsize=20_000)
def _slug(words: str) -> str:
    return slug_of(words, fallback="")[:80]


def split(name: str) -> tuple[str, str, str]:
    """(kind, words, anchor) of what stands between the brackets."""
    words, _sign, anchor = name.partition("#")
    kind, colon, rest = words.partition(":")
    known = kind.strip().lower()
    if colon and known in rooms().kinds and rest.strip():
        return known, rest.strip(), anchor
    return PLAIN, words.strip(), anchor


def target_of(name: str) -> Target | None:
    if name.startswith(("@", RELATIVE)):
        return None
    kind, words, _anchor = split(name)
    slug = _slug(clean_line(words))
    return Target(kind, slug) if slug and kind in rooms().kinds else None


def names_in(entry: Entry) -> dict[str, Target]:
    """Every name in the texts of this entry, with what it means. Relative addresses mean pages of the same source."""
    found: dict[str, Target] = {}
    for field in rooms().kinds[entry.kind].fields:
        if field.how == "text" and not field.private and isinstance(text := entry.value(field.name), str):
            found |= targets(linked(text), entry)
    return found


def targets(names: Iterable[str], source: Entry | None = None) -> dict[str, Target]:
    found = {name[:300]: target for name in names if (target := target_of(name))}
    relative = [name for name in names if name.startswith(RELATIVE)] if source and source.source_id else []
    return found | _relative(relative, source) if source and relative else found


def _relative(names: Sequence[str], source: Entry) -> dict[str, Target]:
    """`./../ct/intro.md` in the page ct-sensors/types of a source: its page ct/intro."""
    folder = posixpath.dirname(source.source_id)
    paths = {name: _path(folder, name.removeprefix(RELATIVE)) for name in names if len(name) <= 300}
    wanted = {path + shape: path for path in paths.values() for shape in SHAPES if path}
    rows = select(Entry.source_id, Entry.slug, Entry.kind).where(
        Entry.source == source.source, Entry.source_id.in_(wanted), Entry.kind == source.kind
    )
    known = {wanted[row.source_id]: Target(row.kind, row.slug) for row in db.session.execute(rows)}
    return {name: known[path] for name, path in paths.items() if path in known}


def _path(folder: str, address: str) -> str:
    path = posixpath.normpath(posixpath.join(folder, unquote(address)))
    for ending in (".md", ".html", "/"):
        path = path.removesuffix(ending)
    return path


def write(entry: Entry) -> None:
    """The links of this entry's texts, in the transaction that wrote them."""
    wanted = names_in(entry)
    rows = select(EntryLink.name, EntryLink.kind, EntryLink.slug).where(EntryLink.source_id == entry.id)
    known = {row.name: Target(row.kind, row.slug) for row in db.session.execute(rows)}
    if gone := [name for name, target in known.items() if wanted.get(name) != target]:
        for start in range(0, len(gone), 500):
            some = EntryLink.name.in_(gone[start : start + 500])
            db.session.execute(delete(EntryLink).where(EntryLink.source_id == entry.id, some))
    insert({entry.id: {name: target for name, target in wanted.items() if known.get(name) != target}})


def insert(links: dict[int, dict[str, Target]]) -> None:
    rows = [
        {"source_id": id, "name": name, "kind": target.kind, "slug": target.slug}
        for id, names in links.items()
        for name, target in names.items()
    ]
    if rows:
        db.session.execute(table(EntryLink).insert(), rows)


def of(entry: Entry, viewer: Member | None) -> list[Named]:
    """Every link of this entry with where it leads, in one statement."""
    there, old, moved = aliased(Entry), aliased(Redirect), aliased(Entry)
    query = (
        select(EntryLink.name, EntryLink.kind, EntryLink.slug, there, moved)
        .outerjoin(there, and_(there.kind == EntryLink.kind, there.slug == EntryLink.slug, _shown(there, viewer)))
        .outerjoin(old, and_(old.kind == EntryLink.kind, old.slug == EntryLink.slug, there.id.is_(None)))
        .outerjoin(moved, and_(moved.id == old.entry_id, _shown(moved, viewer)))
        .with_only_columns(
            EntryLink.name,
            EntryLink.kind,
            EntryLink.slug,
            func.coalesce(there.id, moved.id),
            func.coalesce(there.slug, moved.slug),
            func.coalesce(there.title, moved.title),
        )
        .where(EntryLink.source_id == entry.id)
    )
    return [
        Named(name, Target(kind, slug), id, now or "", title or "")
        for name, kind, slug, id, now, title in db.session.execute(query)
    ]


def _shown(entry: Any, viewer: Member | None) -> ColumnElement[bool]:
    return visible(viewer, entry)


def found(named: Iterable[tuple[str, Target]], viewer: Member | None) -> list[Named]:
    """The same for names that are not stored: a preview, another kind's text."""
    pairs = list(named)
    by_target: dict[Target, tuple[int, str, str]] = {}
    for kind in {target.kind for _name, target in pairs}:
        slugs = sorted({target.slug for _name, target in pairs if target.kind == kind})
        for start in range(0, len(slugs), 500):
            by_target |= _standing(kind, slugs[start : start + 500], viewer)
    return [Named(name, target, *by_target.get(target, (None, "", ""))) for name, target in pairs]


def _standing(kind: str, slugs: Sequence[str], viewer: Member | None) -> dict[Target, tuple[int, str, str]]:
    old = (
        select(Redirect.slug, Entry.id, Entry.slug, Entry.title)
        .join(Entry, Entry.id == Redirect.entry_id)
        .where(Redirect.kind == kind, Redirect.slug.in_(slugs), visible(viewer))
    )
    now = select(Entry.slug, Entry.id, Entry.slug, Entry.title).where(
        Entry.kind == kind, Entry.slug.in_(slugs), visible(viewer)
    )
    rows = [*db.session.execute(old), *db.session.execute(now)]  # what stands there now wins
    return {Target(kind, asked): (id, slug, title) for asked, id, slug, title in rows}


def shown(named: Sequence[Named], viewer: Member | None) -> dict[str, Link]:
    """What `commons.text.markdown` asks for: name: where it leads."""
    kinds = rooms().kinds
    cards = {row.id for row in named if row.id and row.target.kind != PLAIN and kinds[row.target.kind].about}
    whole = {entry.id: entry for entry in entries_by_id(sorted(cards), viewer)} if cards else {}
    return {row.name: link for row in named if (link := _link(row, kinds[row.target.kind], whole))}


def _link(row: Named, kind: Kind, whole: dict[int, Any]) -> Link | None:
    _kind, words, anchor = split(row.name)
    if row.id is None:
        return Link(kind.new(words), True, kind.name) if kind.new and not row.name.startswith(RELATIVE) else None
    about = kind.about(whole[row.id]) if kind.about and row.id in whole else ""
    href = kind.page(row) + (f"#t-{_slug(anchor)}" if anchor else "")
    return Link(href, False, kind.name, row.title, about)


def resolver(source: Entry | None, viewer: Member | None) -> Any:
    """`links` for a text that is not stored as it is: preview, an older version, a comparison."""
    return lambda names: shown(found(targets(names, source).items(), viewer), viewer)


def pointing_to(entry: Entry, viewer: Member | None) -> Any:
    """Entries whose texts link here by its name now or by one it had; a statement over Entry."""
    old = select(Redirect.slug).where(Redirect.entry_id == entry.id, Redirect.kind == entry.kind)
    links = select(EntryLink.source_id).where(
        EntryLink.kind == entry.kind, or_(EntryLink.slug == entry.slug, EntryLink.slug.in_(old))
    )
    return (
        select(Entry).where(Entry.id.in_(links), Entry.id != entry.id, visible(viewer)).order_by(Entry.title, Entry.id)
    )
