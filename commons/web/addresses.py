"""Addresses of lists: every state of a list is a GET address that can be kept and shared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BuildError

FARTHEST = 10_000  # results that can be paged through


def page_number() -> int:
    given = request.args.get("page", "1")
    return min(max(int(given), 1), FARTHEST) if given.isascii() and given.isdigit() and len(given) < 7 else 1


def whole_number(text: str | None) -> int:
    """A number as a form or an address carries it; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _address(args: Iterable[tuple[str, str]]) -> str:
    query = "&".join(_pair(name, value) for name, value in args if value != "")
    return request.path + ("?" + query if query else "")


@lru_cache(maxsize=4096)
def _pair(name: str, value: str) -> str:
    """A page of results has forty addresses that say what was asked, each with one thing changed."""
    return urlencode([(name, value)])


def with_values(**values: Any) -> str:
    """This page's address with other values; an empty value leaves the name out."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in values]
    return _address([*kept, *((name, str(value)) for name, value in values.items() if value not in ("", None))])


def without_value(name: str, value: str) -> str:
    """This page's address without one chosen value, back on its first page."""
    return _address((n, v) for n, v in request.args.items(multi=True) if (n, v) != (name, value) and n != "page")


def filters(*names: str) -> MultiDict[str, str]:
    return MultiDict((name, value) for name, value in request.args.items(multi=True) if name in names)


@dataclass(frozen=True, slots=True)
class Pager:
    page: int
    pages: int
    total: int

    @property
    def prev_url(self) -> str | None:
        return with_values(page=self.page - 1 if self.page > 2 else "") if self.page > 1 else None

    @property
    def next_url(self) -> str | None:
        return with_values(page=self.page + 1) if self.page < self.pages else None

    @property
    def pages_around(self) -> Iterator[tuple[int | None, str | None]]:
        """(number, address) of the pages to show; (None, None) stands for a gap."""
        shown = sorted({1, self.pages, *range(max(1, self.page - 2), min(self.pages, self.page + 2) + 1)})
        for index, number in enumerate(shown):
            if index and number - shown[index - 1] > 1:
                yield None, None
            yield number, with_values(page=number if number > 1 else "")


def pager(total: int, per_page: int, page: int | None = None) -> Pager:
    return Pager(page or page_number(), max(1, ceil(min(total, FARTHEST) / per_page)), total)


def back(endpoint: str, **values: Any) -> str:
    """Where `next` points to: only an endpoint of our own without values, else the given one. An address is never taken from a request."""
    wanted = request.values.get("next", "")
    path = wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else ""
    if path and "\\" not in path and not any(ord(sign) < 33 for sign in path):
        return path
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return "/"
