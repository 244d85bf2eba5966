"""One step in a dossier: may this side take it now, the line in its chain, the next stage with its deadline, and who is told.

Every action of the dossier goes through `begin` and `finish` in one transaction. `begin` locks the proposal first: of two who do
the same at the same moment one is done, and the other is told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, select

from commons.db import db, lock, now
from commons.entries.actions import record
from commons.entries.asks import VOICES, ask
from commons.entries.models import Ask, Change
from commons.members.models import Member
from commons.web import Forbidden, Invalid
from directory.partnerships.dossiers.models import Account, Assent, Commitment, Meeting, Party, Proposal, Step
from directory.partnerships.dossiers.queries import observing, parties_of, people_of, present, voice_now
from directory.partnerships.dossiers.transitions import BACK, DEADLINES, SHUT, Move, move

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
CLOCK = ""


class Stand(NamedTuple):
    """Who acts, for which organisation, and which move that is."""

    proposal: Proposal
    action: str
    move: Move
    party: Party | None  # none: the clock
    parties: list[Party]
    actor: Member | None
    role: str


def _read_anew(proposal: Proposal) -> None:
    """Locks the proposal. What was read of it before, as for the page that somebody had open, is read again when it is asked for."""
    lock(proposal)
    db.session.flush()  # nothing that waits to be written is forgotten with it
    for row in list(db.session):
        if isinstance(row, (Party, Commitment, Account, Meeting)):
            db.session.expire(row)


def begin(proposal: Proposal, action: str, *, actor: Member, organisation_id: int, seen: int = 0) -> Stand:
    """Locks the proposal. `seen`: the number of the last step that the actor's page showed, 0 for moves that do not depend on
    it. Raises Forbidden for who may not, Invalid where somebody else was faster."""
    _read_anew(proposal)
    parties = parties_of(proposal.id)
    party = next((one for one in parties if one.organisation_id == organisation_id), None)
    role = voice_now(actor, organisation_id)
    if party is None or not role or party.state == "left" or not proposal.is_live:
        raise Forbidden(_("Only those who speak for one of the organisations do this."))
    if seen and seen != proposal.steps:
        raise Invalid({"stage": _("Somebody was faster: something happened here while you were reading. Look again.")})
    found = move(proposal.stage, action)
    if found is None:
        raise Forbidden(_("This cannot be done at this stage."))
    if (party.state == "in") == (action == "come in") and action != "leave":
        raise Forbidden(_("This cannot be done at this stage."))
    if not party.is_on(found.side, proposal):
        raise Forbidden(_("This is up to the other side."))
    if VOICES.index(role) < VOICES.index(found.least):
        raise Forbidden(_TOO_LITTLE[found.least]())
    return Stand(proposal, action, found, party, parties, actor, role)


_TOO_LITTLE = {
    "steward": lambda: _("Only stewards and signatories of your organisation do this."),
    "signatory": lambda: _("Only signatories of your organisation do this."),
}


def begin_by_clock(proposal: Proposal, action: str = "expire") -> Stand | None:
    """The same for a day that has come; None where the move is not there (any more). Locks the proposal."""
    _read_anew(proposal)
    found = move(proposal.stage, action)
    if found is None or found.side != "clock" or not proposal.is_live:
        return None
    return Stand(proposal, action, found, None, parties_of(proposal.id), None, CLOCK)


def finish(
    stand: Stand, payload: Mapping[str, Any] | None = None, *, to: str | None = None, why: str = "", note: str = ""
) -> Change:
    """Writes the step and moves the proposal to `to` (None: where the table leads). `why`: what those in turn are asked for."""
    proposal, came_from = stand.proposal, stand.proposal.stage
    went_to = stand.move.to if to is None else to
    went_to = (proposal.before or "interest") if went_to == BACK else went_to or came_from
    organisation_id = stand.party.organisation_id if stand.party is not None else None
    if stand.move.to or went_to != came_from:
        _enter(proposal, went_to, came_from, organisation_id)
    write_step(proposal, stand.action, came_from, stand.actor, organisation_id, stand.role, payload or {})
    line = record(proposal, "moved on", None, actor=stand.actor, note=note)
    set_turns(proposal, stand.parties)
    _tell(stand, why, line)
    return line


def _enter(proposal: Proposal, stage: str, came_from: str, organisation_id: int | None) -> None:
    """Also into the same stage, as by the next version of the terms: its days are counted anew."""
    if stage in SHUT:
        proposal.before = came_from
    proposal.stage, proposal.since, proposal.counted = stage, now(), now()
    proposal.reminded = proposal.extended = 0
    if organisation_id is not None:
        proposal.same_id = organisation_id


def write_step(
    proposal: Proposal,
    action: str,
    came_from: str,
    actor: Member | None,
    organisation_id: int | None,
    role: str,
    payload: Mapping[str, Any],
) -> Step:
    """The next line of the chain, in the transaction of what it tells."""
    newest = select(Step.digest).where(Step.proposal_id == proposal.id).order_by(Step.number.desc()).limit(1)
    made = Step(proposal_id=proposal.id, number=proposal.steps + 1, at=now(), action=action, role=role)
    made.actor_id, made.organisation_id = actor.id if actor else None, organisation_id
    made.came_from, made.went_to = came_from, proposal.stage
    made.payload = sha256(payload) if payload else ""
    made.before = db.session.scalar(newest) or ""
    made.digest = digest_of(made)
    proposal.steps = made.number
    db.session.add(made)
    return made


def sha256(payload: Any) -> str:
    """Over JSON with sorted names and no spaces."""
    return hashlib.sha256(_canonical(payload).encode()).hexdigest()


def digest_of(step: Step) -> str:
    """Over everything but the person, who may be erased."""
    at: datetime = step.at
    told = [step.proposal_id, step.number, at.isoformat(timespec="microseconds"), step.organisation_id, step.role]
    return sha256([*told, step.action, step.came_from, step.went_to, step.payload, step.before])


def set_turns(proposal: Proposal, parties: Iterable[Party]) -> None:
    """Whose answer is waited for: it follows from the stage, and from who has said yes to the last version."""
    stage = proposal.stage
    how = {"proposed": "accepted", "negotiating": "accepted", "agreed": "signed", "amending": "signed"}.get(stage, "")
    said = Assent.proposal_id == proposal.id, Assent.number == proposal.terms, Assent.how == how
    yes = set(db.session.scalars(select(Assent.organisation_id).where(*said))) if how else set[int]()
    for party in parties:
        here = party.state == "in"
        party.turn = (
            here
            and (
                (stage == "interest" and party.side == "receiver")
                or (stage == "question" and party.side == "sender")
                or (how != "" and party.organisation_id not in yes)
            )
        ) or (party.state == "invited" and not proposal.is_over)
    db.session.flush()


def all_said_yes(stand: Stand, how: str) -> bool:
    """Has every party that is there said yes to the last version?"""
    db.session.flush()
    last = Assent.proposal_id == stand.proposal.id, Assent.number == stand.proposal.terms, Assent.how == how
    yes = set(db.session.scalars(select(Assent.organisation_id).where(*last)))
    return {one.organisation_id for one in present(stand.parties)} <= yes


def take_back_assents(proposal: Proposal) -> None:
    """Nobody's yes to the last version counts any more; the steps tell that they were given."""
    last = Assent.proposal_id == proposal.id, Assent.number == proposal.terms
    db.session.execute(delete(Assent).where(*last))


