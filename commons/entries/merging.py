"""Two people edited the same thing: fields that only one of them touched are kept from each; texts are merged by lines, lists as sets.

What is left is a collision, which a person decides. Nothing of either side is dropped on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commons.room import Field
from commons.text import merge_texts
from commons.web.faults import Collision


def merge_fields(
    fields: Sequence[Field], base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Collision]]:
    """What to save, and where a person has to choose. `mine` may name fewer fields than there are."""
    merged: dict[str, Any] = {}
    collisions: list[Collision] = []
    for field in fields:
        if field.name not in mine:
            continue
        old, ours, other = base.get(field.name), mine[field.name], theirs.get(field.name)
        if ours in (other, old):
            merged[field.name] = other
        elif other == old:
            merged[field.name] = ours
        else:
            joined = _joined(field.how, old, ours, other)
            if joined is None:
                collisions.append(Collision(field.name, old, ours, other))
            else:
                merged[field.name] = joined
    return merged, collisions


def _joined(how: str, base: Any, mine: Any, theirs: Any) -> Any | None:
    if how == "text":
        return merge_texts(base or "", mine or "", theirs or "")[0]
    if how == "list":
        gone = [item for item in base or [] if item not in mine or item not in theirs]
        kept = [item for item in theirs if item not in gone]
        return kept + [item for item in mine if item not in kept and item not in gone]
    return None
