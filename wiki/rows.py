"""The lines of a file of pages: what each says, or why it cannot be taken.

A line is one JSON object. With `page` it is a **revision** {page, rev, user, time, summary, text or deleted: true}, in
order of time; without, it is a **page without history** {title, text, summary} or {title, redirect}. Both may name
`language` and `focus` (slugs of areas), a revision also the `title` of its page. Texts come as they are, byte for byte;
only what no database keeps (NUL, half of a character) becomes U+FFFD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commons.text import clean_line
from commons.text.lines import split_lines
from commons.text.unpacking import Broken, in_utf8, unpacked

LINE = 16_000_000  # bytes: a text of LONGEST with every sign written as an escape still fits
LONGEST = 1_000_000  # characters of one text: what can be shown
NAME, NOTE, SUMMARY, WRITER = 200, 300, 300, 100
_UNFIT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PageRow:
    number: int
    page: str  # its id at the source
    text: str
    has_history: bool
    title: str = ""
    deleted: bool = False
    redirect: str = ""
    at: datetime | None = None
    user: str = ""
    note: str = ""
    summary: str = ""
    language: str = ""
    focus: tuple[str, ...] = ()
    mended: bool = False  # held characters that no database keeps


@dataclass(frozen=True, slots=True)
class BadRow:
    number: int
    name: str
    reason: str


class Unfit(Exception):
    """The row cannot be taken; the message is a sentence."""


def read_rows(path: Path) -> Iterator[PageRow | BadRow]:
    """Every line of a file, plain, .gz or .xz, in constant memory. An archive that breaks off ends with a BadRow."""
    number = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(split_lines(in_utf8(unpacked(file)), LINE), start=1):
                if line is None:
                    yield BadRow(number, "", f"The line is longer than {LINE:,} bytes.")
                elif line.strip():
                    yield _row(number, line)
    except Broken as broken:
        yield BadRow(number + 1, "", f"{broken} Line {number} was the last that could be read.")
    except OSError as error:
        yield BadRow(number + 1, "", f"The file cannot be read: {error.strerror or error}.")


def _row(number: int, line: bytes) -> PageRow | BadRow:
    name = ""
    try:
        values = _object(line)
        name = str(values.get("page") or values.get("title") or "")[:100]
        return _page_row(number, values, mended=_mended(values))
    except Unfit as reason:
        return BadRow(number, _UNFIT.sub("\ufffd", name), str(reason))


def _object(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line.decode())
    except UnicodeDecodeError:
        raise Unfit("It is not UTF-8.") from None
    except RecursionError:
        raise Unfit("It is nested too deep.") from None
    except json.JSONDecodeError as error:
        raise Unfit(f"It is not valid JSON: {error.msg} at character {error.pos + 1}.") from None
    except ValueError:
        raise Unfit("It has a number with too many digits.") from None
    if not isinstance(values, dict):
        raise Unfit("It is not an object with fields.")
    return values


def _mended(values: dict[str, Any]) -> bool:
    mended = False
    for key, value in values.items():
        if isinstance(value, str) and _UNFIT.search(value):
            values[key] = _UNFIT.sub("\ufffd", value)
            mended = True
    return mended


def _page_row(number: int, values: Mapping[str, Any], *, mended: bool) -> PageRow:
    has_history = "page" in values
    page = _words(values, "page" if has_history else "title")
    if not clean_line(page):
        raise Unfit("It names no page.")
    if len(page) > NAME:
        raise Unfit(f"The name of the page is longer than {NAME} characters.")
    summary = clean_line(_words(values, "summary", "note"))
    row = PageRow(
        number=number,
        page=page,
        text=_words(values, "text"),
        has_history=has_history,
        title=clean_line(_words(values, "title")),
        deleted=values.get("deleted") is True,
        redirect=_words(values, "redirect"),
        at=_moment(_words(values, "time", "at")),
        user=clean_line(_words(values, "user", "author"))[:WRITER],
        note=summary[:NOTE] if has_history else "",
        summary="" if has_history else summary[:SUMMARY],
        language=_words(values, "language")[:16],
        focus=tuple(name for name in values.get("focus") or () if isinstance(name, str)),
        mended=mended,
    )
    if len(row.text) > LONGEST:
        raise Unfit(f"The text is longer than {LONGEST:,} characters.")
    if has_history and "text" not in values and not (row.deleted or row.redirect):
        raise Unfit("It has no text and does not say that the page was deleted.")
    return row


def _words(values: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is there."""
    for name in names:
        if (value := values.get(name)) is not None:
            if not isinstance(value, str):
                raise Unfit(f"The field “{name}” is not a text.")
            return value
    return ""


def _moment(words: str) -> datetime | None:
    if not words:
        return None
    try:
        moment = datetime.fromisoformat(words)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit(f"The time “{words[:40]}” cannot be read; write it like 2026-03-12T09:30:00+00:00.") from None


# --- titles of pages that are known by a path ---

_HEADING = re.compile(r"^ {0,3}#{1,3}[ \t]+([^\n]{1,300}?)[ \t]*#*[ \t]*$", re.M)
_MARKUP = re.compile(r"<[^>\n]{0,200}>|!?\[([^\]\n]{0,200})\](?:\([^)\n]{0,500}\))?|[*_`\\]{1,3}")
_SIGNS = re.compile(r"[\[\]|#<>{}]+")  # would break the links to it
_FOLDERS = frozenset({"readme", "index"})
TITLE = 200


def possible_titles(row: PageRow) -> list[str]:
    """What a page may be called, best first: the title it brings; its first heading; the last parts of its path."""
    if not row.has_history or row.title:
        return [fit_title(row.title) or "Untitled"]
    parts = [part for part in row.page.split("/") if part.strip()]
    if len(parts) > 1 and parts[-1].lower() in _FOLDERS:
        parts.pop()
    spoken = [_spoken(part) for part in parts] or [row.page]
    heading = _HEADING.search(row.text[:20_000])
    found = [_MARKUP.sub(lambda m: m[1] or " ", heading[1])] if heading else []
    found += [spoken[-1], *(f"{spoken[-1]} ({above})" for above in spoken[-2:-1]), " – ".join(spoken)]
    return [title for title in map(fit_title, found) if title] or ["Untitled"]


def fit_title(words: str) -> str:
    return clean_line(_SIGNS.sub(" ", words))[:TITLE].strip()


def _spoken(part: str) -> str:
    words = re.sub(r"[-_\s]+", " ", part).strip()
    return words[:1].upper() + words[1:]
