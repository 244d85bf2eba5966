"""The wiki: pages that anyone can mend and nobody can lose."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from commons.room import Kind, Navigation, Panel, Room, Table
from commons.web import language_name
from wiki import actions, checks
from wiki.commands import group
from wiki.documents import records
from wiki.documents.reading import tabs
from wiki.fields import FIELDS
from wiki.models import Page, PageAuthor, PageImport
from wiki.outlines import OUTLINES
from wiki.panels import evidence, known_box, pages_naming, wanting_sources
from wiki.views import blueprint, writing

kind = Kind(
    name="page",
    collection="wiki",
    resource="pages",
    model=Page,
    label=_l("Page"),
    plural=_l("Pages"),
    fields=FIELDS,
    page=lambda page: url_for("wiki.page", slug=page.slug),
    tabs=tabs,
    new=lambda title: url_for("wiki.new", title=title),
    documents=records.search_documents,
    document=records.search_document,
    record=records.record,
    teasers=records.teasers,
    may_edit=actions.may_edit,
    edit=actions.edit_page,
    tells=("created", "edited", "restored", "undid a change", "translated"),
)


def start(app: Flask) -> None:
    for view in (writing.save, writing.resolve, writing.add):
        app.extensions["csrf"].exempt(view)  # their forms ask for the token themselves, and keep what was typed
    names = app.extensions.setdefault("names of fields", {})
    names["language"] = language_name
    names["outline"] = lambda key: str(OUTLINES[key].label) if key in OUTLINES else key


room = Room(
    name="wiki",
    blueprints=(blueprint,),
    navigation=(Navigation(_l("Wiki"), "wiki.wiki", "wiki", 20),),
    kinds=(kind,),
    panels={
        "subject box": (Panel(_l("What is known"), "", known_box, 20),),
        "evidence": (Panel("", "", evidence),),
        "organisation": (Panel(_l("Pages that name it"), "wiki/_naming.html", pages_naming, 40),),
        "task": (Panel(_l("Say where a page has it from"), "wiki/_naming.html", wanting_sources, 20),),
        "file": (Panel(_l("Pages that show it"), "wiki/_naming.html", pages_naming, 40),),
    },
    commands=(group,),
    tables=(Table(PageImport), Table(PageAuthor), Table(Page)),
    checks=checks.checks,
    start=start,
)
