"""The blueprint, and the organisation at an address: for everybody, or for its own people only."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template

from commons.entries import queries as entries
from commons.members.door import viewer
from commons.room import rooms
from directory.models import Organisation
from directory.representing.queries.people import belongs

blueprint = Blueprint("representing", __name__)


def organisation_at(slug: str) -> Organisation:
    found: Organisation = entries.find(rooms().kinds["organisation"], slug, viewer())
    return found


def own_organisation(slug: str) -> Organisation:
    """For its own people; for everybody else the page does not exist."""
    found = organisation_at(slug)
    return found if belongs(viewer(), found) else abort(404)


def keyed(template: str, status: int = 200, **words: object) -> Response:
    """A page whose address is a key: no other site learns it, and no search machine keeps it."""
    response = make_response(render_template(f"directory/representing/{template}.html", **words), status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
