"""Areas of focus: what organisations, pages and needs are about; and the 17 goals they serve."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from commons.focus import actions, documents
from commons.focus.commands import group
from commons.focus.models import Area, AreaParent, FocusLink, RefusedArea
from commons.focus.queries import tree
from commons.focus.suggesting.offering import suggested_areas, suggested_for
from commons.focus.suggesting.views import blueprint as accepting
from commons.focus.views import blueprint
from commons.room import Field, Kind, Navigation, Room, Table

FIELDS = (
    Field("title", _l("Name in English")),
    Field("label_fr", _l("Name in French")),
    Field("label_es", _l("Name in Spanish")),
    Field("definition_en", _l("What belongs here, in English"), "text"),
    Field("definition_fr", _l("What belongs here, in French"), "text"),
    Field("definition_es", _l("What belongs here, in Spanish"), "text"),
    Field("synonyms_en", _l("Other words for it, in English"), "list"),
    Field("synonyms_fr", _l("Other words for it, in French"), "list"),
    Field("synonyms_es", _l("Other words for it, in Spanish"), "list"),
    Field("parents", _l("Stands under"), "list"),
    Field("sdgs", _l("Sustainable Development Goals"), "list"),
    Field("targets", _l("Targets"), "list"),
)

kind = Kind(
    name="focus",
    collection="focus",
    model=Area,
    label=_l("Area of focus"),
    plural=_l("Areas of focus"),
    fields=FIELDS,
    page=lambda area: url_for("focus.area", slug=area.slug),
    documents=documents.search_documents,
    document=documents.search_document,
    record=documents.record,
    may_edit=actions.may_edit,
    edit=actions.edit_area,
    about=documents.definition_line,
)


def start(app: Flask) -> None:
    names = app.extensions.setdefault("names of fields", {})
    names["focus"] = names["parents"] = lambda ids: [
        tree().nodes[i].label if i in tree().nodes else f"#{i}" for i in ids
    ]
    app.add_template_global(suggested_for)
    app.add_template_global(suggested_areas)


room = Room(
    name="focus",
    blueprints=(blueprint, accepting),
    navigation=(Navigation(_l("Areas of focus"), "focus.focus_index", "focus", 40),),
    kinds=(kind,),
    commands=(group,),
    tables=(Table(Area), Table(AreaParent), Table(FocusLink), Table(RefusedArea, public=False)),
    start=start,
)
