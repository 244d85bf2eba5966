"""Terms in versions, the yes of each party, signatures, and changes of what was signed.

A version freezes as it is written: its digest covers the words, the organisations by number and name, and the proposal. What is
accepted and signed is that digest, never "the last version".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from commons.db import db, now, transaction
from commons.entries.actions import apply_changes, record
from commons.members import passwords
from commons.members.models import Member
from commons.text import clean_line
from commons.web import Forbidden, Invalid
from directory.partnerships.dossiers.actions.opening import open_dossier
from directory.partnerships.dossiers.actions.registering import follow_agreement
from directory.partnerships.dossiers.actions.stepping import (
    Stand,
    all_said_yes,
    begin,
    finish,
    sha256,
    take_back_assents,
)
from directory.partnerships.dossiers.fields import checked_terms
from directory.partnerships.dossiers.models import Assent, Proposal, Terms
from directory.partnerships.dossiers.queries import (
    is_renewed,
    is_shut_out,
    last_terms,
    names_of,
    present,
    terms_numbered,
)
from directory.partnerships.dossiers.transitions import EXTENDED_BY

FARTHEST = 90  # days by which a deadline is moved at most


def write_terms(
    proposal: Proposal,
    values: Mapping[str, Any],
    note: str = "",
    *,
    actor: Member,
    organisation_id: int,
    seen: int = 0,
) -> Terms:
    """The first version, a counter-proposal, or a change of what was signed: what it is follows from the stage. Writing a
    version accepts it; nothing is signed by it. Raises Invalid, Forbidden."""
    with transaction():
        action = {"exploring": "propose", "active": "amend"}.get(proposal.stage, "counter")
        stand = begin(proposal, action, actor=actor, organisation_id=organisation_id, seen=seen)
        parties = [one.organisation_id for one in present(stand.parties)]
        given = checked_terms(values, parties)
        last = last_terms(proposal)
        if last is not None and {name: last.values[name] for name in given} == given:
            raise Invalid({"goal": _("Nothing is different from the last version. You can accept it.")})
        made = Terms(proposal_id=proposal.id, number=proposal.terms + 1, values=given, organisation_id=organisation_id)
        made.author_id, made.note = actor.id, clean_line(note)[:500]
        names = names_of(parties)
        made.values = given | {"names": {str(id): names[id].title for id in parties}}
        made.digest = frozen(proposal, made)
        db.session.add(made)
        if action != "amend":
            _assent(stand, made, "accepted")
        proposal.terms = made.number
        finish(stand, {"number": made.number, "digest": made.digest})
        if action != "amend":
            _rename(proposal, given["title"], actor)
        return made


def frozen(proposal: Proposal, terms: Terms) -> str:
    """The SHA-256 of the agreement: its words, and who makes it, under the names that they had then."""
    return sha256({"proposal": proposal.id, "version": terms.number, "terms": terms.values})


def _rename(proposal: Proposal, title: str, actor: Member) -> None:
    if changes := apply_changes(proposal, {"title": title}):
        proposal.version, proposal.updated = proposal.version + 1, now()
        record(proposal, "edited", changes, actor=actor, minor=True)


def _assent(stand: Stand, terms: Terms, how: str, name: str = "") -> None:
    row = Assent(proposal_id=stand.proposal.id, number=terms.number, how=how, name=name, digest=terms.digest)
    row.member_id = stand.actor.id if stand.actor is not None else None
    row.organisation_id = stand.party.organisation_id if stand.party is not None else 0
    db.session.add(row)
    db.session.flush()


def _asked(stand: Stand, number: int) -> Terms:
    """The version that the actor looked at, if it is still the one that counts."""
    terms = terms_numbered(stand.proposal, number)
    if terms is None or number != stand.proposal.terms:
        raise Invalid({"stage": _("There is a newer version of the terms. Read it first.")})
    if terms.values["parties"] != sorted(one.organisation_id for one in present(stand.parties)):
        raise Invalid(
            {"stage": _("These terms are between other organisations than those that are here. Write a new version.")}
        )
    return terms


def accept(proposal: Proposal, number: int, *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    """This version, for one's organisation. When all parties have, the text is frozen and waits for signatures."""
    with transaction():
        stand = begin(proposal, "accept", actor=actor, organisation_id=organisation_id, seen=seen)
        terms = _asked(stand, number)
        _assent(stand, terms, "accepted")
        done = all_said_yes(stand, "accepted")
        _finish_yes(stand, {"number": number, "digest": terms.digest}, done)


