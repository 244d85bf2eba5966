"""What a list shows of the reactions to each of its entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from commons.feed.models import REACTIONS
from commons.feed.queries import reactions
from commons.feed.queries.reacting import NAMED
from commons.members.models import Member
from commons.members.queries import kept_away

BUTTONS = {
    "like": (_l("Thank"), _l("Thanked"), _l("Tell whoever wrote it that it was good to read")),
    "recommend": (
        _l("Recommend"),
        _l("Recommended"),
        _l("Others should see it: who follows you finds it in their feed"),
    ),
    "interested": (
        _l("I want to take part"),
        _l("You want to take part"),
        _l("Whoever answers for it is told that you are interested"),
    ),
}
HEADS = {"like": _l("Thanks from"), "recommend": _l("Recommended by"), "interested": _l("Want to take part")}


def reactions_of(
    ids: Sequence[int], viewer: Member | None, shy: frozenset[int] | None = None
) -> dict[int, dict[str, Any]]:
    """entry: what `reactions(row)` of macros/reactions.html shows. Numbers for everybody, names and buttons for members;
    nobody is named who hides from this viewer or whom they do not want to meet (`shy`, where it is known already). In two
    statements."""
    found, shy = reactions(ids, viewer), kept_away(viewer) if shy is None else shy
    may, marks = viewer is not None and viewer.may_write, _marks()
    rows = {id: _row(id, may, marks) for id in ids}
    for one in found:
        mark = rows[one.entry_id]["marks"][REACTIONS.index(one.what)]
        mark["count"], mark["on"] = one.count, bool(one.mine)
        if viewer is not None and one.name and one.member_id not in shy and len(mark["names"]) < NAMED:
            mark["names"].append(one.name)
    for row in rows.values():
        row["said"] = any(mark["count"] for mark in row["marks"])
        for mark in row["marks"]:
            mark["others"] = mark["count"] - len(mark["names"])
            mark["words"] = _in_words(mark["what"], mark["count"]) if mark["count"] else ""
    return rows


def _marks() -> list[dict[str, Any]]:
    """The three in the reader's language: translated once for all rows of a page."""
    return [
        {"what": what, "label": str(label), "done": str(done), "title": str(title), "head": str(HEADS[what])}
        for what, (label, done, title) in BUTTONS.items()
    ]


def _row(id: int, may: bool, marks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "url": url_for("feed.react", entry_id=id) if may else None,
        "back_url": url_for("feed.take_back", entry_id=id) if may else None,
        "marks": [mark | {"on": False, "count": 0, "names": []} for mark in marks],
    }


def _in_words(what: str, count: int) -> str:
    if what == "like":
        return ngettext("%(num)s thank-you", "%(num)s thank-yous", count)
    if what == "recommend":
        return ngettext("%(num)s person recommends it", "%(num)s people recommend it", count)
    return ngettext("%(num)s person wants to take part", "%(num)s people want to take part", count)
