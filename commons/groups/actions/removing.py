"""Removing a group with all that stands in it, and bringing both back. Groups within it are groups of their own, and stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update

from commons.audience import may_see
from commons.db import db, lock, now, table, transaction
from commons.entries.actions import record, take_log_lock
from commons.entries.models import Change, Entry
from commons.groups.actions.seats import write_to
from commons.groups.models import Group
from commons.groups.queries import admins_of, is_admin, seats_of
from commons.members.models import Member
from commons.moderation.models import Report
from commons.web import Forbidden, Invalid

ALONG, BACK = "went with its group", "came with its group"  # the verbs of what stands in it
GONE = (ALONG, "removed", "undid", "went with its topic")  # why something may be away
MANY = 500  # rows of one statement


def may_remove(viewer: Member | None, group: Group) -> bool:
    """Its admins; a moderator who sees it, when somebody else has reported it and no moderator found it right, or when nobody
    but its founder is there."""
    if viewer is None or not viewer.may_write or not may_see(viewer, group):
        return False
    if is_admin(viewer, group):
        return True
    return viewer.is_moderator and (_is_reported(group, viewer) or _is_lonely(group))


def _is_reported(group: Group, viewer: Member) -> bool:
    others = or_(Report.reporter_id.is_(None), Report.reporter_id != viewer.id)
    here = select(Report.id).where(Report.entry_id == group.id, Report.state.in_(("open", "upheld")), others)
    return db.session.scalar(here.limit(1)) is not None


def _is_lonely(group: Group) -> bool:
    return {seat.member_id for seat in seats_of(group)} <= {group.author_id}


def remove_group(group: Group, *, actor: Member | None, note: str, via: str = "") -> None:
    """Its admins read the reason by mail. `actor` None: the site itself. Raises Invalid without a reason, and Forbidden."""
    with transaction():
        lock(group)
        if actor is not None and not may_remove(actor, group):
            raise Forbidden(_("Its admins remove a group; a moderator does when somebody has reported it."))
        if not note.strip():
            raise Invalid({"note": _("Say why: its admins read the reason, and it stands in the log.")})
        group.state, group.updated = "deleted", now()
        line = record(group, "removed", None, actor=actor, note=note.strip(), via=via)
        _carry(_inside(group, "live"), "deleted", ALONG)
        about: dict[str, object] = {"group": group.id, "reason": note.strip()[:500]}
        for admin in admins_of(group):
            write_to(admin, "group removed", about, f"removed-{line.seq}-{admin.id}")


def bring_back_group(group: Group, *, actor: Member | None, note: str) -> None:
    """With what went along; what was removed before stays so. By a moderator who sees the group, or (`actor` None) on the
    command line. Raises Invalid and Forbidden."""
    with transaction():
        lock(group)
        if actor is not None and not (actor.is_moderator and may_see(actor, group)):
            raise Forbidden(_("Only moderators bring pages back."))
        if not note.strip():
            raise Invalid({"note": _("Say why: the reason stands in the log.")})
        if group.state != "deleted":
            return
        group.state, group.updated = "live", now()
        record(group, "brought back", None, actor=actor, note=note.strip())
        _carry(_gone_along(_inside(group, "deleted")), "live", BACK)


def _inside(group: Group, state: str) -> list[int]:
    """What stands in the group in this state, at any depth."""
    found, within = list[int](), [group.id]
    while within:
        rows = [row for some in _parts(within) for row in db.session.execute(_standing_in(some))]
        found += [row.id for row in rows if row.state == state]
        within = [row.id for row in rows]
    return found


def _standing_in(ids: Sequence[int]) -> Any:
    return select(Entry.id, Entry.state).where(Entry.within_id.in_(ids), Entry.kind != "group").order_by(Entry.id)


def _gone_along(ids: Sequence[int]) -> list[int]:
    """Those whose last way out was that of their group."""
    found: list[int] = []
    for some in _parts(ids):
        last = select(func.max(Change.seq)).where(Change.entry_id.in_(some), Change.verb.in_(GONE))
        lines = select(Change.entry_id).where(Change.seq.in_(last.group_by(Change.entry_id)), Change.verb == ALONG)
        found += db.session.scalars(lines.order_by(Change.entry_id))
    return found


def _carry(ids: Sequence[int], state: str, verb: str) -> None:
    """Each gets a line without an actor: no list of changes is flooded, every follower hears of it."""
    line = {"at": now(), "actor_id": None, "verb": verb, "revision": None, "note": "", "via": ""}
    take_log_lock()
    for some in _parts(ids):
        threads = select(Change.entry_id, Change.thread_id).where(Change.entry_id.in_(some)).distinct()
        lines = [line | dict(row._mapping) for row in db.session.execute(threads.order_by(Change.entry_id))]
        db.session.execute(update(Entry).where(Entry.id.in_(some)).values(state=state))
        db.session.execute(table(Change).insert(), lines)


def _parts(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + MANY] for start in range(0, len(ids), MANY)]
