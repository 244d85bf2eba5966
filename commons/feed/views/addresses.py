"""The blueprint of what a member follows."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("feed", __name__)
