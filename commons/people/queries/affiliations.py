"""Who belongs to which organisation, who may say so, and what waits to be decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from flask import abort
from sqlalchemy import ColumnElement, Select, String, and_, func, literal, or_, select

from commons.audience import visible_to
from commons.db import db
from commons.entries.asks import VOICES, has_voice, speaks_for, voice_at, voices
from commons.entries.models import Entry
from commons.entries.queries import by_id, visible
from commons.members.models import Member, Seat
from commons.people.models import Affiliation, Profile
from commons.people.queries.profiles import mates

ORGANISATION = "organisation"
OPEN = ("asked", "confirmed")
DECIDES = VOICES[1:]


class Belonging(NamedTuple):
    affiliation: Affiliation
    organisation: Entry


class Person(NamedTuple):
    affiliation: Affiliation
    member: Member


def affiliations_of(member: Member, viewer: Member | None, states: Sequence[str] = ("confirmed",)) -> list[Belonging]:
    """Those of one member, at organisations that the viewer may see; the newest first."""
    rows = db.session.execute(
        select(Affiliation, Entry)
        .join(Entry, Entry.id == Affiliation.organisation_id)
        .where(Affiliation.member_id == member.id, Affiliation.state.in_(states), visible(viewer))
        .order_by(Affiliation.state, Affiliation.id.desc())
    )
    return [Belonging(*row) for row in rows]


def organisation(entry_id: int, viewer: Member) -> Entry:
    """Raises 404 for what is no organisation, or not to be seen."""
    found: Entry = by_id(entry_id, viewer)
    return found if found.kind == ORGANISATION else abort(404)


def open_at(member: Member, organisation_id: int) -> Affiliation | None:
    return db.session.scalar(
        select(Affiliation).where(
            Affiliation.member_id == member.id,
            Affiliation.organisation_id == organisation_id,
            Affiliation.state.in_(OPEN),
        )
    )


def representatives(organisation_id: int) -> list[int]:
    """The ids of the active members who speak for it."""
    rows = select(Seat.member_id).join(Member, Member.id == Seat.member_id)
    return list(db.session.scalars(rows.where(Seat.audience == speaks_for(organisation_id), Member.state == "active")))


def deciders(organisation_id: int) -> list[int]:
    """Those of them who decide who belongs to it: its stewards and signatories."""
    rows = select(Seat.member_id).join(Member, Member.id == Seat.member_id).where(Member.state == "active")
    return list(db.session.scalars(rows.where(Seat.audience == speaks_for(organisation_id), Seat.role.in_(DECIDES))))


def speaks_for_ids(member: Member) -> list[int]:
    """The organisations for which this member speaks."""
    return sorted(voices(member))


def may_decide(viewer: Member | None, affiliation: Affiliation) -> bool:
    """Its stewards and signatories, the same for all of them; where it has none, moderators. Nobody decides about themself."""
    if viewer is None or viewer.id == affiliation.member_id or not viewer.may_write:
        return False
    if has_voice(viewer, affiliation.organisation_id, DECIDES[0]):
        return True
    return viewer.is_moderator and not deciders(affiliation.organisation_id)


def may_end(viewer: Member, affiliation: Affiliation) -> bool:
    """Oneself at any time; that of others stewards and signatories, and that of who has a wider voice than theirs nobody."""
    if viewer.id == affiliation.member_id:
        return True
    theirs = voice_at(db.session.get(Member, affiliation.member_id), affiliation.organisation_id)
    return has_voice(viewer, affiliation.organisation_id, max(DECIDES[0], theirs, key=_width))


def _width(voice: str) -> int:
    return VOICES.index(voice) if voice else -1


def requests_for(viewer: Member) -> Select[Affiliation, Member, Entry]:
    """What waits at the organisations for which this member speaks, the oldest first: all of them see it, some decide."""
    return _requests().where(
        Affiliation.organisation_id.in_(speaks_for_ids(viewer)), Affiliation.member_id != viewer.id
    )


def orphaned_requests(viewer: Member) -> Select[Affiliation, Member, Entry]:
    """What waits at organisations where nobody can decide: for moderators."""
    spoken = (
        select(Seat.id)
        .join(Member, Member.id == Seat.member_id)
        .where(Seat.audience == _door(), Seat.role.in_(DECIDES), Member.state == "active")
        .correlate(Affiliation)
    )
    return _requests().where(~spoken.exists(), Affiliation.member_id != viewer.id, visible_to(viewer, Entry.audience))


def _door() -> ColumnElement[str]:
    return literal(speaks_for(0).rstrip("0")).concat(Affiliation.organisation_id.cast(String))


def _requests() -> Select[Affiliation, Member, Entry]:
    return (
        select(Affiliation, Member, Entry)
        .join(Member, Member.id == Affiliation.member_id)
        .join(Entry, Entry.id == Affiliation.organisation_id)
        .where(Affiliation.state == "asked", Member.state == "active", Entry.state == "live")
        .order_by(Affiliation.at, Affiliation.id)
    )


def request_with(id: int, viewer: Member) -> Affiliation:
    """An affiliation about which this viewer may decide, else 404."""
    found = db.session.get(Affiliation, id) if id < 2**31 else None
    return found if found is not None and may_decide(viewer, found) else abort(404)


def own_affiliation(id: int, viewer: Member) -> Affiliation:
    found = db.session.get(Affiliation, id) if id < 2**31 else None
    return found if found is not None and found.member_id == viewer.id else abort(404)


def people_of(organisation_id: int, viewer: Member | None, limit: int) -> tuple[list[Person], int]:
    """Confirmed people of an organisation who show it to this viewer, and how many they are."""
    query = (
        select(Affiliation, Member)
        .join(Member, Member.id == Affiliation.member_id)
        .join(Profile, Profile.member_id == Member.id)
        .where(
            Affiliation.organisation_id == organisation_id,
            Affiliation.state == "confirmed",
            Member.state == "active",
            Profile.state == "live",
            visible_to(viewer, Profile.audience),
            shows_affiliations(viewer),
        )
    )
    ordered = query.order_by(Affiliation.represents.desc(), func.lower(Member.name), Member.id).limit(limit)
    found = [Person(*row) for row in db.session.execute(ordered)]
    if len(found) < limit:
        return found, len(found)
    return found, int(db.session.scalar(select(func.count()).select_from(query.subquery())) or 0)


def shows_affiliations(viewer: Member | None) -> ColumnElement[bool]:
    chosen: Any = Profile.shown_to["affiliations"].as_string()
    if viewer is None or not viewer.is_active:
        return cast("ColumnElement[bool]", chosen == "public")
    doors = {seat.audience for seat in viewer.seats if seat.audience.startswith("group:")}
    own = Profile.member_id == viewer.id
    near = and_(chosen == "groups", Profile.id.in_(mates(doors))) if doors else None
    wide = or_(chosen.in_(("public", "members")), own)
    return wide if near is None else or_(wide, near)


def spoken_for(id: int, viewer: Member) -> Affiliation:
    """An affiliation at an organisation for which this member speaks, which they may end, else 404."""
    found = db.session.get(Affiliation, id) if id < 2**31 else None
    known = found is not None and found.organisation_id in speaks_for_ids(viewer)
    return found if found is not None and known and may_end(viewer, found) else abort(404)


def confirmed_at(viewer: Member) -> list[tuple[Affiliation, Member, Entry]]:
    """Everybody who belongs to the organisations for which this member speaks."""
    query = (
        select(Affiliation, Member, Entry)
        .join(Member, Member.id == Affiliation.member_id)
        .join(Entry, Entry.id == Affiliation.organisation_id)
        .where(Affiliation.organisation_id.in_(speaks_for_ids(viewer)), Affiliation.state == "confirmed")
        .order_by(Entry.title, func.lower(Member.name), Affiliation.id)
        .limit(200)
    )
    return [(one, member, entry) for one, member, entry in db.session.execute(query)]


def page_of(
    query: Select[Affiliation, Member, Entry], page: int, per_page: int
) -> tuple[list[tuple[Affiliation, Member, Entry]], int]:
    """One page of requests, and how many there are."""
    total = db.session.scalar(query.with_only_columns(func.count()).order_by(None)) or 0
    rows = db.session.execute(query.limit(per_page).offset((page - 1) * per_page))
    return [(one, member, entry) for one, member, entry in rows], int(total)
