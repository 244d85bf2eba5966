"""Edits that wait until somebody has looked at them.

An edit that waits is a row of its own: the entry, its history, the log and everything that follows the log know nothing of
it. A whole new entry waits in the state `pending`, which nobody but its author and moderators is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from inspect import signature
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select

from commons.audience import may_see
from commons.db import db, lock, lock_all, now, transaction
from commons.entries.actions import edit_entry, record
from commons.entries.models import Entry
from commons.entries.queries import state_at
from commons.members.models import Member
from commons.moderation.models import Held
from commons.moderation.queries import accepted_by, waiting_of, whole
from commons.room import Kind, rooms
from commons.text import PAGE, clean_line, problems
from commons.web import Forbidden, Invalid

MOST = 30  # edits of one author that may wait at a time


def holds_edits(kind: Kind) -> bool:
    """Do this kind's edits wait where they have to? Its action says so by knowing what was `reviewed`."""
    return kind.edit is not None and "reviewed" in signature(kind.edit).parameters


def hold(
    entry: Entry, values: Mapping[str, Any], *, version: int, actor: Member, note: str = "", minor: bool = False
) -> Held:
    """Keeps an edit, written looking at `version`, until a moderator accepts it. Raises Invalid or Forbidden.

    One that holds everything that an earlier one of this author changed takes that one's place: it was written on top of
    it, or says the same. Any other waits beside it, because nobody can know which of the two the author means.
    """
    with transaction():
        lock(entry)
        if not actor.may_write or not may_see(actor, entry) or not entry.is_live:
            raise Forbidden(_("You may not change this."))
        if not 1 <= version <= entry.version:
            raise Invalid({"version": _("This form is out of date. Open the page again; your words are kept here.")})
        seen = state_at(entry, version)
        if all(name in seen and seen[name] == value for name, value in values.items()):
            raise Invalid({"text": _("Nothing was different, so nothing was changed.")})
        found = _on_top_of(entry, values, version, actor) or _new(entry, actor)
        found.version, found.values, found.minor = version, {**found.values, **values}, minor
        return _sent(found, note)


def hold_new(entry: Entry, *, actor: Member, note: str = "") -> Held:
    """A whole new entry in the state `pending`, called by the action that makes it."""
    with transaction():
        known = [one for one in waiting_of(entry, actor) if one.version == 0]
        found = known[0] if known else _new(entry, actor)
        found.version = 0
        return _sent(found, note)


def _new(entry: Entry, actor: Member) -> Held:
    mine = select(func.count()).where(Held.author_id == actor.id, Held.state == "waiting")
    if (db.session.scalar(mine) or 0) >= MOST:
        raise Forbidden(
            _("%(number)s of your edits wait to be looked at. Wait for them, or withdraw some.", number=MOST)
        )
    return Held(entry_id=entry.id, author_id=actor.id, values={})


def _sent(found: Held, note: str) -> Held:
    found.note, found.at, found.state = clean_line(note)[:300], now(), "waiting"
    found.decided, found.decided_by_id, found.reason = None, None, ""
    db.session.add(found)
    db.session.flush()
    return found


def _on_top_of(entry: Entry, values: Mapping[str, Any], version: int, actor: Member) -> Held | None:
    for earlier in waiting_of(entry, actor):
        if earlier.version == 0 or (earlier.version != version and not earlier.values.keys() <= values.keys()):
            continue
        base = state_at(entry, earlier.version)
        both = [(base.get(name), earlier.values[name], values[name]) for name in values if name in earlier.values]
        if all(_holds(*three) for three in both):
            return earlier
    return None


def _holds(base: Any, earlier: Any, later: Any) -> bool:
    """Does the later value say everything that the earlier one changed? Of texts: are all lines that came in it, and none
    that went?"""
    if earlier in (base, later):
        return True
    if not all(isinstance(value, str) for value in (base, earlier, later)):
        return False
    was, then, last = (Counter(line for line in text.splitlines() if line.strip()) for text in (base, earlier, later))
    return not (then - was) - last and all(last[line] <= then[line] for line in was - then)


