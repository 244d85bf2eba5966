"""What plain words say besides themselves: a place, an area, a goal, a language, a kind.

    organisations for water in Kenya      the kind; the area and the country
    who knows about biochar               the kind
    clinics near Kisumu                   a place and its surroundings
    composting in French, ODD 6           a language, a goal

What can hardly mean anything else *narrows*: its words leave the question and everything else is left out. What may as well
be part of a text or a name only *leans*: its words stay, and what fits comes first. Words in quotation marks, and words that
the reader said are only words (`plain`), say nothing more than themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from babel import Locale
from flask import current_app

from commons.focus.queries import Tree, tree
from commons.places.gazetteer import Place, find_places, place_in
from commons.places.ranking import named
from commons.room import rooms
from commons.search.analysis import words as folded_words
from commons.search.folding import fold
from commons.search.stopwords import stopwords
from commons.web.languages import WRITTEN

NOTHING = "0"  # stands where a word says nothing: no name of anything holds it
LONGEST_AREA = 5  # words
LONGEST_PLACE = 4
SPOKEN = ("en", "fr", "es")
# fmt: off
KINDS = {
    "organisation": "organisations organizations ngos charities associations ong ongs organizaciones asociaciones",
    "page": "pages articles paginas articulos",
    "topic": "topics discussions questions threads sujets temas preguntas debates",
    "need": "needs besoins necesidades",
    "offer": "offers offres ofertas",
    "group": "groups groupes grupos",
    "profile": "people persons personnes personas",
    "file": "files documents fichiers archivos documentos",
}
LEADERS = {
    "profile": (
        "who knows", "who knows about", "qui connait", "qui sait", "quien sabe", "quien sabe de", "quien sabe sobre", "quien conoce",
    ),
    "organisation": ("who works on", "who works with", "qui travaille sur", "quien trabaja en"),
}
JOINING = frozenset({
    "for", "about", "that", "who", "on", "with", "working", "helping",
    "pour", "sur", "qui", "avec", "para", "sobre", "que", "con",
})
LEADING = frozenset({"in", "near", "dans", "en"})  # what follows is a place, which is understood by itself
LOOSE = frozenset({"need", "offer", "topic", "group"})  # kinds whose name alone, at the beginning, leans to them
NEAR = ("near", "close to", "pres de", "autour de", "cerca de", "alrededor de", "nahe", "perto de")
MYSELF = frozenset({"me", "here", "moi", "mi", "aqui", "ici"})
GOALS = frozenset({"sdg", "sdgs", "goal", "odd", "ods", "objectif", "objetivo"})
SPOKEN_IN = frozenset({"in", "en"})
# fmt: on


@dataclass(frozen=True, slots=True)
class Understood:
    sort: str  # country | place | near | focus | sdg | language | kind | type
    value: str  # as the address takes it: a code, a slug, a number, the name of a place
    words: str  # as they were typed
    narrows: bool
    place: Place | None = None
    filter: str = ""  # the filter in the words that says so outright: `in` of `in:kenya`


@dataclass(slots=True)
class Reader:
    """The question while it is being read."""

    words: list[str]
    folded: list[str]
    beside: bool
    taken: set[int] = field(default_factory=set)
    found: list[tuple[int, int, Understood]] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)  # words that say where the reader is: nobody asks a device

    def is_free(self, start: int, stop: int) -> bool:
        return not any(at in self.taken for at in range(start, stop))

    def take(self, start: int, stop: int, sort: str, value: str, narrows: bool, place: Place | None = None) -> None:
        self.taken.update(range(start, stop))
        self.found.append((start, stop, Understood(sort, value, " ".join(self.words[start:stop]), narrows, place)))


def understood(words: Sequence[str], plain: Collection[str] = (), beside: bool = False) -> Reader:
    """What these words say, in the order in which it stands there. `plain`: phrases that say nothing more, folded. `beside`:
    the question looks for more than these words."""
    reader = Reader(list(words), [folded_phrase(word) for word in words], beside)
    for start, stop in _spans(reader.folded, plain):
        for at in range(start, stop):
            reader.words[at] = reader.folded[at] = NOTHING
    _kind(reader)
    _goal(reader)
    _near(reader)
    _place(reader)
    _language(reader)
    _areas(reader)
    reader.found.sort(key=lambda one: one[0])
    return reader


def folded_phrase(text: str) -> str:
    """Words as they are compared, with single spaces."""
    return " ".join(folded_words(text)) or fold(text)


def _spans(folded: Sequence[str], phrases: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where one of the phrases stands."""
    for start in range(len(folded)):
        for stop in range(min(len(folded), start + LONGEST_AREA), start, -1):
            if " ".join(folded[start:stop]) in phrases:
                yield start, stop


def _is_question(reader: Reader, start: int, stop: int) -> bool:
    """Whether something to look for is left beside these words."""
    stops = stopwords(SPOKEN)
    return reader.beside or any(
        word not in stops for at, word in enumerate(reader.folded) if not start <= at < stop and word
    )


