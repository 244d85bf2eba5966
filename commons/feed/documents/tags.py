"""What the page of a tag shows of following it, and the page of an area of its tags."""

from __future__ import annotations

from typing import Any

from flask import url_for

from commons.feed.queries import tag_state, tags_meaning
from commons.focus.queries import tree
from commons.focus.subjects import Subject
from commons.members.models import Member


def tag_door(tag: str, viewer: Member | None) -> dict[str, Any] | None:
    """The area that a tag means, the button that follows it, and for moderators the choice of the area."""
    area, on = tag_state(tag, viewer)
    node = tree().nodes.get(area or 0)
    moderates = viewer is not None and viewer.is_moderator
    if node is None and viewer is None:
        return None
    return {
        "area": (node.label, url_for("focus.area", slug=node.slug)) if node else None,
        "on": on,
        "watch_url": url_for("feed.unwatch_tag" if on else "feed.watch_tag", tag=tag) if viewer else None,
        "place_url": url_for("feed.place_tag", tag=tag) if moderates else None,
        "areas": [(one.id, one.label) for one in tree().sorted(list(tree().nodes))] if moderates else [],
        "area_id": node.id if node else 0,
    }


def tags_of_area(subject: Subject, _viewer: Member | None) -> dict[str, Any] | None:
    """The tags that mean this area or one below it; goals and countries have none."""
    found = tags_meaning(list(subject.areas)) if subject.sort == "area" else []
    return {"tags": [(tag, url_for("entries.tag", tag=tag)) for tag in found]} if found else None
