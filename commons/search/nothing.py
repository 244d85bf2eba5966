"""What helps where nothing, or hardly anything, was found."""

from __future__ import annotations

from commons.focus.queries import Node, tree
from commons.search.asking import Asked
from commons.search.snippet import LANGUAGES, looked_for, words_in


def nearest_area(asked: Asked) -> Node | None:
    """The area of which a name, in any language, holds most of what was asked for; None where none holds a word of it."""
    said = next((one.value for one in asked.understood if one.sort == "focus"), "")
    if said in tree().by_slug:
        return tree().by_slug[said]
    wanted = looked_for(asked.query, LANGUAGES)
    best: tuple[float, Node] | None = None
    for node in tree().nodes.values():
        for label in node.words:
            closeness = len(words_in(label, wanted)) / (1 + len(label.split()))
            if closeness and (best is None or closeness > best[0]):
                best = closeness, node
    return best[1] if best else None
