"""Markdown of members to HTML that is safe to show, in bounded time.

A short text (nearly every post) is rendered where we stand, in one to ten milliseconds; it is small enough that every
single step of the converter is quick, and between steps it looks at the clock. A long text, or a short one that ran out
of time, goes to a child process with a deadline (commons.text.kiln). What cannot be rendered is shown as written. The
same text is rendered once: a cache by content, bounded in bytes.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from itertools import islice

from markupsafe import Markup, escape

from commons.text import kiln
from commons.text.dialect import MENTION, TITLE, Link, TooSlow

POST = 64_000
PAGE = 200_000
MOST_LINKS = 500
CACHE_BYTES = 24 * 2**20
RETRY_AFTER = 600.0

Links = Callable[[list[str]], Mapping[str, Link]]

SHORT, SHORT_LINES, SHORT_SECONDS = 8_000, 500, 0.15
_FENCE = re.compile(r"(`{3,}|~{3,})")
_TICKED = re.compile(r"(?<!`)(`{1,3})(?!`)[^`\n]{1,500}\1(?!`)")
_TARGET = re.compile(f"{TITLE}|{MENTION}")


def markdown(text: str, *, links: Links | None = None, limit: int = POST, anchor: str = "t") -> Markup:
    """`links` is called once with everything linked, `["Composting", "@ana"]`, and answers with the addresses it knows.
    `anchor` begins every id in the result: give each text on a page its own."""
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    if len(text) > limit:
        return as_written(text)
    targets = linked(text) if links else []
    known = links(targets) if links and targets else {}
    key = hashlib.blake2b(repr((anchor, sorted(known.items()), text)).encode(), digest_size=20).digest()
    html = _cache.get(key)
    if html is None:
        html, lasting = _render(text, known, anchor)
        _cache.put(key, html, lasting)
    return Markup(html)


def linked(text: str) -> list[str]:
    """What a text links to by name, once each: `Composting` for `[[Composting|heaps]]`, `@ana` for a mention."""
    found = (m[0] if m[0].startswith("@") else m[1].strip() for m in _TARGET.finditer(_without_code(text)))
    return list(islice(dict.fromkeys(found), MOST_LINKS))


def _without_code(text: str) -> str:
    kept: list[str] = []
    held: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            held.append(line)
            if line.rstrip() == fence:
                held, fence = [], ""
        elif mark:
            held, fence = [line], mark[1]
        else:
            kept.append(line)
    return _TICKED.sub(" ", "\n".join(kept + held))


def as_written(text: str) -> Markup:
    """The words themselves with their line breaks: what is shown when Markdown cannot be."""
    paragraphs = (str(escape(p)).replace("\n", "<br>\n") for p in re.split(r"\n\s*\n", text.strip()))
    return Markup(f'<div class="as-written">{"".join(f"<p>{p}</p>" for p in paragraphs)}</div>')


def _render(text: str, known: Mapping[str, Link], anchor: str) -> tuple[str, float]:
    """The HTML, and for how many seconds it may be kept."""
    begun = time.monotonic()
    try:
        if len(text) <= SHORT and text.count("\n") <= SHORT_LINES:
            return kiln.rendered(text, known, anchor, SHORT_SECONDS), float("inf")
    except (TooSlow, RecursionError, ValueError):
        pass
    try:
        return kiln.render(text, known, anchor, begun), float("inf")
    except ValueError:
        return str(as_written(text)), RETRY_AFTER
    except kiln.Busy:
        return str(as_written(text)), 0.0


class _Cache:
    def __init__(self, room: int) -> None:
        self.room, self.used, self.lock = room, 0, threading.Lock()
        self.kept: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    def get(self, key: bytes) -> str | None:
        with self.lock:
            html, until = self.kept.get(key, ("", 0.0))
            if until <= time.monotonic():
                return None
            self.kept.move_to_end(key)
            return html

    def put(self, key: bytes, html: str, lasting: float) -> None:
        size = 4 * len(html)
        if not lasting or size > self.room // 4:
            return
        with self.lock:
            old, _ = self.kept.pop(key, ("", 0.0))
            self.used += size - 4 * len(old)
            self.kept[key] = (html, time.monotonic() + lasting)
            while self.used > self.room:
                _, (gone, _) = self.kept.popitem(last=False)
                self.used -= 4 * len(gone)


_cache = _Cache(CACHE_BYTES)
