"""News of other sites: what RSS, Atom and JSON Feed tell, as titles with an address and a time, and nothing else of it.

`read` takes the bytes of a feed, `found` the feed's address out of a page. Neither asks the network. A feed is parsed in a
child process, which may die of what strangers wrote (`asking`, `reading`); what it says is cleaned here like all that comes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

from flask_babel import lazy_gettext as _l

from commons.news.asking import TooMuch, asked
from commons.news.finding import links
from commons.text import clean_line, safe_url

LIMIT = 2_000_000  # bytes of a feed
TITLE = 300  # characters
ITEMS = 50
LEADING = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # byte order marks, the other half of wide letters, space

NOT_NEWS = _l("This address is no news feed.")
TOO_MUCH = _l("This news feed is too large or too tangled to be read here.")


class NotNews(Exception):
    """Why nothing was read: a sentence without placeholders, in the language of whoever turns it into text."""


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    """64 hex digits, the same as long as the feed names the item the same; unique within one reading."""
    title: str
    """One line, not empty: where the feed gives none, the address without its scheme."""
    url: str
    at: datetime | None
    """UTC, never later than the reading; None where the feed gives no time that makes sense."""


@dataclass(frozen=True, slots=True)
class News:
    title: str
    items: tuple[Item, ...]
    """At most 50: the newest first if all have a time, else in the feed's own order."""


def read(body: bytes, content_type: str, base: str) -> News:
    """What a feed tells; `base` is the address that gave it. Answers within five seconds. Raises NotNews."""
    if len(body) > LIMIT:
        raise NotNews(TOO_MUCH)
    if body.lstrip(LEADING)[:1] not in (b"<", b"{"):  # feedparser would find one inside a packed file
        raise NotNews(NOT_NEWS)
    try:
        told = asked(body, content_type, base)
    except TooMuch:
        raise NotNews(TOO_MUCH) from None
    if told is None:
        raise NotNews(NOT_NEWS)
    items: dict[str, Item] = {}
    for name, title, address, seconds in told["items"]:
        url = _address(base, address or (name if name.startswith(("http://", "https://")) else ""))
        if url and len(items) < ITEMS:
            key = sha256((name or url).encode("utf-8", "surrogatepass")).hexdigest()
            items.setdefault(key, Item(key, _line(title) or _line(_shown(url)), url, _time(seconds)))
    return News(_line(told["title"]) or (urlsplit(base).hostname or ""), tuple(items.values()))


def found(html: bytes, base: str) -> str | None:
    """The address of the first feed that a page names, `base` being the page's own address."""
    addresses = (_address(base, link) for link in links(html))
    return next((address for address in addresses if address), None)


def _address(base: str, link: str) -> str | None:
    try:
        return safe_url(urljoin(base, link.strip())) if link.strip() else None
    except ValueError:
        return None


def _shown(url: str) -> str:
    return url.split("://", 1)[-1].rstrip("/")


def _line(text: str) -> str:
    line = clean_line(text)
    return line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…"


def _time(seconds: int | None) -> datetime | None:
    now = datetime.now(UTC)
    return datetime.fromtimestamp(min(seconds, int(now.timestamp())), UTC) if seconds and seconds > 0 else None
