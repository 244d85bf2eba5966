"""The way out: the whole site as open, documented files, and an empty site made from them."""

from __future__ import annotations

from commons.cli import site
from commons.export import commands
from commons.room import Room

room = Room(name="export", commands=(site,))
__all__ = ["commands", "room"]
