"""Markdown of members to HTML that is safe to show, in bounded time.

A short text (nearly every post) is rendered where we stand, in one to ten milliseconds; it is small enough that every
single step of the converter is quick, and between steps it looks at the clock. A long text, or a short one that ran out
of time, goes to a child process with a deadline (commons.text.kiln). A large one goes there in pieces, one by one: what
is not done when the reader has waited long enough is shown as written, and the next reader's turn goes on from there.
What cannot be rendered is shown as written. The same text is rendered once: kept by content, in memory and on disk.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path

from markupsafe import Markup, escape

from commons.text import kiln
from commons.text.dialect import Link, TooSlow
from commons.text.linking import names_in
from commons.text.pieces import Cut, Fitted, Seam, cut
from commons.text.shelf import Memory, Shelf

POST = 64_000
PAGE = 200_000
HUGE = 1_000_000
WHOLE = 48_000  # what is larger is cut
WAIT = 1.9  # seconds for all the pieces of a page together
LAST_START = 0.4  # seconds before that; a child that is ended halfway has to start anew
CACHE_BYTES = 24 * 2**20
NAMES_BYTES = 8 * 2**20
SHELF_BYTES = 256 * 2**20
SHELF_FROM = 4_000  # characters; what is shorter is rendered as quickly as it is read
RETRY_AFTER = 600.0
EDITION = 1  # to be raised when texts come out otherwise for a reason that is not in this folder or its libraries

Links = Callable[[list[str]], Mapping[str, Link]]

SHORT, SHORT_LINES, SHORT_SECONDS = 8_000, 500, 0.15
FOREVER = float("inf")
_OVERRIDES = {
    sign: f"⟦U+{sign:04X}⟧" for sign in (0x202D, 0x202E)
}  # they turn whole sentences round: shown, not obeyed
_TURNING = tuple(map(chr, _OVERRIDES))


def markdown(text: str, *, links: Links | None = None, limit: int = POST, anchor: str = "t") -> Markup:
    """`links` is called once with everything linked, `["Composting", "@ana"]`, and answers with the addresses it knows.
    `anchor` begins every id in the result: give each text on a page its own."""
    text = _plain_lines(text)
    if len(text) > limit:
        return as_written(text)
    content = _digest(text)
    targets = _linked(text, content) if links else []
    known = _only(targets, links(targets)) if links and targets else {}
    key = _digest(_made_with, content, anchor, _said(known, targets))
    html = _cache.find(key)
    if html is None:
        shelf = _shelf if len(text) >= SHELF_FROM else None
        html, seconds = shelf.find(key) if shelf else None, FOREVER
        if html is None:
            html, seconds = _render(text, known, anchor)
            if shelf and seconds == FOREVER:
                shelf.keep(key, html)
        _cache.keep(key, html, seconds)
    return Markup(html)


def linked(text: str) -> list[str]:
    """What a text links to by name, once each: `Composting` for `[[Composting|heaps]]`, `@ana` for a mention,
    `./soil.md` for `[words](soil.md#life)`. Found once per text and kept."""
    text = _plain_lines(text)
    return _linked(text, _digest(text))


def keep_in(folder: Path | None) -> None:
    """Renderings are kept in this folder too from now on, or in memory alone. Nothing else may be in it."""
    global _shelf
    _shelf = Shelf(folder, SHELF_BYTES) if folder else None


def as_written(text: str) -> Markup:
    """The words themselves with their line breaks: what is shown when Markdown cannot be."""
    paragraphs = (str(escape(p)).replace("\n", "<br>\n") for p in re.split(r"\n\s*\n", text.strip()))
    return Markup(f'<div class="as-written">{"".join(f"<p>{p}</p>" for p in paragraphs)}</div>')


def _plain_lines(text: str) -> str:
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    if any(sign in text for sign in _TURNING):  # translating is slow, and rarely needed
        text = text.translate(_OVERRIDES)
    return text


def _linked(text: str, content: bytes) -> list[str]:
    names = _names.find(content)
    if names is None:
        names = "\n".join(names_in(text))
        _names.keep(content, names)
    return names.split("\n") if names else []


def _render(text: str, known: Mapping[str, Link], anchor: str) -> tuple[str, float]:
    """The HTML, and for how many seconds it may be kept."""
    begun = time.monotonic()
    try:
        if len(text) <= SHORT and text.count("\n") <= SHORT_LINES:
            return kiln.rendered(text, known, anchor, SHORT_SECONDS), FOREVER
    except (TooSlow, RecursionError, ValueError):
        pass
    page = cut(text) if len(text) > WHOLE else Cut([text])
    if len(page.pieces) > 1:
        return _render_pieces(page, known, anchor, begun + WAIT)
    try:
        return kiln.render(text, known, anchor, begun), FOREVER
    except ValueError:
        return str(as_written(text)), RETRY_AFTER
    except kiln.Busy:
        return str(as_written(text)), 0.0


def _render_pieces(page: Cut, known: Mapping[str, Link], anchor: str, until: float) -> tuple[str, float]:
    """One after the other, because a heading's id depends on those before."""
    row, numbers = _Row(known, anchor, until), page.numbers()
    for number, piece in enumerate(page.pieces):
        named = page.named(number)
        seam = Seam(row.ids, {n: row.uses[n] for n in named if n in row.uses}, {n: numbers[n] for n in named})
        row.add(page.carried(number), piece, seam)
    if page.notes:
        row.add(page.gathered(row.uses), "\n\n".join(page.notes.values()), Seam(row.ids, {}, {}, notes=True))
    return "\n".join(row.done), row.seconds


