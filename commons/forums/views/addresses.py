"""The blueprint of forums."""

from __future__ import annotations

from flask import Blueprint

from commons.forums.addressing import topic_address

blueprint = Blueprint("forums", __name__)
__all__ = ["blueprint", "topic_address"]
