"""A meeting as a calendar file (RFC 5545: lines end in CRLF, are folded at 75 octets, and commas, semicolons, backslashes and line
breaks in texts are escaped)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from directory.partnerships.dossiers.fields import zone_named
from directory.partnerships.dossiers.models import Meeting

WIDEST = 75  # octets of a line


def calendar_file(meeting: Meeting, site: str) -> str:
    """Of a meeting whose time was chosen. `site`: the host that makes its number one of a kind."""
    begins = meeting.chosen or datetime.fromisoformat(meeting.slots[0])
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Common Ground//Meetings//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:meeting-{meeting.id}@{_text(site)}",
        f"DTSTAMP:{_moment(meeting.at)}",
        f"DTSTART:{_moment(begins)}",
        f"DTEND:{_moment(begins + timedelta(minutes=meeting.minutes))}",
        f"SUMMARY:{_text(meeting.title)}",
        f"DESCRIPTION:{_text(_offered(begins, meeting.zone))}",
        *([f"LOCATION:{_text(meeting.place)}"] if meeting.place else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(row)}\r\n" for row in rows)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _offered(begins: datetime, zone: str) -> str:
    """2027-03-01 15:30 Africa/Nairobi (UTC+03:00): the hours of the side that offered it; the moment itself is in UTC."""
    local = begins.astimezone(zone_named(zone) or UTC)
    return f"{local:%Y-%m-%d %H:%M} {zone} (UTC{local.isoformat()[-6:]})"


def _text(words: str) -> str:
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        words = words.replace(sign, escaped)
    return words


def _folded(row: str) -> str:
    """A further line begins with a space; no sign is cut in two."""
    parts, size = [""], 0
    for sign in row:
        octets = len(sign.encode())
        if size + octets > WIDEST:
            parts.append(" ")
            size = 1
        parts[-1] += sign
        size += octets
    return "\r\n".join(parts)
