"""A new dossier: its parties, their seats, the first step of its chain and the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from commons.db import db
from commons.entries.actions import create_entry
from commons.entries.bulk import new_ids
from commons.entries.within import Place
from commons.forums.actions import add_topic
from commons.members.models import Member
from directory.partnerships.dossiers.actions.seating import seat_people
from directory.partnerships.dossiers.actions.stepping import set_turns, write_step
from directory.partnerships.dossiers.models import Party, Proposal
from directory.partnerships.dossiers.queries import voice_now

RIGHTS = "all rights reserved"  # what stands in a dossier is for its parties


def open_dossier(
    values: dict[str, Any], about_id: int, sides: Sequence[tuple[int, str]], *, actor: Member, stage: str, action: str
) -> Proposal:
    """Called inside a transaction. `values`: title, text, language. `sides`: (organisation, side), the actor's first."""
    proposal = Proposal(id=new_ids(1)[0], about_id=about_id, licence=RIGHTS, stage=stage)
    proposal.slug, proposal.audience = str(proposal.id), proposal.door
    create_entry(proposal, values, actor=actor)
    parties = [Party(proposal_id=proposal.id, organisation_id=id, side=side) for id, side in sides]
    parties[0].contact_id = actor.id
    db.session.add_all(parties)
    db.session.flush()
    ids = [id for id, _side in sides]
    write_step(proposal, action, "", actor, ids[0], voice_now(actor, ids[0]), values)
    set_turns(proposal, parties)
    seat_people(proposal, ids)
    add_topic(values, place=Place(proposal.id, proposal.door), actor=actor, voice_id=ids[0])
    seat_people(proposal, ids)  # again: now there is a conversation to follow
    return proposal
