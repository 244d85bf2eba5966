"""Groups: people with a purpose, behind a door of their own choosing."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from commons.groups import actions, newsreader, queries, tending
from commons.groups.checks import checks
from commons.groups.commands import group as commands
from commons.groups.documents import records
from commons.groups.documents.pages import tabs
from commons.groups.fields import FIELDS
from commons.groups.letters import letters
from commons.groups.models import Application, Group, NewsItem, Subscription
from commons.groups.panels import groups_box, groups_of_profile
from commons.groups.views import blueprint
from commons.room import Follower, Kind, Navigation, Panel, Room, Table

kind = Kind(
    name="group",
    collection="groups",
    model=Group,
    label=_l("Group"),
    plural=_l("Groups"),
    fields=FIELDS,
    page=lambda group: url_for("groups.group", slug=group.slug),
    documents=records.search_documents,
    document=records.search_document,
    record=records.record,
    may_edit=actions.may_edit,
    edit=actions.edit_group,
    remove=actions.remove_group,
    bring_back=actions.bring_back_group,
    tabs=tabs,
    new=lambda title: url_for("groups.new", title=title),
    about=records.about,
    takes=actions.takes,
    teasers=queries.teasers,
    tells=("created", "edited", "archived", "reopened", "announced"),
)


def start(app: Flask) -> None:
    names = app.extensions.setdefault("names of fields", {})
    names["joining"] = names["modules"] = records.field_words


room = Room(
    name="groups",
    blueprints=(blueprint,),
    navigation=(Navigation(_l("Groups"), "groups.groups", "person", 50),),
    kinds=(kind,),
    panels={
        "subject box": (Panel(_l("Groups"), "", groups_box, 60),),
        "profile": (Panel(_l("Groups"), "commons/groups/_about.html", groups_of_profile, 40),),
    },
    commands=(commands,),
    followers=(Follower("groups", tending.follow), Follower("news", newsreader.follow)),
    tables=(
        Table(Group),
        Table(Application, public=False),
        Table(Subscription, public=False),
        Table(NewsItem, public=False),
    ),
    checks=checks,
    letters=letters,
    start=start,
)
