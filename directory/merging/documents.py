"""How suspects and merges are shown: the queue, two records side by side, what would go along, what cannot be taken back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.entries.documents import actor_name, readable
from commons.entries.models import Entry
from commons.focus.queries import tree
from commons.members.models import Member
from commons.room import rooms
from commons.text import csv_cell, plain
from directory.documents import place_line, reason_words
from directory.fields import FIELDS, PRIVATE
from directory.merging import queries
from directory.merging.actions import may_undo, stuck_rows
from directory.merging.choosing import GROUPS, UNIONS, differing, values_for
from directory.merging.models import UNDO_FOR, Merge, Suspect
from directory.merging.rules import TOLD
from directory.models import Organisation

SHOWN = 200  # characters of a description in the queue
STATES: Mapping[str, Any] = {
    "open": _l("To look at"),
    "different": _l("Are different"),
    "merged": _l("Merged"),
}
GOES_ALONG: Mapping[str, Any] = {  # what its own people alone see is not counted here
    "affiliation": _l("People who say that they belong to it"),
    "contest": _l("Contested ties"),
    "openness": _l("What it says of partnership"),
    "organisation": _l("Records that name it as their successor"),
    "partner": _l("Partnerships in the register"),
    "party": _l("Proposals and partnerships"),
    "post": _l("Posts in its name"),
    "protection": _l("Protection"),
    "reaction": _l("Reactions"),
    "redirect": _l("Older addresses"),
    "relation": _l("Ties that others name"),
    "seat": _l("People who speak for it"),
    "statement": _l("Statements"),
    "topic": _l("Topics about it or in its name"),
    "watch": _l("Followers"),
}
LABELS = {field.name: field.label for field in FIELDS}


def queue_rows(found: Iterable[tuple[Suspect, Organisation, Organisation]]) -> list[dict[str, Any]]:
    return [
        {
            "id": suspect.id,
            "cards": [_card(one), _card(other)],
            "names": _("“%(one)s” and “%(other)s”", one=one.title, other=other.title),
            "score": round(suspect.score * 100),
            "reasons": [reason_words(reason) for reason in suspect.reasons],
            "differs": differences(one, other),
            "url": pair_url(one, other),
            "by": actor_name(suspect.by) if suspect.by else "",
            "at": suspect.at,
        }
        for suspect, one, other in found
    ]


def _card(organisation: Organisation) -> dict[str, Any]:
    return {
        "title": organisation.title,
        "language": organisation.language,
        "url": url_for("directory.organisation", slug=organisation.slug),
        "names": organisation.aliases[:3],
        "place": place_line(organisation),
        "website": organisation.domain,
        "text": plain(organisation.description)[:SHOWN],
        "source": organisation.source,
    }


def pair_url(winner: Entry, loser: Entry) -> str:
    return url_for("merging.pair", id=winner.id, number=loser.id)


def differences(one: Organisation, other: Organisation) -> list[str]:
    """Names of what both say, and say differently."""
    both = [name for name in differing(one, other) if name not in UNIONS and one.value(name) and other.value(name)]
    return [str(LABELS[name]) for name in both if name not in ("title", "lat", "lon", "status", "licence", "confirmed")]


def queue_csv(found: Iterable[tuple[Suspect, Organisation, Organisation]]) -> str:
    """One line for each pair; what a spreadsheet would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    lines.writerow(["score", "reasons", *(f"{side}_{name}" for side in ("one", "other") for name in _COLUMNS)])
    for suspect, *both in found:
        cells = [cell for one in both for cell in (one.id, one.title, one.website, one.city, one.country, one.source)]
        lines.writerow([suspect.score, "; ".join(suspect.reasons), *map(csv_cell, cells)])
    return text.getvalue()


_COLUMNS = ("id", "name", "website", "city", "country", "source")


def pair_page(winner: Organisation, loser: Organisation, viewer: Member) -> dict[str, Any]:
    """Both records, which value of each field stays, and what goes along."""
    asked = [name for name in differing(winner, loser) if name not in UNIONS and _is_first(name, winner, loser)]
    joined = values_for(winner, loser, {})
    suspect = queries.suspect_of(winner.id, loser.id)
    return {
        "winner": winner,
        "loser": loser,
        "cards": [_card(winner), _card(loser)],
        "reasons": [reason_words(reason) for reason in suspect.reasons] if suspect else [],
        "is_different": suspect is not None and suspect.state == "different",
        "choices": [_choice(name, winner, loser) for name in asked],
        "unions": [(LABELS[name], _words((name,), joined)) for name in UNIONS if name in joined and name != "extra"],
        "along": [*going_along(loser, viewer), *_staying(winner, loser, viewer)],
        "swap_url": pair_url(loser, winner),
        "may_merge": queries.may_merge(viewer, winner, loser),
        "faults": queries.faults_of(winner, loser, viewer),
        "spoken_for": [one for one in (winner, loser) if one.id in queries.spoken_for((winner.id, loser.id))],
        "days": UNDO_FOR.days,
    }


