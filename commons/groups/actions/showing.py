"""Who sees a group. To fewer people: at once, with all that stands in it. To more: seven days later, so that its members know.

When a group opens, its own page opens, with its name, its purpose and their history, and what is written in it from then on. What
was written before stays with those for whom it was written: topics, pages, files and shares keep their audience, and no later
step opens them. Only its forums, which hold no words but their own description, open with it. A subgroup is never open to more
people than the group above it: it closes with it, and does not open with it. When a group becomes private, people who sit in a
subgroup and not in the group keep that seat and see no more than before; nobody else joins so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from commons.db import db, lock, now, on_commit, table, transaction
from commons.entries.actions import record, take_log_lock
from commons.entries.followers import wake
from commons.entries.models import Change, Entry
from commons.groups.actions.seats import admin_only, ask_again
from commons.groups.doors import breadth
from commons.groups.models import VISIBILITIES, Group
from commons.groups.queries import below, seats_of
from commons.members.models import Member
from commons.web import Invalid

NOTICE = timedelta(days=7)
MANY = 1000  # rows of one statement
WIDER = {"private": ("public", "members"), "members": ("public",)}  # audiences that a closing group leaves behind


def change_visibility(group: Group, visibility: str, *, actor: Member) -> str:
    """`now`: it is so; `later`: its members are told, and it will be so in seven days; empty: nothing changed. Raises Invalid
    or Forbidden."""
    if visibility not in VISIBILITIES:
        raise Invalid({"visibility": _("Choose one of the list.")})
    with transaction():
        lock(group)
        admin_only(group, actor)
        if visibility == group.visibility:
            return ""
        if breadth(visibility) < breadth(group.visibility):
            _close(group, visibility, actor)
            return "now"
        parent = db.session.get(Group, group.within_id) if group.within_id else None
        if parent is not None and breadth(visibility) > breadth(parent.visibility):
            raise Invalid({"visibility": _("A group cannot be open to more people than the group it stands in.")})
        group.widens, group.widens_to = now() + NOTICE, visibility
        record(group, "announced", None, actor=actor)
        ask_again(group, [seat.member_id for seat in seats_of(group) if seat.member_id != actor.id], "widening")
        return "later"


def stop_widening(group: Group, *, actor: Member) -> None:
    """Any admin may, until the day has come."""
    with transaction():
        lock(group)
        admin_only(group, actor)
        if group.widens is not None:
            group.widens, group.widens_to = None, ""
            record(group, "stopped", None, actor=actor)


def _close(group: Group, visibility: str, actor: Member | None) -> None:
    """The group, its subgroups that would be wider, and all that stands in them."""
    record(group, "showed to others", None, actor=actor)
    group.visibility, group.widens, group.widens_to = visibility, None, ""
    group.audience = group.inner_audience
    db.session.flush()
    move_within(group, WIDER[visibility])
    for one in below(group):
        if one.within_id == group.id and breadth(one.visibility) > breadth(visibility):
            lock(one)
            _close(one, visibility, None)


def widen(group: Group) -> bool:
    """The day has come: in the transaction of who tends the groups. False where the group above it has closed meanwhile."""
    lock(group)
    if group.widens is None or group.widens > now():
        return False
    parent = db.session.get(Group, group.within_id) if group.within_id else None
    free = parent is None or breadth(group.widens_to) <= breadth(parent.visibility)
    record(group, "showed to others" if free else "stopped", None, actor=None)
    if free:
        before = group.inner_audience
        group.visibility = group.widens_to
        group.audience = group.inner_audience
        db.session.flush()
        move_within(group, (before,), kind="forum")
    group.widens, group.widens_to = None, ""
    return free


def move_within(group: Group, leaving: Sequence[str], kind: str = "") -> int:
    """Takes what stands in the group at any depth, subgroups left out, from these audiences to the group's inner one. `kind`:
    only these, and only where they stand directly in it. Each gets a line without an actor: followers hear of it, lists of
    changes are not flooded."""
    moved, within = 0, [group.id]
    while within:
        found: list[tuple[int, str]] = []
        for start in range(0, len(within), MANY):
            inside = Entry.within_id.in_(within[start : start + MANY])
            rows = select(Entry.id, Entry.audience).where(inside, Entry.kind == kind if kind else Entry.kind != "group")
            found += [(row.id, row.audience) for row in db.session.execute(rows.order_by(Entry.id))]
        moved += _move([id for id, audience in found if audience in leaving], group.inner_audience)
        within = [] if kind else [id for id, _audience in found]
    return moved


def _move(ids: Sequence[int], audience: str) -> int:
    line = {"at": now(), "actor_id": None, "verb": "showed to others", "revision": None, "note": "", "via": ""}
    take_log_lock()
    for start in range(0, len(ids), MANY):
        some = ids[start : start + MANY]
        threads = select(Change.entry_id, Change.thread_id).where(Change.entry_id.in_(some)).distinct()
        rows = [line | {"entry_id": row.entry_id, "thread_id": row.thread_id} for row in db.session.execute(threads)]
        db.session.execute(update(Entry).where(Entry.id.in_(some)).values(audience=audience))
        db.session.execute(table(Change).insert(), rows)
    on_commit(wake)
    return len(ids)
