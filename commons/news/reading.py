"""The child: its limits first, then one feed from its standard input; what it found goes to its standard output as JSON.

It knows neither Flask nor the database, and is refused every socket. What it says is short, but not yet clean.
"""

from __future__ import annotations

import json
import resource
import sys
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any

import feedparser
import nh3

MOST = 200  # items that are told, so that 50 are left when some name no address
LONGEST = 4000  # characters of anything that is told
VERSIONS = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")
MARKUP = ("text/html", "application/xhtml+xml")


def main() -> None:
    memory, processor = map(int, sys.argv[2:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_alone)
    content_type, base = json.loads(sys.stdin.buffer.readline())
    body = sys.stdin.buffer.read()
    try:
        told = _json_feed(body) if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else _feed(body, content_type, base)
    except MemoryError:
        raise SystemExit(1) from None
    except Exception:  # whatever a library makes of a stranger's bytes
        told = None
    sys.stdout.write(json.dumps(told))


def _alone(event: str, _about: object) -> None:
    if event.startswith("socket."):
        raise PermissionError(event)


def _feed(body: bytes, content_type: str, base: str) -> dict[str, object] | None:
    headers = {"content-type": content_type, "content-location": base}
    parsed = feedparser.parse(BytesIO(body), response_headers=headers, sanitize_html=True, resolve_relative_uris=True)
    if not parsed.get("version"):
        return None
    entries = [
        (
            str(entry.get("id") or entry.get("link") or "")[:LONGEST],
            _words(entry.get("title_detail")),
            str(entry.get("link") or "")[:LONGEST],
            _moment(entry),
        )
        for entry in parsed.entries
    ]
    return {"title": _words(parsed.feed.get("title_detail")), "items": _newest(entries)}


def _words(told: Mapping[str, Any] | None) -> str:
    """Without its markup. feedparser calls that plain which holds a tag that it does not know, so we look for ourselves."""
    text = str((told or {}).get("value") or "")[:LONGEST]
    marked = "</" in text or (told or {}).get("type") in MARKUP
    return unescape(nh3.clean(text, tags=set())) if marked else text


def _moment(entry: Mapping[str, Any]) -> int | None:
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        if entry.get(name):
            return timegm(entry[name])
    return None


def _json_feed(body: bytes) -> dict[str, object] | None:
    feed = json.loads(body.decode("utf-8-sig", "replace"))
    if not str(feed.get("version")).startswith(VERSIONS):
        return None
    entries = [
        (
            _text(item, "id") or _text(item, "url"),
            _text(item, "title"),
            _text(item, "url") or _text(item, "external_url"),
            _iso(_text(item, "date_published") or _text(item, "date_modified")),
        )
        for item in feed.get("items") or []
        if isinstance(item, dict)
    ]
    return {"title": _text(feed, "title"), "items": _newest(entries)}


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    return str(value)[:LONGEST] if isinstance(value, (str, int)) else ""


def _iso(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def _newest(entries: list[tuple[str, str, str, int | None]]) -> list[tuple[str, str, str, int | None]]:
    if all(entry[3] is not None for entry in entries):
        entries = sorted(entries, key=lambda entry: -(entry[3] or 0))
    return entries[:MOST]
