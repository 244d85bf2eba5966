"""Names of areas that share words with a question: for the reason of a result, and for the way on where nothing was found."""

from __future__ import annotations

from flask import current_app

from commons.focus.queries import Node, Tree, tree
from commons.search.analysis import words
from commons.search.asking import Asked
from commons.search.snippet import Wanted, looked_for, words_in
from commons.search.stems import LARGER

BEGINNING = 3  # letters that a word and its other forms share


def labels_like(wanted: Wanted) -> dict[int, list[str]]:
    """area: its names, in any language, in which a word may be one of the question."""
    found: dict[int, dict[str, None]] = {}
    names = _names(tree())
    for word in wanted.every:
        for area, label in names.get(word[:BEGINNING], ()):
            found.setdefault(area, {})[label] = None
    return {area: list(labels) for area, labels in found.items()}


def nearest_area(asked: Asked) -> Node | None:
    """The area of which a name holds most of what was asked for; None where none holds a word of it."""
    said = next((one.value for one in asked.understood if one.sort == "focus"), "")
    if said in tree().by_slug:
        return tree().by_slug[said]
    wanted = looked_for(asked.query, LARGER)
    best: tuple[float, Node] | None = None
    for area, labels in labels_like(wanted).items():
        closeness = max(len(words_in(label, wanted)) / (1 + len(label.split())) for label in labels)
        if closeness and (best is None or closeness > best[0]):
            best = closeness, tree().nodes[area]
    return best[1] if best else None


def _names(areas: Tree) -> dict[str, list[tuple[int, str]]]:
    """The beginning of a word: areas with a name in which one begins so."""
    held = current_app.extensions.get("beginnings of areas")
    if held and held[0] is areas:
        return held[1]  # type: ignore[no-any-return]
    made: dict[str, list[tuple[int, str]]] = {}
    for node in areas.nodes.values():
        for label in node.words:
            for word in words(label):
                made.setdefault(word[:BEGINNING], []).append((node.id, label))
    current_app.extensions["beginnings of areas"] = (areas, made)
    return made
