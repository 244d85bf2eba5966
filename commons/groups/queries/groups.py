"""Groups, who belongs to them, what stands in them and who asks to join."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, false, func, or_, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from commons.audience import may_see
from commons.db import db, now
from commons.entries.models import Change, Entry
from commons.entries.queries import visible
from commons.focus.models import FocusLink
from commons.groups.models import Application, Group
from commons.members.models import Member, Seat
from commons.members.queries import member_named
from commons.people.models import Profile
from commons.people.queries import profile_of

DEEPEST = 3  # groups one within the other


def role_of(viewer: Member | None, group: Group) -> str:
    """member, admin, or empty: no seat. No other role on the site opens this door."""
    if viewer is None or not viewer.is_active:
        return ""
    return next((seat.role for seat in viewer.seats if seat.audience == group.door), "")


def is_member(viewer: Member | None, group: Group) -> bool:
    return role_of(viewer, group) != ""


def is_admin(viewer: Member | None, group: Group) -> bool:
    return role_of(viewer, group) == "admin"


def may_see_people(viewer: Member | None, group: Group) -> bool:
    """Who belongs to a group is told to its members, and where the group is no secret to members of the site; never to visitors."""
    return is_member(viewer, group) or (viewer is not None and viewer.is_active and group.visibility != "private")


def _own_ids(member: Member) -> list[int]:
    doors = [seat.audience.removeprefix("group:") for seat in member.seats if seat.audience.startswith("group:")]
    return sorted(int(door) for door in doors if door.isdigit())


def groups_of(member: Member) -> list[Group]:
    """Where this member has a seat, by name."""
    return list(db.session.scalars(groups_with(member, member).order_by(func.lower(Group.title), Group.id)))


def groups_with(member: Member, viewer: Member | None) -> Select[Group]:
    """The same, as far as the viewer may know of it: the groups that they see and whose people they may see."""
    query = select(Group).where(Group.id.in_(_own_ids(member)), visible(viewer))
    if viewer is None:
        return query.where(false())
    return query if viewer.id == member.id else query.where(_people_shown_to(viewer))


def _people_shown_to(viewer: Member) -> Any:
    return or_(Group.visibility != "private", Group.id.in_(_own_ids(viewer)))


def listed(
    viewer: Member | None, *, areas: Sequence[int] = (), language: str = "", joining: str = "", mine: bool = False
) -> Select[Group]:
    """Groups that stirred last first; those that are only read stand last."""
    query = select(Group).where(visible(viewer))
    if areas:
        query = query.where(Group.id.in_(select(FocusLink.entry_id).where(FocusLink.area_id.in_(areas))))
    if language:
        query = query.where(Group.language == language)
    if joining:
        query = query.where(Group.joining == joining, Group.archived.is_(None))
    if mine:
        query = query.where(Group.id.in_(_own_ids(viewer))) if viewer else query.where(false())
    return query.order_by(Group.archived.is_not(None), Group.stirred.desc(), Group.id.desc())


def newest(areas: Sequence[int]) -> Select[Group]:
    """The same for everybody, the youngest first."""
    return listed(None, areas=areas).options(joinedload(Group.author)).order_by(None).order_by(Group.id.desc())


def languages(viewer: Member | None) -> list[str]:
    rows = select(Group.language).where(visible(viewer), Group.language != "").distinct().order_by(Group.language)
    return list(db.session.scalars(rows))


def sizes(groups: Iterable[Group]) -> dict[int, int]:
    """group: how many active members sit in it; in one statement."""
    doors = {group.door: group.id for group in groups}
    rows = (
        select(Seat.audience, func.count())
        .join(Member, Member.id == Seat.member_id)
        .where(Seat.audience.in_(doors), Member.state == "active")
        .group_by(Seat.audience)
    )
    found: dict[str, int] = {door: int(many) for door, many in db.session.execute(rows)} if doors else {}
    return {id: found.get(door, 0) for door, id in doors.items()}


def members_of(group: Group) -> Select[Any]:
    """(member, role), admins first, then by name."""
    rows: Any = select(Member, Seat.role).join(Seat, Seat.member_id == Member.id)
    here = rows.where(Seat.audience == group.door, Member.state == "active")
    return here.order_by(  # type: ignore[no-any-return]
        case((Seat.role == "admin", 0), else_=1), func.lower(Member.name), Member.id
    )


def _hiding() -> Select[Any]:
    return select(Profile.member_id).where(Profile.audience.startswith("member:"))


def page_of_members(group: Group, viewer: Member | None, page: int, per_page: int) -> tuple[list[Any], int]:
    """Who hides their profile is named to those who sit in the group too, and to nobody else."""
    query = members_of(group)
    if not is_member(viewer, group):
        query = query.where(Member.id.not_in(_hiding()))
    total = db.session.scalar(query.order_by(None).with_only_columns(func.count())) or 0
    return list(db.session.execute(query.limit(per_page).offset((page - 1) * per_page))), int(total)


def seats_of(group: Group) -> list[Seat]:
    return list(db.session.scalars(select(Seat).where(Seat.audience == group.door).order_by(Seat.id)))


def seat_in(group: Group, member_id: int) -> Seat | None:
    return db.session.scalar(select(Seat).where(Seat.audience == group.door, Seat.member_id == member_id))


def admins_of(group: Group) -> list[Member]:
    """Those whose accounts are active."""
    rows = members_of(group).where(Seat.role == "admin").options(lazyload(Member.seats))
    return [member for member, _role in db.session.execute(rows)]


def named_to(viewer: Member, username: str) -> Member | None:
    """Another member by user name; who hides from the viewer is found by no name."""
    found = member_named(username) if username.strip() else None
    profile = profile_of(found) if found is not None else None
    hides = profile is not None and not may_see(viewer, profile)
    return None if found is None or hides or found.id == viewer.id else found


def subgroups(group: Group, viewer: Member | None) -> list[Group]:
    """Those that the viewer may see: nothing of a hidden one shows in the group above it."""
    rows = select(Group).where(Group.within_id == group.id, visible(viewer)).order_by(func.lower(Group.title), Group.id)
    return list(db.session.scalars(rows))


def below(group: Group) -> list[Group]:
    """Every group within it, whoever may see it: for the machine, not for a page."""
    found: list[Group] = []
    ids = [group.id]
    while ids:
        rows = db.session.scalars(select(Group).where(Group.within_id.in_(ids)).order_by(Group.id)).all()
        found += rows
        ids = [row.id for row in rows]
    return found


def above(group: Group) -> list[Group]:
    """The groups that it stands in, the nearest first, whoever may see them."""
    found: list[Group] = []
    here = group
    while here.within_id and (parent := db.session.get(Group, here.within_id)):
        found.append(parent)
        here = parent
    return found


def latest_within(group: Group, viewer: Member | None) -> Select[Any]:
    """What stands in it or in its forums, what stirred last first. Posts are read in their topics, subgroups stand apart."""
    forums = select(Entry.id).where(Entry.within_id == group.id, Entry.kind == "forum")
    return (
        select(Entry)
        .where(or_(Entry.within_id == group.id, Entry.within_id.in_(forums)), Entry.kind.not_in(("forum", "group")))
        .where(visible(viewer))
        .options(joinedload(Entry.author).options(lazyload(Member.seats)))
        .order_by(Entry.stirred.desc(), Entry.id.desc())
    )


def last_line(group: Group) -> datetime | None:
    """When a person last wrote anything in the group or in what stands in it."""
    inside = select(Entry.id).where(Entry.id == group.id).cte("inside", recursive=True)
    further = select(Entry.id).join(inside, Entry.within_id == inside.c.id).where(Entry.kind != "group")
    inside = inside.union_all(further)
    lines = select(func.max(Change.at)).where(Change.thread_id.in_(select(inside.c.id)), Change.actor_id.is_not(None))
    return db.session.scalar(lines)


def last_note(group: Group, verb: str) -> str:
    notes = select(Change.note).where(Change.entry_id == group.id, Change.verb == verb).order_by(Change.seq.desc())
    return db.session.scalar(notes.limit(1)) or ""


def application_of(group: Group, member: Member | None) -> Application | None:
    """The last one of this member."""
    if member is None:
        return None
    mine = select(Application).where(Application.group_id == group.id, Application.member_id == member.id)
    return db.session.scalar(mine.order_by(Application.id.desc()).limit(1))


def taken_back(group: Group, member: Member) -> int:
    """How many applications this member took back within a day."""
    mine = (Application.group_id == group.id, Application.member_id == member.id, Application.state == "withdrawn")
    return db.session.scalar(select(func.count()).where(*mine, Application.decided > now() - timedelta(days=1))) or 0


def waiting(group: Group) -> Select[Application]:
    """The oldest first."""
    people = (selectinload(Application.member), selectinload(Application.referred_by))
    query = select(Application).where(Application.group_id == group.id, Application.state == "waiting")
    return query.options(*people).order_by(Application.id)


def application(group: Group, number: int) -> Application | None:
    query = select(Application).where(Application.group_id == group.id, Application.id == number)
    return db.session.scalar(query) if 0 < number < 2**31 else None


def naming(group: Group, member: Member) -> list[Application]:
    """Those that wait for this member's word."""
    return list(db.session.scalars(waiting(group).where(Application.referred_by_id == member.id)))


def teasers(ids: Sequence[int], viewer: Member | None) -> Mapping[int, str]:
    rows = db.session.execute(select(Group.id, Group.summary).where(Group.id.in_(ids), visible(viewer)))
    return {row.id: row.summary for row in rows}
