"""What the search finds of a subject: for each box how many there are and which stand first, remembered until the index changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from commons.audience import index_filter
from commons.db import db
from commons.entries.models import Entry
from commons.entries.queries import cards_by_id, visible
from commons.focus.models import FocusLink
from commons.focus.queries import tree
from commons.focus.subjects import Box, Subject
from commons.members.models import Member
from commons.search.analysis import WORD
from commons.search.analysis import words as words_of
from commons.search.answer import Found
from commons.search.asking import Asked, asked_from
from commons.search.facets import Filters
from commons.search.grammar import Query
from commons.search.order import EXACT
from commons.search.queries import engine, filters_of
from commons.search.stopwords import stopwords

T = TypeVar("T")
SHOWN = 5  # rows of a box
LOOKED = 20  # of the latest, where a box has an order of its own; of what may be like an entry
ALIKE = 4  # others named beside an entry
SHORTEST = 3  # letters of a word that says something
KINDS = ("page", "topic", "group", "need", "offer", "organisation")  # of which these are


class Look(NamedTuple):
    total: int
    ids: tuple[int, ...]


class Filled(NamedTuple):
    total: int
    entries: list[Any]


def address_of(box: Box) -> dict[str, Any]:
    """The question as an address of the search: its list has as many results as the box says."""
    return {**box.asked, "kind": list(box.kinds), **({"type": list(box.types)} if box.types else {})}


def looks(boxes: Sequence[Box], viewer: Member | None) -> list[Look]:
    """What the index knows of each box. Raises IndexBroken."""
    asked = [(address_of(box), box.sort, LOOKED if box.order else SHOWN) for box in boxes]
    key = tuple((_frozen(address), sort, limit) for address, sort, limit in asked)
    return _remembered(key, viewer, lambda: [_look(address, viewer, sort, limit) for address, sort, limit in asked])


def _look(address: dict[str, Any], viewer: Member | None, sort: str, limit: int) -> Look:
    """What only comes close to the words belongs in no box."""
    found = _asked(address, viewer, sort=sort or "updated", limit=limit)
    return Look(found.total, tuple(found.ids)) if found.matched == "all" else Look(0, ())


def filled(boxes: Sequence[Box], viewer: Member | None) -> list[Filled]:
    """What each box holds, in the same order. The rows are read from the database in one statement, under the rule of who
    sees what; one that is no more for this viewer is neither listed nor counted. Raises IndexBroken."""
    found = looks(boxes, viewer)
    rows = {row.id: row for row in cards_by_id([id for look in found for id in look.ids], viewer)}
    return [_filled(box, look, rows) for box, look in zip(boxes, found, strict=True)]


def _filled(box: Box, look: Look, rows: dict[int, Any]) -> Filled:
    found = [rows[id] for id in look.ids if id in rows]
    total = look.total - (len(look.ids) - len(found))
    found = sorted(found, key=box.order) if box.order else found
    if once := box.once:
        first = {once(entry): entry for entry in reversed(found)}
        found = [entry for entry in found if first[once(entry)] is entry]
    return Filled(total, found[:SHOWN])


def standing(boxes: Sequence[Box], subject: Subject, viewer: Member | None) -> list[Filled]:
    """The same from the database alone, while the search is away: what was put under its areas. Nothing is known of a country."""
    under = select(FocusLink.entry_id).where(FocusLink.area_id.in_(subject.areas))
    found = []
    for box in boxes:
        query = select(Entry.id).where(Entry.id.in_(under), Entry.kind.in_(box.kinds), visible(viewer))
        ids = list(db.session.scalars(query.order_by(Entry.updated.desc(), Entry.id).limit(SHOWN)))
        total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        found.append(Filled(total, cards_by_id(ids, viewer)))
    return found


def numbers(address: dict[str, Any], facet: str, viewer: Member | None) -> dict[str | int, int]:
    """How often each value of a facet occurs among what a question finds. Raises IndexBroken."""

    def make() -> dict[str | int, int]:
        return _asked(address, viewer, limit=0, facets=(facet,)).facets[facet]

    return _remembered((facet, _frozen(address)), viewer, make)


def relevant(asked: Asked, viewer: Member | None, kinds: Collection[str], limit: int) -> dict[int, float]:
    """entry: how well it fits, 1 for the best; of a question without words each fits as well. Raises IndexBroken."""
    filters = replace(filters_of(asked), kind=frozenset(kinds))

    def make() -> dict[int, float]:
        found = engine().search(asked.query, audiences=index_filter(viewer), filters=filters, limit=limit)
        close = found.matched == "all"
        if asked.query.empty:
            return dict.fromkeys(found.ids, 1.0)
        return _up_to_one(found) if close else {}

    return _remembered(("relevant", asked.query, filters, limit), viewer, make)


def _up_to_one(found: Found) -> dict[int, float]:
    """By the words alone: what comes first in any case is not a thousand times better."""
    scores = {id: score % EXACT for id, score in zip(found.ids, found.scores, strict=True)}
    best = max(scores.values(), default=0.0) or 1.0
    return {id: score / best for id, score in scores.items()}


def question(address: dict[str, Any]) -> Asked:
    """An address of the search as what it asks."""
    return asked_from(MultiDict(address))


def without_page(subject: Subject, viewer: Member | None) -> list[tuple[int, int]]:
    """(area, how many organisations work on it) of those on which no page says anything, most organisations first: the areas
    right below an area, those that serve a goal, and of a country the headings. Raises IndexBroken."""
    known = tree()
    if subject.sort == "area":
        areas = known.children.get(known.by_slug[subject.key].id, [])
    else:
        areas = list(subject.areas) or [node.id for node in known.headings]
    many = numbers({**subject.address, "kind": ["organisation"]}, "area", viewer)
    written = numbers({**subject.words, "kind": ["page"]}, "area", viewer)
    rows = [(area, many[area]) for area in areas if many.get(area) and not written.get(area)]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def countries(viewer: Member | None) -> dict[str, int]:
    """country: how many entries say that they are there. Raises IndexBroken."""
    return {str(code): many for code, many in numbers({}, "country", viewer).items() if code}


class Alike(NamedTuple):
    entry: Any
    areas: list[int]  # that both stand under
    words: list[str]  # that both have in their titles, as this one writes them


def alike(entry: Any, viewer: Member | None) -> list[Alike]:
    """Others of any kind about the same: they share areas, the rarer the better, or telling words of the title. Two statements.
    Raises IndexBroken."""
    focus, words = list(entry.focus), _telling(entry.title, entry.language)
    scores = _remembered(
        ("alike", entry.id, tuple(focus), tuple(words)), viewer, lambda: _near(entry.id, focus, list(words), viewer)
    )
    rows = {row.id: row for row in cards_by_id(list(scores), viewer)}
    both = _shared_areas(focus, list(rows))
    found = [Alike(row, both.get(row.id, []), _shared(words, row.title)) for row in rows.values()]
    return [one for one in found if one.areas or one.words][:ALIKE]


def _telling(title: str, language: str) -> dict[str, str]:
    """folded: as it is written, of the words of a title that say what it is about."""
    common = stopwords(tuple(sorted({"en", language} - {""})))
    found = {plain: raw.group() for raw in WORD.finditer(title) for plain in words_of(raw.group())}
    return {plain: raw for plain, raw in found.items() if len(plain) >= SHORTEST and plain not in common}


def _shared_areas(focus: list[int], ids: list[int]) -> dict[int, list[int]]:
    """entry: those of these areas under which it stands itself."""
    query = select(FocusLink.entry_id, FocusLink.area_id).where(
        FocusLink.entry_id.in_(ids), FocusLink.area_id.in_(focus)
    )
    found: dict[int, list[int]] = {}
    for id, area in db.session.execute(query.order_by(FocusLink.area_id)) if focus and ids else ():
        found.setdefault(id, []).append(area)
    return found


def _shared(words: dict[str, str], title: str) -> list[str]:
    others = set(words_of(title))
    return [raw for plain, raw in words.items() if plain in others]


def _near(entry: int, focus: list[int], words: list[str], viewer: Member | None) -> dict[int, float]:
    """entry: how near it is, nearest first. The words count 1 at most; of the areas each kind's nearest come."""
    doors, scores = index_filter(viewer), dict[int, float]()
    if words:
        asked = Query(terms=tuple(words))
        filters = Filters(kind=frozenset(KINDS))
        found = engine().search(asked, audiences=doors, filters=filters, limit=LOOKED, match="any")
        scores = _up_to_one(found)
    for kind in KINDS if focus else ():
        for place, id in enumerate(engine().related(entry, kind, focus, None, audiences=doors, limit=ALIKE)):
            scores[id] = scores.get(id, 0.0) + 1 / (1 + place)
    scores.pop(entry, None)
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:LOOKED])


def _asked(address: dict[str, Any], viewer: Member | None, **more: Any) -> Found:
    """The question as its list asks it: the same address gives the same number."""
    asked = question(address)
    return engine().search(asked.query, audiences=index_filter(viewer), filters=filters_of(asked), **more)


def _frozen(address: dict[str, Any]) -> tuple[Hashable, ...]:
    return tuple(sorted((name, tuple(value) if isinstance(value, list) else value) for name, value in address.items()))


def _remembered(question: Hashable, viewer: Member | None, make: Callable[[], T]) -> T:
    return engine().remembered(("subjects", question, tree().signature, index_filter(viewer)), make)
