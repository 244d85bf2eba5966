"""Links by name in texts: `[[Composting]]`, `[[organisation:Solar Aid]]`, `@ana`, `#solar`, and relative addresses in imported pages.

A name means a kind and a slug; whether an entry stands there, and under which address now, is asked when it is read, as
the viewer. What they may not see is not there: a link never tells of a hidden title.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from flask import current_app, url_for
from sqlalchemy import Select, bindparam, delete, func, select

from commons.audience import keys, through
from commons.db import db, table
from commons.entries.models import Entry, EntryLink, Redirect
from commons.entries.queries import cards_by_id, visible
from commons.members.models import Member
from commons.room import rooms
from commons.text import Link, clean_line, linked, tag_key
from commons.text import slug as slug_of

PLAIN = "page"  # what a name without a kind before it means
RELATIVE = "./"
TAG, PERSON, GROUP = "tag", "profile", "organisation"  # what #solar means, and what @solar-aid may mean
_SHOWN_FILE = re.compile(r"\]\(/files/([\w-]{1,120})[/) ]")  # a picture in a text
REMEMBERED = 200_000  # links of one process
SHAPES = ("", "/index", "/readme", "/README")  # what an address of a folder means in other wikis


def _open(one: Any) -> Any:
    return (one.c.state == "live") & through(one.c.audience)


def _of() -> Select[Any]:
    link, there, old, moved = table(EntryLink), table(Entry).alias(), table(Redirect), table(Entry).alias()
    open_now, open_then = _open(there), _open(moved)
    return (
        select(link.c.source_id, link.c.name, link.c.kind, link.c.slug)
        .add_columns(func.coalesce(there.c.id, moved.c.id))
        .add_columns(*(func.coalesce(there.c[name], moved.c[name], "") for name in ("slug", "title")))
        .select_from(link)
        .outerjoin(there, (there.c.kind == link.c.kind) & (there.c.slug == link.c.slug) & open_now)
        .outerjoin(old, (old.c.kind == link.c.kind) & (old.c.slug == link.c.slug) & there.c.id.is_(None))
        .outerjoin(moved, (moved.c.id == old.c.entry_id) & open_then)
        .where(link.c.source_id.in_(bindparam("sources", expanding=True)))
    )


def _pointing() -> Select[Any]:
    """Ids of texts that name this entry, as it is called now or was once: parameters `entry`, `kind`, `slug`."""
    link, old = table(EntryLink), table(Redirect)
    former = select(old.c.slug).where(old.c.entry_id == bindparam("entry"), old.c.kind == bindparam("kind"))
    here = (link.c.slug == bindparam("slug")) | link.c.slug.in_(former)
    return select(link.c.source_id).where(link.c.kind == bindparam("kind"), here)


def _inward() -> Select[Any]:
    source = table(Entry)
    return (
        select(source.c.id, source.c.kind, source.c.title, source.c.slug, source.c.language)
        .where(source.c.id.in_(_pointing()), source.c.id != bindparam("entry"), _open(source))
        .order_by(source.c.title, source.c.id)
        .limit(bindparam("most"))
    )


_OF, _INWARD = _of(), _inward()  # every page asks these: built once


class Target(NamedTuple):
    kind: str
    slug: str


class Named(NamedTuple):
    """One name in a text, what it means, and the entry that stands there, if there is one for this viewer."""

    name: str
    kind: str
    asked: str  # the slug that the name means
    id: int | None
    slug: str  # where it stands now
    title: str


@lru_cache(maxsize=20_000)
def _slug(words: str) -> str:
    return slug_of(clean_line(words), fallback="")[:80]


def split(name: str) -> tuple[str, str, str]:
    """(kind, words, anchor) of what stands between the brackets."""
    words, _sign, anchor = name.partition("#")
    kind, colon, rest = words.partition(":")
    known = kind.strip().lower()
    if colon and known in rooms().kinds and rest.strip():
        return known, rest.strip(), anchor
    return PLAIN, words.strip(), anchor


def target_of(name: str) -> Target | None:
    if name.startswith("#"):
        return Target(TAG, key) if (key := tag_key(name)) else None
    if name.startswith(("@", "/", RELATIVE)):
        return None
    kind, words, _anchor = split(name)
    slug = _slug(words)
    return Target(kind, slug) if slug and kind in rooms().kinds else None


def names_in(entry: Entry) -> dict[str, Target]:
    """Every name in the texts of this entry, with what it means. Relative addresses mean pages of the same source."""
    found: dict[str, Target] = {}
    for field in rooms().kinds[entry.kind].fields:
        if field.how == "text" and not field.private and isinstance(text := entry.value(field.name), str):
            found |= targets(linked(text), entry)
            found |= {f"/files/{slug}": Target("file", slug) for slug in _SHOWN_FILE.findall(text)}
    return found


def targets(names: Iterable[str], source: Entry | None = None) -> dict[str, Target]:
    found = {name[:300]: target for name in names if (target := target_of(name))}
    relative = [name for name in names if name.startswith(RELATIVE)] if source and source.source_id else []
    found |= _relative(relative, source) if source and relative else {}
    called = [name for name in names if name.startswith("@") and len(name) <= 121]
    return found | _called(called) if called else found


def _called(names: Sequence[str]) -> dict[str, Target]:
    """`@ana` is the member of that user name, else the organisation at that address, else nobody."""
    slugs = {name: name[1:].lower() for name in names}
    wanted = sorted(set(slugs.values()))
    here = Member.state == "active"
    people = set(
        db.session.scalars(select(func.lower(Member.username)).where(func.lower(Member.username).in_(wanted), here))
    )
    others = select(Entry.slug).where(Entry.kind == GROUP, Entry.slug.in_(wanted), Entry.state == "live")
    groups = set(db.session.scalars(others))
    kinds = {slug: PERSON if slug in people else GROUP for slug in people | groups}
    return {name: Target(kinds[slug], slug) for name, slug in slugs.items() if slug in kinds}


def _relative(names: Sequence[str], source: Entry) -> dict[str, Target]:
    """`./../ct/intro.md` in the page ct-sensors/types of a source: its page ct/intro."""
    folder = posixpath.dirname(source.source_id)
    paths = {name: _path(folder, name.removeprefix(RELATIVE)) for name in names if len(name) <= 300}
    wanted = {path + shape for path in paths.values() for shape in SHAPES if path}
    rows = select(Entry.source_id, Entry.slug).where(
        Entry.source == source.source, Entry.source_id.in_(wanted), Entry.kind == source.kind
    )
    slugs = {row.source_id: row.slug for row in db.session.execute(rows.order_by(Entry.id.desc()))}
    found = {name: [slugs[path + shape] for shape in SHAPES if path + shape in slugs] for name, path in paths.items()}
    return {name: Target(source.kind, some[0]) for name, some in found.items() if some}


def _path(folder: str, address: str) -> str:
    path = posixpath.normpath(posixpath.join(folder, unquote(address)))
    for ending in (".md", ".html", "/"):
        path = path.removesuffix(ending)
    return path


def write(entry: Entry) -> dict[str, Target]:
    """The links of this entry's texts, in the transaction that wrote them; returns those that are new."""
    wanted = names_in(entry)
    rows = select(EntryLink.name, EntryLink.kind, EntryLink.slug).where(EntryLink.source_id == entry.id)
    known = {row.name: Target(row.kind, row.slug) for row in db.session.execute(rows)}
    if gone := [name for name, target in known.items() if wanted.get(name) != target]:
        for start in range(0, len(gone), 500):
            some = EntryLink.name.in_(gone[start : start + 500])
            db.session.execute(delete(EntryLink).where(EntryLink.source_id == entry.id, some))
    fresh = {name: target for name, target in wanted.items() if known.get(name) != target}
    insert({entry.id: fresh})
    return fresh


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
    return of_each([entry.id], viewer).get(entry.id, [])


