"""What goes in and what comes out: plain shapes that know no table and no page.

A card carries what one organisation says of itself. A suspect names a card that may be the same organisation, with a
score from 0 to 1 and its reasons, each written `code` or `code:value` so that a page can put them into words.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    id: int
    name: str
    aliases: tuple[str, ...] = ()
    website: str = ""
    email_domain: str = ""
    country: str = ""
    city: str = ""
    postcode: str = ""
    external_ids: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Suspect:
    id: int
    score: float
    reasons: tuple[str, ...]
