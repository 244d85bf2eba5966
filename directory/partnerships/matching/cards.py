"""What goes in and what comes out: plain shapes that know no table and no page.

A card carries what one organisation says of itself and what may be known of it by everyone who asks. What is hidden
from some is left out of the card by whoever makes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Posting = tuple[int, str]  # the id of a need or an offer, and its text


@dataclass(frozen=True, slots=True)
class Card:
    id: int
    text: str = ""
    offers: tuple[Posting, ...] = ()
    needs: tuple[Posting, ...] = ()
    areas: tuple[tuple[int, int], ...] = ()  # (area, steps up from one that it names itself: 0 is its own)
    goals: tuple[int, ...] = ()  # 1 to 17
    country: str = ""
    lat: float | None = None
    lon: float | None = None
    scope: str = ""
    type: str = ""
    size: int = 0  # people; 0 is unknown
    language: str = ""  # of the texts
    languages: tuple[str, ...] = ()  # that it works in
    translation: bool = False  # it accepts partners with whom it shares no language
    confirmed: int = 0  # days since 1970; 0 is never
    accepts: bool = False
    capacity: int = 5  # new partners at a time
    open_proposals: int = 0
    interests: int = 0  # received in 14 days
    impressions: int = 0  # in lists of matches, in 14 days
    answered: int = 0  # proposals, within 14 days
    unanswered: int = 0
    answer_days: int | None = None  # usual time to an answer
    parent: int = 0
    partners: tuple[tuple[int, float], ...] = ()  # (organisation, sum of 1 / (parties - 1) over public partnerships)

    def row(self) -> bytes:
        """One line of JSON that holds what differs from an empty card."""
        said = {name: value for name in EMPTY if (value := getattr(self, name)) != EMPTY[name]}
        return ENCODER.encode(said).encode("utf-8", "surrogatepass")


def card_of(row: bytes | Mapping[str, Any]) -> Card:
    """The card that `Card.row` wrote."""
    said = json.loads(row.decode("utf-8", "surrogatepass")) if isinstance(row, bytes) else row
    return Card(**{name: frozen(value) for name, value in said.items()})


def frozen(value: Any) -> Any:
    """A list as a tuple, and so what stands in it."""
    if type(value) is not list:
        return value
    return tuple([tuple(one) if type(one) is list else one for one in value])


ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
EMPTY = asdict(Card(0)) | {"id": None}


@dataclass(frozen=True, slots=True)
class Asked:
    """For what partners are sought. What is left empty is taken from the asking organisation's own card."""

    card: Card
    sort: Literal["need", "offer", "organisation"] = "organisation"
    entry: int = 0  # the need or the offer
    text: str = ""
    areas: tuple[tuple[int, int], ...] = ()
    goals: tuple[int, ...] = ()
    country: str = ""
    lat: float | None = None
    lon: float | None = None
    radius: int = 0  # km
    remote: bool = False
    languages: tuple[str, ...] = ()
    excluded: frozenset[int] = frozenset()  # blocked, refused
    weights: Mapping[str, float] = field(default_factory=dict)  # of weights.WEIGHTS, times 0 to 2
    today: int = 0  # days since 1970

    @property
    def topics(self) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
        return (self.areas, self.goals) if self.areas or self.goals else (self.card.areas, self.card.goals)

    @property
    def place(self) -> tuple[str, float | None, float | None]:
        """Country and coordinates, both of the need or both of the organisation."""
        if self.country or self.lat is not None:
            return self.country, self.lat, self.lon
        return self.card.country, self.card.lat, self.card.lon

    @property
    def tongues(self) -> tuple[str, ...]:
        return self.languages or self.card.languages


Direction = Literal["forward", "back", "both"]


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact of both records without which the score would be lower; `forward` is why they suit the one who asks."""

    code: str
    facts: Mapping[str, Any]
    direction: Direction = "both"


@dataclass(frozen=True, slots=True)
class Match:
    id: int
    score: float
    parts: Mapping[str, float]  # 0 to 1 each
    reasons: tuple[Reason, ...]
    weak: bool = False
    reserved: bool = False  # in a place kept for the small and the new
    bridging: bool = False  # same topics, at least three steps away in the web of partnerships
