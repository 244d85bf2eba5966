"""Who sits in a group. Every change begins with a lock on the group, so that two at once never count the same admins.

A subgroup that inherits takes in whoever joins the group above it. The subgroups of a private group are for people who sit in it:
they cannot be joined without that seat, and leaving it ends theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from commons.audience import may_see
from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.entries.asks import ask
from commons.entries.models import Ask
from commons.feed.actions import unwatch, watch
from commons.groups.doors import WAYS
from commons.groups.models import Application, Group
from commons.groups.queries import below, is_member, seat_in, seats_of
from commons.members.models import Invitation, Member, Outgoing, Seat
from commons.web import Forbidden, Invalid


def proved(actor: Member) -> None:
    if not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can join groups."))


def still_open(group: Group) -> None:
    if group.archived is not None or not group.is_live:
        raise Forbidden(_("This group is archived: it can be read, and nobody joins any more."))


def join(group: Group, *, actor: Member) -> None:
    """By the button, where it is open to whoever sees it. Raises Forbidden."""
    with transaction():
        lock(group)
        proved(actor)
        if not may_see(actor, group) or WAYS[group.visibility, group.joining].outside != "join":
            raise Forbidden(_("This group cannot be joined by a button."))
        seat(group, actor)


def seat(group: Group, member: Member, role: str = "member") -> None:
    """A seat in this group and in those of its subgroups that inherit. Nothing happens to who sits there already. Raises
    Forbidden where the group is archived, or stands in a private one in which this member does not sit."""
    still_open(group)
    belongs_above(group, member)
    for one in (group, *_inheriting(group)):
        if seat_in(one, member.id) is None:
            db.session.add(Seat(member_id=member.id, audience=one.door, role=role if one is group else "member"))
            db.session.flush()
            close_applications(one, member.id)
            db.session.expire(member, ["seats"])
            watch(one, actor=member)


def belongs_above(group: Group, member: Member) -> None:
    parent = db.session.get(Group, group.within_id) if group.within_id else None
    if parent is not None and parent.visibility == "private" and seat_in(parent, member.id) is None:
        raise Forbidden(_("Only who belongs to the group above this one can join it."))


def seat_all(group: Group, members: Sequence[Member]) -> None:
    for member in members:
        seat(group, member)


def _inheriting(group: Group) -> list[Group]:
    """The subgroups that take in whoever joins, and theirs in turn."""
    rows = select(Group).where(Group.within_id == group.id, Group.inherits, Group.archived.is_(None))
    found: list[Group] = []
    for one in db.session.scalars(rows.where(Group.state == "live").order_by(Group.id)).all():
        found += [one, *_inheriting(one)]
    return found


def close_applications(group: Group, member_id: int) -> None:
    mine = (Application.group_id == group.id, Application.member_id == member_id, Application.state == "waiting")
    db.session.execute(update(Application).where(*mine).values(state="accepted", decided=now()))


def bound_to(group: Group, member_id: int) -> list[Group]:
    """The group, and the subgroups whose seats end with the one in it."""
    found, tied = [group], {group.id} if group.visibility == "private" else set[int]()
    inside = {group.id}
    for one in below(group):
        if one.within_id in tied or (one.inherits and one.within_id in inside):
            inside.add(one.id)
            tied |= {one.id} if one.visibility == "private" else set()
            found += [one] if seat_in(one, member_id) else []
    return found


def unseat(group: Group, member: Member, actor: Member) -> None:
    """Ends the seat and those bound to it, and the links that this member handed on. Raises Invalid where somebody would be
    left without an admin, as far as the actor sees that group: of another one they must not learn. The last person of all
    archives the group."""
    for one in bound_to(group, member.id):
        lock(one)
        if may_see(actor, one):
            keep_an_admin(one, member)
        db.session.execute(delete(Seat).where(Seat.audience == one.door, Seat.member_id == member.id))
        revoke_links(one, member)
        unwatch(one, actor=member)
        if one.archived is None and not seats_of(one):
            one.archived, one.archives = now(), None
            record(one, "archived", None, actor=None, note=_("Nobody belongs to it any more."))
    db.session.expire(member, ["seats"])


def keep_an_admin(group: Group, leaving: Member) -> None:
    seats = seats_of(group)
    own = next((one for one in seats if one.member_id == leaving.id), None)
    others = [one.member_id for one in seats if one.member_id != leaving.id]
    if own is None or own.role != "admin" or not others:
        return
    admins = [one.member_id for one in seats if one.role == "admin" and one.member_id != leaving.id]
    active = select(Member.id).where(Member.id.in_(admins), Member.state == "active")
    if db.session.scalar(active.limit(1)) is None:
        raise Invalid(
            {"role": _("“%(group)s” would have no admin. Make somebody else an admin first.", group=group.title)}
        )


def revoke_links(group: Group, member: Member) -> None:
    mine = (Invitation.audience == group.door, Invitation.by_id == member.id, Invitation.revoked.is_(None))
    db.session.execute(update(Invitation).where(*mine).values(revoked=now()))


def admin_only(group: Group, actor: Member) -> None:
    """A seat as admin, asked anew from the database: what a page saw a moment ago does not count."""
    own = seat_in(group, actor.id)
    if own is None or own.role != "admin" or not actor.may_write:
        raise Forbidden(_("Only admins of the group do this."))


def member_only(group: Group, actor: Member) -> None:
    if seat_in(group, actor.id) is None or not is_member(actor, group) or not actor.may_write:
        raise Forbidden(_("Only members of the group do this."))


def ask_again(group: Group, who: Iterable[int], why: str) -> list[int]:
    """Asks these people, also when they were asked the same of this group before. The line names nobody: who joins, or
    wants to, stands in no log."""
    wanted = sorted(set(who))
    db.session.execute(delete(Ask).where(Ask.entry_id == group.id, Ask.why == why, Ask.member_id.in_(wanted)))
    return ask(group, wanted, why, record(group, "asked", None, actor=None))


def write_to(member: Member, letter: str, about: dict[str, object], key: str) -> None:
    """A mail about this group, once for each `key`."""
    known = db.session.scalar(select(Outgoing.id).where(Outgoing.key == key))
    if member.email and known is None:
        row = Outgoing(member_id=member.id, recipient=member.email, letter=letter, about=about, key=key)
        db.session.add(row)
