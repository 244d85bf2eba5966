"""Moments as people read them: always with the words that it is universal time."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import gettext as _

from commons.web import date_words


def moment_words(slot: str) -> str:
    at = datetime.fromisoformat(slot).astimezone(UTC)
    return _("%(day)s, %(time)s in universal time (UTC)", day=date_words(at.date()), time=f"{at:%H:%M}")
