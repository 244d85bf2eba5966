"""The API: what is public as JSON for everyone, and writing with a member's token.

A kind joins by handing up a public record.
"""

from __future__ import annotations

from commons.api.addresses import start
from commons.api.models import ApiAnswer
from commons.room import Room

room = Room(name="api", start=start)
__all__ = ["ApiAnswer", "room"]
