"""Every write to an area of focus. A change never leaves an entry without its area: areas are renamed or removed, never renumbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from commons.db import db, on_commit, table, transaction
from commons.entries.actions import create_entry, edit_entry
from commons.entries.bulk import insert_entries
from commons.entries.followers import wake
from commons.focus.models import Area, AreaParent
from commons.focus.queries import forget_tree, tree
from commons.members.models import Member
from commons.text import clean_line, clean_text, problems
from commons.web import Forbidden, Invalid

MOST_HEADINGS = 12
SOURCE = "WiserEarth areas of focus"


def may_edit(viewer: Member | None, area: Area) -> bool:
    return viewer is not None and viewer.may_write


def add_area(values: Mapping[str, Any], *, actor: Member, note: str = "") -> Area:
    given = _checked(values, None)
    if not given["title"]:
        raise Invalid({"title": _("Enter the area's name in English.")})
    with transaction():
        area = Area(audience="public", language="en", licence="CC0 1.0")
        create_entry(area, given, actor=actor, note=note)
        on_commit(forget_tree)
        return area


def edit_area(
    area: Area,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member,
    note: str = "",
    verb: str = "edited",
    via: str = "",
) -> dict[str, list[Any]]:
    if not may_edit(actor, area):
        raise Forbidden(_("You may not change this."))
    given = _checked(values, area)
    with transaction():
        changes = edit_entry(area, given, version=version, actor=actor, note=note, verb=verb, via=via)
        on_commit(forget_tree)
        return changes


def _checked(values: Mapping[str, Any], area: Area | None) -> dict[str, Any]:
    given, faults = dict(values), {}
    for name, value in values.items():
        if not _has_the_form(name, value):
            raise Invalid({name: _("This does not have the right form.")})
        if name == "title" or name.startswith(("label_", "definition_")):
            lines = name.startswith("definition_")
            if sentence := problems(value, lines=lines, limit=2000 if lines else 120):
                faults[name] = sentence
            given[name] = clean_text(value) if lines else clean_line(value)
        elif name.startswith("synonyms_"):
            given[name] = list(dict.fromkeys(filter(None, map(clean_line, value))))[:50]
    if "title" in given and not given["title"]:
        faults["title"] = _("Enter the area's name in English.")
    if sentence := _parents_fault(given.get("parents"), area):
        faults["parents"] = sentence
    if any(not isinstance(goal, int) or not 1 <= goal <= 17 for goal in given.get("sdgs", ())):
        faults["sdgs"] = _("Choose goals from 1 to 17.")
    if faults:
        raise Invalid(faults)
    return given


def _has_the_form(name: str, value: Any) -> bool:
    if name == "title" or name.startswith(("label_", "definition_")):
        return isinstance(value, str)
    kinds = int if name in ("parents", "sdgs") else str
    return isinstance(value, list) and all(isinstance(one, kinds) and not isinstance(one, bool) for one in value)


def _parents_fault(parents: list[int] | None, area: Area | None) -> str | None:
    if parents is None:
        return None
    below = tree().with_children(area.id) if area else []
    if any(parent not in tree().nodes for parent in parents):
        return _("One of these areas does not exist.")
    if any(parent in below for parent in parents):
        return _("An area cannot stand under itself.")
    is_new_heading = not parents and (area is None or bool(area.parents))
    if is_new_heading and len(tree().headings) >= MOST_HEADINGS:
        return _("There are already %(number)s headings. Choose one that this belongs under.", number=MOST_HEADINGS)
    return None


def plant(rows: Sequence[Mapping[str, Any]]) -> int:
    """The shipped taxonomy into an empty site, level by level; returns how many areas were made."""
    made: dict[str, int] = {}
    waiting = list(rows)
    with transaction():
        while ready := [row for row in waiting if all(parent in made for parent in row.get("parents", ()))]:
            made |= _level(ready, made)
            waiting = [row for row in waiting if row["slug"] not in made]
        on_commit(forget_tree)
        on_commit(wake)
    return len(made)


def _level(rows: Sequence[Mapping[str, Any]], made: Mapping[str, int]) -> dict[str, int]:
    prepared = []
    for row in rows:
        number = str(row.get("wiserearth_id") or row["slug"])
        columns = {
            "title": row["labels"]["en"],
            "slug": row["slug"],
            "language": "en",
            "licence": "CC0 1.0",
            "source": SOURCE,
            "source_id": number,
        }
        prepared.append((columns, _versioned(row, made)))
    ids = insert_entries("focus", prepared, verb="imported", note="", via="taxonomy")
    own = [
        {
            "id": id,
            "labels": {code: label for code, label in row["labels"].items() if code != "en"},
            "definition": dict(row.get("definition", {})),
            "synonyms": dict(row.get("synonyms", {})),
            "sdgs": list(row.get("sdgs", ())),
            "targets": list(row.get("targets", ())),
        }
        for id, row in zip(ids, rows, strict=True)
    ]
    db.session.execute(table(Area).insert(), own)
    links = [
        {"area_id": id, "parent_id": made[parent]}
        for id, row in zip(ids, rows, strict=True)
        for parent in row.get("parents", ())
    ]
    if links:
        db.session.execute(table(AreaParent).insert(), links)
    return {row["slug"]: id for id, row in zip(ids, rows, strict=True)}


def _versioned(row: Mapping[str, Any], made: Mapping[str, int]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": row["labels"]["en"],
        "sdgs": list(row.get("sdgs", ())),
        "targets": list(row.get("targets", ())),
    }
    values["parents"] = sorted(made[parent] for parent in row.get("parents", ()))
    for language, label in row["labels"].items():
        values |= {f"label_{language}": label} if language != "en" else {}
    for name in ("definition", "synonyms"):
        values |= {f"{name}_{language}": value for language, value in row.get(name, {}).items()}
    return {name: value for name, value in values.items() if value not in ("", [])}
