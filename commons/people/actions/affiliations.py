"""Saying that one belongs to an organisation, the organisation's word on it, and leaving."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.entries.asks import VOICES, ask, speaks_for
from commons.entries.models import Entry
from commons.members.models import Member
from commons.members.seats import give_seat, take_seat
from commons.moderation.newcomers import is_new
from commons.people.actions.profiles import own_profile
from commons.people.models import Affiliation
from commons.people.queries.affiliations import deciders, may_decide, may_end, open_at
from commons.text import clean_line, clean_text, problems
from commons.web import Forbidden, Invalid

_DATE = re.compile(r"(1[89]|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
SHORTEST_PROOF = 20  # characters


def ask_affiliation(
    organisation: Entry, *, role: str, since: str, represents: bool, proof: str, actor: Member
) -> Affiliation:
    """A request to the stewards of the organisation; where it has none, to the moderators. Raises Invalid, Forbidden."""
    if not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))
    role, since, proof = clean_line(role), since.strip(), clean_text(proof).strip()
    asked = [id for id in deciders(organisation.id) if id != actor.id]
    faults = _faults(role, since, proof, needs_proof=represents and not asked)
    if represents and is_new(actor) and not asked:
        faults["represents"] = _("On your first day, say that you belong here; speaking for it can be asked tomorrow.")
    if open_at(actor, organisation.id) is not None:
        faults["organisation"] = _("You said so already.")
    if faults:
        raise Invalid(faults)
    made = Affiliation(
        member_id=actor.id,
        organisation_id=organisation.id,
        role=role,
        since=since,
        represents=represents,
        proof=proof,
        state="asked",
        at=now(),
    )
    try:
        with transaction():
            db.session.add(made)
            db.session.flush()
            line = record(own_profile(actor), "asked", None, actor=actor)
            ask(line.entry, asked, "affiliation", line)
    except IntegrityError:
        raise Invalid({"organisation": _("You said so already.")}) from None
    return made


def _faults(role: str, since: str, proof: str, *, needs_proof: bool) -> dict[str, str]:
    checks = {
        "role": problems(role, lines=False, limit=120),
        "proof": problems(proof, lines=True, limit=1000),
    }
    faults = {name: sentence for name, sentence in checks.items() if sentence}
    if since and not _DATE.fullmatch(since):
        faults["since"] = _("Enter a year like 2019, or a day like 2019-03-31.")
    if needs_proof and len(proof) < SHORTEST_PROOF:
        faults["proof"] = _(
            "Say how a moderator can see it: a page that names you, a register, a phone number to ring."
        )
    return faults


def confirm_affiliation(affiliation: Affiliation, *, actor: Member) -> None:
    """It is so; who asked to speak for the organisation does from now on."""
    with transaction():
        _decide(affiliation, "confirmed", actor)
        member = db.session.get_one(Member, affiliation.member_id)
        if affiliation.represents:
            first = not deciders(affiliation.organisation_id)
            give_seat(member, speaks_for(affiliation.organisation_id), VOICES[-1] if first else VOICES[0])
        line = record(own_profile(member), "asked", None, actor=actor)
        ask(line.entry, [member.id], "accepted", line)


def decline_affiliation(affiliation: Affiliation, *, actor: Member) -> None:
    with transaction():
        _decide(affiliation, "declined", actor)


def _decide(affiliation: Affiliation, state: str, actor: Member) -> None:
    lock(affiliation)
    if not may_decide(actor, affiliation):
        raise Forbidden(_("Others decide this."))
    if affiliation.state != "asked":
        raise Forbidden(_("Somebody decided this already, or it was taken back."))
    affiliation.state, affiliation.decided_by_id, affiliation.decided = state, actor.id, now()
    affiliation.proof = ""  # it was for the decision only


def end_affiliation(affiliation: Affiliation, *, actor: Member) -> None:
    """Leaving works alone and at once, and takes the seat along; a steward of the organisation may end it too."""
    with transaction():
        lock(affiliation)
        if not may_end(actor, affiliation):
            raise Forbidden(_("Others decide this."))
        if affiliation.state not in ("asked", "confirmed"):
            return
        was = affiliation.state
        affiliation.state, affiliation.proof = "ended", ""
        if was == "confirmed":
            affiliation.until = now().date().isoformat()
        member = db.session.get_one(Member, affiliation.member_id)
        take_seat(member, speaks_for(affiliation.organisation_id))
