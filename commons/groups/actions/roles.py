"""Roles: admins make others admin, take people out with a reason that the person hears, and are never the last to go."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from commons.audience import may_see
from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.groups.actions.seats import admin_only, ask_again, keep_an_admin, revoke_links, unseat, write_to
from commons.groups.models import ROLES, Group
from commons.groups.queries import admins_of, is_member, seat_in, seats_of
from commons.members.models import Member
from commons.web import Forbidden, Invalid


def leave(group: Group, *, actor: Member) -> None:
    """Raises Invalid for the last admin while others are there; the last person of all archives the group."""
    with transaction():
        lock(group)
        if seat_in(group, actor.id) is not None:
            unseat(group, actor, actor)


def remove_member(group: Group, member: Member, reason: str, *, actor: Member) -> None:
    """The person gets the reason by mail; it stands nowhere else. Raises Invalid or Forbidden."""
    if not reason.strip():
        raise Invalid({"reason": _("Say why: the person reads the reason.")})
    with transaction():
        lock(group)
        admin_only(group, actor)
        seat = seat_in(group, member.id)
        if seat is None or member.id == actor.id:
            raise Invalid({"reason": _("Nobody of this name can be taken out of the group.")})
        unseat(group, member, actor)
        about: dict[str, object] = {"title": group.title, "reason": reason.strip()[:500]}
        write_to(member, "group removal", about, f"removal-{seat.id}")


def change_role(group: Group, member: Member, role: str, *, actor: Member) -> None:
    if role not in ROLES:
        raise Invalid({"role": _("Choose one of the list.")})
    with transaction():
        lock(group)
        admin_only(group, actor)
        seat = seat_in(group, member.id)
        if seat is None:
            raise Invalid({"role": _("This person does not belong to the group.")})
        if role == "member" and seat.role == "admin":
            if len(seats_of(group)) == 1:
                raise Invalid({"role": _("You are the only one here. To close the group, archive it.")})
            keep_an_admin(group, member)
            revoke_links(group, member)
        seat.role = role
        db.session.flush()
        db.session.expire(member, ["seats"])


def appoint(group: Group, member: Member, reason: str, *, actor: Member | None) -> None:
    """An admin for a group whose admins have all gone: by a moderator who sees the group, with a reason in the log; for a
    private group by who runs the site, on the command line (`actor` None). Raises Invalid or Forbidden."""
    if not reason.strip():
        raise Invalid({"reason": _("Say why: the reason stands in the log.")})
    with transaction():
        lock(group)
        if actor is not None and not (actor.is_moderator and may_see(actor, group)):
            raise Forbidden(_("Only moderators do this."))
        if admins_of(group):
            raise Invalid({"username": _("This group has an admin whose account is in use.")})
        seat = seat_in(group, member.id)
        if seat is None or not member.is_active:
            raise Invalid({"username": _("This person does not belong to the group.")})
        seat.role = "admin"
        record(group, "appointed", None, actor=actor, note=reason.strip())
        db.session.expire(member, ["seats"])
        ask_again(group, [member.id], "appointed")


def ask_for_admin(group: Group, *, actor: Member) -> int:
    """Tells the moderators that a group has no admin any more; of a private one nothing but its number. At most once a month.
    Returns how many are told."""
    with transaction():
        lock(group)
        if not is_member(actor, group) or admins_of(group):
            raise Forbidden(_("This group has an admin whose account is in use."))
        moderators = select(Member).where(Member.role != "member", Member.state == "active").order_by(Member.id)
        found = db.session.scalars(moderators).all()
        for one in found:
            write_to(one, "group needs admin", {"group": group.id}, f"admin-{group.id}-{now():%Y-%m}-{one.id}")
        return len(found)
