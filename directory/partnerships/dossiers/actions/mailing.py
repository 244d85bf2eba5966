"""Answers by the links of mails: each key does one thing, once, for the member to whom it was sent, with their rights of that moment."""

from __future__ import annotations

from flask_babel import gettext as _

from commons.db import db, transaction
from commons.members.models import Member
from commons.web import Forbidden, Invalid
from directory.partnerships.dossiers.actions.meeting import choose_as_guest
from directory.partnerships.dossiers.actions.sending import close, talk
from directory.partnerships.dossiers.models import Meeting, Proposal
from directory.representing.keys import use_key

YES = "yes"


def answer_by_key(key: str, reason: str, note: str = "") -> str:
    """`reason`: `yes`, or one of REASONS for a no. Returns talk, decline, withdraw; raises Invalid where the key does nothing
    any more."""
    with transaction():
        row = use_key(key, "proposal")
        proposal = db.session.get(Proposal, row.entry_id) if row is not None and row.entry_id else None
        member = db.session.get(Member, row.member_id) if row is not None and row.member_id else None
        if row is None or proposal is None or member is None:
            raise Invalid({"reason": _("This link has done its work, or is too old.")})
        own, seen = row.organisation_id, int(row.about["step"])
        try:
            if reason == YES:
                talk(proposal, actor=member, organisation_id=own, seen=seen)
                return "talk"
            action = "decline" if proposal.stage == "interest" else "withdraw"
            close(proposal, action, reason, note, actor=member, organisation_id=own, seen=seen)
            return action
        except Forbidden as fault:
            raise Invalid({"reason": str(fault)}) from fault


def use_guest_key(key: str, slot: str) -> bool:
    """False: the key was spent before."""
    with transaction():
        row = use_key(key, "meeting")
        meeting = db.session.get(Meeting, int(row.about["meeting"])) if row is not None else None
        if meeting is None:
            return False
        choose_as_guest(meeting, slot)
        return True
