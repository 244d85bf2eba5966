"""The blueprint of what every kind of entry shares, and the first part of a kind's addresses."""

from __future__ import annotations

from flask import Blueprint, abort
from werkzeug.routing import BaseConverter

from commons.members.door import viewer
from commons.room import Kind, rooms

PER_PAGE = 50
blueprint = Blueprint("entries", __name__)


class CollectionConverter(BaseConverter):
    """Matches the first part of a kind's addresses: organisations, focus, wiki …"""

    regex = "[a-z]+"


def kind_of(collection: str) -> Kind:
    return rooms().collections.get(collection) or abort(404)


def may_edit(kind: Kind, entry: object) -> bool:
    who = viewer()
    return bool(who and who.may_write and (kind.may_edit is None or kind.may_edit(who, entry)))
