"""The print of a card: what is kept of it for comparing, some 600 bytes, with no text and no spelling left.

Everything the index looks things up by follows from the print alone, so that it can be laid out afresh from its prints.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from sys import intern
from typing import Final
from zlib import crc32

from directory.duplicates.cards import Card
from directory.duplicates.names import Words, fold, forms
from directory.duplicates.webs import domain

_TEXT_WORD: Final = re.compile(r"\w+")
_READ: Final = 60
_FEWEST: Final = 8
_KEPT: Final = 16
_TEXT_KEYS: Final = 4


@dataclass(frozen=True, slots=True)
class Print:
    id: int
    names: tuple[Words, ...]
    given: tuple[str, ...]
    initials: tuple[str, ...]
    domains: tuple[str, ...]
    ids: tuple[str, ...]
    country: str
    city: str
    postcode: str
    lat: float | None
    lon: float | None
    sketch: bytes


def sketch_of(text: str) -> bytes:
    """The smallest hashes of three words in a row: what two sketches share, their texts share."""
    words = _TEXT_WORD.findall(text[:1000].lower())[:_READ]
    if len(words) < _FEWEST:
        return b""
    hashes = {crc32(" ".join(words[i : i + 3]).encode()) for i in range(len(words) - 2)}
    return array("I", sorted(hashes)[:_KEPT]).tobytes()


def hashes_in(sketch: bytes) -> list[int]:
    return array("I", sketch).tolist()


def print_of(card: Card) -> Print:
    known = forms(card.name, card.aliases)
    domains = dict.fromkeys((domain(card.website), domain(card.email_domain)))
    domains.pop("", None)
    return Print(
        id=card.id,
        names=tuple(tuple(map(intern, words)) for words in known.names),
        given=known.given,
        initials=known.initials,
        domains=tuple(domains),
        ids=tuple([squeeze_id(value) for value in card.external_ids]),
        country=intern(card.country.strip().casefold()),
        city=intern(fold(card.city).strip()),
        postcode="".join(card.postcode.split()).upper(),
        lat=card.lat,
        lon=card.lon,
        sketch=sketch_of(card.text) if card.text else b"",
    )


def squeeze_id(value: str) -> str:
    """`isni:0000 0004 4680 1620` and `ISNI:0000000446801620` are one."""
    return "".join(value.split()).casefold()


def squeezed(words: Words) -> str:
    return "".join(words)


def keys_of(known: Print) -> Iterator[tuple[str, str | int]]:
    for words in known.names:
        yield "name", squeezed(words)
    if known.city and known.names:
        yield "name+city", squeezed(known.names[0]) + "@" + known.city
    for letters in known.given:
        yield "acronym", letters
    for letters in known.initials:
        yield "initials", letters
    for host in known.domains:
        yield "domain", host
    for value in known.ids:
        yield "id", value
    if known.postcode:
        yield "postcode", known.postcode
    for hashed in hashes_in(known.sketch)[:_TEXT_KEYS]:
        yield "text", hashed
