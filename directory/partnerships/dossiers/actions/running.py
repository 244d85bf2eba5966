"""What happens after the signatures: promises, reports, a pause, the end, and what each side tells of the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from commons.db import db, now, transaction
from commons.members.models import Member
from commons.text import clean_line
from commons.web import Forbidden, Invalid
from directory.partnerships.dossiers.actions.registering import follow_agreement
from directory.partnerships.dossiers.actions.stepping import begin, finish
from directory.partnerships.dossiers.fields import COMMITMENT, OUTCOME, REASONS, REPORT, checked
from directory.partnerships.dossiers.models import Account, Commitment, Proposal
from directory.partnerships.dossiers.queries import accounts_of, commitments_of, terms_numbered
from directory.partnerships.dossiers.transitions import NOTICE

MOST_PROMISES = 50
JUDGED = ("confirmed", "commented")


def promise(
    proposal: Proposal, values: Mapping[str, Any], *, actor: Member, organisation_id: int, by: int = 0
) -> Commitment:
    """A commitment of one party, of the actor's own if `by` is not given. `values`: text, measure, who, due."""
    given = checked(COMMITMENT, {"text": "", "measure": "", "who": "", "due": "", **values})
    with transaction():
        stand = begin(proposal, "promise", actor=actor, organisation_id=organisation_id)
        if (by or organisation_id) not in [one.organisation_id for one in stand.parties if one.state == "in"]:
            raise Invalid({"by": _("Choose one of the list.")})
        if len(commitments_of(proposal)) >= MOST_PROMISES:
            raise Invalid({"text": _("At most %(limit)s.", limit=MOST_PROMISES)})
        made = Commitment(proposal_id=proposal.id, organisation_id=by or organisation_id, **given)
        db.session.add(made)
        finish(stand, {"by": by or organisation_id, **given})
        return made


def keep_promise(
    proposal: Proposal, commitment_id: int, note: str = "", *, actor: Member, organisation_id: int
) -> None:
    """It is kept, says somebody of the organisation that promised it. A second time changes nothing."""
    words = clean_line(note)[:300]
    with transaction():
        stand = begin(proposal, "keep a promise", actor=actor, organisation_id=organisation_id)
        row = next((one for one in commitments_of(proposal) if one.id == commitment_id), None)
        if row is None or row.organisation_id != organisation_id:
            raise Forbidden(_("Only those who promised it say that it is kept."))
        if not row.kept:
            row.kept, row.note = now().date().isoformat(), words
            finish(stand, {"commitment": row.id, "note": words})


def report(proposal: Proposal, text: str, *, actor: Member, organisation_id: int) -> Account:
    """How it goes: once after three months, then every year. The light is counted from the last one."""
    given = checked(REPORT, {"text": text})
    with transaction():
        stand = begin(proposal, "report", actor=actor, organisation_id=organisation_id)
        made = _account(proposal, "report", given, actor, organisation_id)
        proposal.counted, proposal.reminded = now(), 1
        finish(stand, given)
        return made


def _account(proposal: Proposal, sort: str, given: Mapping[str, Any], actor: Member, organisation_id: int) -> Account:
    made = Account(proposal_id=proposal.id, organisation_id=organisation_id, sort=sort, author_id=actor.id, **given)
    made.answers = {}
    db.session.add(made)
    db.session.flush()
    return made


def pause(proposal: Proposal, *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    with transaction():
        finish(begin(proposal, "pause", actor=actor, organisation_id=organisation_id, seen=seen))


def resume(proposal: Proposal, *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    with transaction():
        finish(begin(proposal, "resume", actor=actor, organisation_id=organisation_id, seen=seen))


def give_notice(
    proposal: Proposal, reason: str, note: str = "", *, actor: Member, organisation_id: int, seen: int = 0
) -> None:
    """It ends after the days that the signed terms say, or 30; until then the same side may take it back."""
    words = clean_line(note)[:500]
    if reason not in REASONS:
        raise Invalid({"reason": _("Choose one of the list.")})
    with transaction():
        stand = begin(proposal, "end", actor=actor, organisation_id=organisation_id, seen=seen)
        proposal.reason, proposal.note = reason, words
        finish(stand, {"reason": reason, "note": words})
        signed = terms_numbered(proposal, proposal.agreed)
        days = signed.values["notice"] if signed is not None else None
        proposal.extended = (NOTICE if days is None else days) - NOTICE


def keep_on(proposal: Proposal, *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    """The notice is taken back by the side that gave it."""
    with transaction():
        stand = begin(proposal, "keep", actor=actor, organisation_id=organisation_id, seen=seen)
        proposal.reason = proposal.note = ""
        finish(stand)


def complete(
    proposal: Proposal, values: Mapping[str, Any], *, actor: Member, organisation_id: int, seen: int = 0
) -> Account:
    """It is done: with what came out of it, as this side tells it. `values`: text, result."""
    given = checked(OUTCOME, {"text": "", "result": "", **values})
    with transaction():
        stand = begin(proposal, "complete", actor=actor, organisation_id=organisation_id, seen=seen)
        made = _account(proposal, "outcome", given, actor, organisation_id)
        finish(stand, given)
        follow_agreement(proposal, actor=actor)
        return made


def tell_outcome(proposal: Proposal, values: Mapping[str, Any], *, actor: Member, organisation_id: int) -> Account:
    """This side's own account, where another one's is there or nobody told anything."""
    given = checked(OUTCOME, {"text": "", "result": "", **values})
    with transaction():
        stand = begin(proposal, "account", actor=actor, organisation_id=organisation_id)
        made = _account(proposal, "outcome", given, actor, organisation_id)
        finish(stand, given)
        return made


def judge(
    proposal: Proposal, account_id: int, how: str, text: str = "", *, actor: Member, organisation_id: int
) -> None:
    """Confirms or comments what another side told. A second answer takes the place of the first."""
    words = clean_line(text)[:1000]
    if how not in JUDGED:
        raise Invalid({"how": _("Choose one of the list.")})
    if how == "commented" and not words:
        raise Invalid({"text": _("Write a few words first.")})
    with transaction():
        stand = begin(proposal, "judge", actor=actor, organisation_id=organisation_id)
        account = next((one for one in accounts_of(proposal) if one.id == account_id), None)
        if account is None or account.organisation_id == organisation_id:
            raise Forbidden(_("Only the other side answers this."))
        answer = {"how": how, "text": words, "at": now().isoformat(timespec="seconds")}
        account.answers = {**account.answers, str(organisation_id): answer}
        db.session.flush()
        finish(stand, {"account": account.id, "how": how, "text": words})
        follow_agreement(proposal, actor=actor)
