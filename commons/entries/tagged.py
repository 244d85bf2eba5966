"""What carries a #tag: entries of every kind, as far as the viewer may see them. What belongs to a thread, like the posts of
a topic, counts as that thread, and once. A tag that only hidden texts use is one that nobody uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from flask import current_app, url_for
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased, joinedload

from commons.db import db
from commons.entries.documents import actor_name
from commons.entries.links import TAG
from commons.entries.models import Entry, EntryLink
from commons.entries.queries import cards_by_id, visible
from commons.members.models import Member
from commons.room import rooms


class Use(NamedTuple):
    """A tag, and how many entries and threads use it."""

    tag: str
    many: int


def _parts() -> list[str]:
    """Kinds whose entries belong to a thread: what they stand in."""
    return [kind.name for kind in rooms().kinds.values() if kind.model.thread_id is not Entry.thread_id]


def _carriers(viewer: Member | None) -> Select[Any]:
    """(tag, id) of every text with a tag that this viewer may read; the id is that of its thread."""
    thread = case((Entry.kind.in_(_parts()), Entry.within_id), else_=Entry.id)
    source = select(EntryLink.slug.label("tag"), thread.label("id")).join(Entry, Entry.id == EntryLink.source_id)
    return source.where(EntryLink.kind == TAG, visible(viewer))


def _found(tag: str, viewer: Member | None) -> ColumnElement[bool]:
    carriers = _carriers(viewer).where(EntryLink.slug == tag).subquery()
    return Entry.id.in_(select(carriers.c.id)) & visible(viewer)


def kinds_with(tag: str, viewer: Member | None) -> dict[str, int]:
    """kind: how many of it carry the tag, in the order of the rooms."""
    rows = db.session.execute(select(Entry.kind, func.count()).where(_found(tag, viewer)).group_by(Entry.kind))
    numbers: Mapping[str, int] = {kind: int(many) for kind, many in rows}
    return {kind: numbers[kind] for kind in rooms().kinds if kind in numbers}


def _newest(tag: str, viewer: Member | None, kind: str = "") -> Select[Any]:
    query = select(Entry).where(_found(tag, viewer)).order_by(Entry.created.desc(), Entry.id.desc())
    return query.where(Entry.kind == kind) if kind else query


def carrying(tag: str, viewer: Member | None, kind: str, page: int, per_page: int) -> list[dict[str, Any]]:
    """One page of what carries the tag, newest first, as rows of a list; `kind` narrows."""
    newest = _newest(tag, viewer, kind).with_only_columns(Entry.id).limit(per_page).offset((page - 1) * per_page)
    return entry_rows(list(db.session.scalars(newest)), viewer)


def entry_rows(ids: Sequence[int], viewer: Member | None) -> list[dict[str, Any]]:
    """Rows of a list of entries of any kind, in this order: with the first words of each where its kind gives them."""
    found = cards_by_id(ids, viewer)
    words: dict[int, str] = {}
    for name in dict.fromkeys(entry.kind for entry in found):
        if teasers := rooms().kinds[name].teasers:
            words |= teasers([entry.id for entry in found if entry.kind == name], viewer)
    return [_row(entry, words.get(entry.id, "")) for entry in found]


def _row(entry: Any, words: str) -> dict[str, Any]:
    kind = rooms().kinds[entry.kind]
    return {
        "id": entry.id,
        "kind": entry.kind,
        "kind_label": kind.label,
        "title": entry.title,
        "language": entry.language,
        "url": kind.page(entry),
        "place": kind.about(entry) if kind.about else "",
        "snippet": words,
        "areas": (),
        "reasons": (),
        "at": entry.created,
    }


def feed_rows(tag: str, limit: int) -> list[dict[str, Any]]:
    """What everybody may see of it, as the lines of an Atom feed."""
    site = current_app.config["SITE_URL"].rstrip("/")
    found = db.session.scalars(_newest(tag, None).options(joinedload(Entry.author)).limit(limit)).all()
    return [
        {
            "title": entry.title,
            "id": f"{site}/e/{entry.id}",
            "link": f"{site}/e/{entry.id}",
            "updated": entry.created.isoformat(),
            "actor_name": actor_name(entry.author),
            "verb_label": rooms().kinds[entry.kind].label,
            "note": "",
        }
        for entry in found
    ]


def _uses(viewer: Member | None) -> Any:
    """Each tag once with each thread that carries it, where that may be seen too."""
    carriers, thread = _carriers(viewer).distinct().subquery(), aliased(Entry, flat=True)
    pairs = select(carriers.c.tag, carriers.c.id).join(thread, thread.id == carriers.c.id)
    return pairs.where(visible(viewer, thread)).subquery()


def letters(viewer: Member | None) -> list[str]:
    """The first letters of the tags in use."""
    first = func.substr(_uses(viewer).c.tag, 1, 1)
    return [letter for letter in db.session.scalars(select(first).distinct().order_by(first)) if letter]


def tags_in_use(viewer: Member | None, letter: str, page: int, per_page: int) -> tuple[list[Use], int]:
    """One page of the tags in use, by the alphabet, and how many there are; `letter` narrows."""
    uses = _uses(viewer)
    query = select(uses.c.tag, func.count().label("many")).group_by(uses.c.tag).order_by(uses.c.tag)
    if letter:
        query = query.where(func.substr(uses.c.tag, 1, 1) == letter)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = db.session.execute(query.limit(per_page).offset((page - 1) * per_page))
    return [Use(tag, int(many)) for tag, many in rows], int(total)


def by_letter(found: Sequence[Use]) -> list[tuple[str, list[dict[str, Any]]]]:
    """letter: the tags that begin with it, as rows."""
    rows = groupby(found, key=lambda use: use.tag[:1])
    return [
        (letter, [{"tag": use.tag, "count": use.many, "url": url_for("entries.tag", tag=use.tag)} for use in uses])
        for letter, uses in rows
    ]
