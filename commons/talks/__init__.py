"""Talks: a topic whose audience is the few who sit in it. No moderator and no administrator reads one."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons.room import Follower, Panel, Room, Table
from commons.talks import documents, ending
from commons.talks.models import Request, TalkWish
from commons.talks.views import blueprint
from commons.talks.views.talks import send


def start(app: Flask) -> None:
    app.extensions["csrf"].exempt(send)  # its form asks for the token itself, and keeps what was typed


room = Room(
    name="talks",
    blueprints=(blueprint,),
    panels={
        "topic": (Panel(_l("Who is in it"), "commons/talks/_talk.html", documents.talk_panel, 1),),
        "profile": (Panel(_l("You and this person"), "commons/talks/_person.html", documents.profile_panel, 90),),
    },
    followers=(Follower("talks waiting", ending.end_requests), Follower("talks left", ending.erase_left)),
    tables=(Table(Request, public=False), Table(TalkWish, public=False)),
    start=start,
)
