"""Every column that can name an organisation has its line in the table; whoever adds one decides what becomes of it."""

from __future__ import annotations

from flask import Flask

from commons.db import Model
from commons.entries.models import Entry
from commons.room import rooms
from directory.merging.actions.moving import unique_sets
from directory.merging.rules import ASIDE, HISTORIES, MOVES, NEVER, NUMBERS, ONCE, RULES, STAYS, TOLD, column, moving


def pointing() -> set[str]:
    """Columns with a foreign key to an entry or an organisation; a kind's own row is no reference."""
    found = set()
    for table in Model.metadata.tables.values():
        kind_of_its_own = [key.name for key in table.primary_key] == ["id"] and bool(table.c.id.foreign_keys)
        for own in table.columns:
            targets = {key.column.table.name for key in own.foreign_keys}
            if targets & {"entry", "organisation"} and not (own.primary_key and kind_of_its_own):
                found.add(f"{table.name}.{own.name}")
    return found


def test_every_column_that_points_to_an_entry_has_a_rule_and_no_rule_is_left_over(app: Flask) -> None:
    assert pointing() - set(RULES) == set(), "say in directory/merging/rules.py what becomes of these"
    assert set(RULES) - pointing() == set()
    assert set(RULES.values()) <= {MOVES, ONCE, ASIDE, STAYS, NEVER}


def test_what_simply_moves_can_meet_no_other_row_of_its_sort(app: Flask) -> None:
    """Where a column is part of a key that has to be unique, the rule has to say what happens when both have such a row."""
    kept_apart = {"assent.organisation_id", "party.organisation_id"}  # nobody is merged who stands in the same dossier
    faults = []
    for rule, where in moving():
        in_keys = [columns for columns, _condition in unique_sets(where.table) if where in columns]
        name = f"{where.table.name}.{where.name}"
        if bool(in_keys) != (rule != MOVES) and name not in kept_apart:
            faults.append(f"{name}: {rule}")
    assert faults == []


def test_no_other_row_hangs_on_one_that_may_go(app: Flask) -> None:
    dropped = {where.table.name for rule, where in moving() if rule == ONCE}
    hanging = [
        f"{table.name}.{own.name}"
        for table in Model.metadata.tables.values()
        for own in table.columns
        if {key.column.table.name for key in own.foreign_keys} & dropped
    ]
    assert hanging == []


def test_fields_with_a_history_are_known(app: Flask) -> None:
    """A moved column that is a field of its entry would change a row behind the back of its history."""
    tables = {kind.model.__table__.name: {field.name for field in kind.fields} for kind in rooms().kinds.values()}
    moved = [(where.table.name, where.name) for _rule, where in moving()]
    assert [one for one in moved if one[1] in tables.get(one[0], set()) and one[0] not in HISTORIES] == []
    assert "within_id" not in {field.name for kind in rooms().kinds.values() for field in kind.fields}
    assert all(name in Model.metadata.tables for name in (*HISTORIES, *TOLD))
    assert [column(name).name for name in NUMBERS] and Entry.__table__.c.audience is column("entry.audience")
