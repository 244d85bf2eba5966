"""What the worker does for groups when its day has come: opens those whose notice is over, asks about idle ones and archives them,
forgets addresses that were invited in vain. Looked for once an hour; idle groups, whose every line is read, once a day."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, or_, select

from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.groups.actions.seats import ask_again
from commons.groups.actions.showing import widen
from commons.groups.models import Group
from commons.groups.queries import admins_of, last_line
from commons.members.models import Invitation

HOUR, DAY = 3600.0, 86_400.0  # seconds between two looks
IDLE = timedelta(days=365)  # without a line by a person
QUARTER = timedelta(days=90)  # between two notices about one group
ARCHIVED_AFTER = timedelta(days=60)  # from the notice, unless somebody answers or writes
ADDRESS_KEPT = timedelta(days=30)


def follow(after: int) -> int:
    """A follower whose position never moves: the dates in the tables are its queue."""
    for name, pause, work in (("groups", HOUR, tend), ("idle groups", DAY, ask_idle)):
        if _is_time(name, pause):
            work()
    return after


def _is_time(name: str, pause: float) -> bool:
    looked: dict[str, float] = current_app.extensions.setdefault("groups tended", {})
    if name in looked and time.monotonic() - looked[name] < pause:
        return False
    looked[name] = time.monotonic()
    return True


def tend() -> None:
    widen_due()
    archive_due()
    forget_invitations()


def widen_due() -> int:
    """Opens the groups whose members have had their notice; returns how many."""
    due = select(Group.id).where(Group.widens <= now(), Group.state == "live")
    return _each(list(db.session.scalars(due.order_by(Group.id))), widen)


def ask_idle() -> int:
    """Tells the admins of groups in which nobody wrote for a year, at most once a quarter; returns how many groups."""
    asked = or_(Group.noticed.is_(None), Group.noticed < now() - QUARTER)
    quiet = select(Group.id).where(Group.archived.is_(None), Group.archives.is_(None), Group.state == "live", asked)
    return _each(list(db.session.scalars(quiet.where(Group.created < now() - IDLE).order_by(Group.id))), _ask_idle)


def _ask_idle(group: Group) -> bool:
    lock(group)
    last = last_line(group)
    if group.archived is not None or (last is not None and last > now() - IDLE):
        return False
    ask_again(group, [member.id for member in admins_of(group)], "idle")
    group.noticed, group.archives = now(), now() + ARCHIVED_AFTER
    return True


def archive_due() -> int:
    """Archives the idle groups that nobody spoke for; returns how many."""
    due = select(Group.id).where(Group.archives <= now(), Group.archived.is_(None), Group.state == "live")
    return _each(list(db.session.scalars(due.order_by(Group.id))), _archive_idle)


def _archive_idle(group: Group) -> bool:
    lock(group)
    if group.archives is None or group.archived is not None:
        return False
    last = last_line(group)
    written = last is not None and group.noticed is not None and last > group.noticed
    why = "" if written else _("Nobody wrote here for a year.")
    record(group, "answered" if written else "archived", None, actor=None, note=why)
    group.archives, group.archived = None, None if written else now()
    return not written


def _each(ids: list[int], work: Callable[[Group], bool]) -> int:
    """Each group in a transaction of its own."""
    done = 0
    for id in ids:
        with transaction():
            done += work(db.session.get_one(Group, id))
    return done


def forget_invitations() -> int:
    """Deletes what opens nothing any more, and with it the addresses that were invited and never came; returns how many."""
    useless = or_(
        Invitation.expires < now() - ADDRESS_KEPT,
        (Invitation.email != "") & (Invitation.created < now() - ADDRESS_KEPT),
    )
    old = delete(Invitation).where(Invitation.audience.startswith("group:"), useless)
    if (
        db.session.scalar(select(Invitation.id).where(Invitation.audience.startswith("group:"), useless).limit(1))
        is None
    ):
        return 0
    with transaction():
        return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]
