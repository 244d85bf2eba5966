"""Looking for a line on an organisation's own website: in a file of its own, or in the head of the page that its record names.

Read by the worker only, on the one road to other people's addresses (`commons/fetch`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask_babel import lazy_gettext as _l

from commons.fetch import Fetched, Unreachable, fetch
from directory.representing.domains import host_of

FILE = "/.well-known/commonground.txt"
NAME = "commonground"
HEAD = 256 * 1024  # bytes of a page that are looked at
LIMIT = 1_000_000  # bytes of an answer
SECONDS = 8.0  # for one address
Fetch = Callable[..., Fetched]

NOT_THERE = _l("The line is not on the site yet.")
ELSEWHERE = _l("The site leads on to another address. Correct the address in the record first.")
REFUSED = _l("The site answered that it cannot be read now.")
_MARK = re.compile(r"<!--|-->|<(body|meta)(?=[\s/>])([^<>]{0,3000})>", re.I)
_ATTRIBUTE = re.compile(r"""(?<![\w-])(name|content)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)


def missing(website: str, token: str, ask: Fetch = fetch) -> Any:
    """Why the line was not found, as a lazy sentence; None: it is there. Tests give an `ask` that may call this machine."""
    alone = urlsplit(website).path in ("", "/")  # a page below a host that many share does not own the host's files
    faults = [_fault(urljoin(website, FILE), website, ask, lambda body: token in _lines(body))] if alone else []
    if faults != [None]:
        faults.append(_fault(website, website, ask, lambda body: token in _metas(body)))
    return None if faults[-1] is None else faults[-1]


def _fault(url: str, website: str, ask: Fetch, holds: Callable[[bytes], bool]) -> Any:
    try:
        got = ask(url, seconds=SECONDS, limit=LIMIT)
    except Unreachable as fault:
        return fault.args[0]
    if _where(got.url) != _where(website):
        return ELSEWHERE
    if got.status != 200:
        return NOT_THERE if got.status in (404, 410) else REFUSED
    return None if holds(got.body) else NOT_THERE


def _where(url: str) -> str:
    return host_of(url) or urlsplit(url).netloc


def _lines(body: bytes) -> list[str]:
    return [line.strip() for line in body[:HEAD].decode("utf-8", "replace").splitlines()]


def _metas(body: bytes) -> list[str]:
    """What the page's head says under our name; nothing in comments, and nothing that stands in its body."""
    found, hidden = [], False
    for mark in _MARK.finditer(body[:HEAD].decode("utf-8", "replace")):
        if not mark[1]:
            hidden = mark[0] == "<!--"
        elif not hidden and mark[1].lower() == "body":
            break
        elif not hidden:
            given = {name.lower(): unescape("".join(values)) for name, *values in _ATTRIBUTE.findall(mark[2])[::-1]}
            if given.get("name", "").strip().lower() == NAME:
                found.append(given.get("content", "").strip())
    return found
