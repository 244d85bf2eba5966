"""A member's first steps, read from what they did; nothing of it is stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from commons.audience import visible_to
from commons.db import db
from commons.entries.models import Change, Entry
from commons.feed.models import Watch
from commons.focus.models import FocusLink
from commons.focus.queries import Node, tree
from commons.members.models import Member
from commons.people.models import FIELDS, FirstSteps, Profile
from commons.people.queries.affiliations import ORGANISATION
from commons.people.queries.profiles import groups_of, profile_of
from commons.search.asking import asked_from
from commons.search.queries import find

STEPS = ("areas", "organisations", "group", "edit", "profile")
ENOUGH = {"areas": 1, "organisations": 3, "group": 1, "edit": 1, "profile": 1}
WRITTEN = ("organisation", "page", "file", "topic", "post")  # a contribution to one of these counts as an edit
MOST = 5  # suggestions of one step


class Step(NamedTuple):
    name: str
    have: int
    enough: int

    @property
    def done(self) -> bool:
        return self.have >= self.enough


def first_steps(member: Member) -> list[Step]:
    followed = _followed(member)
    profile = profile_of(member)
    said = sum(bool(getattr(profile, field, None)) for field in FIELDS) if profile else 0
    have = {
        "areas": followed.get("focus", 0),
        "organisations": followed.get(ORGANISATION, 0),
        "group": len(groups_of(member)),
        "edit": int(_wrote(member)),
        "profile": said,
    }
    return [Step(name, have[name], ENOUGH[name]) for name in STEPS]


def skipped(member: Member) -> bool:
    return db.session.get(FirstSteps, member.id) is not None


def _followed(member: Member) -> dict[str, int]:
    rows = (
        select(Entry.kind, func.count())
        .join(Watch, Watch.entry_id == Entry.id)
        .where(Watch.member_id == member.id, Entry.kind.in_(("focus", ORGANISATION)), Entry.state == "live")
        .group_by(Entry.kind)
    )
    return {kind: int(many) for kind, many in db.session.execute(rows)}


def _wrote(member: Member) -> bool:
    lines = select(Change.seq).join(Entry, Entry.id == Change.entry_id)
    wrote = lines.where(Change.actor_id == member.id, Entry.kind.in_(WRITTEN), Change.revision.is_not(None)).limit(1)
    return db.session.scalar(wrote) is not None


def followed_areas(member: Member) -> list[int]:
    rows = select(Watch.entry_id).join(Entry, Entry.id == Watch.entry_id)
    return list(db.session.scalars(rows.where(Watch.member_id == member.id, Entry.kind == "focus")))


def suggested_organisations(member: Member, profile: Profile | None, areas: Iterable[int]) -> list[Entry]:
    """Of their areas and their country first, then of either; what they follow is left out."""
    country = profile.country if profile else ""
    slugs = [node.slug for area in areas if (node := tree().nodes.get(area))]
    asked = [("focus", slug) for slug in slugs[:10]]
    here = [("country", country)] if country else []
    known = set(db.session.scalars(select(Watch.entry_id).where(Watch.member_id == member.id)))
    found: dict[int, Entry] = {}
    for filters in dict.fromkeys(map(tuple, (asked + here, here, asked, []))):
        answer = find(asked_from(MultiDict(filters), ORGANISATION), member, 3 * MOST)
        found |= {entry.id: entry for entry in answer.entries if entry.id not in known and entry.id not in found}
        if len(found) >= MOST:
            break
    return list(found.values())[:MOST]


def suggested_groups(member: Member, areas: Iterable[int]) -> list[Entry]:
    """Those of their areas first, then the newest; groups of which they are members are left out."""
    own = [int(door.partition(":")[2]) for door in groups_of(member)]
    wanted = [below for area in areas for below in tree().with_children(area)]
    near = select(FocusLink.entry_id).where(FocusLink.area_id.in_(wanted))
    query = (
        select(Entry)
        .where(Entry.kind == "group", Entry.state == "live", visible_to(member, Entry.audience), Entry.id.not_in(own))
        .order_by(Entry.id.in_(near).desc(), Entry.id.desc())
        .limit(MOST)
    )
    return list(db.session.scalars(query))


def offered_areas() -> list[Node]:
    """The headings of the tree, in the reader's language."""
    return tree().headings
