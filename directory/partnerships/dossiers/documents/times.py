"""Moments as people read them: in their own hours, in those of who offers them, and in universal time; always with the words which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import get_timezone_location
from flask_babel import gettext as _

from commons.db import now
from commons.web import date_words, reader
from directory.partnerships.dossiers.fields import UNIVERSAL, zone_named

HOUR = timedelta(hours=1)
DEGREES = 15.0  # of longitude in an hour


@cache
def zones_in(country: str) -> tuple[str, ...]:
    """The time zones of a country (ISO 3166), as CLDR knows them."""
    named: Mapping[str, str] = get_global("zone_territories")
    return tuple(sorted(name for name, territory in named.items() if territory == country and zone_named(name)))


def zone_at(country: str, lon: float | None) -> str:
    """The zone of a place: the only one of its country, else the one whose winter hours fit its longitude best; UTC where neither is
    known. Only a beginning: people choose another one."""
    zones = zones_in(country)
    if len(zones) < 2 or lon is None:
        return zones[0] if len(zones) == 1 else UNIVERSAL
    noon = datetime(now().year, 1, 1, 12, tzinfo=UTC)
    return min(zones, key=lambda name: (abs(_offset(noon, name) / HOUR - lon / DEGREES), name))


def _offset(at: datetime, zone: str) -> timedelta:
    return at.astimezone(_clock(zone)).utcoffset() or timedelta()


def _clock(zone: str) -> tzinfo:
    return zone_named(zone) or UTC


def zone_words(zone: str, at: datetime | None = None) -> str:
    """Nairobi (UTC+3), as it is at that moment."""
    if zone == UNIVERSAL:
        return _("universal time (UTC)")
    minutes = int(_offset(at or now(), zone) / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    city = get_timezone_location(ZoneInfo(zone), locale=reader(), return_city=True)
    city = city.rpartition("/")[2].replace("_", " ")
    return f"{city} (UTC{sign}{hours}{f':{rest:02}' if rest else ''})"


def moment_words(slot: str, *zones: str) -> str:
    """In each of these zones and in universal time; hours that are the same are said once."""
    at, said = datetime.fromisoformat(slot), dict[timedelta, str]()
    for zone in (*zones, UNIVERSAL):
        local = at.astimezone(_clock(zone))
        words = _(
            "%(day)s, %(time)s in %(zone)s", day=date_words(local), time=f"{local:%H:%M}", zone=zone_words(zone, at)
        )
        said.setdefault(_offset(at, zone), words)
    return _(" · ").join(said.values())
