"""Who speaks for an organisation, and who may give which role."""

from __future__ import annotations

from typing import NamedTuple

from flask import abort
from sqlalchemy import case, func, select

from commons.db import db
from commons.entries.asks import VOICES, speaks_for, voice_at, voices
from commons.members.models import Member, Seat
from commons.members.queries import apart, member_named
from directory.models import Organisation
from directory.representing.models import MailKey


class Speaker(NamedTuple):
    """An active member who speaks for an organisation."""

    id: int
    username: str
    name: str
    voice: str


def speakers(organisation_id: int) -> list[Speaker]:
    """Those with the widest role first."""
    rank = case({name: number for number, name in enumerate(VOICES)}, value=Seat.role, else_=-1)
    query = (
        select(Member.id, Member.username, Member.name, Seat.role)
        .join(Seat, Seat.member_id == Member.id)
        .where(Seat.audience == speaks_for(organisation_id), Member.state == "active")
        .order_by(rank.desc(), func.lower(Member.name), Member.id)
    )
    return [Speaker(*row) for row in db.session.execute(query)]


def is_represented(organisation_id: int) -> bool:
    query = select(Seat.id).join(Member, Member.id == Seat.member_id)
    known = Seat.audience == speaks_for(organisation_id), Member.state == "active"
    return db.session.scalar(query.where(*known).limit(1)) is not None


def own_organisations(viewer: Member) -> list[Organisation]:
    """The organisations for which this member speaks, by name."""
    query = select(Organisation).where(Organisation.id.in_(voices(viewer)), Organisation.state == "live")
    return list(db.session.scalars(query.order_by(func.lower(Organisation.title), Organisation.id)))


def named(username: str, viewer: Member | None) -> Member | None:
    """The active member of this user name; nobody where one of the two keeps away from the other."""
    found = member_named(username)
    return found if found is not None and found.id not in apart(viewer) else None


def sitting(organisation_id: int, username: str) -> Member:
    """One of its people by user name, also where the account is not in use; else 404."""
    query = select(Member).join(Seat, Seat.member_id == Member.id).where(Member.username == username)
    return db.session.scalar(query.where(Seat.audience == speaks_for(organisation_id))) or abort(404)


def given_by(viewer: Member | None, people: list[Speaker]) -> tuple[str, ...]:
    """The roles that this member may give and take among these people: a signatory all, a steward those up to their own.
    Where nobody signs any more, whoever has the widest role may name a signatory."""
    own = next((one.voice for one in people if viewer is not None and one.id == viewer.id), "")
    if own not in VOICES or viewer is None or not viewer.may_write:
        return ()
    top = next(one.voice for one in people)
    if own == VOICES[-1] or (top != VOICES[-1] and own == top):
        return VOICES
    return VOICES[: VOICES.index(own) + 1] if own != VOICES[0] else ()


def may_change(viewer: Member | None, person: Speaker, people: list[Speaker]) -> bool:
    """May this member change what that person may do? A steward leaves signatories alone."""
    return person.voice in given_by(viewer, people) or (person.voice not in VOICES and bool(given_by(viewer, people)))


def signs_alone(member_id: int, people: list[Speaker]) -> bool:
    return [one.id for one in people if one.voice == VOICES[-1]] == [member_id]


def belongs(viewer: Member | None, organisation: Organisation) -> bool:
    """Is this member one of its own people, as these pages mean it?"""
    return viewer is not None and viewer.is_active and bool(voice_at(viewer, organisation.id))


def about(key: MailKey | None) -> Organisation | None:
    """The organisation for which a key of a mail acts, while its record is there."""
    found = db.session.get(Organisation, key.organisation_id) if key is not None else None
    return found if found is not None and found.is_live else None
