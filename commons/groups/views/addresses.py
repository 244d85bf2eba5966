"""The blueprint of groups, and how every view comes to its group."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, abort

from commons.entries import queries as entries
from commons.groups.models import Group
from commons.groups.queries import is_admin, is_member
from commons.members.door import viewer
from commons.room import rooms

blueprint = Blueprint("groups", __name__)


def group_at(slug: str) -> Group:
    """The group at this address as the viewer may see it; 404, Moved or Gone."""
    return cast(Group, entries.find(rooms().kinds["group"], slug, viewer()))


def own_group(slug: str) -> Group:
    """The same for a page of its members: for everybody else it does not exist."""
    group = group_at(slug)
    return group if is_member(viewer(), group) else abort(404)


def led_group(slug: str) -> Group:
    """The same for a page of its admins."""
    group = group_at(slug)
    return group if is_admin(viewer(), group) else abort(404)
