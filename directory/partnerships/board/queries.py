"""Reads of the board that are wider than one key. Its lists with facets come from the search (`commons/search`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from flask import abort
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import lazyload

from commons.db import db, now
from commons.entries.asks import VOICES, has_voice, speaks_for, voices
from commons.entries.models import Entry
from commons.entries.queries import heads_by_id, recent, shown, visible
from commons.focus.models import FocusLink
from commons.members.models import Member, Seat
from commons.room import rooms
from commons.text import excerpt
from directory.models import Organisation
from directory.partnerships.board.models import WARNED, Openness, Posting, PostingReminder, in_days, today
from directory.representing.keys import open_key

PURPOSE = "posting"  # of the keys in mails
THERE = ("active", "unconfirmed", "in discussion")  # statuses of organisations that can be talked to
PUBLISHES = VOICES[1:]  # stewards and signatories
TWICE = timedelta(hours=1)  # the same words of the same member within this time are one form sent twice


def _there() -> Select[int]:
    """The ids of the organisations that can be talked to."""
    known = select(Organisation.id).where(Organisation.state == "live", Organisation.status.in_(THERE))
    return known.correlate(None)


def are_there(ids: Iterable[int | None]) -> set[int]:
    """Those of these organisations that can be talked to."""
    wanted = {one for one in ids if one}
    return set(db.session.scalars(_there().where(Organisation.id.in_(wanted)))) if wanted else set()


def is_answerable(posting: Posting) -> bool:
    """Is it open today, and its organisation still there?"""
    return posting.is_open and posting.within_id in are_there([posting.within_id])


def still_open() -> ColumnElement[bool]:
    """`Posting.is_open` as a condition."""
    day = or_(Posting.until == "", Posting.until >= today().isoformat())
    return and_(Posting.state == "live", Posting.closed == "", day)


class Place(NamedTuple):
    """What a need or an offer counts for on the map of gaps. `country` is empty where it can be done from anywhere."""

    kind: str
    country: str
    areas: list[int]


def open_places(viewer: Member | None) -> list[Place]:
    """All that can be answered today and this viewer may see, without loading any of it: there may be ten thousands."""
    country = case((Posting.remote, ""), else_=Posting.country)
    query = (
        select(Posting.id, Posting.kind, country.label("country"), FocusLink.area_id)
        .join(FocusLink, FocusLink.entry_id == Posting.id)
        .where(still_open(), Posting.within_id.in_(_there()), visible(viewer, Posting))
    )
    found: dict[int, Place] = {}
    for id, kind, where, area in db.session.execute(query):
        if id not in found:
            found[id] = Place(kind, where, [])
        found[id].areas.append(area)
    return list(found.values())


def postings_of(organisation_id: int, viewer: Member | None, *, closed: bool = False) -> list[Posting]:
    """What an organisation needs and offers today, or (`closed`) what it no longer does, the latest first."""
    query = select(Posting).where(
        Posting.within_id == organisation_id, visible(viewer), ~still_open() if closed else still_open()
    )
    return list(db.session.scalars(query.order_by(Posting.id.desc()).limit(100)))


def posting_for(kind: str, entry_id: int, viewer: Member | None) -> Posting:
    """Raises 404 or Gone."""
    found = db.session.get(Posting, entry_id) if entry_id < 2**31 else None
    if found is None or found.kind != kind:
        abort(404)
    return shown(found, viewer)  # type: ignore[no-any-return]


def by_ids(ids: Sequence[int]) -> list[Posting]:
    """Those whose organisation is there, for the index."""
    query = select(Posting).where(Posting.id.in_(ids), Posting.state == "live", Posting.within_id.in_(_there()))
    return list(db.session.scalars(query.order_by(Posting.id)))


def openness_of(ids: Iterable[int]) -> dict[int, Openness]:
    """organisation: what it said; one that said nothing is not open, and not in it."""
    wanted = set(ids)
    rows = db.session.scalars(select(Openness).where(Openness.organisation_id.in_(wanted))) if wanted else ()
    return {row.organisation_id: row for row in rows}


def open_among(ids: Iterable[int], viewer: Member | None) -> dict[int, Organisation]:
    """Those of these organisations that are open to partnership, still there and to be seen; without what stands beside them."""
    wanted = sorted(set(ids))
    query = select(Organisation).join(Openness, Openness.organisation_id == Organisation.id)
    here = (Organisation.id.in_(wanted), Openness.open, Organisation.status.in_(THERE), visible(viewer))
    rows = db.session.scalars(query.where(*here).options(lazyload("*"))) if wanted else ()
    return {row.id: row for row in rows}


def accepts(organisation_id: int) -> bool:
    """Is it open to partnership, and still there?"""
    said = db.session.get(Openness, organisation_id)
    return said is not None and said.open and organisation_id in are_there([organisation_id])


def open_organisations(country: str, page: int, per_page: int) -> tuple[list[tuple[Organisation, Openness]], int]:
    """Public ones that are open to partnership, by name, and how many there are in all."""
    saying = select(Openness.organisation_id).where(Openness.open)
    query = select(Organisation).where(Organisation.id.in_(saying), Organisation.id.in_(_there()), visible(None))
    if country:
        query = query.where(Organisation.country == country)
    found, total = recent(query.order_by(func.lower(Organisation.title), Organisation.id), page, per_page)
    said = openness_of([one.id for one in found])
    return [(one, said[one.id]) for one in found], total


def open_ids() -> list[int]:
    """Who says that it is open to partnership, whoever may see it."""
    return list(db.session.scalars(select(Openness.organisation_id).where(Openness.open)))


def countries() -> list[str]:
    """Where the organisations are that are open to partnership."""
    saying = select(Openness.organisation_id).where(Openness.open)
    query = select(Organisation.country).where(Organisation.id.in_(saying), visible(None), Organisation.country != "")
    return list(db.session.scalars(query.distinct().order_by(Organisation.country)))


def publishes_for(viewer: Member | None) -> list[Entry]:
    """The organisations in whose name this member may publish, by name."""
    ids = [id for id in voices(viewer) if has_voice(viewer, id, PUBLISHES[0])]
    return sorted(heads_by_id(ids, viewer), key=lambda one: one.title.casefold())


def names_of(ids: Iterable[int | None], viewer: Member | None) -> dict[int, Entry]:
    """The organisations themselves, as far as the viewer may see them."""
    return {one.id: one for one in heads_by_id(sorted({id for id in ids if id}), viewer)}


def organisation_of(posting: Posting, viewer: Member | None) -> Organisation | None:
    """With its status, and nothing that stands beside it."""
    query = select(Organisation).where(Organisation.id == posting.within_id, visible(viewer)).options(lazyload("*"))
    return db.session.scalar(query)


def others_of(posting: Posting, viewer: Member | None, limit: int) -> list[Posting]:
    """What its organisation needs and offers besides, the latest first."""
    query = select(Posting).where(
        Posting.within_id == posting.within_id, Posting.id != posting.id, visible(viewer), still_open()
    )
    return list(db.session.scalars(query.options(lazyload("*")).order_by(Posting.id.desc()).limit(limit)))


def has_published(organisation_id: int) -> bool:
    """Did anything of it ever pass a moderator's eyes?"""
    known = select(Posting.id).where(Posting.within_id == organisation_id, Posting.state.in_(("live", "deleted")))
    return db.session.scalar(known.limit(1)) is not None


