"""The board: what organisations need and offer, and who is open to partnership."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.room import Follower, Kind, Narrowing, Navigation, Panel, Room, Table
from directory.partnerships.board import actions, queries, tending
from directory.partnerships.board.checks import checks
from directory.partnerships.board.documents import records
from directory.partnerships.board.documents.letters import letters
from directory.partnerships.board.documents.panels import needs_and_offers, needs_box, offers_box
from directory.partnerships.board.fields import FIELDS
from directory.partnerships.board.forms import SORT_WORDS
from directory.partnerships.board.models import Need, Offer, Openness, Posting, PostingReminder
from directory.partnerships.board.views import blueprint


def _kind(name: str, model: type[Posting], label: Any, plural: Any) -> Kind:
    collection = records.COLLECTIONS[name]
    return Kind(
        name=name,
        collection=collection,
        model=model,
        label=label,
        plural=plural,
        fields=FIELDS,
        page=records.address,
        documents=records.search_documents,
        document=records.search_document,
        record=records.record,
        may_edit=actions.may_edit,
        edit=actions.edit_posting,
        tabs=records.tabs,
        new=lambda title: url_for("board.new", collection=collection, title=title or None),
        about=records.about,
        takes=actions.takes,
        teasers=queries.teasers,
        tells=("created", "edited", "accepted", "closed", "reopened"),
    )


def start(app: Flask) -> None:
    """Sorts of needs and offers by their words, in the search and in histories; what others hand up keeps its own."""
    names = app.extensions.setdefault("names of fields", {})
    for field in ("sort", "type"):
        names[field] = _named(names.get(field))
    names["remote"] = lambda _value: _("yes")


def _named(others: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    return lambda value: str(SORT_WORDS[value]) if value in SORT_WORDS else others(value) if others else value


room = Room(
    name="board",
    blueprints=(blueprint,),
    navigation=(Navigation(_l("Partnerships"), "board.board", "partnership", 15),),
    kinds=(
        _kind("need", Need, _l("Need"), _l("Needs")),
        _kind("offer", Offer, _l("Offer"), _l("Offers")),
    ),
    narrowings=(
        Narrowing(
            "organisation", "partnership", "open", _l("Partnership"), _l("Open to partnership"), queries.open_ids
        ),
    ),
    panels={
        "organisation": (
            Panel(_l("Needs and offers"), "directory/partnerships/board/_of_organisation.html", needs_and_offers, 20),
        ),
        "subject box": (
            Panel(_l("What is needed"), "", needs_box, 40),
            Panel(_l("What is offered"), "", offers_box, 50),
        ),
    },
    followers=(Follower("board", tending.follow),),
    tables=(Table(Posting), Table(PostingReminder, public=False), Table(Openness)),
    checks=checks,
    letters=letters,
    start=start,
)
