"""Watching: what others changed in the entries and areas that a member chose."""

from __future__ import annotations

from commons.feed.models import Watch
from commons.feed.views import blueprint
from commons.room import Room, Table

room = Room(name="feed", blueprints=(blueprint,), tables=(Table(Watch, public=False),))
