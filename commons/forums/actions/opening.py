"""Forums themselves: of the site, opened by moderators; of a group, opened when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from commons.db import db, lock, transaction
from commons.entries.actions import create_entry, edit_entry
from commons.forums.fields import FORUM, checked
from commons.forums.models import Forum
from commons.forums.queries import may_edit_forum
from commons.groups.models import Group
from commons.members.models import Member
from commons.web import Forbidden


def add_forum(values: Mapping[str, Any], *, actor: Member, place: int = 50, via: str = "") -> Forum:
    """A forum of the site, which everybody may read. `values`: title, text, focus. Raises Invalid or Forbidden."""
    given = checked(FORUM, {"title": "", "text": "", "focus": [], **values})
    with transaction():
        if not actor.is_moderator:
            raise Forbidden(_("Only moderators open forums."))
        forum = Forum(place=place)
        create_entry(forum, given, actor=actor, via=via)
        return forum


def edit_forum(
    forum: Forum,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member,
    note: str = "",
    minor: bool = False,
    verb: str = "edited",
    via: str = "",
) -> dict[str, list[Any]]:
    """What changed; raises Conflict, Invalid or Forbidden."""
    given = checked(FORUM, values)
    with transaction():
        if not may_edit_forum(actor, forum):
            raise Forbidden(_("You may not change this."))
        return edit_entry(forum, given, version=version, actor=actor, note=note, minor=minor, verb=verb, via=via)


def forum_of(group: Group, actor: Member | None) -> Forum:
    """The forum of a group, made when it is not there yet; who sees what stands in the group sees it."""
    with transaction():
        lock(group)
        there = db.session.scalar(select(Forum).where(Forum.within_id == group.id, Forum.state == "live").limit(1))
        if there is not None:
            return there
        forum = Forum(within_id=group.id, audience=group.inner_audience, language=group.language)
        create_entry(forum, {"title": group.title, "text": "", "focus": group.focus}, actor=actor)
        return forum
