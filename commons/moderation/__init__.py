"""Moderation: protection, edits that wait to be looked at, reports, and taking back what one member did; in the open, with reasons."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, url_for

from commons.members.door import viewer
from commons.moderation.checks import checks
from commons.moderation.models import Held, Protection, Report
from commons.moderation.reports import counts
from commons.moderation.views import blueprint
from commons.room import Room, Table


def start(app: Flask) -> None:
    app.context_processor(_masthead)


def _masthead() -> dict[str, Any]:
    """The link in the masthead of moderators, with how many edits and reports wait; asked once a request."""
    who = viewer()
    if who is None or not who.is_moderator:
        return {}
    if "moderation" not in g:
        edits, reported = counts(who)
        g.moderation = {"url": url_for("moderation.queue"), "count": edits + reported, "reports": reported}
    return {"moderation": g.moderation}


room = Room(
    name="moderation",
    blueprints=(blueprint,),
    tables=(Table(Protection), Table(Held, public=False), Table(Report, public=False)),
    checks=checks,
    start=start,
)
