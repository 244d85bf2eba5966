"""What groups show on other rooms' pages: those of an area of focus, and those of a person."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import func

from commons.db import db
from commons.entries.queries import latest, recent
from commons.focus.queries import tree
from commons.groups import queries
from commons.groups.documents.records import group_rows
from commons.groups.models import Group
from commons.members.models import Member

SHOWN = 6


def groups_about(subject: Any, viewer: Member | None) -> dict[str, Any] | None:
    """`subject`: the ids of an area and of everything below it, or a Goal."""
    nodes = tree().nodes.values()
    areas = subject if isinstance(subject, list) else [node.id for node in nodes if subject.number in node.sdgs]
    found, total = recent(queries.listed(viewer, areas=areas), 1, SHOWN)
    top = tree().top_of(areas)
    url = url_for("groups.groups", area=top.slug if top and isinstance(subject, list) else None)
    return {"groups": group_rows(found, queries.sizes(found)), "total": total, "all_url": url} if found else None


def groups_of_profile(profile: Any, viewer: Member | None) -> dict[str, Any] | None:
    """Of a person, the groups whose people the viewer may see."""
    member = db.session.get(Member, profile.member_id)
    if member is None or viewer is None:
        return None
    named = queries.groups_with(member, viewer).order_by(func.lower(Group.title), Group.id)
    found: list[Group] = latest(named, 100)
    return {"groups": group_rows(found, queries.sizes(found)), "total": len(found), "all_url": ""} if found else None
