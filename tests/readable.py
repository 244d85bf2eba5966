"""What people read of a page, or hear: for tests that look for words in the wrong language, or hold two pages side by side."""

from __future__ import annotations

import re
from html.parser import HTMLParser

WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = re.compile(r"CC BY-SA|CC0-1\.0|Atom|CSV|GeoJSON|JSON|API|Markdown|Common Ground|\bkm\b|https?://\S+|@\S+")
READ_ALOUD = ("title", "alt", "placeholder", "aria-label", "aria-description", "content")
NOT_READ = ("code", "kbd", "pre", "script", "style", "bdi")


def without_tokens(page: str) -> str:
    """A page without what differs from second to second."""
    return re.sub(r'(csrf_token" value|data-token)="[^"]*"', "", page)


def has_words(text: str) -> bool:
    """Words that a language could say otherwise: no names, no figures, no signs."""
    return bool(WORD.search(NAMES.sub("", text)))


class Readable(HTMLParser):
    """The texts of a page: between its tags, and in the attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in NOT_READ:
            self.inside.append(tag)
        if tag != "meta" or given.get("name") == "description":
            self.texts += [value for name in READ_ALOUD if (value := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside and data.strip():
            self.texts.append(" ".join(data.split()))


def readable(page: str) -> list[str]:
    reader = Readable()
    reader.feed(page)
    return reader.texts
