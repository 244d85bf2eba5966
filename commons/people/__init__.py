"""People: profiles of members, private by default, every field with its own visibility."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l

from commons.people import documents
from commons.people.models import Profile
from commons.people.views import blueprint
from commons.room import Kind, Room, Table

kind = Kind(
    name="profile",
    collection="members",
    model=Profile,
    label=_l("Member"),
    plural=_l("Members"),
    fields=(),
    page=lambda profile: url_for("people.profile", username=profile.slug),
    documents=documents.search_documents,
)

room = Room(name="people", blueprints=(blueprint,), kinds=(kind,), tables=(Table(Profile, public=False),))
