"""The blueprint, and how every view comes to its page."""

from __future__ import annotations

from typing import cast

from flask import Blueprint

from commons.entries import queries as entries
from commons.members.door import viewer
from commons.room import rooms
from wiki.models import Page

blueprint = Blueprint("wiki", __name__)


def page_at(slug: str) -> Page:
    """The page at this address as the viewer may see it; 404, Moved or Gone."""
    return cast(Page, entries.find(rooms().kinds["page"], slug, viewer()))