def of_each(ids: Sequence[int], viewer: Member | None) -> dict[int, list[Named]]:
    """The same of several entries: those without a link are left out."""
    found: dict[int, list[Named]] = {}
    rows = db.session.execute(_OF, {"sources": list(ids), **keys(viewer)}).all() if ids else []
    for source, *row in rows:
        found.setdefault(source, []).append(Named._make(row))
    return found


def shown_in(ids: Sequence[int], viewer: Member | None) -> dict[int, dict[str, Link]]:
    """entry: where the names in its texts lead."""
    named = of_each(ids, viewer)
    known = shown([one for some in named.values() for one in some], viewer) if named else {}
    return {id: {one.name: known[one.name] for one in some if one.name in known} for id, some in named.items()}


def found(named: Iterable[tuple[str, Target]], viewer: Member | None) -> list[Named]:
    """The same for names that are not stored: a preview, another kind's text."""
    pairs = list(named)
    by_target: dict[Target, tuple[int, str, str]] = {}
    for kind in {target.kind for _name, target in pairs} - {TAG}:
        slugs = sorted({target.slug for _name, target in pairs if target.kind == kind})
        for start in range(0, len(slugs), 500):
            by_target |= _standing(kind, slugs[start : start + 500], viewer)
    return [Named(name, *target, *by_target.get(target, (None, "", ""))) for name, target in pairs]


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