def accept(
    held: Held, *, actor: Member, values: Mapping[str, Any] | None = None, version: int | None = None
) -> dict[str, Any]:
    """Publishes it in its author's name, and says so in the log in the moderator's. Returns what changed.

    `values`: the moderator's wording, written looking at `version`. Raises Conflict where others changed the same
    words meanwhile: both are then to be shown and one edit to be made of them. Raises Forbidden where the author may
    not write any more.
    """
    with transaction():
        _open(held, actor)
        entry, author = whole(held.entry_id), db.session.get_one(Member, held.author_id)
        if not author.may_write:
            raise Forbidden(
                _("%(name)s may not write any more, so nothing can be published in their name.", name=author.name)
            )
        if not held.version and version and version != entry.version:  # its author wrote on after the moderator looked
            raise Invalid({"version": _("This form is out of date. Open the page again; your words are kept here.")})
        reason = _("with changes") if values is not None else ""
        changes: dict[str, Any] = {}
        if held.version or values:
            note = _("%(note)s (looked at and changed by a moderator)", note=held.note[:200]) if reason else held.note
            edit = rooms().kinds[entry.kind].edit or edit_entry
            more = {"reviewed": True, "minor": held.minor}
            known: dict[str, Any] = {name: more[name] for name in more.keys() & signature(edit).parameters.keys()}
            seen = version or held.version or entry.version
            given = held.values if values is None else values
            changes = edit(entry, given, version=seen, actor=author, note=note, **known)
        if entry.state == "pending":
            entry.state, entry.updated = "live", now()
        record(entry, "accepted", None, actor=actor, note=reason)
        _decided(held, "accepted", reason, actor)
        _trust(author)
        return changes


def _trust(author: Member) -> None:
    many = accepted_by([author.id]).get(author.id, 0)
    if author.trusted is None and many >= current_app.config["REVIEWED_EDITS"]:
        author.trusted = now()


def give_back(held: Held, reason: str, *, actor: Member) -> None:
    """Back to its author, who reads the reason, and may mend it and send it again."""
    with transaction():
        _open(held, actor)
        reason = clean_line(reason)[:500]
        if not reason:
            raise Invalid({"reason": _("Say why: the author reads it and can mend the edit.")})
        _decided(held, "returned", reason, actor)


def _open(held: Held, actor: Member) -> None:
    lock_all(Held, [held.id])
    if not actor.is_moderator or not may_see(actor, whole(held.entry_id)):
        raise Forbidden(_("Only moderators decide about edits that wait."))
    if held.state != "waiting":
        raise Invalid({"state": _("Somebody has decided about this edit already, or its author has withdrawn it.")})


def _decided(held: Held, state: str, reason: str, actor: Member) -> None:
    held.state, held.reason, held.decided, held.decided_by_id = state, reason, now(), actor.id
    db.session.flush()


def withdraw(held: Held, *, actor: Member) -> None:
    """The author does not want it any more; a whole new entry stays theirs as a draft."""
    with transaction():
        _own(held, actor)
        entry = whole(held.entry_id)
        held.state = "withdrawn"
        if entry.state == "pending":
            entry.state = "draft"
            record(entry, "withdrew", None, actor=actor)


def send_again(held: Held, *, actor: Member, values: Mapping[str, Any] | None = None, note: str = "") -> None:
    """The author sends it once more, perhaps in other words; it takes its place at the end of the queue."""
    with transaction():
        _own(held, actor)
        entry = whole(held.entry_id)
        if entry.state not in ("live", "pending", "draft") or not actor.may_write:
            raise Forbidden(_("You may not change this."))
        if values and held.version:
            held.values = {**held.values, **_fit(values, held)}
        if entry.state == "draft":
            entry.state = "pending"
            record(entry, "sent for review", None, actor=actor)
        _sent(held, note or held.note)


def _fit(values: Mapping[str, Any], held: Held) -> Mapping[str, Any]:
    """Whether they may be said is decided when they are accepted; here only that they are no heap of anything."""
    faults = {}
    for name, value in values.items():
        longest = max(PAGE, len(str(held.values.get(name, ""))))
        if isinstance(value, str) and (sentence := problems(value, lines=True, limit=longest)):
            faults[name] = sentence
    if faults:
        raise Invalid(faults)
    return values


def _own(held: Held, actor: Member) -> None:
    lock_all(Held, [held.id])
    if held.author_id != actor.id:
        raise Forbidden(_("This is somebody else's edit."))
    if held.state == "accepted":
        raise Invalid({"state": _("This edit was accepted already. The history shows it.")})
