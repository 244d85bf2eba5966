"""Everything that points to one organisation, made to point to another: rows, doors, seats, and what rooms do when somebody sits down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, Table, UniqueConstraint, func, select, text

from commons.db import Model, db, table
from commons.entries.asks import VOICES, speaks_for
from commons.members.models import Member, Seat
from commons.room import rooms
from directory.merging.ledger import Ledger, rows_where
from directory.merging.rules import DOORS, MOVES, NUMBERS, ONCE, column, moving, other_end


def move_references(loser_id: int, winner_id: int, ledger: Ledger) -> None:
    """Called inside the transaction that makes the two one. What would tie the winner to itself stays where it is."""
    for rule, where in moving():
        for row in _rows(where == loser_id, where.table):
            _move(rule, where, row, winner_id, ledger)
    for name in DOORS:
        where = column(name)
        if where.table is not table(Seat):
            for row in _rows(where == speaks_for(loser_id), where.table):
                ledger.change(where.table, row, {where.name: speaks_for(winner_id)})
    _move_numbers(loser_id, winner_id, ledger)
    _move_seats(loser_id, winner_id, ledger)


def _rows(condition: ColumnElement[bool], where: Any) -> list[dict[str, Any]]:
    keys = list(where.primary_key)
    return [dict(row) for row in db.session.execute(select(where).where(condition).order_by(*keys)).mappings()]


def _move(rule: str, where: Column[Any], row: Mapping[str, Any], winner_id: int, ledger: Ledger) -> None:
    whole: Any = where.table
    end = other_end(where)
    ties_itself = end is not None and row[end.name] == winner_id
    if ties_itself or (rule != MOVES and _is_taken(whole, where, row, winner_id)):
        if rule == ONCE:
            ledger.drop(whole, row)
    else:
        ledger.change(whole, row, {where.name: winner_id})


def _is_taken(whole: Table, where: Column[Any], row: Mapping[str, Any], winner_id: int) -> bool:
    """Would this row meet another one that has to be the only one of its sort?"""
    for columns, condition in unique_sets(whole):
        if where in columns:
            same = [one == (winner_id if one is where else row[one.name]) for one in columns]
            mine = [one == row[one.name] for one in whole.primary_key]
            counts = condition is None or db.session.scalar(select(func.count()).where(*mine, condition))
            if counts and db.session.scalar(
                select(func.count()).where(*same, *([] if condition is None else [condition]))
            ):
                return True
    return False


def unique_sets(whole: Table) -> list[tuple[list[Column[Any]], ColumnElement[bool] | None]]:
    """The sets of columns that are unique, each with the condition under which they are."""
    found: list[tuple[list[Column[Any]], Any]] = [(list(whole.primary_key), None)]
    found += [(list(one.columns), None) for one in whole.constraints if isinstance(one, UniqueConstraint)]
    for index in whole.indexes:
        if isinstance(index, Index) and index.unique:
            where = index.dialect_options["sqlite"]["where"]
            found.append((list(index.columns), None if where is None else text(str(where))))
    return found


def _move_numbers(loser_id: int, winner_id: int, ledger: Ledger) -> None:
    """In the dossiers that either takes part in."""
    party = Model.metadata.tables["party"].c
    deals = select(party.proposal_id).where(party.organisation_id.in_((loser_id, winner_id)))
    for name in NUMBERS:
        where = column(name)
        whole: Any = where.table
        key = whole.c.id if whole.name == "proposal" else whole.c.proposal_id
        for row in _rows(key.in_(deals), whole):
            if (fresh := renumbered(row[where.name], loser_id, winner_id)) != row[where.name]:
                ledger.change(whole, row, {where.name: fresh})


def renumbered(value: Any, old: int, new: int) -> Any:
    """A list of numbers, or a dictionary by numbers, with one of them exchanged."""
    if isinstance(value, dict):
        return {str(new) if name == str(old) and str(new) not in value else name: one for name, one in value.items()}
    return sorted({new if one == old else one for one in value or ()}) if old in (value or ()) else value


def _move_seats(loser_id: int, winner_id: int, ledger: Ledger) -> None:
    """Whoever spoke for either speaks for the one that stays, in the wider of their two roles; their rooms hear of it, and what those
    do with seats and follows is noted too."""
    seat = table(Seat)
    old, new = speaks_for(loser_id), speaks_for(winner_id)
    moved = list(db.session.scalars(select(Seat.member_id).where(Seat.audience == old)))
    joined = any(name == "party" for name, *_states in ledger.rows)
    people = list(db.session.scalars(select(Seat.member_id).where(Seat.audience.in_((old, new))).distinct()))
    if not moved and not joined:
        return
    theirs: dict[str, ColumnElement[bool]] = {
        "seat": seat.c.member_id.in_(people),
        "watch": Model.metadata.tables["watch"].c.member_id.in_(people),
    }
    before = rows_where(theirs)
    for row in (one for one in before["seat"] if one["audience"] == old):
        _sit(row, new, before["seat"])
    db.session.expire_all()
    seat_again(people if joined else moved, winner_id)
    ledger.compare(before, rows_where(theirs))


def _sit(row: Mapping[str, Any], door: str, seats: list[dict[str, Any]]) -> None:
    seat = table(Seat)
    there = next((one for one in seats if one["member_id"] == row["member_id"] and one["audience"] == door), None)
    if there is None:
        db.session.execute(seat.update().where(seat.c.id == row["id"]).values(audience=door))
        return
    wider = max((row["role"], there["role"]), key=lambda role: VOICES.index(role) if role in VOICES else -1)
    db.session.execute(seat.delete().where(seat.c.id == row["id"]))
    db.session.execute(seat.update().where(seat.c.id == there["id"]).values(role=wider))


def seat_again(people: list[int], organisation_id: int) -> None:
    """Tells the rooms in which role each of these people speaks for the organisation now, or that they do not."""
    door = speaks_for(organisation_id)
    for member in db.session.scalars(select(Member).where(Member.id.in_(people)).order_by(Member.id)).unique().all():
        role = next((one.role for one in member.seats if one.audience == door), "")
        for room in rooms().all:
            if room.seated is not None:
                room.seated(member, door, role)
    db.session.flush()
