"""From a question to the matches that are shown."""

from __future__ import annotations

from directory.partnerships.matching import weights
from directory.partnerships.matching.candidates import Candidates, candidates
from directory.partnerships.matching.cards import Asked, Match, Reason
from directory.partnerships.matching.choice import Chosen, chosen, ranked
from directory.partnerships.matching.index import Index
from directory.partnerships.matching.reasons import reader
from directory.partnerships.matching.scores import Scored, scored
from directory.partnerships.matching.sought import Sought, sought

SHOWN = 12


def matches(index: Index, asked: Asked, limit: int = SHOWN, load_penalty: float = 1.0) -> list[Match]:
    """At most `limit` organisations that suit, in the order in which they are shown; the same for the same question."""
    wanted = sought(index, asked)
    found, values = weighed(index, asked, wanted, load_penalty)
    choice = chosen(index, found, values, limit)
    reading = reader(index, asked, wanted)
    shown = [(number, index.card_at(int(found.slots[number]))) for number in choice.order]
    whole = values.records["topics_whole"].tolist()
    return [
        _match(reading.reasons(card, bool(found.raw[number] > 0), whole[number]), card.id, values, choice, number)
        for number, card in shown
        if card
    ]


def ranking(index: Index, asked: Asked, load_penalty: float = 1.0) -> list[tuple[int, float]]:
    """All candidates with their scores, the best first, without the choice among them: for measuring."""
    found, values = weighed(index, asked, sought(index, asked), load_penalty)
    order = ranked(found, values)
    return list(zip(values.records["id"][order].tolist(), values.shown[order].tolist(), strict=True))


def weighed(index: Index, asked: Asked, wanted: Sought, load_penalty: float) -> tuple[Candidates, Scored]:
    found = candidates(index, wanted, float(asked.radius or weights.REACH))
    return found, scored(index, asked, wanted, found, load_penalty)


def _match(reasons: tuple[Reason, ...], id: int, values: Scored, choice: Chosen, number: int) -> Match:
    return Match(
        id=id,
        score=float(values.shown[number]),
        parts={name: round(float(part[number]), 4) for name, part in values.parts.items()},
        reasons=reasons,
        weak=bool(values.score[number] < weights.WEAK),
        reserved=number in choice.reserved,
        bridging=number in choice.bridging,
    )
