"""People: profiles of members, private by default, every field with its own visibility; whom they know and where they belong."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l

from commons.people import actions, documents, queries
from commons.people.commands import group
from commons.people.models import Affiliation, Contact, Evidence, FirstSteps, Profile, ProfileWord
from commons.people.views import blueprint
from commons.room import Check, Follower, Kind, Navigation, Panel, Room, Table

kind = Kind(
    name="profile",
    collection="members",
    model=Profile,
    label=_l("Member"),
    plural=_l("Members"),
    fields=(),
    page=lambda profile: url_for("people.profile", username=profile.slug),
    documents=documents.search_documents,
    document=documents.search_document,
    record=documents.record,
    about=documents.about_line,
    takes=actions.takes,
    may_watch=queries.may_follow,
    teasers=documents.teasers,
)

room = Room(
    name="people",
    blueprints=(blueprint,),
    navigation=(Navigation(_l("People"), "people.people", "person", 70),),
    kinds=(kind,),
    panels={
        "organisation": (Panel(_l("People"), "commons/people/_people.html", documents.people_panel, 40),),
        "subject": (Panel(_l("People who know about it"), "commons/people/_who_knows.html", documents.who_knows, 30),),
        "search people": (
            Panel(_l("People who know about it"), "commons/people/_who_knows.html", documents.who_knows_words),
        ),
        "feed": (Panel(_l("First steps"), "commons/people/_steps.html", documents.steps_panel, 5),),
    },
    commands=(group,),
    followers=(Follower("invitations", actions.forget_addresses), Follower("evidence", actions.follow_evidence)),
    tables=(
        Table(Profile, public=False),
        Table(ProfileWord, public=False),
        Table(Affiliation, public=False),
        Table(Contact, public=False),
        Table(FirstSteps, public=False),
        Table(Evidence, public=False),
    ),
    checks=(Check("people: found by the words they show, and by no others", queries.words_that_differ),),
)
