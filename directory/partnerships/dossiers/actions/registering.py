"""The public register: a partnership stands in it while an agreement was signed and all its parties want it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from commons.db import db, lock, now, transaction
from commons.entries.actions import apply_changes, create_entry, record, take_away
from commons.entries.models import Entry
from commons.members.models import Member
from commons.web import Forbidden, Invalid
from directory.models import Organisation
from directory.partnerships.dossiers.actions.stepping import begin, finish
from directory.partnerships.dossiers.models import Account, Partnership, Proposal, Terms
from directory.partnerships.dossiers.queries import accounts_of, assents_of, parties_of, present, terms_numbered

STANDING = {"completed": "completed", "ended": "ended", "inactive": "inactive"}


def publish(proposal: Proposal, *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    """One side wants the partnership in the register; it is there when all do."""
    _show(proposal, "publish", True, actor, organisation_id, seen)


def unpublish(proposal: Proposal, *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    """One side does not want it there any more: it is taken out at once."""
    _show(proposal, "unpublish", False, actor, organisation_id, seen)


def _show(proposal: Proposal, action: str, shown: bool, actor: Member, organisation_id: int, seen: int) -> None:
    with transaction():
        stand = begin(proposal, action, actor=actor, organisation_id=organisation_id, seen=seen)
        if stand.party is None or not proposal.agreed:
            raise Forbidden(_("Nothing is signed yet."))
        stand.party.shown = shown
        finish(stand, {"shown": shown})
        follow_agreement(proposal, actor=actor)


def follow_agreement(proposal: Proposal, *, actor: Member | None) -> None:
    """Makes, changes or takes away what the register tells, as the agreement and its parties want it now."""
    terms = terms_numbered(proposal, proposal.agreed) if proposal.agreed else None
    here = present(parties_of(proposal.id))
    row = db.session.scalar(select(Partnership).where(Partnership.proposal_id == proposal.id))
    wanted = terms is not None and len(here) > 1 and all(one.shown for one in here)
    if terms is None or (row is None and not wanted):
        return
    if not wanted:
        if row is not None and row.is_live:
            take_away(row, actor=None, note=_("A party does not want it in the register any more."))
        return
    values = _told(proposal, terms, [one.organisation_id for one in here])
    if row is None:
        create_entry(Partnership(proposal_id=proposal.id, language=terms.values["language"]), values, actor=actor)
        return
    lock(row)
    if row.state == "suppressed" or (row.state == "deleted" and not row.withdrawn):
        return
    if row.state == "deleted":
        row.state = "live"
        record(row, "reopened", None, actor=actor)
    if changes := apply_changes(row, values):
        row.version, row.updated = row.version + 1, now()
        record(row, "edited", changes, actor=actor)


def _told(proposal: Proposal, terms: Terms, parties: Sequence[int]) -> dict[str, Any]:
    said = agreed_outcome(proposal)
    country = db.session.scalar(select(Organisation.country).where(Organisation.id == _receiver(proposal)))
    over = proposal.since.date().isoformat() if proposal.stage in STANDING else ""
    return {
        "title": terms.values["title"],
        "text": terms.values["goal"],
        "standing": STANDING.get(proposal.stage, "active"),
        "begun": _day_of_signature(proposal),
        "over": over,
        "result": said.result if said else "",
        "outcome": said.text if said else "",
        "focus": terms.values["focus"],
        "sdgs": terms.values["sdgs"],
        "country": country or "",
        "organisations": sorted(parties),
    }


def _receiver(proposal: Proposal) -> int:
    return next((one.organisation_id for one in parties_of(proposal.id) if one.side == "receiver"), 0)


def _day_of_signature(proposal: Proposal) -> str:
    """The day of the last signature under the first agreement."""
    signed = [one for one in assents_of(proposal) if one.how == "signed"]
    first = min((one.number for one in signed), default=0)
    return max((one.at for one in signed if one.number == first), default=now()).date().isoformat()


def agreed_outcome(proposal: Proposal) -> Account | None:
    """The last account of the outcome that every other party confirmed."""
    others = {str(one.organisation_id) for one in present(parties_of(proposal.id))}
    for account in reversed(accounts_of(proposal)):
        needed = others - {str(account.organisation_id)}
        yes = {id for id, answer in account.answers.items() if answer["how"] == "confirmed"}
        if account.sort == "outcome" and needed <= yes:
            return account
    return None


def remove_partnership(row: Entry, *, actor: Member | None, note: str, verb: str = "removed", via: str = "") -> None:
    """By a moderator, or because a party wants it (no actor): then it may come back when all want it again."""
    with transaction():
        lock(row)
        if actor is not None and not actor.is_moderator:
            raise Forbidden(_("Only moderators remove pages."))
        if not note.strip():
            raise Invalid({"note": _("Say why: the reason is shown at the old address.")})
        row.state, row.updated = "deleted", now()
        if isinstance(row, Partnership):
            row.withdrawn = actor is None
        record(row, verb, None, actor=actor, note=note, via=via)
