"""Reads: who may merge, what stands against it, suspects, merges, and which record another one became."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import abort
from flask_babel import gettext as _
from sqlalchemy import Select, and_, func, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload
from werkzeug.exceptions import NotFound

from commons.audience import visible_to
from commons.db import Model, db
from commons.entries.asks import has_voice, speaks_for
from commons.entries.models import Entry
from commons.entries.queries import Moved, by_id, find, visible
from commons.members.models import Member, Seat
from commons.moderation.models import Held
from commons.moderation.queries import is_guarded
from commons.room import rooms
from commons.web import Gone
from directory.merging.models import Merge, Suspect
from directory.merging.rules import TOLD, moving
from directory.models import Organisation


def may_judge(viewer: Member | None) -> bool:
    """Who sees the queue and says that two are different: moderators, and members whose edits show at once."""
    return viewer is not None and viewer.may_write and (viewer.is_moderator or viewer.trusted is not None)


def may_merge(viewer: Member | None, winner: Organisation, loser: Organisation) -> bool:
    """A moderator merges any two. Others merge what nobody speaks for; where somebody does, only a steward of both, or of the one
    that stays if nobody speaks for the other: a merge gives the people of one a seat at the other."""
    if viewer is None or not may_judge(viewer) or viewer.is_moderator:
        return viewer is not None and may_judge(viewer)
    taken = spoken_for([winner.id, loser.id])
    if loser.id in taken:
        return all(has_voice(viewer, one.id, "steward") for one in (winner, loser))
    return winner.id not in taken or has_voice(viewer, winner.id, "steward")


def spoken_for(ids: Iterable[int]) -> set[int]:
    """Those among these organisations for which somebody speaks."""
    doors = {speaks_for(id): id for id in ids}
    return {doors[one] for one in db.session.scalars(select(Seat.audience).where(Seat.audience.in_(doors)).distinct())}


def faults_of(winner: Organisation, loser: Organisation, actor: Member) -> list[str]:
    """What stands against making these two one, as sentences, as far as this member may know it: see `share_a_deal`."""
    faults = []
    if winner.audience != loser.audience:
        faults.append(_("They are not shown to the same people. Make that the same first."))
    for one in (winner, loser):
        if not one.is_live:
            faults.append(_("“%(name)s” was removed.", name=one.title))
    waits = select(Held.id).where(Held.entry_id == loser.id, Held.state == "waiting").limit(1)
    if db.session.scalar(waits) is not None:
        faults.append(_("An edit of “%(name)s” waits to be looked at. Decide about it first.", name=loser.title))
    if is_guarded(actor, winner) or is_guarded(actor, loser):
        faults.append(_("One of them is protected: a moderator merges them."))
    if share_a_deal(winner.id, loser.id, actor):
        faults.append(_("Both take part in the same proposal or partnership, so they were two when it was made."))
    return faults


def share_a_deal(one: int, other: int, viewer: Member | None = None) -> bool:
    """Do both take part in the same dossier, of those that this viewer reads, or without a viewer of all? Dossiers are private:
    what they stand against is said to those who sit in them alone."""
    party = Model.metadata.tables["party"]
    mine, theirs = party.alias(), party.alias()
    both = select(mine.c.proposal_id).join(theirs, theirs.c.proposal_id == mine.c.proposal_id)
    both = both.where(mine.c.organisation_id == one, theirs.c.organisation_id == other)
    if viewer is not None:
        both = both.join(Entry, Entry.id == mine.c.proposal_id).where(visible(viewer))
    return db.session.scalar(both.limit(1)) is not None


def organisation_now(id: int, viewer: Member | None) -> Organisation:
    """The organisation with this number, or the one that it was merged into; else 404, or Gone."""
    try:
        found = by_id(id, viewer)
    except Moved as fault:
        found = db.session.get(Organisation, fault.entry.id)
    return found if isinstance(found, Organisation) else abort(404)


def organisation_at(slug: str, viewer: Member | None) -> Organisation | None:
    """The same by an address; None where there is none."""
    try:
        found = find(rooms().kinds["organisation"], slug, viewer)
    except Moved as fault:
        found = db.session.get(Organisation, fault.entry.id)
    except (NotFound, Gone):
        found = None
    return found if isinstance(found, Organisation) else None


def suspects(state: str, viewer: Member | None) -> Select[Suspect, Organisation, Organisation]:
    """(suspect, one, other), the likeliest first; the latest first where somebody decided. Pairs of which this viewer may not see
    both are left out. Without a state all are found."""
    one, other = aliased(Organisation), aliased(Organisation)
    order = (Suspect.score.desc(), Suspect.id) if state == "open" else (Suspect.at.desc(), Suspect.id.desc())
    return (
        select(Suspect, one, other)
        .join(one, one.id == Suspect.one_id)
        .join(other, other.id == Suspect.other_id)
        .where(*([Suspect.state == state] if state else []), visible(viewer, one), visible(viewer, other))
        .options(joinedload(Suspect.by))
        .order_by(*order)
    )


def suspect_at(id: int, viewer: Member | None) -> tuple[Suspect, Organisation, Organisation]:
    query = suspects("", viewer).where(Suspect.id == id)
    found = db.session.execute(query).unique().first() if id < 2**31 else None
    return (found[0], found[1], found[2]) if found else abort(404)


def page_of(query: Any, page: int, per_page: int) -> tuple[list[Any], int]:
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).options().subquery())) or 0
    return list(db.session.execute(query.limit(per_page).offset((page - 1) * per_page)).unique()), int(total)


def every(query: Any, limit: int) -> list[Any]:
    return list(db.session.execute(query.limit(limit)).unique())


def suspects_of(organisation: Organisation, viewer: Member | None) -> list[Entry]:
    """The open suspects of one record."""
    sides = ((Suspect.one_id, Suspect.other_id), (Suspect.other_id, Suspect.one_id))
    pairs = union_all(*(select(other).where(own == organisation.id, Suspect.state == "open") for own, other in sides))
    return list(db.session.scalars(select(Entry).where(Entry.id.in_(pairs), visible(viewer)).order_by(Entry.id)))


def suspect_of(one: int, other: int) -> Suspect | None:
    pair = sorted((one, other))
    return db.session.scalar(select(Suspect).where(Suspect.one_id == pair[0], Suspect.other_id == pair[1]))


def merges(viewer: Member | None) -> Select[Merge, Entry, Entry]:
    """(merge, winner, loser), the latest first; those of records behind doors that this viewer may enter."""
    winner, loser = aliased(Entry), aliased(Entry)
    return (
        select(Merge, winner, loser)
        .join(winner, winner.id == Merge.winner_id)
        .join(loser, loser.id == Merge.loser_id)
        .where(visible_to(viewer, winner.audience), visible_to(viewer, loser.audience))
        .options(joinedload(Merge.by))
        .order_by(Merge.id.desc())
    )


def merge_at(id: int, viewer: Member | None) -> tuple[Merge, Entry, Entry]:
    found = db.session.execute(merges(viewer).where(Merge.id == id)).unique().first() if id < 2**31 else None
    return (found[0], found[1], found[2]) if found else abort(404)


def standing_merge(loser_id: int) -> Merge | None:
    """The merge by which this record went, if it was not taken back."""
    return db.session.scalar(
        select(Merge).where(Merge.loser_id == loser_id, Merge.undone.is_(None)).order_by(Merge.id.desc()).limit(1)
    )


def later_merge(merge: Merge) -> Merge | None:
    """One that has to be taken back first: of the same record into another one, or of others into it since."""
    both = (merge.winner_id, merge.loser_id)
    later = or_(Merge.loser_id.in_(both), Merge.winner_id.in_(both))
    query = select(Merge).where(Merge.id > merge.id, Merge.undone.is_(None), later)
    return db.session.scalar(query.order_by(Merge.id.desc()).limit(1))


def statements_aside(winner_id: int, loser_id: int, viewer: Member | None) -> int:
    """How many statements stay with the record that goes, because the one that stays has such a one of its own, or is its other side."""
    said = Model.metadata.tables["statement"]
    entry, twin = aliased(Entry), said.alias()
    both = (winner_id, loser_id)
    found = 0
    for own, other in ((said.c.about_id, said.c.voice_id), (said.c.voice_id, said.c.about_id)):
        same = and_(twin.c[own.name] == winner_id, twin.c[other.name] == other)
        taken = or_(other.in_(both), select(twin.c.id).where(same).exists())
        query = select(func.count()).select_from(said).join(entry, entry.id == said.c.id)
        found += db.session.scalar(query.where(own == loser_id, taken, visible(viewer, entry))) or 0
    return found


def references(loser_id: int, viewer: Member | None) -> dict[str, int]:
    """How many rows of a table would go along, or entries of a kind (`kind:need`) that stand in the organisation; of entries those
    that this viewer may see."""
    entry = aliased(Entry)
    found: dict[str, int] = {}
    for _rule, where in moving():
        whole: Any = where.table
        if whole.name != "entry":
            query = select(func.count()).select_from(whole).where(where == loser_id)
            if whole.name in TOLD:
                query = query.join(entry, entry.id == whole.c[TOLD[whole.name]]).where(visible(viewer, entry))
            found[whole.name] = found.get(whole.name, 0) + (db.session.scalar(query) or 0)
    found["seat"] = db.session.scalar(select(func.count()).where(Seat.audience == speaks_for(loser_id))) or 0
    within = select(Entry.kind, func.count()).where(Entry.within_id == loser_id, visible(viewer)).group_by(Entry.kind)
    found |= {f"kind:{row[0]}": row[1] for row in db.session.execute(within)}
    return {name: many for name, many in found.items() if many}
