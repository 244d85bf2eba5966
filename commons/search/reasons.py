"""Why a result was found: at most three facts, each of which a reader can check on the record itself.

Words are compared with the record as the snippet compares them, folded and by their stems. A reason tells a fact of the
record, never of the ranking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask_babel import gettext as _

from commons.db import now
from commons.focus.queries import Node, tree
from commons.members.door import viewer
from commons.places.countries import country_name, spoken_names
from commons.places.names import folded
from commons.room import SearchDocument
from commons.search.abroad import ABOUT, named, with_countries
from commons.search.asking import Asked
from commons.search.labels import labels_like
from commons.search.snippet import Wanted, looked_for, words_in
from commons.search.stems import LARGER, tongue
from commons.web import reader

MOST = 3
LATELY = 31  # days
WORKING = ("organisation", "profile", "group")  # these work on an area; texts are about it


class Reason(NamedTuple):
    sort: str  # name | other name | words in name | area | place | country | near | yours | your topic | your group | file | text | confirmed
    fact: str = ""  # as it stands on the record: a name, a slug of an area, a place, kilometres
    word: str = ""  # the label or the words that were found


@dataclass(slots=True)
class Question:
    """What was asked, prepared once for all results of a page."""

    asked: Asked
    wholes: Mapping[int, Any] = field(default_factory=dict)  # what the results stand in, where the viewer may see it
    wanted: dict[str, Wanted] = field(default_factory=dict)
    labels: dict[int, tuple[tuple[float, bool], Reason] | None] = field(
        default_factory=dict
    )  # the best of areas met before
    like: dict[int, list[str]] | None = None
    documents: Mapping[int, SearchDocument] = field(default_factory=dict)  # of all results of the page
    abroad: dict[int, SearchDocument] = field(default_factory=dict)  # the same with their countries, where one asks

    def wanted_in(self, language: str) -> Wanted:
        """The words to look for, with the stems of the larger languages and of the record's own."""
        own = tongue(language) if language else ""
        own = "" if own in LARGER else own
        if own not in self.wanted:
            self.wanted[own] = looked_for(self.asked.query, (own, *LARGER) if own else LARGER)
        return self.wanted[own]


def reasons(question: Question, entry: Any, document: SearchDocument | None, distance: float | None) -> list[Reason]:
    asked = question.asked
    found = [*_of_words(question, entry, document)] if document and not asked.query.empty else []
    if distance is not None and distance == distance and asked.near:
        found.append(Reason("near", asked.near.name, str(round(distance))))
    found += _own(entry, question.wholes)
    confirmed = getattr(entry, "confirmed_on", None)
    if confirmed and (now().date() - confirmed).days <= LATELY:
        found.append(Reason("confirmed"))
    return found[:MOST]


def _of_words(question: Question, entry: Any, document: SearchDocument) -> Iterator[Reason]:
    wanted = question.wanted_in(entry.language)
    found = [
        *_of_names(entry, document, wanted),
        *_of_areas(question, document, wanted),
        *_of_places(entry, document, wanted),
        *_of_countries(question, document, wanted),
    ]
    yield from found
    if found:
        return
    told = words_in(document.text, wanted)
    if entry.kind == "file" and (read := told - words_in(_written_by_people(entry), wanted)):
        yield Reason("file", word=_listed(read))
    elif told:
        yield Reason("text", word="" if told >= wanted.every else _listed(told))


def _written_by_people(file: Any) -> str:
    return "\n".join((file.title, file.alt, file.description, file.credit))


def _listed(found: set[str]) -> str:
    return _(", ").join(sorted(found)[:MOST])


def _of_names(entry: Any, document: SearchDocument, wanted: Wanted) -> Iterator[Reason]:
    here = words_in(entry.title, wanted)
    if here >= wanted.every:
        yield Reason("name", entry.title)
        return
    other = next((name for name in document.names if words_in(name, wanted) >= wanted.every), "")
    if other:
        yield Reason("other name", other)
    elif here:
        yield Reason("words in name", entry.title, _listed(here))


def _of_areas(question: Question, document: SearchDocument, wanted: Wanted) -> Iterator[Reason]:
    """The area with the label that holds most of the question, in the language in which it was asked."""
    best: tuple[tuple[float, bool], Reason] | None = None
    nodes = tree().nodes if document.kind != "focus" else {}
    for node in (nodes[area] for area in document.areas if area in nodes):
        if node.id not in question.labels:
            question.labels[node.id] = _label(question, node, wanted)
        found = question.labels[node.id]
        if found and (best is None or found[0] > best[0]):
            best = found
    if best:
        yield best[1]