def _kind(reader: Reader) -> None:
    folded = reader.folded
    for start, stop in _spans(folded, _leaders()):
        kind = _leaders()[" ".join(folded[start:stop])]
        if not start and kind in rooms().kinds and _is_question(reader, start, stop):
            return reader.take(start, stop, "kind", kind, True)
    kind, following = _kinds().get(folded[0] if folded else "", ""), folded[1] if len(folded) > 1 else ""
    if kind not in rooms().kinds or not _is_question(reader, 0, 1):
        return None
    if following in JOINING or following in LEADING:
        return reader.take(0, 2 if following in JOINING else 1, "kind", kind, True)
    return reader.take(0, 1, "kind", kind, False) if kind in LOOSE else None


@cache
def _leaders() -> dict[str, str]:
    return {phrase: kind for kind, phrases in LEADERS.items() for phrase in phrases}


@cache
def _kinds() -> dict[str, str]:
    return {word: kind for kind, written in KINDS.items() for word in written.split()}


def _goal(reader: Reader) -> None:
    for at, word in enumerate(reader.folded):
        apart = word.split() if " " in word else [word]
        if len(apart) == 2 and apart[0] in GOALS and _is_goal(apart[1]):
            reader.take(at, at + 1, "sdg", str(int(apart[1])), True)
        elif word in GOALS and at + 1 < len(reader.folded) and _is_goal(reader.folded[at + 1]):
            reader.take(at, at + 2, "sdg", str(int(reader.folded[at + 1])), True)
        elif word[:3] in GOALS and _is_goal(word[3:]):
            reader.take(at, at + 1, "sdg", str(int(word[3:])), True)


def _is_goal(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= 17


def _near(reader: Reader) -> None:
    for start, stop in _spans(reader.folded, NEAR):
        if stop >= len(reader.words) or not reader.is_free(start, stop + 1):
            continue
        if reader.folded[stop] in MYSELF and stop + 1 == len(reader.words):
            reader.left_out.update(range(start, stop + 1))
            reader.taken.update(reader.left_out)
        for end in range(min(len(reader.words), stop + LONGEST_PLACE), stop, -1):
            ends = end == len(reader.words) or reader.folded[end] in JOINING | LEADING | stopwords(SPOKEN)
            place = _named(reader.words[stop:end]) if ends and reader.is_free(stop, end) else None
            if place and place.kind != "country":
                reader.take(start, end, "near", " ".join(reader.words[stop:end]), True, place)
                return


def _named(words: Sequence[str]) -> Place | None:
    """The place of just this name: "Kisumu", "Paris Texas"."""
    whole = " ".join(words)
    if NOTHING in words or len(whole) < 3:
        return None
    found = named(whole)
    if not found and len(words) > 1:
        found = find_places(f"{' '.join(words[:-1])}, {words[-1]}", 1)
    return found[0] if found else None


def _place(reader: Reader) -> None:
    free = [word if reader.is_free(at, at + 1) else NOTHING for at, word in enumerate(reader.words)]
    found = place_in(free)
    if found is None:
        return
    place, start, stop = found
    if not _is_question(reader, start, stop):
        return
    if place.kind == "country":
        reader.take(start, stop, "country", place.country, False, place)
    else:
        reader.take(start, stop, "place", " ".join(reader.words[start:stop]), False, place)


def _language(reader: Reader) -> None:
    """ "in French" at the end, or before a word that begins another part: "in French about composting"."""
    names, folded = _language_names(), reader.folded
    for at, word in enumerate(folded[:-1]):
        code, after = names.get(folded[at + 1], ""), at + 2
        ends = after == len(folded) or after in reader.taken or folded[after] in JOINING | LEADING
        if word in SPOKEN_IN and code and ends and reader.is_free(at, after) and _is_question(reader, at, after):
            reader.take(at, after, "language", code, True)
            return


@cache
def _language_names() -> dict[str, str]:
    return {
        folded_phrase(name): code
        for spoken in SPOKEN
        for code in WRITTEN
        if (name := Locale(spoken).languages.get(code))
    }


def _areas(reader: Reader) -> None:
    known, at = _area_names(tree()), 0
    while at < len(reader.folded):
        for stop in range(min(len(reader.folded), at + LONGEST_AREA), at, -1):
            slug = known.get(" ".join(reader.folded[at:stop]))
            if slug and reader.is_free(at, stop):
                reader.take(at, stop, "focus", slug, False)
                at = stop - 1
                break
        at += 1


def _area_names(areas: Tree) -> dict[str, str]:
    """Folded name: slug. A name that several areas bear belongs to the one whose label it is, else to none."""
    held = current_app.extensions.get("names of areas")
    if held and held[0] is areas:
        return held[1]  # type: ignore[no-any-return]
    labels = {folded_phrase(label): node.slug for node in areas.nodes.values() for label in node.labels.values()}
    others: dict[str, set[str]] = {}
    for node in areas.nodes.values():
        for words in node.synonyms.values():
            for word in words:
                others.setdefault(folded_phrase(word), set()).add(node.slug)
    made = {name: next(iter(slugs)) for name, slugs in others.items() if len(slugs) == 1} | labels
    made.pop("", None)
    current_app.extensions["names of areas"] = (areas, made)
    return made
