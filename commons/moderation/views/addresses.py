"""The blueprint of moderation, and what its pages share."""

from __future__ import annotations

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from commons.members.door import viewer
from commons.members.models import Member
from commons.web import Forbidden, Invalid

blueprint = Blueprint("moderation", __name__)
Page = str | Response | tuple[str, int]


def me() -> Member:
    return viewer() or abort(404)


def told(fault: Invalid | Forbidden) -> str:
    return " ".join(fault.fields.values()) if isinstance(fault, Invalid) else str(fault)
