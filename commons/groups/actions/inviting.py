"""Invitations: a mail to one address, or a link that is handed on. Keys are kept as digests, used by one conditional
statement, and can be taken back; a wrong, spent and revoked one are the same."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from commons.audience import may_see
from commons.db import db, lock, now, transaction
from commons.groups.actions.seats import admin_only, ask_again, member_only, proved, seat, write_to
from commons.groups.doors import WAYS
from commons.groups.models import Group, Guest
from commons.groups.queries import group_of, guests_of, invitations, meant_for, named_to, reserved, role_of, seat_in
from commons.members.door import digest
from commons.members.models import Invitation, Member, Outgoing, Ticket
from commons.members.queries import apart
from commons.moderation.newcomers import is_new
from commons.text import clean_line, mail_key, problems
from commons.web import Forbidden, Invalid

KEPT = timedelta(days=30)  # an invitation by mail, and the address in it
MOST_USES, MOST_DAYS, MOST_A_DAY = 100, 30, 20
LONGEST_NOTE = 500


class Spent(Exception):
    """This key opens nothing: it is wrong, used, too old or taken back."""


def may_invite(viewer: Member | None, group: Group) -> bool:
    """Admins; members where the group's way of joining lets them hand on links."""
    role = role_of(viewer, group)
    handed_on = WAYS[group.visibility, group.joining].by_member != ""
    return viewer is not None and viewer.may_write and group.archived is None and (role == "admin" or handed_on)


def invite_by_mail(group: Group, address: str, note: str, *, actor: Member) -> Invitation:
    """Raises Invalid or Forbidden. Whether the address has an account is not told."""
    address = clean_line(address).replace(" ", "")
    if "@" not in address or "." not in address.rpartition("@")[2] or len(address) > 254 or set(address) & set('<>,;"'):
        raise Invalid({"email": _("Enter an e-mail address like name@example.org.")})
    with transaction():
        _may_make(group, actor)
        _not_too_many(actor, "email")
        _not_sent(group, address)
        made, key = _made(group, actor, note, most=1, days=KEPT.days)
        made.email = address
        db.session.flush()
        about = {"invitation": made.id, "key": key}
        row = Outgoing(recipient=address, letter="group invitation", about=about, key=f"invitation-{made.id}")
        db.session.add(row)
        return made


def _not_too_many(actor: Member, field: str) -> None:
    if is_new(actor):
        raise Invalid({field: _("New members cannot send invitations yet. Hand on a link instead.")})
    day = timedelta(days=1)
    by_mail = (Invitation.audience.startswith("group:"), Invitation.most == 1, Invitation.expires > now() + KEPT - day)
    mine = (Invitation.by_id == actor.id, Invitation.created > now() - day, *by_mail)  # also those taken back
    if int(db.session.scalar(select(func.count()).select_from(Invitation).where(*mine)) or 0) >= MOST_A_DAY:
        raise Invalid({field: _("You have sent many invitations today. Go on tomorrow, or hand on a link.")})


def _not_sent(group: Group, address: str) -> None:
    good = (Invitation.revoked.is_(None), Invitation.expires > now(), Invitation.uses < Invitation.most)
    sent = db.session.scalars(select(Invitation.email).where(Invitation.audience == group.door, *good))
    if mail_key(address) in {mail_key(one) for one in sent if one}:
        raise Invalid({"email": _("This address was invited already.")})


def invite_by_name(group: Group, username: str, note: str, *, actor: Member) -> Invitation:
    """Asks another member, who says yes or no; the no is told to nobody. Of a group that they cannot see they read in a mail
    and on their page of groups. Where one of the two blocked the other it waits in vain. Raises Invalid or Forbidden."""
    with transaction():
        _may_make(group, actor)
        if not may_seat(group, actor):
            raise Forbidden(_("Only admins of this group invite others."))
        person = named_to(actor, username)
        if person is None:
            raise Invalid({"username": _("There is no other member of this site with this user name.")})
        if seat_in(group, person.id) is not None:
            raise Invalid({"username": _("%(name)s belongs to the group already.", name=person.name)})
        if person.id in {one.id for one in guests_of(invitations(group)).values()}:
            raise Invalid({"username": _("%(name)s was invited already.", name=person.name)})
        _not_too_many(actor, "username")
        made, key = _made(group, actor, note, most=1, days=KEPT.days)
        db.session.flush()
        db.session.add(Guest(invitation_id=made.id, member_id=person.id))
        if person.id not in apart(actor):
            _ask(made, key, group, person)
        return made


def may_seat(group: Group, actor: Member) -> bool:
    """Do this member's invitations lead to a seat, and not only to the questions?"""
    return role_of(actor, group) == "admin" or WAYS[group.visibility, group.joining].by_member == "seat"


