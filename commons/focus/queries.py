"""The tree of areas, held in memory by each process: a few hundred nodes that nearly every page needs.

A process that edits an area forgets its tree at once; the others look every two seconds whether an area has changed.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from flask import current_app
from sqlalchemy import Select, func, select

from commons.audience import visible_to
from commons.db import db
from commons.entries.models import Entry
from commons.focus.goals import goal, target
from commons.focus.models import Area, AreaParent, FocusLink
from commons.members.models import Member
from commons.places.names import sorting_in
from commons.web import reader

log = logging.getLogger("commons.focus")
LOOK_EVERY = 2.0  # seconds


@lru_cache(maxsize=4096)
def _order(language: str, label: str) -> tuple[str, str]:
    """É beside E, as readers of the language look for it."""
    return sorting_in(language)(label)


@dataclass(frozen=True, slots=True)
class Node:
    id: int
    slug: str
    labels: dict[str, str]
    definition: dict[str, str]
    synonyms: dict[str, list[str]]
    sdgs: tuple[int, ...]
    targets: tuple[str, ...]
    parents: tuple[int, ...]

    def label_in(self, language: str) -> str:
        return self.labels.get(language) or self.labels["en"]

    @property
    def label(self) -> str:
        return self.label_in(reader())

    def definition_in(self, language: str) -> str:
        return self.definition.get(language) or self.definition.get("en", "")

    @property
    def words(self) -> list[str]:
        """Every name of this area in every language: what search indexes."""
        return [*self.labels.values(), *(word for words in self.synonyms.values() for word in words)]

    @property
    def said_of_it(self) -> list[str]:
        """What its first goal is called and what its targets say, in every language of the goals."""
        served = [one for code in self.targets if (one := target(code))]
        first = goal(self.sdgs[0]) if self.sdgs else None
        return [*(first.short.values() if first else ()), *(title for one in served for title in one.title.values())]


@dataclass
class Tree:
    nodes: dict[int, Node]
    signature: tuple[int, int] = (0, 0)
    children: dict[int, list[int]] = field(default_factory=dict)
    drawn: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # language: the tree as forms show it

    def __post_init__(self) -> None:
        for node in self.nodes.values():
            for parent in node.parents:
                self.children.setdefault(parent, []).append(node.id)

    @cached_property
    def by_slug(self) -> dict[str, Node]:
        return {node.slug: node for node in self.nodes.values()}

    @property
    def headings(self) -> list[Node]:
        return self.sorted([node.id for node in self.nodes.values() if not node.parents])

    def sorted(self, ids: list[int] | tuple[int, ...]) -> list[Node]:
        language = reader()
        return sorted((self.nodes[i] for i in ids if i in self.nodes), key=lambda node: _order(language, node.label))

    def children_of(self, area: int) -> list[Node]:
        return self.sorted(self.children.get(area, []))

    def with_parents(self, areas: list[int] | tuple[int, ...]) -> list[int]:
        """These areas and everything above them."""
        return self._reach(areas, lambda area: self.nodes[area].parents if area in self.nodes else ())

    def with_children(self, area: int) -> list[int]:
        """This area and everything below it."""
        return self._reach((area,), lambda one: tuple(self.children.get(one, ())))

    def top_of(self, areas: list[int]) -> Node | None:
        """The area of which these are itself and everything below it."""
        wanted = set(areas)
        return next((self.nodes[i] for i in areas if i in self.nodes and set(self.with_children(i)) == wanted), None)

    @staticmethod
    def _reach(start: list[int] | tuple[int, ...], step: object) -> list[int]:
        found: dict[int, None] = {}
        waiting = list(start)
        while waiting:
            area = waiting.pop()
            if area not in found:
                found[area] = None
                waiting.extend(step(area))  # type: ignore[operator]
        return sorted(found)


def tree() -> Tree:
    held = current_app.extensions.get("focus tree")
    if held and time.monotonic() - held[1] < LOOK_EVERY:
        return held[0]  # type: ignore[no-any-return]
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Entry.version), 0)).where(
            Entry.kind == "focus", Entry.state == "live"
        )
    ).one()
    signature = (int(row[0]), int(row[1]))
    made = held[0] if held and held[0].signature == signature else _read(signature)
    current_app.extensions["focus tree"] = (made, time.monotonic())
    return made


def forget_tree() -> None:
    current_app.extensions.pop("focus tree", None)


def _read(signature: tuple[int, int]) -> Tree:
    above: dict[int, list[int]] = {}
    for link in db.session.execute(select(AreaParent.area_id, AreaParent.parent_id).order_by(AreaParent.parent_id)):
        above.setdefault(link.area_id, []).append(link.parent_id)
    told = (Area.labels, Area.definition, Area.synonyms, Area.sdgs, Area.targets)
    areas = select(Area.id, Area.slug, Area.title, *told).where(Area.state == "live").order_by(Area.id)
    nodes = {
        area.id: Node(
            area.id,
            area.slug,
            {"en": area.title, **{code: label for code, label in area.labels.items() if label}},
            dict(area.definition),
            dict(area.synonyms),
            tuple(area.sdgs),
            tuple(area.targets),
            tuple(above.get(area.id, ())),
        )
        for area in db.session.execute(areas)
    }
    return Tree(nodes, signature)


def area_from(text: str) -> Node | None:
    """An area by its slug or by any of its names, as imports and the API write it."""
    found = tree().by_slug.get(text)
    if found:
        return found
    wanted = text.strip().casefold()
    return next(
        (node for node in tree().nodes.values() if wanted in (name.casefold() for name in node.labels.values())), None
    )


class AreasByName(dict[str, int | None]):
    """The ids of areas by what another source calls them, each looked for once; None where it is not known here."""

    def __missing__(self, name: str) -> int | None:
        node = area_from(name)
        self[name] = node.id if node else None
        return self[name]


def area_counts(viewer: Member | None) -> dict[int, int]:
    """area: how many entries stand under it or below it that this viewer may see.

    The search, a floor up, knows these numbers at once and hands them down; while it is away the database counts.
    """
    try:
        found: dict[int, int] = current_app.extensions["area counts"](viewer)
        return found
    except Exception:
        log.exception("the areas are counted in the database")
    pairs = select(FocusLink.area_id, FocusLink.entry_id).join(Entry, Entry.id == FocusLink.entry_id)
    rows = db.session.execute(pairs.where(visible_to(viewer, Entry.audience), Entry.state == "live"))
    under: dict[int, set[int]] = {}
    for area, entry in rows:
        under.setdefault(area, set()).add(entry)
    return {
        area: len(set().union(*(under.get(below, set()) for below in tree().with_children(area))))
        for area in tree().nodes
    }


@dataclass(frozen=True, slots=True)
class GoalWords:
    """A goal in the reader's language."""

    number: int
    short: str
    title: str
    targets: tuple[tuple[str, str], ...]  # (6.1, its title)


def goal_words(number: int) -> GoalWords | None:
    found, language = goal(number), reader()
    if found is None:
        return None
    targets = tuple((one.code, one.title_in(language)) for one in found.targets)
    return GoalWords(found.number, found.short_in(language), found.title_in(language), targets)


def entries_under(area: int) -> Select[int]:
    """The ids of what stands under this area or below it, and of the areas themselves, as a statement to build on."""
    areas = tree().with_children(area)
    linked = select(FocusLink.entry_id.label("id")).where(FocusLink.area_id.in_(areas))
    return select(linked.union(select(Entry.id).where(Entry.id.in_(areas))).subquery().c.id)
