"""Which tags a member follows, and which area of focus a tag means."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import literal, select, union_all

from commons.db import db
from commons.feed.models import TagArea, TagWatch
from commons.members.models import Member


def tag_state(tag: str, viewer: Member | None) -> tuple[int | None, bool]:
    """(the area that a tag means, does the viewer follow it?), in one statement."""
    area = select(literal("area").label("what"), TagArea.area_id.label("id")).where(TagArea.tag == tag)
    mine = select(literal("mine"), TagWatch.member_id).where(
        TagWatch.tag == tag, TagWatch.member_id == (viewer.id if viewer else 0)
    )
    rows = {row.what: row.id for row in db.session.execute(union_all(area, mine))}
    return rows.get("area"), "mine" in rows


def tags_meaning(areas: Sequence[int]) -> list[str]:
    """The tags that moderators say mean one of these areas."""
    return list(db.session.scalars(select(TagArea.tag).where(TagArea.area_id.in_(areas)).order_by(TagArea.tag)))
