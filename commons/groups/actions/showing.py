"""Who sees a group. To fewer people: at once, with all that stands in it. To more: seven days later, so that its members know.

When a group opens, its own page opens, with its name, its purpose and their history, and what is written in it from then on. What
was written before stays with those for whom it was written: topics, pages, files and shares keep their audience, and no later
step opens them. Only its forums, which hold no words but their own description, open with it. A subgroup is never open to more
people than the group above it: it closes with it, and does not open with it. When a group becomes private, people who sit in a
subgroup and not in the group keep that seat and see no more than before; nobody else joins so.
"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from commons.audience import PUBLIC
from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.entries.hiding import move_within
from commons.groups.actions.seats import admin_only, ask_again
from commons.groups.doors import breadth
from commons.groups.models import VISIBILITIES, Group
from commons.groups.queries import below, seats_of
from commons.members.models import Member
from commons.web import Invalid

NOTICE = timedelta(days=7)
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
    via = PUBLIC if group.visibility == PUBLIC else ""
    record(group, "showed to others", None, actor=actor, via=via)
    group.visibility, group.widens, group.widens_to = visibility, None, ""
    group.audience = group.inner_audience
    db.session.flush()
    move_within(group, group.inner_audience, leaving=WIDER[visibility])
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
        move_within(group, group.inner_audience, leaving=(before,), kind="forum")
    group.widens, group.widens_to = None, ""
    return free
