"""What the board shows on other rooms' pages: what an organisation needs and offers today, and whether it is open to partnership;
and what is needed and offered about a subject."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from commons.entries.asks import voice_at
from commons.focus.subjects import Box, Subject
from commons.members.models import Member
from directory.partnerships.board import queries
from directory.partnerships.board.actions import may_publish
from directory.partnerships.board.documents.pages import cards
from directory.partnerships.board.models import SORTS

SHOWN = 10


def needs_and_offers(organisation: Any, viewer: Member | None) -> dict[str, Any] | None:
    found = queries.postings_of(organisation.id, viewer)
    said = queries.openness_of([organisation.id]).get(organisation.id)
    own, speaks = may_publish(viewer, organisation.id), bool(voice_at(viewer, organisation.id))
    if not organisation.is_live or not (found or own or (said and said.open)):
        return None
    shown = cards(found[:SHOWN], viewer)
    return {
        "needs": [card for card in shown if card["kind"] == "need"],
        "offers": [card for card in shown if card["kind"] == "offer"],
        "said": said if said and said.open else None,
        "own": own,
        "write_url": url_for("dossiers.new", about=organisation.id) if said and said.open and not speaks else "",
        "new_need": url_for("board.new", collection="needs", organisation=organisation.id),
        "new_offer": url_for("board.new", collection="offers", organisation=organisation.id),
        "openness_url": url_for("board.openness", slug=organisation.slug),
    }


def needs_box(subject: Subject, _viewer: Member | None) -> Box:
    """What organisations need today; what is closed has no sort in the index."""
    return Box(
        kinds=("need",),
        asked=subject.address,
        types=SORTS,
        empty=_("No organisation says that it needs something here."),
        begin=(_("Say what your organisation needs"), url_for("board.new", collection="needs")),
        endpoint="board.needs",
    )


def offers_box(subject: Subject, _viewer: Member | None) -> Box:
    """The same of what they offer."""
    return Box(
        kinds=("offer",),
        asked=subject.address,
        types=SORTS,
        empty=_("No organisation offers anything here yet."),
        begin=(_("Say what your organisation can offer"), url_for("board.new", collection="offers")),
        endpoint="board.offers",
    )