def _finish_yes(stand: Stand, payload: Mapping[str, Any], done: bool) -> None:
    """The stage is left with the last yes; until then its days run on."""
    if done:
        finish(stand, payload)
        return
    waits = stand._replace(move=stand.move._replace(to=""))
    finish(waits, payload)


def sign(
    proposal: Proposal,
    number: int,
    name: str,
    password: str,
    *,
    actor: Member,
    organisation_id: int,
    seen: int = 0,
) -> None:
    """A signatory confirms the agreement for their organisation: with their name, typed, and their password again."""
    typed = clean_line(name)
    faults = {}
    if len(typed) < 2 or len(typed) > 100:
        faults["name"] = _("Type your name as you would sign.")
    if not passwords.matches(actor.password, password):
        faults["password"] = _("This is not your password. Nothing was signed.")
    if faults:
        raise Invalid(faults)
    with transaction():
        stand = begin(proposal, "sign", actor=actor, organisation_id=organisation_id, seen=seen)
        terms = _asked(stand, number)
        if terms.digest != frozen(proposal, terms):
            raise Invalid({"stage": _("The text is not the one that was accepted. Nothing was signed.")})
        _assent(stand, terms, "signed", typed)
        done = all_said_yes(stand, "signed")
        if done:
            proposal.agreed = number
        _finish_yes(stand, {"number": number, "digest": terms.digest, "name": typed}, done)
        if done:
            _rename(proposal, terms.values["title"], actor)
            follow_agreement(proposal, actor=actor)


def refuse(proposal: Proposal, note: str = "", *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    """No signature after all: back to the terms, or, of a change of what was signed, to what was signed."""
    with transaction():
        stand = begin(proposal, "refuse", actor=actor, organisation_id=organisation_id, seen=seen)
        take_back_assents(proposal)
        finish(stand, {"note": clean_line(note)[:500]})


def extend(proposal: Proposal, *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    """Two weeks more to answer, at most ninety days in all."""
    with transaction():
        stand = begin(proposal, "extend", actor=actor, organisation_id=organisation_id, seen=seen)
        if proposal.extended + EXTENDED_BY.days > FARTHEST:
            raise Forbidden(_("The deadline was moved as far as it goes. Answer, or begin anew."))
        proposal.extended += EXTENDED_BY.days
        finish(stand, {"days": EXTENDED_BY.days})


def renew(proposal: Proposal, *, actor: Member, organisation_id: int) -> Proposal:
    """A new dossier of the same parties, with the terms that were signed as its first version."""
    with transaction():
        stand = begin(proposal, "renew", actor=actor, organisation_id=organisation_id)
        signed = terms_numbered(proposal, proposal.agreed)
        others = [(one.organisation_id, one.side) for one in present(stand.parties) if one is not stand.party]
        if signed is None or not others:
            raise Forbidden(_("Nothing is signed yet."))
        if is_renewed(proposal, organisation_id):
            raise Forbidden(_("It was begun anew already. You find it among the proposals of your organisation."))
        here = [organisation_id, *(id for id, _side in others)]
        if any(is_shut_out(here, id, actor) for id, _side in others):
            raise Forbidden(_("They take no proposals at the moment."))
        finish(stand)
        words = _("This begins anew from “%(title)s”.", title=proposal.title)
        begun = {"title": proposal.title, "text": words, "language": proposal.language}
        own = (organisation_id, "sender")
        rest = [(id, "receiver" if side == "sender" else side) for id, side in others]
        made = open_dossier(begun, proposal.about_id, [own, *rest], actor=actor, stage="exploring", action="renew")
        values = {name: value for name, value in signed.values.items() if name not in ("parties", "names")}
        gives = {str(id): values["gives"][str(id)] for id in here}
        write_terms(made, values | {"gives": gives}, actor=actor, organisation_id=organisation_id)
        return made