def _label(question: Question, node: Node, wanted: Wanted) -> tuple[tuple[float, bool], Reason] | None:
    if question.like is None:
        question.like = labels_like(wanted)
    best: tuple[tuple[float, bool], Reason] | None = None
    for label in question.like.get(node.id, ()):
        shared = len(words_in(label, wanted))
        rank = (shared / (1 + len(label.split())), label == node.label)
        if shared and (best is None or rank > best[0]):
            best = rank, Reason("area", node.slug, label)
    return best


def _of_places(entry: Any, document: SearchDocument, wanted: Wanted) -> Iterator[Reason]:
    if document.place and words_in(document.place, wanted) and (where := place_of(entry)):
        yield Reason("place", where)


def _of_countries(question: Question, document: SearchDocument, wanted: Wanted) -> Iterator[Reason]:
    """A text in another language names the country, or links to an organisation that is there."""
    if document.kind not in ABOUT or words_in(document.text, wanted) or words_in(document.title, wanted):
        return
    here, known = named(document), spoken_names()
    if document.id not in question.abroad:
        some = {document.id: document, **question.documents}
        question.abroad |= {one.id: one for one in with_countries(some.values())}
    for label in question.abroad[document.id].labels:
        code = known.get(folded(label))
        if code and words_in(label, wanted):
            yield Reason("country", code, here[code][0] if code in here else "")
            return


def _own(entry: Any, wholes: Mapping[int, Any]) -> list[Reason]:
    who = viewer()
    if who is None:
        return []
    if entry.author_id == who.id and entry.kind != "organisation":
        return [Reason("yours")]
    whole = wholes.get(entry.within_id or 0)
    if whole is not None and whole.kind == "topic" and whole.author_id == who.id:
        return [Reason("your topic", whole.title)]
    return [Reason("your group")] if entry.audience.startswith("group:") else []


def place_of(entry: Any) -> str:
    code = getattr(entry, "country", "")
    country = country_name(code, reader()) if code else ""
    return _(", ").join(filter(None, (getattr(entry, "city", ""), country)))


def sentence(reason: Reason, entry: Any, areas: Sequence[int] = ()) -> str:
    """In the reader's language. `areas`: those that stand on the record itself; others stand above them."""
    plain = {
        "name": lambda: _("its name"),
        "other name": lambda: _("also called “%(name)s”", name=reason.fact),
        "words in name": lambda: _("“%(words)s” in its name", words=reason.word),
        "area": lambda: _of_area(reason, entry, areas),
        "place": lambda: _("is in %(place)s", place=reason.fact),
        "country": lambda: _of_country(reason),
        "near": lambda: _("%(km)s km from %(place)s", km=reason.word, place=reason.fact),
        "yours": lambda: _("you wrote it"),
        "your topic": lambda: _("in a topic that you began"),
        "your group": lambda: _("in a group that you belong to"),
        "file": lambda: _("“%(words)s” in the words of the file", words=reason.word),
        "text": lambda: _("“%(words)s” in its text", words=reason.word) if reason.word else _("its text"),
        "confirmed": lambda: _("confirmed in the last month"),
    }
    return str(plain[reason.sort]())


def _of_country(reason: Reason) -> str:
    country = country_name(reason.fact, reader())
    if reason.word:
        return _("names %(country)s: “%(words)s”", country=country, words=reason.word)
    return _("links to an organisation in %(country)s", country=country)


def _of_area(reason: Reason, entry: Any, areas: Sequence[int]) -> str:
    node = tree().by_slug[reason.fact]
    label = node.label if reason.word == node.label else f"{node.label} ({reason.word})"
    below = None if node.id in areas else _below(node, areas)
    if below is not None:
        return (
            _("works on %(area)s, which is part of %(whole)s", area=below.label, whole=label)
            if (entry.kind in WORKING)
            else _("is about %(area)s, which is part of %(whole)s", area=below.label, whole=label)
        )
    return _("works on %(area)s", area=label) if entry.kind in WORKING else _("is about %(area)s", area=label)


def _below(whole: Node, areas: Sequence[int]) -> Node | None:
    under = set(tree().with_children(whole.id))
    return next((tree().nodes[area] for area in areas if area in under and area in tree().nodes), None)
