"""The feeds that a page names in its head: `<link rel="alternate" type="application/rss+xml" href="…">`.

Not a parser of HTML, but a look at its tags in one pass, so that no page can make it slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

HEAD = 256 * 1024  # bytes of a page that are looked at
FEEDS = {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
_MARK = re.compile(r"<!--|-->|<(link|base)[\s/]([^<>]{1,3000})>", re.I)
_ATTRIBUTE = re.compile(r"""(?<![\w-])(rel|type|href)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)


def links(html: bytes) -> Iterator[str]:
    """As they stand there, but on top of the page's own `<base>`; not those in comments."""
    base, hidden = "", False
    for mark in _MARK.finditer(html[:HEAD].decode("utf-8", "replace")):
        if not mark[1]:
            hidden = mark[0] == "<!--"
        elif not hidden:
            given = _attributes(mark[2])
            href = given.get("href", "").strip()
            if mark[1].lower() == "base":
                base = base or href
            elif href and "alternate" in given.get("rel", "").lower().split() and _kind(given) in FEEDS:
                yield urljoin(base, href)


def _attributes(inside: str) -> dict[str, str]:
    """The first of a name counts, as in browsers."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(inside):
        found.setdefault(name.lower(), unescape("".join(values)))
    return found


def _kind(given: dict[str, str]) -> str:
    return given.get("type", "").split(";")[0].strip().lower()
