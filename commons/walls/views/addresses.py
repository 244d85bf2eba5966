"""The blueprint of walls."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("walls", __name__)