def _is_first(name: str, winner: Organisation, loser: Organisation) -> bool:
    """Of fields that are chosen together only the first that differs is asked about."""
    group = next((names for names in GROUPS if name in names), (name,))
    return name == next(one for one in group if one in differing(winner, loser))


def _choice(name: str, winner: Organisation, loser: Organisation) -> dict[str, Any]:
    """What is private is chosen without being read."""
    group = next((names for names in GROUPS if name in names), (name,))
    shown = group[:1] if group[0] == "description" else group
    both = [{one: side.value(one) for one in group} for side in (winner, loser)]
    words = [_words(shown, values) for values in both]
    return {
        "name": group[0],
        "label": _("Place") if group[0] == "city" else LABELS[group[0]],
        "text": group[0] == "description",
        "values": [_("is known, and shown to nobody") if one and name in PRIVATE else one for one in words],
        "keep": "winner" if any(both[0].values()) else "loser",
    }


def _words(names: tuple[str, ...], values: Mapping[str, Any]) -> str:
    if names == ("focus",):
        return ", ".join(node.label for node in tree().sorted(values["focus"]))
    if names == ("names",):
        return ", ".join(name["value"] for name in values["names"])
    if names == ("relations",):
        return ", ".join(row[2] for row in values["relations"])
    return ", ".join(filter(None, (readable(name, values[name]) for name in names)))


def going_along(loser: Organisation, viewer: Member) -> list[dict[str, Any]]:
    """What would move, by name and number."""
    found = []
    for name, many in queries.references(loser.id, viewer).items():
        kind = rooms().kinds.get(name.removeprefix("kind:"))
        label = kind.plural if kind is not None and ":" in name else GOES_ALONG.get(name)
        found += [{"label": str(label), "number": many}] if label else []
    return found


def _staying(winner: Organisation, loser: Organisation, viewer: Member) -> list[dict[str, Any]]:
    many = queries.statements_aside(winner.id, loser.id, viewer)
    label = _("Statements that are shown no more, because the record that stays has one of the same organisation")
    return [{"label": label, "number": many}] if many else []


def merge_row(merge: Merge, winner: Entry, loser: Entry, viewer: Member | None) -> dict[str, Any]:
    return {
        "id": merge.id,
        "winner": winner,
        "loser": loser,
        "winner_url": url_for("directory.organisation", slug=winner.slug),
        "loser_url": url_for("directory.organisation", slug=loser.slug) if merge.undone else "",
        "by": actor_name(merge.by) if merge.by else _("Somebody"),
        "at": merge.at,
        "note": merge.note,
        "undone": merge.undone,
        "until": merge.at + UNDO_FOR,
        "can_be_undone": merge.can_be_undone and may_undo(viewer, merge),
        "url": url_for("merging.merged", id=merge.id),
    }


def merge_page(merge: Merge, winner: Entry, loser: Entry, viewer: Member) -> dict[str, Any]:
    later = queries.later_merge(merge) if merge.can_be_undone else None
    return {
        "row": merge_row(merge, winner, loser, viewer),
        "moved": _counted(merge.moved),
        "stuck": _counted(stuck_rows(merge)) if merge.can_be_undone else [],
        "later": url_for("merging.merged", id=later.id) if later else None,
    }


def _counted(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows by what they are; what may stand behind a door, and what has no name of its own, is counted together."""
    found: dict[str, int] = {}
    for table, *_states in rows:
        named = table in GOES_ALONG and table not in (*TOLD, "organisation")
        label = str(GOES_ALONG[table] if named else _("Fields of the records, and what belongs to them"))
        found[label] = found.get(label, 0) + 1
    return [{"label": label, "number": many} for label, many in found.items()]


def suspects_panel(organisation: Organisation, viewer: Member | None) -> dict[str, Any] | None:
    """On the page of a record, for those who decide."""
    if not queries.may_judge(viewer):
        return None
    found = queries.suspects_of(organisation, viewer)
    rows = [{"title": one.title, "language": one.language, "url": pair_url(organisation, one)} for one in found]
    return {"rows": rows} if rows else None