class _Row:
    """The pieces of one page. What is done is kept for itself: the next view goes on where this one stopped, and an edit
    renders only the piece that it was made in."""

    def __init__(self, known: Mapping[str, Link], anchor: str, until: float) -> None:
        self.known, self.anchor, self.until = known, anchor, until
        self.done, self.seconds = list[str](), FOREVER
        self.ids, self.uses, self.trail = list[str](), dict[str, int](), b""  # trail: a digest of the ids

    def add(self, text: str, written: str, seam: Seam) -> None:
        names = names_in(text) if self.known else []
        known = _only(names, self.known)
        key = _digest(_made_with, "piece", self.anchor, text, _said(known, names), self.trail, repr(seam[1:]))
        kept = _cache.find(key)
        if kept is None:
            fitted, seconds = self._render(text, written, known, seam)
            _cache.keep(key, json.dumps([fitted, seconds < FOREVER]), seconds)
        else:
            values, given_up = json.loads(kept)
            fitted, seconds = Fitted(*values), RETRY_AFTER if given_up else FOREVER
        self.done.append(fitted.html)
        self.seconds = min(self.seconds, seconds)
        if fitted.ids:
            self.ids += fitted.ids
            self.trail = _digest(self.trail, *fitted.ids)
        for name, count in fitted.uses.items():
            self.uses[name] = self.uses.get(name, 0) + count

    def _render(self, text: str, written: str, known: Mapping[str, Link], seam: Seam) -> tuple[Fitted, float]:
        seconds = 0.0
        try:
            if time.monotonic() < self.until - LAST_START:
                return kiln.render_piece(text, known, self.anchor, seam, self.until), FOREVER
        except ValueError:
            seconds = RETRY_AFTER
        except kiln.Busy:
            self.until = 0.0  # what comes after it would have to be rendered once more: ids depend on those before
        return Fitted(str(as_written(written)), [], {}), seconds


def _only(names: list[str], known: Mapping[str, Link]) -> dict[str, Link]:
    return {name: known[name] for name in names if name in known}


def _said(known: Mapping[str, Link], names: list[str]) -> str:
    """What is known of the names: those come from the text, so the answers in their order say it all."""
    return repr(list(chain.from_iterable(known.get(name, (None,)) for name in names)))


def _digest(*parts: str | bytes) -> bytes:
    made = hashlib.blake2b(digest_size=20)
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        made.update(len(raw).to_bytes(8, "big") + raw)
    return made.digest()


def _maker() -> bytes:
    """A digest of everything that renders: what an older edition kept is never shown by a newer one."""
    sources: Iterable[Path] = sorted(Path(__file__).parent.glob("*.py"))
    libraries = (importlib.metadata.version(name) for name in ("Markdown", "nh3", "pymdown-extensions"))
    return _digest(str(EDITION), *(path.read_bytes() for path in sources), *libraries)


def _begin() -> None:
    """At the start, and after a fork: another thread may have held a lock that nobody gives back here."""
    global _cache, _names
    _cache, _names = Memory(CACHE_BYTES), Memory(NAMES_BYTES)


_cache: Memory
_names: Memory
_shelf: Shelf | None = None
_made_with = _maker()
_begin()
os.register_at_fork(after_in_child=_begin)
