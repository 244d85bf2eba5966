"""Which value of each field stays when two records become one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from directory.fields import FIELDS
from directory.models import Organisation

GROUPS = (
    (
        "city",
        "postcode",
        "region",
        "country",
        "lat",
        "lon",
    ),  # a town of one and a country of the other would be nowhere
    ("description", "language"),
    ("status", "status_note", "successor_id"),
)
UNIONS = ("names", "languages", "focus", "sdgs", "external_ids", "relations", "extra")
NAMES = tuple(
    field.name for field in FIELDS if field.name != "confirmed"
)  # somebody looked at one record, not at the other

CHOSEN = frozenset(
    {group[0] for group in GROUPS} | {name for name in NAMES if not any(name in group for group in GROUPS)}
) - {*UNIONS}  # what somebody chooses a side for: a field, or the first of those that are chosen together


def differing(winner: Organisation, loser: Organisation) -> list[str]:
    """The fields in which the other record says something that the winner does not, in the order of the form."""
    found = []
    for name in NAMES:
        own, theirs = winner.value(name), loser.value(name)
        if name == "names" or (own != theirs and theirs not in (None, "", [], {})):
            found.append(name)
    return found


def values_for(winner: Organisation, loser: Organisation, choices: Mapping[str, str]) -> dict[str, Any]:
    """The winner's fields from now on. `choices`: field, or the first of those that are chosen together: winner, loser or both.
    Without one the winner's value stays, and the other's where the winner says nothing. Lists are joined."""
    values: dict[str, Any] = {"names": _names(winner, loser, choices.get("title") == "loser")}
    for group in _groups():
        how = choices.get(group[0]) or ("winner" if any(winner.value(name) for name in group) else "loser")
        if how == "both" and group[0] == "description":
            values["description"] = "\n\n".join(filter(None, (winner.description, loser.description)))
        elif how == "loser":
            values |= {name: loser.value(name) for name in group}
    for name in ("languages", "focus", "sdgs"):
        values[name] = _joined(winner.value(name), loser.value(name))
    for name in ("external_ids", "extra"):
        values[name] = {**loser.value(name), **winner.value(name)}
    values["relations"] = _relations(winner, loser)
    if values.get("successor_id") in (winner.id, loser.id):
        values["successor_id"] = None
    return {name: value for name, value in values.items() if winner.value(name) != value}


def _groups() -> list[tuple[str, ...]]:
    grouped = {name for group in GROUPS for name in group}
    return [*GROUPS, *((name,) for name in NAMES if name not in grouped and name not in UNIONS)]


def _joined(own: list[Any], theirs: list[Any]) -> list[Any]:
    both = [*own, *(one for one in theirs if one not in own)]
    return sorted(both) if all(isinstance(one, int) for one in both) else both


def _names(winner: Organisation, loser: Organisation, swapped: bool) -> list[dict[str, Any]]:
    """All names of both; the title that does not stay is one of them, so that it is still found."""
    title, former = (loser.title, winner.title) if swapped else (winner.title, loser.title)
    rows = [*winner.names, {"value": former, "language": "", "types": ["alias"]}, *loser.names]
    known: dict[str, dict[str, Any]] = {}
    for row in rows:
        known.setdefault(row["value"].casefold(), row)
    known.pop(title.casefold(), None)
    return list(known.values())


def _relations(winner: Organisation, loser: Organisation) -> list[list[Any]]:
    """What both say of others, not of each other. An id at the other's source means nothing here: the row it was joined to stands."""
    both = {winner.id, loser.id}
    rows = [link.row for link in winner.relation_links if link.other_id not in both]
    said = {(link.type, link.other_id or link.name) for link in winner.relation_links}
    for link in loser.relation_links:
        if link.other_id not in both and (link.type, link.other_id or link.name) not in said:
            rows.append([link.type, link.other_id, link.name])
    return sorted(rows, key=str)
