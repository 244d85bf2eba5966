"""The gate for everything that is typed, uploaded or sent: one set of rules, the same on both databases.

`clean_line` and `clean_text` always give text that can be stored and shown; `problems` says in a plain sentence why
something should go back to the person instead. Text in a line (names, titles) loses every invisible sign, because two
names that look the same must be the same; in longer texts direction marks are somebody's language and stay.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

import idna
from flask_babel import gettext as _
from flask_babel import ngettext

_SURROGATE = re.compile("[\ud800-\udfff]")
_NONCHARACTER = re.compile(
    "[\ufdd0-\ufdef" + "".join(chr(p << 16 | e) for p in range(17) for e in (0xFFFE, 0xFFFF)) + "]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_TAGS = re.compile("[\U000e0000-\U000e0fff]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]"
)
_JOINER = re.compile("(?<![\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\ufb50-\ufeff])\u200c")
_ZWJ = re.compile(
    "(?<![\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\ufb50-\ufeff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d"
)
_BYTES = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{]|[\]}]', re.S)
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:[ ,]\d{3})+|\d+)(?:[.,]\d+)?(?:[eE][-+]?\d{1,3})?[ ]?%?")
_FORMULA = "=+-@\t\r\n＝＋－＠﹢﹣﹦﹫"


def clean_text(text: str) -> str:
    """Several lines: NFC, line ends as newlines, nothing that cannot be stored."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    for unfit in (_SURROGATE, _NONCHARACTER, _CONTROL, _TAGS):
        text = unfit.sub("", text)
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """One line: as clean_text, no direction marks, no invisible signs, single spaces."""
    text = " ".join(clean_text(text.replace("\x85", " ")).split())
    for unfit in (_DIRECTION, INVISIBLE, _JOINER, _ZWJ):
        text = unfit.sub("", text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def problems(text: str, *, lines: bool, limit: int) -> str | None:
    """Why this should not be taken as it is, as a sentence for the form; None if it may."""
    sentence: str | None = None
    clean = clean_text(text) if lines else clean_line(text)
    over = len(clean) - limit
    if "\x00" in text or _SURROGATE.search(text) or _NONCHARACTER.search(text):
        sentence = _("This contains characters that are not text. Please remove them or type it again.")
    elif text.strip() and not clean.strip():
        sentence = _("There is nothing to read here: the characters in it are invisible.")
    elif over > 0:
        sentence = ngettext(
            "This is %(num)d character too long; %(limit)d fit.",
            "This is %(num)d characters too long; %(limit)d fit.",
            over,
            limit=limit,
        )
    return sentence


def json_depth_ok(raw: bytes, limit: int = 20) -> bool:
    """Is this JSON nested no deeper than `limit`? To ask before parsing. Only UTF-8 is JSON on the wire."""
    if b"\x00" in raw[:4] or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    depth = 0
    for token in _BYTES.finditer(raw):
        sign = raw[token.start()]
        if sign in b"[{":
            depth += 1
            if depth > limit:
                return False
        elif sign in b"]}":
            depth -= 1
    return True


def safe_url(text: str) -> str | None:
    """The address as we store it (scheme and host lowercased, the host in ASCII), or None if it is not one to link to:
    http and https only, no user name in it, nothing that a browser reads differently than we do."""
    text = text.strip(" \t\r\n")
    if not text or len(text) > 2000 or re.search(r"[\s\\<>\"`{}|^]", text) or _unseen(text):
        return None
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or not host
        or "@" in parts.netloc
        or not text[len(parts.scheme) :].startswith("://")
    ):
        return None
    ascii_host = _host(host)
    if ascii_host is None:
        return None
    netloc = ascii_host if port is None else f"{ascii_host}:{port}"
    path, query, fragment = (quote(part, safe="%/:=&?~#+!$,;'@()*[]-._") for part in parts[2:5])
    return urlunsplit((parts.scheme, netloc, path, query, fragment))


def _unseen(text: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in text)


def _host(host: str) -> str | None:
    if ":" in host:
        return f"[{host}]"
    try:
        name = idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        name = host.lower()
    return (
        name if re.fullmatch(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_-]{1,63})*\.?", name) else None
    )


def csv_cell(value: object) -> str:
    """A cell that a spreadsheet shows and never calculates. Write it with quotes round every cell."""
    text = "" if value is None else str(value)
    if isinstance(value, (int, float)) or _NUMBER.fullmatch(text):
        return text
    start = text.lstrip(" \u00a0\u200b\ufeff\u3000")
    return f"'{text}" if start and start[0] in _FORMULA else text
