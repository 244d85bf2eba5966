"""Asking to join: by answers to the questions of the admins, or on the word of a member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _

from commons.audience import may_see
from commons.db import db, lock, now, transaction
from commons.groups.actions.inviting import consume
from commons.groups.actions.seats import (
    admin_only,
    ask_again,
    belongs_above,
    member_only,
    proved,
    seat,
    still_open,
    write_to,
)
from commons.groups.doors import WAYS
from commons.groups.models import Application, Group
from commons.groups.queries import admins_of, application_of, named_to, seat_in, taken_back
from commons.members.models import Invitation, Member
from commons.members.queries import apart
from commons.text import clean_text, problems
from commons.web import Forbidden, Invalid

LONGEST_ANSWER = 2000
AGAIN_AFTER = timedelta(days=30)  # from a no to the next application
MOST_TAKEN_BACK = 3  # applications of one member on one day: each of them tells the admins


def apply(
    group: Group, answers: Sequence[str], *, actor: Member, referred_by: str = "", invitation: Invitation | None = None
) -> Application:
    """Answers to the group's questions, or the user name of who will speak for the applicant; with the link of a member also
    where nobody outside sees the group. A second time while the first waits changes nothing. Raises Invalid or Forbidden.

    Whether the one who is named belongs to the group is not told."""
    with transaction():
        lock(group)
        proved(actor)
        still_open(group)
        belongs_above(group, actor)
        if seat_in(group, actor.id) is not None:
            raise Invalid({"answers": _("You belong to this group already.")})
        last = application_of(group, actor)
        if last is not None and last.state == "waiting":
            return last
        if last is not None and last.state == "declined" and last.decided and last.decided > now() - AGAIN_AFTER:
            raise Invalid({"answers": _("Your last application was declined. You can apply again after a month.")})
        if taken_back(group, actor) >= MOST_TAKEN_BACK:
            raise Invalid({"answers": _("You applied several times today. You can apply again tomorrow.")})
        way = "apply" if invitation else WAYS[group.visibility, group.joining].outside
        if way not in ("apply", "refer") or not (invitation or may_see(actor, group)):
            raise Forbidden(_("Nobody applies to this group."))
        given = _answers(group, answers) if way == "apply" else []
        by = _speaker(referred_by, actor) if way == "refer" else None
        if invitation is not None:
            consume(invitation, group, actor, "apply")
        made = Application(group_id=group.id, member_id=actor.id, answers=given, referred_by_id=by.id if by else None)
        db.session.add(made)
        db.session.flush()
        _tell(group, by, actor)
        return made


def _answers(group: Group, answers: Sequence[str]) -> list[list[str]]:
    faults, given = {}, []
    for number, question in enumerate(group.questions):
        answer = clean_text(answers[number] if number < len(answers) else "").strip()
        if not answer:
            faults[f"answer_{number}"] = _("Answer this question.")
        elif sentence := problems(answer, lines=True, limit=LONGEST_ANSWER):
            faults[f"answer_{number}"] = sentence
        given.append([question, answer])
    if faults:
        raise Invalid(faults)
    return given


def _speaker(username: str, actor: Member) -> Member:
    found = named_to(actor, username)
    if found is None:
        raise Invalid({"referred_by": _("There is no other member of this site with this user name.")})
    return found


def _tell(group: Group, speaker: Member | None, actor: Member) -> None:
    """The one who is named, if they sit there; else the admins. Nobody whom the applicant blocked, or who blocked them."""
    shy = apart(actor)
    if speaker is not None and speaker.id not in shy and seat_in(group, speaker.id) is not None:
        ask_again(group, [speaker.id], "referral")
    else:
        ask_again(group, [one.id for one in admins_of(group) if one.id not in shy], "application")


def vouch(application: Application, *, yes: bool, actor: Member) -> None:
    """The word of the member who was named: yes is a seat at once."""
    with transaction():
        group = _waiting(application)
        member_only(group, actor)
        if application.referred_by_id != actor.id:
            raise Forbidden(_("This is for the person who was named."))
        _settle(application, group, yes, "" if yes else _("The member whom you named did not agree."), actor)


def decide(application: Application, *, accept: bool, reason: str, actor: Member) -> None:
    """By an admin; a no needs a reason, and the applicant reads it. Raises Invalid or Forbidden."""
    if not accept and not reason.strip():
        raise Invalid({"reason": _("Say why: the person reads the reason.")})
    with transaction():
        group = _waiting(application)
        admin_only(group, actor)
        _settle(application, group, accept, reason, actor)


def withdraw(application: Application, *, actor: Member) -> None:
    with transaction():
        _waiting(application)
        if application.member_id != actor.id:
            raise Forbidden(_("This is for the person who applied."))
        application.state, application.decided = "withdrawn", now()


def _waiting(application: Application) -> Group:
    group = db.session.get_one(Group, application.group_id)
    lock(group)
    lock(application)
    if application.state != "waiting":
        raise Invalid({"state": _("This was decided already.")})
    return group


def _settle(application: Application, group: Group, accept: bool, reason: str, actor: Member) -> None:
    person = db.session.get_one(Member, application.member_id)
    if accept and not person.may_write:
        raise Invalid({"reason": _("This account is not in use any more.")})
    if accept:
        seat(group, person)
        db.session.refresh(application)
        ask_again(group, [person.id], "accepted")
    else:
        write_to(person, "group answer", {"application": application.id}, f"application-{application.id}")
    application.state, application.reason = "accepted" if accept else "declined", reason.strip()[:500]
    application.decided, application.decided_by_id = now(), actor.id
