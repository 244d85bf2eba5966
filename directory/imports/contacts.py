"""Web, mail and telephone addresses, and tags of languages."""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import quote, urlsplit

from directory.imports.cleaning import Doubtful, line, optional_line
from directory.imports.words import WORDS

LONGEST_ADDRESS = 500
INSIDE = {"local", "localhost", "internal", "intranet", "lan", "home", "corp", "invalid", "test", "localdomain", "arpa"}
SAFE = "%/:=&?~+!$,;'@()*[]-._"

_PLAIN = re.compile(r"https?://(?:[a-z0-9-]{1,63}\.)+([a-z]{2,24})(?:/[\w./~-]*)?", re.ASCII)
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_LAST_LABEL = re.compile(r"xn--[a-z0-9-]{1,59}|[a-z]{2,24}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", re.ASCII)
_PHONE = re.compile(r"[+(]?[\d][\d\s()./-]{3,30}(?:\s?(?:ext|x)\.?\s?\d{1,6})?", re.IGNORECASE | re.ASCII)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?((?:-[a-z0-9]{5,8})*)", re.IGNORECASE)
TWO_LETTERS = frozenset(WORDS["languages"])


def web_address(value: Any) -> str:
    """http and https only, on a public host by name; a bare domain gets https in front."""
    plain = _PLAIN.fullmatch(value) if isinstance(value, str) and len(value) <= LONGEST_ADDRESS else None
    if plain and plain[1] not in INSIDE:
        return plain[0]
    text = optional_line(value, LONGEST_ADDRESS)
    if not text:
        return ""
    if " " in text or "\\" in text or any(mark in text for mark in '<>"`{}|^'):
        raise Doubtful("is not a web address")
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise Doubtful("does not begin with http or https")
    if scheme and not text[scheme.end() :].startswith("//"):
        raise Doubtful("is not a web address")
    try:
        parts = urlsplit(text if scheme else f"https://{text.removeprefix('//')}")
        port = parts.port
    except ValueError:
        raise Doubtful("is not a web address") from None
    if parts.username is not None or parts.password is not None:
        raise Doubtful("carries a name or password")
    host = public_host(parts.hostname or "")
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    tail = quote(parts.path, safe=SAFE) + (f"?{quote(parts.query, safe=SAFE)}" if parts.query else "")
    return f"{parts.scheme.lower()}://{where}{tail}{f'#{quote(parts.fragment, safe=SAFE)}' if parts.fragment else ''}"


def public_host(host: str) -> str:
    try:  # letters of other scripts in the form that cannot be mistaken for Latin ones
        host = host.lower().rstrip(".").encode("idna").decode() if not host.isascii() else host.lower().rstrip(".")
    except UnicodeError:
        raise Doubtful("is not the address of a public site") from None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.split(".")
    else:
        raise Doubtful("names a machine by its number")
    if labels[-1:] and re.fullmatch(r"0x[0-9a-f]*|\d+", labels[-1]):
        raise Doubtful("names a machine by its number")
    if (
        len(labels) < 2
        or len(host) > 253
        or not all(map(_LABEL.fullmatch, labels))
        or not _LAST_LABEL.fullmatch(labels[-1])
    ):
        raise Doubtful("is not the address of a public site")
    if labels[-1] in INSIDE:
        raise Doubtful("is not the address of a public site")
    return host


def mail_address(value: Any) -> str:
    if isinstance(value, str) and any(mark in value.strip() for mark in "\r\n,;"):
        raise Doubtful("is not one mail address")
    text = optional_line(value, 254).removeprefix("mailto:")
    if not text:
        return ""
    mailbox, at, host = text.rpartition("@")
    if not at or not _MAILBOX.fullmatch(mailbox) or ".." in mailbox or mailbox[0] == "." or mailbox[-1] == ".":
        raise Doubtful("is not a mail address")
    try:
        return f"{mailbox}@{public_host(host)}"
    except Doubtful:
        raise Doubtful("is not a mail address") from None


def telephone(value: Any) -> str:
    text = optional_line(value, 60).removeprefix("tel:")
    if text and (not _PHONE.fullmatch(text) or sum(map(str.isdigit, text)) < 5):
        raise Doubtful("is not a telephone number")
    return text


def language_tag(value: Any) -> str:
    """A tag of BCP 47 in its usual letters: `zh-Hant-TW`."""
    text = line(value, 35).replace("_", "-")
    found = _LANGUAGE.fullmatch(text)
    if not found or (len(found[1]) == 2 and found[1].lower() not in TWO_LETTERS):
        raise Doubtful(f"“{text}” is not the tag of a language" if text else "is empty")
    language, script, region, rest = found.groups()
    tag = language.lower() + (f"-{script.title()}" if script else "") + (f"-{region.upper()}" if region else "")
    return tag + rest.lower()
