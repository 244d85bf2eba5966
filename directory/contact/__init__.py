"""Writing to an organisation through the site: no address is shown to either side."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from commons.room import Follower, Panel, Room, Table
from directory.contact import actions, views
from directory.contact.models import Copy, Enquiry
from directory.contact.views import blueprint


def contact_panel(organisation: Any, viewer: Any) -> dict[str, Any] | None:
    """The way to the form; nothing where the record is only a second one of another."""
    if organisation.status == "duplicate" or not organisation.is_live:
        return None
    return {"url": url_for("contact.write", slug=organisation.slug)}


def start(app: Flask) -> None:
    for view in (views.write, views.answer):
        app.extensions["csrf"].exempt(view)  # their forms ask for the token themselves, and keep what was typed


room = Room(
    name="contact",
    blueprints=(blueprint,),
    panels={"organisation": (Panel(_l("Contact"), "directory/contact/_contact.html", contact_panel, 5),)},
    followers=(Follower("letters", actions.forget),),
    tables=(Table(Enquiry, public=False), Table(Copy, public=False)),
    start=start,
)
