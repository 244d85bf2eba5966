"""Suggestions beside a form and on an entry's page: in the site's own areas, without what is chosen already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request

from commons.entries.documents import actor_name
from commons.focus.models import RefusedArea
from commons.focus.queries import goal_words, tree
from commons.focus.suggesting import suggest
from commons.focus.suggesting.phrases import LANGUAGES, Phrases, phrases_of
from commons.focus.suggesting.refusing import TEXTS, refused_areas
from commons.web.forms import ASKS


@dataclass(frozen=True, slots=True)
class Offered:
    field: str  # focus or sdgs
    value: int  # the id of an area, or the number of a goal
    label: str
    words: tuple[str, ...]
    refused: RefusedArea | None = None  # who says that it is not, and when

    @property
    def by(self) -> str:
        return actor_name(self.refused.by) if self.refused else ""


def suggested_for(form: Any, entry: Any = None) -> list[Offered] | None:
    """For a form that was sent by its button for suggestions, without what it has chosen; None for every other request.
    Fields that the form does not show are read from the entry. Last comes what was refused for that entry."""
    if request.method != "POST" or ASKS not in request.form:
        return None
    typed = {name: form[name].data for name in ("title", "language", *TEXTS) if name in form and form[name].data}
    return offered(typed, entry, form.focus.data or (), form.sdgs.data or () if "sdgs" in form else None)


def suggested_areas(entry: Any) -> list[Offered]:
    """Areas for an entry that has none, last those that were refused for it."""
    return [] if entry.focus else offered({}, entry, (), None)


def offered(
    typed: Mapping[str, str], entry: Any, areas: Collection[int], goals: Collection[int] | None
) -> list[Offered]:
    """`areas` and `goals` are chosen already; None: goals are not asked for."""

    def told(name: str) -> str:
        return str(typed.get(name) or getattr(entry, name, "") or "")

    found: list[Offered] = []
    by_slug, text = tree().by_slug, "\n".join(filter(None, map(told, TEXTS)))
    refused = _refused(entry, f"{told('title')}\n{text}", areas)
    without = {*areas, *(one.value for one in refused)}
    for one in suggest(text, told("title"), told("language"), own_phrases()):
        if isinstance(one.label, str):
            if (node := by_slug.get(one.label)) is not None and node.id not in without:
                found.append(Offered("focus", node.id, node.label, one.words))
        elif goals is not None and one.label not in goals and (goal := goal_words(one.label)) is not None:
            found.append(Offered("sdgs", goal.number, f"{goal.number} {goal.short}", one.words))
    return found + refused


def _refused(entry: Any, text: str, areas: Collection[int]) -> list[Offered]:
    nodes = tree().nodes
    found = refused_areas(entry, text) if entry is not None else []
    return [
        Offered("focus", one.area_id, nodes[one.area_id].label, (), one)
        for one in found
        if one.area_id in nodes and one.area_id not in areas
    ]


def own_phrases() -> Phrases:
    """The names of this site's areas, made anew when an area has changed."""
    held = current_app.extensions.get("names of areas")
    own = tree()
    if held is None or held[0] != own.signature:
        names = {
            node.slug: {
                code: (*filter(None, (node.labels.get(code),)), *node.synonyms.get(code, ())) for code in LANGUAGES
            }
            for node in own.nodes.values()
        }
        held = current_app.extensions["names of areas"] = (own.signature, phrases_of(names))
    phrases: Phrases = held[1]
    return phrases
