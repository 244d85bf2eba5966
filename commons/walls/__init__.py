"""Walls: what people, groups and organisations post for those who follow them. A share is a topic on somebody's wall."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons.room import Panel, Room
from commons.walls.documents import composer, poll_panel, wall_panel
from commons.walls.views import blueprint, walls


def start(app: Flask) -> None:
    app.extensions["csrf"].exempt(walls.post_share)  # its form asks for the token itself, and keeps what was typed


room = Room(
    name="walls",
    blueprints=(blueprint,),
    panels={
        "feed": (Panel(_l("Share something"), "commons/walls/_composer.html", composer, 10),),
        "profile": (Panel(_l("Wall"), "commons/walls/_wall.html", wall_panel, 30),),
        "group": (Panel(_l("Wall"), "commons/walls/_wall.html", wall_panel, 40),),
        "organisation": (Panel(_l("From the organisation"), "commons/walls/_wall.html", wall_panel, 40),),
        "topic": (Panel(_l("Poll"), "commons/walls/_poll.html", poll_panel, 10),),
    },
    start=start,
)