def made_before(kind: str, organisation_id: int, author: Member, title: str = "") -> Posting | None:
    """What this member made a moment ago, of this title or of any."""
    mine = select(Posting).where(Posting.author_id == author.id, Posting.within_id == organisation_id)
    fresh = mine.where(Posting.kind == kind, Posting.created > now() - TWICE, Posting.state.in_(("live", "pending")))
    return db.session.scalar((fresh.where(Posting.title == title) if title else fresh).order_by(Posting.id.desc()))


def past_ids() -> list[int]:
    """Open in the table, although their last day is over."""
    late = Posting.until != "", Posting.until < today().isoformat()
    query = select(Posting.id).where(Posting.state == "live", Posting.closed == "", *late)
    return list(db.session.scalars(query.order_by(Posting.id)))


def ending() -> list[tuple[int, int]]:
    """(posting, reminders that were sent about this last day) of open ones that end within two weeks."""
    same = and_(PostingReminder.posting_id == Posting.id, PostingReminder.until == Posting.until)
    sent = func.coalesce(PostingReminder.sent, 0)
    soon = Posting.until >= today().isoformat(), Posting.until <= in_days(max(WARNED))
    query = select(Posting.id, sent).outerjoin(PostingReminder, same).where(still_open(), *soon, sent < len(WARNED))
    return [(id, int(many)) for id, many in db.session.execute(query.order_by(Posting.id))]


def told_of(posting: Posting) -> list[int]:
    """The members who publish for its organisation."""
    sits = Seat.audience == speaks_for(posting.within_id or 0), Seat.role.in_(PUBLISHES)
    query = select(Member.id).join(Seat, Seat.member_id == Member.id).where(*sits, Member.state == "active")
    return list(db.session.scalars(query.where(Member.email.is_not(None)).order_by(Member.id).limit(20)))


def posting_of_key(key: str) -> Posting | None:
    """What the key of a mail is about; None: it is spent or too old."""
    found = open_key(key, PURPOSE)
    return db.session.get(Posting, found.entry_id) if found and found.entry_id else None


def interests(ids: Sequence[int], viewer: Member | None) -> Mapping[int, int]:
    """posting: how many organisations are interested, as a room above counts them."""
    counted: dict[int, int] = {}
    for panel in rooms().panels("posting interests") if ids else ():
        counted |= panel.items(ids, viewer)
    return counted


def teasers(ids: Sequence[int], viewer: Member | None) -> dict[int, str]:
    rows = db.session.execute(select(Posting.id, func.substr(Posting.text, 1, 2000)).where(Posting.id.in_(ids)))
    return {id: excerpt(text) for id, text in rows if text}