def _tell(stand: Stand, why: str, line: Change) -> None:
    """Those whose answer is waited for, the other organisations and the observers; a date tells everybody."""
    mine = stand.party.organisation_id if stand.party is not None else 0
    here = [one for one in stand.parties if one.state in ("in", "invited") and one.organisation_id != mine]
    turn = people_of([one.organisation_id for one in here if one.turn])
    rest = sorted(set(people_of([one.organisation_id for one in here])) - set(turn))
    ask_again(stand.proposal, turn, why or "turn", line)
    ask_again(stand.proposal, [*rest, *observing(stand.proposal.id)], "moved", line)


def write_log(proposal: Proposal, action: str, actor: Member, role: str) -> None:
    """A step that is no organisation's, of a mediator or an observer: told to all who take part."""
    write_step(proposal, action, proposal.stage, actor, None, role, {})
    line = record(proposal, "moved on", None, actor=actor)
    here = [one.organisation_id for one in parties_of(proposal.id) if one.state != "left"]
    ask_again(proposal, [*people_of(here), *observing(proposal.id)], "moved", line)


def ask_again(proposal: Proposal, who: Iterable[int], why: str, line: Change) -> None:
    """Asks these people, also when they were asked the same of this proposal before."""
    wanted = sorted(set(who))
    same = Ask.entry_id == proposal.id, Ask.why == why, Ask.member_id.in_(wanted)
    db.session.execute(delete(Ask).where(*same))
    ask(proposal, wanted, why, line)


def days_of(proposal: Proposal) -> int:
    """Days from `counted` to the move of the clock; 0: none."""
    ends = DEADLINES[proposal.stage].ends
    return ends + proposal.extended if ends else 0
