"""The lines of a file of topics: what each says, or why it cannot be taken.

A line is one JSON object {id, title, forum, created, posts: [{n, id, author, created, text}]}, its posts in order of `n`.
Their texts are words without markup: what would mean something in Markdown is written so that it is shown as it stands,
with its line breaks and the spaces in front of a line; only addresses, `[[names]]`, `@name` and `#tag` are left to mean
what they mean here. What no database keeps (NUL, half of a character) becomes U+FFFD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commons.db import now
from commons.forums.fields import BEGINNING, TITLE
from commons.text import clean_line, clean_text, excerpt
from commons.text.lines import split_lines
from commons.text.unpacking import Broken, in_utf8, unpacked

LINE = 64_000_000  # bytes of one topic with all its posts
LONGEST = 1_000_000  # characters of one text: what can be shown
NAME, WRITER = 90, 100  # characters of an id and of an author's name
_UNFIT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PostRow:
    source_id: str  # of its topic, then its own
    author: str
    at: datetime
    text: str  # words without markup


@dataclass(frozen=True, slots=True)
class BadRow:
    number: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class TopicRow:
    number: int
    source_id: str
    title: str
    forum: str
    at: datetime
    language: str
    posts: tuple[PostRow, ...]
    faults: list[BadRow] = field(default_factory=list)  # posts that cannot be taken


class Unfit(Exception):
    """The row cannot be taken; the message is a sentence."""


def read_rows(path: Path) -> Iterator[TopicRow | BadRow]:
    """Every line of a file, plain, .gz or .xz, one in memory at a time. An archive that breaks off ends with a BadRow."""
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


def _row(number: int, line: bytes) -> TopicRow | BadRow:
    name = ""
    try:
        values = _object(line)
        name = _UNFIT.sub("\ufffd", str(values.get("title") or values.get("id") or "")[:100])
        return _topic_row(number, values)
    except Unfit as reason:
        return BadRow(number, name, str(reason))


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


def _topic_row(number: int, values: Mapping[str, Any]) -> TopicRow:
    id, faults = _id(values, "id"), list[BadRow]()
    if not id:
        raise Unfit("It has no id, so it could not be known again.")
    given = values.get("posts") or []
    if not isinstance(given, list):
        raise Unfit("The field “posts” is not a list.")
    title, at = clean_line(_words(values, "title"))[:TITLE].strip(), _moment(_words(values, "created")) or now()
    posts = tuple(_posts(number, title or id, id, at, given, faults)) or (PostRow(f"{id}/", "", at, ""),)
    return TopicRow(
        number=number,
        source_id=id,
        title=title or excerpt(posts[0].text, BEGINNING) or "Untitled",
        forum=clean_line(_words(values, "forum"))[:100].strip(),
        at=at,
        language=_words(values, "language", "lang")[:16],
        posts=posts,
        faults=faults,
    )


def _posts(
    number: int, name: str, topic: str, at: datetime, given: list[Any], faults: list[BadRow]
) -> Iterator[PostRow]:
    """In order of their numbers; those that have the same one, or none, as they stand in the file. The first of a topic is
    dated like it where it says nothing, a later one like the one before."""
    met: dict[str, int] = {}
    for place, values in sorted(enumerate(given, start=1), key=_order):
        try:
            post = _post_row(topic, values, place, at)
        except Unfit as reason:
            faults.append(BadRow(number, f"{name}, post {place}", str(reason)))
            continue
        met[post.source_id] = again = met.get(post.source_id, 0) + 1
        at = post.at
        yield post if again == 1 else PostRow(f"{post.source_id}~{again}", post.author, post.at, post.text)


def _order(numbered: tuple[int, Any]) -> tuple[int, int]:
    place, values = numbered
    given = values.get("n") if isinstance(values, dict) else None
    return (given if isinstance(given, int) else place), place


def _post_row(topic: str, values: Any, place: int, at: datetime) -> PostRow:
    if not isinstance(values, dict):
        raise Unfit("It is not an object with fields.")
    text = _words(values, "text")
    if len(text) > LONGEST:
        raise Unfit(f"The text is longer than {LONGEST:,} characters.")
    return PostRow(
        source_id=f"{topic}/{_id(values, 'id') or _id(values, 'n') or place}",
        author=clean_line(_words(values, "author"))[:WRITER].strip(),
        at=_moment(_words(values, "created")) or at,
        text=text,
    )


def _id(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, str))):
        raise Unfit(f"The field “{name}” is neither a number nor a text.")
    id = clean_line(_UNFIT.sub("\ufffd", str(value))) if value is not None else ""
    if len(id) > NAME:
        raise Unfit(f"The field “{name}” is longer than {NAME} characters.")
    return id


def _words(values: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is there."""
    for name in names:
        if (value := values.get(name)) is not None:
            if not isinstance(value, str):
                raise Unfit(f"The field “{name}” is not a text.")
            return _UNFIT.sub("\ufffd", value)
    return ""


def _moment(words: str) -> datetime | None:
    """Nothing was said later than now."""
    if not words:
        return None
    try:
        moment = datetime.fromisoformat(words)
        return min((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC), now())
    except (ValueError, OverflowError):
        raise Unfit(f"The time “{words[:40]}” cannot be read; write it like 2026-03-12T09:30:00+00:00.") from None


# --- words without markup, as Markdown ---

_SIGNS = re.compile(
    r"(?P<kept>https?://[^\s<>\"'\[\]]{1,2000}|\[\[[^\[\]\n|]{1,200}(?:\|[^\[\]\n]{1,200})?\]\])"
    r"|(?P<sign>[\\`*]|(?<!\w)_|_(?!\w)|\](?=[(\[:])|\[(?=\^)|!(?=\[))|(?P<other>~|&(?=#?\w{1,32};))"
)
_BEGIN = re.compile(
    r"(?P<space>[ \t\xa0]*)(?:(?P<sign>#{1,6}(?=\s|$)|[>+-]|\[(?=[^\[\]]*\]:))|(?P<listed>\d{1,9})(?=[.)](?:\s|$))|(?P<other>[:=|]))?"
)
_TAB = " " * 4


def in_markdown(words: str) -> str:
    """Markdown that is shown as these words stand, line by line."""
    lines = [_line(line) for line in clean_text(words).strip("\n").split("\n")]
    ends = [f"{line}\\" if line and after else line for line, after in zip(lines, [*lines[1:], ""], strict=True)]
    return "\n".join(ends)


def _line(line: str) -> str:
    if not (line := line.rstrip()):
        return ""
    begin = _BEGIN.match(line)
    assert begin is not None
    space, listed, other = begin["space"].replace("\t", _TAB).replace(" ", "\xa0"), begin["listed"], begin["other"]
    rest = _SIGNS.sub(_shown, line[begin.end() :])
    if listed:
        return rf"{space}{listed}\{rest}"
    sign = _entity(other) if other else rf"\{begin['sign']}" if begin["sign"] else ""
    return f"{space}{sign}{rest}"


def _entity(sign: str) -> str:
    return f"&#{ord(sign)};"


def _shown(found: re.Match[str]) -> str:
    if found["kept"]:
        return found["kept"]
    return _entity(found["other"]) if found["other"] else f"\\{found['sign']}"
