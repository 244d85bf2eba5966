"""Founding a group, its words and settings, and its rest: archived, it is read and nothing is added."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from commons.db import db, lock, now, transaction
from commons.entries.actions import create_entry, edit_entry, record
from commons.entries.within import place_in
from commons.focus.queries import tree
from commons.groups.actions.seats import admin_only, seat, seat_all
from commons.groups.doors import breadth
from commons.groups.fields import checked
from commons.groups.models import MODULES, VISIBILITIES, Group
from commons.groups.queries import DEEPEST, above, is_admin, is_member, members_of
from commons.members.models import Member
from commons.text import clean_text, problems, slug
from commons.web import Forbidden, Invalid

TWICE = timedelta(hours=1)  # the same group by the same founder within this time is one form sent twice
LONGEST_WELCOME = 5000
IN_MODULE = {"forum": "forum", "page": "pages", "file": "files"}  # kind: the module that has to be on


def may_edit(viewer: Member | None, group: Group) -> bool:
    """Its admins, while it is not archived. A moderator who sees it can remove it, and cannot write in it."""
    return viewer is not None and viewer.may_write and is_admin(viewer, group) and group.archived is None


def takes(viewer: Member | None, group: Group, kind: str) -> str | None:
    """Members put topics (shares on its wall), forums, pages and files into it, as far as its modules are on; admins, groups."""
    if viewer is None or not viewer.may_write or group.archived is not None or not is_member(viewer, group):
        return None
    if kind == "group":
        return group.inner_audience if is_admin(viewer, group) else None
    if kind != "topic" and IN_MODULE.get(kind) not in group.modules:
        return None
    return group.inner_audience


def add_group(
    values: Mapping[str, Any],
    *,
    actor: Member,
    visibility: str = "public",
    within_id: int = 0,
    inherits: bool = False,
    note: str = "",
    via: str = "",
) -> Group:
    """A new group with its founder as admin. A form that is sent twice makes one group. Raises Invalid or Forbidden."""
    if not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))
    given = {"joining": "open", "modules": list(MODULES)} | _known(checked(values))
    if not given.get("title"):
        raise Invalid({"title": _("A group needs a name.")})
    if visibility not in VISIBILITIES:
        raise Invalid({"visibility": _("Choose one of the list.")})
    with transaction():
        lock(actor)
        parent = _parent(within_id, visibility, actor)
        if (made := _made_before(given["title"], within_id, actor)) is not None:
            return made
        group = Group(visibility=visibility, within_id=parent.id if parent else None)
        group.audience, group.inherits = visibility, inherits and parent is not None
        if visibility == "private":  # its door is known when it has its number
            group.audience, group.slug = f"member:{actor.id}", hidden_slug(given["title"])
        create_entry(group, given, actor=actor, note=note, via=via)
        group.audience = group.inner_audience
        db.session.flush()
        seat(group, actor, "admin")
        if parent is not None and group.inherits:
            seat_all(group, [member for member, _role in db.session.execute(members_of(parent))])
        return group


def hidden_slug(title: str) -> str:
    """An address that nobody guesses: asking for the name must not tell that a private group has it."""
    return f"{slug(title, fallback='group')[:60].strip('-')}-{secrets.token_hex(4)}"


def _parent(within_id: int, visibility: str, actor: Member) -> Group | None:
    if not within_id:
        return None
    place_in(within_id, "group", actor)  # 404 for what the actor may not see, Forbidden where they are no admin
    parent = db.session.get_one(Group, within_id)
    if len(above(parent)) + 2 > DEEPEST:
        raise Invalid({"within": _("Groups stand at most three deep, one in the other.")})
    if breadth(visibility) > breadth(parent.visibility):
        raise Invalid({"visibility": _("A group cannot be open to more people than the group it stands in.")})
    return parent


def _made_before(title: str, within_id: int, actor: Member) -> Group | None:
    mine = select(Group).where(Group.author_id == actor.id, Group.title == title, Group.state == "live")
    fresh = mine.where(Group.created > now() - TWICE)
    return db.session.scalar(fresh.where(Group.within_id == within_id if within_id else Group.within_id.is_(None)))


def edit_group(
    group: Group,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member,
    note: str = "",
    minor: bool = False,
    verb: str = "edited",
    via: str = "",
    reviewed: bool = False,
) -> dict[str, list[Any]]:
    """What changed, field by field. Raises Conflict, Invalid or Forbidden."""
    given = _known(checked(values))
    with transaction():
        changes = edit_entry(group, given, version=version, actor=actor, note=note, minor=minor, verb=verb, via=via)
        if "title" in changes and group.visibility == "private":
            group.slug = hidden_slug(group.title)
        return changes


def _known(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := [area for area in values.get("focus", ()) if area not in tree().nodes]:
        raise Invalid({"focus": _("There is no area of focus with the number %(number)s.", number=unknown[0])})
    return values


def set_terms(group: Group, *, welcome: str, inherits: bool, actor: Member) -> None:
    """What who joins reads, and whether everybody of the group above belongs to it: turned on, they get their seats at once;
    turned off, nobody loses one. Raises Invalid or Forbidden."""
    welcome = clean_text(welcome).strip()
    if sentence := problems(welcome, lines=True, limit=LONGEST_WELCOME):
        raise Invalid({"welcome": sentence})
    with transaction():
        lock(group)
        admin_only(group, actor)
        if (welcome, inherits) == (group.welcome, group.inherits):
            return
        record(group, "edited", None, actor=actor)
        taken_in = inherits and not group.inherits and group.within_id
        group.welcome, group.inherits = welcome, inherits and group.within_id is not None
        db.session.flush()
        if taken_in:
            parent = db.session.get_one(Group, group.within_id)
            seat_all(group, [member for member, _role in db.session.execute(members_of(parent))])


def archive(group: Group, reason: str, *, actor: Member) -> None:
    """It stays readable for who could read it. Raises Invalid without a reason, Forbidden for others than admins."""
    if not reason.strip():
        raise Invalid({"reason": _("Say why: the reason stands on the page.")})
    with transaction():
        lock(group)
        admin_only(group, actor)
        if group.archived is None:
            group.archived, group.archives = now(), None
            record(group, "archived", None, actor=actor, note=reason.strip())


def reopen(group: Group, reason: str, *, actor: Member) -> None:
    """Undoes `archive`, also where the site did it because nobody wrote any more."""
    with transaction():
        lock(group)
        admin_only(group, actor)
        if group.archived is not None:
            group.archived, group.archives = None, None
            record(group, "reopened", None, actor=actor, note=reason.strip())


def need_it(group: Group, *, actor: Member) -> None:
    """A member says that the group is in use: it is not archived now, and nobody is asked again for a quarter of a year."""
    with transaction():
        lock(group)
        if not is_member(actor, group):
            raise Forbidden(_("Only members of the group do this."))
        if group.archives is not None:
            group.archives = None
            record(group, "answered", None, actor=None)
