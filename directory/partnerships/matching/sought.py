"""What is looked for, in the index's own numbers: made once for each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from directory.partnerships.matching import layout
from directory.partnerships.matching.cards import Asked, Card
from directory.partnerships.matching.index import GIVES, WANTS, Index, Wanted
from directory.partnerships.matching.layout import Ints
from directory.partnerships.matching.postings import Floats
from directory.partnerships.matching.weights import NEIGHBOURS, PROFILE
from directory.partnerships.matching.words import counted


@dataclass(frozen=True, slots=True)
class Sought:
    wanted: Wanted
    fields: Mapping[str, float]  # in which the terms are looked for
    given: Wanted  # what the asker has for the other side
    answers: str  # the field of theirs that it answers
    concepts: NDArray[np.int64]  # sorted
    levels: Floats
    rarity: Floats
    own: frozenset[int]  # the concepts that the asker names itself
    point: Floats | None
    country: int
    languages: int
    translation: bool
    neighbours: Ints
    ties: Floats
    closed: Ints  # slots that are never shown

    @property
    def topics_whole(self) -> float:
        return float((self.levels * self.rarity).sum())


def sought(index: Index, asked: Asked) -> Sought:
    wants, gives = wants_of(asked), gives_of(asked)
    areas, goals = asked.topics
    topics = layout.concepts(areas, goals)
    concepts = np.array(sorted(topics), np.int64)
    country, lat, lon = asked.place
    point = np.array(layout.sphere(lat, lon), np.float32)
    near = sorted(asked.card.partners, key=lambda pair: (-pair[1], pair[0]))[:NEIGHBOURS]
    ties = [(slot, weight) for id, weight in near if (slot := index.slot(id)) is not None]
    known = {code: bit for code, bit in index.tongues.items() if code in asked.tongues}
    languages = layout.bits(known, known) if known else 0
    if len(known) < len(set(asked.tongues)):
        languages |= 1 << layout.ANY_OTHER
    closed = [slot for id in (asked.card.id, *asked.excluded) if (slot := index.slot(id)) is not None]
    return Sought(
        wanted=index.wanted(wants),
        fields=WANTS if asked.sort == "offer" else GIVES,
        given=index.wanted(gives),
        answers="offers" if asked.sort == "offer" else "needs",
        concepts=concepts,
        levels=np.array([topics[concept] for concept in concepts.tolist()], np.float32),
        rarity=index.concept_rarity(concepts),
        own=frozenset([area for area, steps in areas if steps == 0] + [-goal for goal in goals]),
        point=point if point.any() else None,
        country=layout.code(country),
        languages=languages,
        translation=asked.card.translation,
        neighbours=np.array([slot for slot, _ in ties], np.int64),
        ties=np.array([weight for _, weight in ties], np.float32),
        closed=np.array(closed, np.int64),
    )


def wants_of(asked: Asked) -> dict[int, float]:
    """The terms of what is looked for; an organisation looks for what it needs and, less, for its like."""
    if asked.text:
        return dict.fromkeys(counted((asked.text,), asked.card.language), 1.0)
    if asked.sort == "offer":
        return texts_of(asked.card, "offers")
    return texts_of(asked.card, "needs")


def gives_of(asked: Asked) -> dict[int, float]:
    """The terms of what the asker has for the other side; for an offer, what it needs."""
    return texts_of(asked.card, "needs" if asked.sort == "offer" else "offers")


def texts_of(card: Card, field: str) -> dict[int, float]:
    """The terms of a card's offers or needs, and those of its description with less weight."""
    postings = card.offers if field == "offers" else card.needs
    found: Counter[int] | dict[int, float] = counted((card.text,), card.language)
    return dict.fromkeys(found, PROFILE) | dict.fromkeys(
        counted(tuple(text for _, text in postings), card.language), 1.0
    )
