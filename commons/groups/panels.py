"""What groups show on other rooms' pages: those of a subject, and those of a person."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func

from commons.db import db
from commons.entries.queries import latest
from commons.focus.subjects import Box, Subject
from commons.groups import queries
from commons.groups.documents.records import group_rows
from commons.groups.models import Group
from commons.members.models import Member


def groups_box(subject: Subject, _viewer: Member | None) -> Box:
    return Box(
        kinds=("group",),
        asked=subject.words,
        empty=_("No group works on this yet. Three people are enough to begin one."),
        begin=(_("Start a group"), url_for("groups.new")),
    )


def groups_of_profile(profile: Any, viewer: Member | None) -> dict[str, Any] | None:
    """Of a person, the groups whose people the viewer may see."""
    member = db.session.get(Member, profile.member_id)
    if member is None or viewer is None:
        return None
    named = queries.groups_with(member, viewer).order_by(func.lower(Group.title), Group.id)
    found: list[Group] = latest(named, 100)
    return {"groups": group_rows(found, queries.sizes(found)), "total": len(found), "all_url": ""} if found else None
