"""The blueprint of talks."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("talks", __name__)
Answer = str | Response | tuple[str, int]
