"""What a member follows, as far as they may see it now, and what of it shall be left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select

from commons.audience import doors, keys, through
from commons.db import db, table
from commons.entries.models import Entry
from commons.feed.models import TagWatch, Watch, Wishes
from commons.focus.queries import tree
from commons.members.models import Member
from commons.members.queries import apart

AREA, PERSON, GROUP = "focus", "profile", "group"
NESTS = ("forum",)  # places within a followed place: what stands in them is followed with it
CHOICES = {  # of the feed's address: which followed kinds count
    "groups": (GROUP, "forum"),
    "areas": (AREA,),
    "people": (PERSON,),
    "organisations": ("organisation",),
}


ME: Any = bindparam("me")
ENTRY: Any = bindparam("entry")
SELF_AND_APART: Any = bindparam("apart", expanding=True)
PEOPLE: Any = bindparam("people", expanding=True)
AREAS: Any = bindparam("areas", expanding=True)
KINDS: Any = bindparam("kinds", expanding=True)
AFTER: Any = bindparam("after")


def built(*shape: Any, make: Callable[[], Any]) -> Any:
    """A statement that is the same for everybody but for its values: put together once for each shape, because that costs
    more than to run it."""
    known: dict[Any, Any] = current_app.extensions.setdefault("statements of the feed", {})
    if shape not in known:
        known[shape] = make()
    return known[shape]


def entry_as(name: str) -> Any:
    """The table of entries under a name of its own, in a statement that meets it more than once."""
    return table(Entry).alias(name)


@dataclass
class Followed:
    """`rows`: id: what is watched and visible now. `only`: one of CHOICES, or empty for everything."""

    member: Member
    only: str = ""
    rows: dict[int, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    apart: frozenset[int] = frozenset()

    @property
    def kinds(self) -> tuple[str, ...]:
        return CHOICES.get(self.only, ())

    @cached_property
    def areas(self) -> dict[int, int]:
        """Each area that is followed or stands below one: the one that is followed."""
        mine = [id for id, row in self.rows.items() if row.kind == AREA and row.how != "muted"]
        below = {child: area for area in mine for child in tree().with_children(area)}
        return below | {area: area for area in mine}

    @cached_property
    def people(self) -> dict[int, int]:
        """Each person who is followed, by their number as a member: their profile."""
        mine = (row for row in self.rows.values() if row.kind == PERSON and row.how != "muted")
        return {row.author_id: row.id for row in mine if row.author_id not in self.apart | {self.member.id}}

    @cached_property
    def groups(self) -> list[int]:
        """Groups that have a mail of their own."""
        return [row.id for row in self.rows.values() if row.kind == GROUP]

    @cached_property
    def values(self) -> dict[str, Any]:
        """What goes with a statement that was built for everybody."""
        lists = {"people": sorted(self.people), "areas": sorted(self.areas), "kinds": sorted(self.kinds)}
        own = {"me": self.member.id, "apart": sorted({self.member.id, *self.apart})}
        return {**own, **lists, **keys(self.member)}

    @property
    def is_empty(self) -> bool:
        return not self.tags and not any(row.how != "muted" for row in self.rows.values())

    def sits_in(self, id: int) -> bool:
        return f"group:{id}" in doors(self.member)


def followed(member: Member, only: str = "") -> Followed:
    """Three statements, whatever it is that they follow."""
    found = db.session.execute(built("followed", make=_followed), {"me": member.id, **keys(member)}).all()
    kinds = CHOICES.get(only, ())
    rows = {row.id: row for row in found if not kinds or row.kind in kinds or row.how == "muted"}
    wanted = select(TagWatch.tag).where(TagWatch.member_id == member.id).order_by(TagWatch.tag)
    tags = () if kinds and AREA not in kinds else tuple(db.session.scalars(wanted))
    return Followed(member, only, rows, tags, apart(member))


def _followed() -> Any:
    e, watch = table(Entry), table(Watch)
    names = ("id", "kind", "title", "slug", "language", "author_id", "audience")
    query = select(*(e.c[name] for name in names), watch.c.how, watch.c.mail, watch.c.since)
    query = query.select_from(watch.join(e, e.c.id == watch.c.entry_id))
    return query.where(watch.c.member_id == ME, e.c.state == "live", through(e.c.audience))


def wishes_of(member: Member) -> Wishes:
    """What the member chose, or the defaults; a row that is not there yet is not added by reading it."""
    found = db.session.get(Wishes, member.id)
    return found or Wishes(member_id=member.id, asks="now", digest="weekly", read_to=0, beyond=True)


def pace_of(member_id: int, place: int) -> str:
    """How often a member wants to be told of a group, or of all else."""
    own = db.session.scalar(select(Watch.mail).where(Watch.member_id == member_id, Watch.entry_id == place))
    general = select(Wishes.digest).where(Wishes.member_id == member_id)
    return own or db.session.scalar(general) or "weekly"
