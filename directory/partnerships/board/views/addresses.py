"""The blueprint of the board, and what its pages have in common."""

from __future__ import annotations

from flask import Blueprint, abort

from commons.members.door import viewer
from commons.members.models import Member
from directory.models import Organisation
from directory.partnerships.board import queries
from directory.partnerships.board.actions import may_publish
from directory.partnerships.board.models import Posting
from directory.queries import organisation_at

blueprint = Blueprint("board", __name__)
KINDS = {"needs": "need", "offers": "offer"}


def posting_at(collection: str, entry_id: int) -> Posting:
    """As the viewer may see it; 404 or Gone."""
    return queries.posting_for(KINDS[collection], entry_id, viewer())


def own_posting(collection: str, entry_id: int) -> tuple[Posting, Member]:
    """The same for a page of those who publish for its organisation: for everybody else it does not exist."""
    found, who = posting_at(collection, entry_id), viewer()
    return (found, who) if who is not None and may_publish(who, found.within_id) else abort(404)


def own_organisation(slug: str) -> tuple[Organisation, Member]:
    found, who = organisation_at(slug, viewer()), viewer()
    return (found, who) if who is not None and may_publish(who, found.id) else abort(404)
