"""Times to meet: one side offers up to three, the other chooses one; a guest without an account chooses by a link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.members.models import Member, Outgoing
from commons.web import Forbidden, Invalid
from directory.partnerships.dossiers.actions.stepping import begin, finish, write_step
from directory.partnerships.dossiers.fields import MEETING, UNIVERSAL, checked, in_zone
from directory.partnerships.dossiers.models import Meeting, Proposal
from directory.partnerships.dossiers.queries import awaits_guest, parties_of, people_of

GUESTS_A_DAY = 10  # people without an account to whom one member has mails sent
_ADDRESS = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"()]+")


def offer_times(proposal: Proposal, values: Mapping[str, Any], *, actor: Member, organisation_id: int) -> Meeting:
    """`values`: title, place, minutes, slots (moments; without a zone of their own in `zone`, an IANA name, else UTC), guest (an
    address). Raises Invalid."""
    blank = {"title": "", "place": "", "minutes": 60, "zone": UNIVERSAL, "guest": ""}
    asked = {**blank, "slots": [], **values}
    given = checked(MEETING, {**asked, "slots": in_zone(asked["slots"], str(asked["zone"] or UNIVERSAL))})
    faults = {}
    if not given["slots"]:
        faults["slots"] = _("Offer at least one time.")
    if given["guest"] and not _ADDRESS.fullmatch(given["guest"]):
        faults["guest"] = _("Enter an e-mail address like name@example.org.")
    if faults:
        raise Invalid(faults)
    with transaction():
        stand = begin(proposal, "meet", actor=actor, organisation_id=organisation_id)
        if given["guest"] and _guests_today(actor) >= GUESTS_A_DAY:
            raise Invalid({"guest": _("%(n)s guests on one day are enough. Invite more tomorrow.", n=GUESTS_A_DAY)})
        given["minutes"] = given["minutes"] or 60
        made = Meeting(proposal_id=proposal.id, organisation_id=organisation_id, by_id=actor.id, **given)
        db.session.add(made)
        db.session.flush()
        finish(stand, {"meeting": made.id, "slots": made.slots})
        if made.guest:
            about = {"meeting": made.id, "language": actor.language}
            mail = Outgoing(recipient=made.guest, letter="meeting guest", about=about, key=f"meeting-guest-{made.id}")
            db.session.add(mail)
        return made


def _guests_today(actor: Member) -> int:
    mine = Meeting.by_id == actor.id, Meeting.guest != "", Meeting.at > now() - timedelta(days=1)
    return db.session.scalar(select(func.count()).where(*mine)) or 0


def choose_time(proposal: Proposal, meeting: Meeting, slot: str, *, actor: Member, organisation_id: int) -> None:
    """By another organisation than the one that offered."""
    with transaction():
        stand = begin(proposal, "choose", actor=actor, organisation_id=organisation_id)
        if meeting.organisation_id == organisation_id:
            raise Forbidden(_("This is up to the other side."))
        _choose(meeting, slot)
        finish(stand, {"meeting": meeting.id, "slot": slot})
        _write_invitations(proposal, meeting)


def choose_as_guest(meeting: Meeting, slot: str) -> None:
    """By whoever holds the link of the mail: in the transaction that uses it up."""
    proposal = db.session.get_one(Proposal, meeting.proposal_id)
    lock(proposal)
    if not awaits_guest(meeting):
        raise Invalid({"slot": _("They do not look for a time any more.")})
    _choose(meeting, slot)
    record(proposal, "moved on", None, actor=None)
    write_step(proposal, "guest chose", proposal.stage, None, None, "guest", {"meeting": meeting.id, "slot": slot})
    _write_invitations(proposal, meeting)


def _choose(meeting: Meeting, slot: str) -> None:
    lock(meeting)
    if meeting.chosen is not None:
        raise Invalid({"slot": _("A time was chosen already.")})
    if slot not in meeting.slots:
        raise Invalid({"slot": _("Choose one of the list.")})
    meeting.chosen = datetime.fromisoformat(slot)


def _write_invitations(proposal: Proposal, meeting: Meeting) -> None:
    """The calendar file to everybody of the parties, and to the guest."""
    here = [one.organisation_id for one in parties_of(proposal.id) if one.state == "in"]
    for id in people_of(here):
        member = db.session.get_one(Member, id)
        if member.email:
            _mail(meeting, member.email, member.id)
    if meeting.guest:
        _mail(meeting, meeting.guest, None)


def _mail(meeting: Meeting, to: str, member_id: int | None) -> None:
    key = f"meeting-{meeting.id}-{member_id or 0}"
    mail = Outgoing(recipient=to, member_id=member_id, letter="meeting", about={"meeting": meeting.id}, key=key)
    db.session.add(mail)
