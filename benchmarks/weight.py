"""What a first visit to a page sends over the wire: the page and everything it asks for, packed as a browser takes it.

    python -m benchmarks weight

Every address in the page and in its stylesheets and scripts is followed. Anything on another host is counted too,
and should be nothing.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import brotli
from flask.testing import FlaskClient

from benchmarks.figures import Figure
from benchmarks.site import made, opened

PAGES = ("/", "/organisations", "/organisations?q=water", "/focus")
IN_PAGE = re.compile(
    r"""<(?:script|img|source|iframe)\b[^>]*?\bsrc=["']([^"']+)|<link\b([^>]*)>|<use\b[^>]*?\bhref=["']([^"'#]+)"""
)
IN_LINK = re.compile(r"""\bhref=["']([^"']+)""")
FETCHED = re.compile(r"""\brel=["'](?:stylesheet|icon|preload|modulepreload|manifest)""")
IN_STYLE = re.compile(r"""url\(["']?([^"')]+)|@import\s+["']([^"']+)""")
IN_SCRIPT = re.compile(r"""\bimport\s*(?:[\w*{},\s$]+from\s*)?["']([^"']+)""")
TAKES = {"Accept-Encoding": "gzip, br"}


def measure(folder: Path) -> Iterator[Figure]:
    client = opened(made(folder)).test_client()
    for page in PAGES:
        sent, abroad = visit(client, page)
        yield Figure(f"first view of {page}: weight", sum(sent.values()) / 1024, "KB", 60)
        yield Figure("… requests", len(sent), "", 12)
        yield Figure("… requests to other hosts", len(abroad), "", 0)


def visit(client: FlaskClient, page: str) -> tuple[dict[str, int], set[str]]:
    """(bytes by address, addresses on other hosts)"""
    sent: dict[str, int] = {}
    abroad: set[str] = set()
    waiting = [page]
    while waiting:
        address = waiting.pop()
        if address in sent or address in abroad or address.startswith("data:"):
            continue
        if urlsplit(address).netloc:
            abroad.add(address)
            continue
        answer = client.get(address, headers=TAKES)
        assert answer.status_code == 200, address
        sent[address] = len(answer.data)
        kind = answer.content_type.partition(";")[0]
        if kind in ("text/html", "text/css", "text/javascript"):
            waiting += [
                urljoin(address, found) for found in asked_for(kind, unpacked(answer.data, answer.content_encoding))
            ]
    return sent, abroad


def unpacked(content: bytes, encoding: str | None) -> str:
    if encoding == "br":
        content = brotli.decompress(content)
    elif encoding == "gzip":
        content = gzip.decompress(content)
    return content.decode()


def asked_for(kind: str, text: str) -> Iterator[str]:
    if kind == "text/html":
        for source, link, use in IN_PAGE.findall(text):
            if source or use:
                yield source or use
            elif FETCHED.search(link) and (found := IN_LINK.search(link)):
                yield found[1]
        return
    pattern = IN_STYLE if kind == "text/css" else IN_SCRIPT
    for found in pattern.findall(text):
        address = next(filter(None, found)) if isinstance(found, tuple) else found
        if kind == "text/css" or address.startswith((".", "/", "http")):
            yield address