def _ask(invitation: Invitation, key: str, group: Group, person: Member) -> None:
    if may_see(person, group):
        ask_again(group, [person.id], "invitation")
    else:
        write_to(person, "group invitation", {"invitation": invitation.id, "key": key}, f"invitation-{invitation.id}")


def decline_invitation(invitation: Invitation, *, actor: Member) -> None:
    """By who was invited by their user name."""
    with transaction():
        lock(invitation)
        guest = db.session.get(Guest, invitation.id)
        if guest is None or guest.member_id != actor.id:
            raise Forbidden(_("This is for the person who was invited."))
        guest.declined = True


def make_link(group: Group, *, most: int, days: int, note: str = "", actor: Member) -> str:
    """The key of a new link; it is shown once. A member of a group that is joined on somebody's word gives one at a time."""
    if not 1 <= most <= MOST_USES:
        raise Invalid({"most": _("Enter a number from %(low)s to %(high)s.", low=1, high=MOST_USES)})
    if not 1 <= days <= MOST_DAYS:
        raise Invalid({"days": _("Enter a number from %(low)s to %(high)s.", low=1, high=MOST_DAYS)})
    with transaction():
        _may_make(group, actor)
        if group.joining == "referral" and role_of(actor, group) != "admin":
            most = 1
        _invitation, key = _made(group, actor, note, most, days)
        return key


def _may_make(group: Group, actor: Member) -> None:
    lock(group)
    member_only(group, actor)
    if not may_invite(actor, group):
        raise Forbidden(_("Only admins of this group invite others."))


def _made(group: Group, actor: Member, note: str, most: int, days: int) -> tuple[Invitation, str]:
    if sentence := problems(note, lines=True, limit=LONGEST_NOTE):
        raise Invalid({"note": sentence})
    key = secrets.token_urlsafe(24)
    made = Invitation(audience=group.door, digest=digest(key), note=note.strip(), by_id=actor.id, most=most)
    made.expires = now() + timedelta(days=days)
    db.session.add(made)
    return made, key


def revoke(invitation: Invitation, *, actor: Member) -> None:
    """By who made it, and by the group's admins. What is still on its way by mail is not sent."""
    with transaction():
        group = group_of(invitation)
        if group is None:
            raise Forbidden(_("Only admins of the group do this."))
        if invitation.by_id != actor.id:
            admin_only(group, actor)
        invitation.revoked, invitation.email = invitation.revoked or now(), ""


def leads_to(invitation: Invitation | None, viewer: Member | None) -> str:
    """seat, apply, or empty: it opens nothing. Judged by what its maker may do now, not by what they might when they made it."""
    group = group_of(invitation) if invitation else None
    if invitation is None or group is None or not group.is_live or group.archived is not None:
        return ""
    if invitation.revoked is not None or invitation.expires <= now():
        return ""
    if invitation.uses >= invitation.most and reserved(invitation, viewer) is None:
        return ""
    made_by, maker = seat_in(group, invitation.by_id), db.session.get(Member, invitation.by_id)
    if made_by is None or maker is None or not maker.is_active:
        return ""
    return "seat" if made_by.role == "admin" else WAYS[group.visibility, group.joining].by_member


def use_invitation(invitation: Invitation, *, actor: Member) -> Group:
    """A seat in the group. Raises Spent, Forbidden or Invalid."""
    with transaction():
        group = group_of(invitation)
        if group is None:
            raise Spent
        lock(group)
        if seat_in(group, actor.id) is None:
            consume(invitation, group, actor, "seat")
            seat(group, actor)
        return group


def consume(invitation: Invitation, group: Group, actor: Member, way: str) -> None:
    """Takes one use: of many at once no more than there are succeed. The address, having done its work, is forgotten."""
    proved(actor)
    lock(invitation)
    if leads_to(invitation, actor) != way:
        raise Spent
    if not meant_for(invitation, actor):
        by_mail = _("This invitation was sent to another address than that of your account.")
        raise Forbidden(by_mail if invitation.email else _("This invitation is for somebody else."))
    kept = reserved(invitation, actor)
    if kept is not None:
        done = db.session.execute(update(Ticket).where(Ticket.id == kept.id, Ticket.used.is_(None)).values(used=now()))
    else:
        good = (Invitation.revoked.is_(None), Invitation.expires > now(), Invitation.uses < Invitation.most)
        use = update(Invitation).where(Invitation.id == invitation.id, *good)
        done = db.session.execute(use.values(uses=Invitation.uses + 1, email=""))
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Spent
    db.session.refresh(invitation)