def inward(entry: Entry, viewer: Member | None, limit: int) -> list[Any]:
    """(id, kind, title, slug, language) of texts that link here, by its name now or by one it had."""
    asked = {"entry": entry.id, "kind": entry.kind, "slug": entry.slug, "most": limit}
    return list(db.session.execute(_INWARD, asked | keys(viewer)))


def shown(named: Sequence[Named], viewer: Member | None) -> dict[str, Link]:
    """What `commons.text.markdown` asks for: name: where it leads. Addresses follow from the row alone, so each process
    remembers those it met; what stands on a card is asked for anew."""
    known: dict[Named, Link | None] = current_app.extensions.setdefault("links", {})
    if len(known) > REMEMBERED:
        known.clear()
    kinds = rooms().kinds
    carded = {name for name, kind in kinds.items() if kind.about}
    cards = {row.id for row in named if row.kind in carded and row.id}
    whole = {entry.id: entry for entry in cards_by_id(sorted(cards), viewer)} if cards else {}
    found: dict[str, Link] = {}
    for row in named:
        link = known[row] if row in known else known.setdefault(row, _link(row))
        if link is not None:
            found[row.name] = link
            if row.id in whole and (about := kinds[row.kind].about):
                found[row.name] = link._replace(about=about(whole[row.id]))
    return found


def _link(row: Named) -> Link | None:
    if row.kind == TAG:
        return Link(url_for("entries.tag", tag=row.asked), False, TAG)
    kind = rooms().kinds[row.kind]
    if row.name.startswith("@"):
        return Link(kind.page(row), False, kind.name, row.title) if row.id else None
    _kind, words, anchor = split(row.name)
    if row.id is None:
        return Link(kind.new(words), True, kind.name) if kind.new and not row.name.startswith(RELATIVE) else None
    return Link(kind.page(row) + (f"#t-{_slug(anchor)}" if anchor else ""), False, kind.name, row.title)


def resolver(source: Entry | None, viewer: Member | None) -> Any:
    """`links` for a text that is not stored as it is: preview, an older version, a comparison."""
    return lambda names: shown(found(targets(names, source).items(), viewer), viewer)


def pointing_to(entry: Entry, viewer: Member | None) -> Any:
    """Entries whose texts link here by its name now or by one it had; a statement over Entry."""
    query = select(Entry).where(Entry.id.in_(_pointing()), Entry.id != entry.id, visible(viewer))
    return query.params(entry=entry.id, kind=entry.kind, slug=entry.slug).order_by(Entry.title, Entry.id)
