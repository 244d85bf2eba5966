"""What one page gathers everything about: an area of focus, a goal or a country; and what a room asks about it.

A room hands up `panels={"subject box": (Panel(title, "", box, order),)}`, of which `box(subject, viewer)` is a Box: a question in the words
of an address of the search. `commons.subjects` asks them all together. Panels of kind "subject" show what a room finds by itself.
Panels of kind "evidence" say who showed that they know something: `items(ids of entries, None)` is a list of Known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from commons.focus.queries import Node, goal_words, tree
from commons.places.countries import country_name
from commons.web import reader

FILTERS = {"area": "focus", "goal": "sdg", "country": "country"}  # what each is called in an address


@dataclass(frozen=True, slots=True)
class Subject:
    sort: Literal["area", "goal", "country"]
    key: str  # a slug, a number, a code
    label: str  # in the reader's language
    areas: tuple[int, ...] = ()  # the area and all below it, or the areas that serve the goal; of a country none

    @property
    def address(self) -> dict[str, str]:
        """The filter that stands for it."""
        return {FILTERS[self.sort]: self.key}

    @property
    def words(self) -> dict[str, str]:
        """The same for what carries areas and goals, but no country: there the country is asked for by its name."""
        return {"q": f'"{self.label}"'} if self.sort == "country" else self.address


@dataclass(frozen=True, slots=True)
class Box:
    """What one room shows of a subject: at most five of what a question finds, and how many there are."""

    kinds: tuple[str, ...]
    asked: dict[str, str]  # the subject's `address` or `words`
    empty: str  # a sentence for where there is nothing: what would help
    begin: tuple[str, str] | None = None  # the words and the address of the way to help
    types: tuple[str, ...] = ()  # only these, where they are not all
    sort: str = ""  # an order of the search; empty: what changed last first
    endpoint: str = "search.search"  # the list that shows all of them with the same filter
    order: Callable[[Any], Any] | None = None  # of the latest of them, which stand before the others
    once: Callable[[Any], Any] | None = None  # what is the same thing in another language is listed once, and counted
    mark: Callable[[Any], str] | None = None  # a word beside those that ask for something
    line: Callable[[Any], str] | None = None  # a line under the name; none: as on the kind's cards


class Known(NamedTuple):
    """An entry shows that a member knows something about what it is about."""

    entry_id: int
    member_id: int
    why: Literal["wrote", "answered"]
    share: float  # how much of it is theirs, up to 1
    at: datetime  # when they did it last


def area_subject(node: Node) -> Subject:
    return Subject("area", node.slug, node.label, tuple(tree().with_children(node.id)))


def goal_subject(number: int) -> Subject:
    words = goal_words(number)
    areas = tuple(node.id for node in tree().nodes.values() if number in node.sdgs)
    return Subject("goal", str(number), words.short if words else str(number), areas)


def country_subject(code: str) -> Subject:
    return Subject("country", code, country_name(code, reader()))
