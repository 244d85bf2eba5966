"""Announcements: a short word from moderators to everybody, above every page until it is read or over."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from commons.announcements import actions, documents
from commons.announcements.fields import FIELDS
from commons.announcements.models import Announcement, Noted
from commons.announcements.views import blueprint
from commons.room import Follower, Kind, Navigation, Room, Table

kind = Kind(
    name="announcement",
    collection="announcements",
    model=Announcement,
    label=_l("Announcement"),
    plural=_l("Announcements"),
    fields=FIELDS,
    page=lambda announcement: url_for("announcements.announcement", slug=announcement.slug),
    documents=documents.search_documents,
    document=documents.search_document,
    record=documents.record,
    may_edit=actions.may_edit,
    edit=actions.edit_announcement,
    remove=actions.remove_announcement,
    about=documents.about,
    tells=("created",),
)


def start(app: Flask) -> None:
    app.jinja_env.globals["announcements_now"] = documents.announcements_now


room = Room(
    name="announcements",
    blueprints=(blueprint,),
    navigation=(Navigation(_l("Announcements"), "announcements.announcements", "bell", 70),),
    kinds=(kind,),
    followers=(Follower("announcements", actions.follow),),
    tables=(Table(Announcement), Table(Noted, public=False)),
    start=start,
)
