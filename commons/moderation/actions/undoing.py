"""Taking back everything that one member did, without touching what others wrote before or since.

For each entry, the newest revision first, what the member changed is taken out of today's text by a merge of three: what
the revision made, what stood before it, what stands now. What can be taken back is one new revision of the entry, so that
it can be undone like any other; where others changed the same words since, the revision is left and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from commons.db import lock, transaction
from commons.entries.actions import edit_entry, take_away
from commons.entries.changes import before
from commons.entries.merging import merge_fields
from commons.entries.models import Entry
from commons.members.models import Member
from commons.moderation.actions.holding import give_back
from commons.moderation.models import Held
from commons.moderation.queries import changes_since, others_edited, revisions_by, waiting_by, whole
from commons.room import rooms
from commons.text import clean_line
from commons.web import Conflict, Forbidden, Invalid

MOST = 500  # entries changed in one go; what is left over is listed by the next one


@dataclass(slots=True)
class Undone:
    """What happened, or would happen, to one entry."""

    entry: Entry
    how: str  # undone | removed | returned (an edit that waited) | left
    taken: list[int] = field(default_factory=list)  # revisions taken back
    left: list[int] = field(default_factory=list)  # others changed the same words since
    why: str = ""  # nothing was done although it should have been
    values: dict[str, Any] = field(default_factory=dict)


def undo_all(
    member: Member, *, actor: Member, note: str = "", since: datetime | None = None, dry_run: bool = False
) -> list[Undone]:
    """Takes back all revisions of this member, later than `since` where given, entry by entry in a transaction each.
    Entries that they made and nobody else edited are removed, and their edits that wait are returned. At most MOST
    entries. `dry_run` only says what would be done. Raises Forbidden and Invalid before anything is done."""
    if not actor.is_moderator:
        raise Forbidden(_("Only moderators take back everything of one member."))
    note = clean_line(note)[:200]
    if not note and not dry_run:
        raise Invalid({"note": _("Say why: the reason stands in the history of every page.")})
    held = [one for one in waiting_by(member, actor) if since is None or one.at >= since]
    done = [_returned(one, note, actor, dry_run) for one in held]
    for entry_id, numbers in revisions_by(member, actor, since).items():
        if len(done) >= MOST:
            break
        entry = whole(entry_id)
        if rooms().kinds[entry.kind].fields and (one := _entry(entry, numbers, member, actor, note, dry_run)):
            done.append(one)
    return done


def _returned(held: Held, note: str, actor: Member, dry_run: bool) -> Undone:
    done = Undone(held.entry, "returned")
    if not dry_run:
        give_back(held, note, actor=actor)
    return done


def _entry(
    entry: Entry, numbers: Sequence[int], member: Member, actor: Member, note: str, dry_run: bool
) -> Undone | None:
    if dry_run:
        return _plan(entry, numbers, member)
    try:
        with transaction():
            lock(entry)
            plan = _plan(entry, numbers, member)
            if plan is not None:
                _do(plan, actor, note)
            return plan
    except (Conflict, Invalid, Forbidden) as fault:
        return Undone(entry, "left", left=list(numbers), why=str(fault))


def _plan(entry: Entry, numbers: Sequence[int], member: Member) -> Undone | None:
    """None: nothing of theirs is left in it."""
    if numbers[-1] == 1 and not others_edited(entry, member):
        return Undone(entry, "removed", list(numbers))
    fields = rooms().kinds[entry.kind].fields
    start = {field.name: entry.value(field.name) for field in fields}
    plan, now, state = Undone(entry, "undone"), dict(start), dict(start)
    for number, changes in changes_since(entry, max(2, numbers[-1])):
        made = {name: state.get(name) for name in changes}
        state |= {name: before(state.get(name), change) for name, change in changes.items()}
        if number in numbers:
            merged, collisions = merge_fields(fields, made, {name: state[name] for name in changes}, now)
            if collisions:
                plan.left.append(number)
            elif any(now[name] != value for name, value in merged.items()):
                plan.taken.append(number)
                now |= merged
    plan.left += [1] if numbers[-1] == 1 else []
    plan.values = {name: value for name, value in now.items() if value != start[name]}
    if not plan.values:
        plan.how = "left"
    return plan if plan.values or plan.left else None


def _do(plan: Undone, actor: Member, note: str) -> None:
    if plan.how == "removed":
        take_away(plan.entry, actor=actor, note=note)
    elif plan.values:
        edit = rooms().kinds[plan.entry.kind].edit or edit_entry
        words = _("Undid version %(number)s", number=ranges(plan.taken))
        told = f"{words}: {note}"
        edit(plan.entry, plan.values, version=plan.entry.version, actor=actor, note=told, verb="undid a change")


def ranges(numbers: Sequence[int]) -> str:
    """2–5, 8"""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(f"{first}–{last}" if first != last else str(first) for first, last in found)
