"""Answers by the links of mails: each key does one thing, once, for the member to whom it was sent, with their rights of that moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_babel import gettext as _

from commons.db import db, lock, transaction
from commons.members.models import Member
from commons.web import Forbidden, Invalid
from directory.partnerships.dossiers.actions.agreeing import accept, extend, refuse, renew
from directory.partnerships.dossiers.actions.joining import come_in, leave
from directory.partnerships.dossiers.actions.meeting import choose_as_guest, choose_time
from directory.partnerships.dossiers.actions.registering import publish, unpublish
from directory.partnerships.dossiers.actions.running import (
    complete,
    give_notice,
    judge,
    keep_on,
    keep_promise,
    pause,
    report,
    resume,
    tell_outcome,
)
from directory.partnerships.dossiers.actions.sending import ask_question, close, put_away, reopen, talk
from directory.partnerships.dossiers.models import Meeting, Proposal
from directory.partnerships.dossiers.queries import meetings_of
from directory.representing.keys import use_key


class Given(NamedTuple):
    """What was typed on the page of a link. `which`: a meeting and its time, an account and whether it is true, or a promise."""

    reason: str = ""
    note: str = ""
    text: str = ""
    result: str = ""
    which: str = ""


Taken = Callable[[Proposal, Given, dict[str, Any]], Any]


def _pressed(do: Callable[..., Any]) -> Taken:
    return lambda proposal, _given, who: do(proposal, **who)


def _closed(action: str) -> Taken:
    return lambda proposal, given, who: close(proposal, action, given.reason, given.note, **who)


def _said(do: Callable[..., Any]) -> Taken:
    return lambda proposal, given, who: do(proposal, given.text, **who)


def _told(do: Callable[..., Any]) -> Taken:
    return lambda proposal, given, who: do(proposal, {"text": given.text, "result": given.result}, **who)


def _choose(proposal: Proposal, given: Given, who: dict[str, Any]) -> None:
    number, slot = _parts(given)
    meeting = next((one for one in meetings_of(proposal) if one.id == number), None)
    if meeting is None:
        raise Invalid({"which": _("Choose one of the list.")})
    choose_time(proposal, meeting, slot, **who)


def _judge(proposal: Proposal, given: Given, who: dict[str, Any]) -> None:
    number, how = _parts(given)
    judge(proposal, number, how, given.note, **who)


def _keep_promise(proposal: Proposal, given: Given, who: dict[str, Any]) -> None:
    keep_promise(proposal, _parts(given)[0], given.note, **who)


def _parts(given: Given) -> tuple[int, str]:
    """The number, and what is said of it."""
    number, _space, what = given.which.partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Invalid({"which": _("Choose one of the list.")})
    return int(number), what


TAKEN: dict[str, Taken] = {
    "come in": _pressed(come_in),
    "talk": _pressed(talk),
    "accept": lambda proposal, _given, who: accept(proposal, proposal.terms, **who),
    "resume": _pressed(resume),
    "keep": _pressed(keep_on),
    "choose": _choose,
    "judge": _judge,
    "keep a promise": _keep_promise,
    "ask": _said(ask_question),
    "answer": _said(ask_question),
    "report": _said(report),
    "complete": _told(complete),
    "account": _told(tell_outcome),
    "publish": _pressed(publish),
    "unpublish": _pressed(unpublish),
    "reopen": _pressed(reopen),
    "renew": _pressed(renew),
    "extend": _pressed(extend),
    "pause": _pressed(pause),
    "archive": _pressed(put_away),
    "decline": _closed("decline"),
    "withdraw": _closed("withdraw"),
    "end": lambda proposal, given, who: give_notice(proposal, given.reason, given.note, **who),
    "refuse": _pressed(refuse),
    "leave": _pressed(leave),
}


def answer_by_key(key: str, action: str, given: Given = Given()) -> None:  # noqa: B008
    """One move of BY_MAIL, as things stood when the mail was written. Raises Invalid where the key does nothing any more, and
    for what was typed; then the key stays good."""
    with transaction():
        row = use_key(key, "proposal")
        proposal = db.session.get(Proposal, row.entry_id) if row is not None and row.entry_id else None
        member = db.session.get(Member, row.member_id) if row is not None and row.member_id else None
        if row is None or proposal is None or member is None:
            raise Invalid({"do": _("This link has done its work, or is too old.")})
        lock(proposal)
        if proposal.steps != int(row.about["step"]):
            raise Invalid({"do": _("Somebody was faster: something happened here since this mail was written.")})
        if action not in TAKEN:
            raise Invalid({"do": _("Choose one of the list.")})
        try:
            TAKEN[action](proposal, given, {"actor": member, "organisation_id": row.organisation_id})
        except Forbidden as fault:
            raise Invalid({"do": str(fault)}) from fault


def use_guest_key(key: str, slot: str) -> bool:
    """False: the key was spent before."""
    with transaction():
        row = use_key(key, "meeting")
        meeting = db.session.get(Meeting, int(row.about["meeting"])) if row is not None else None
        if meeting is None:
            return False
        choose_as_guest(meeting, slot)
        return True
