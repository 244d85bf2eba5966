"""Why two organisations suit each other, in facts that both records hold.

A fact is given only where the score would be lower without it, which the parts of the score say; and what is the same
from both sides (areas, distance, languages, common partners) is worked out from both cards alike, so that each side
reads the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, dist, exp

from directory.partnerships.matching import layout, weights
from directory.partnerships.matching.candidates import RADIUS
from directory.partnerships.matching.cards import Asked, Card, Direction, Posting, Reason
from directory.partnerships.matching.index import Index, Wanted
from directory.partnerships.matching.sought import Sought
from directory.partnerships.matching.words import split, written

WORDS = 2  # shown in each direction
PARTNERS = 3
PART = {  # of the score, from which a reason comes; the other side's view is not the asker's to tune
    "they_offer": "text",
    "they_need": "text",
    "words": "text",
    "area": "topic",
    "goal": "topic",
    "near": "place",
    "languages": "fit",
    "partners": "graph",
    "worked_together": "graph",
    "answers": "alive",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """What is the same for all matches of one question: its telling terms with their weights, in both directions."""

    index: Index
    asked: Asked
    wanted: dict[int, float]
    given: dict[int, float]
    own: frozenset[str]  # the asker's words as they are written
    sought_words: tuple[str, ...]  # of them, those that are looked for, the weightiest first
    rarity: dict[int, float]  # of the asker's areas and goals

    def reasons(self, card: Card, fits: bool, whole: float) -> tuple[Reason, ...]:
        """`fits`: its text has something of what is looked for; `whole`: the rarity of all its topics."""
        index, asked = self.index, self.asked
        found = (
            *forward_words(self, card),
            *back_words(self, card),
            *topics(self, card, whole),
            *near(self, card, fits),
            *languages(asked, card),
            *partners(index, asked, card),
            *answers(card),
            *uncertain(asked, card),
        )
        return tuple(reason for reason in found if asked.weights.get(PART.get(reason.code, ""), 1) > 0)


def reader(index: Index, asked: Asked, sought: Sought) -> Reader:
    card = asked.card
    wanted, given = weighted(sought.wanted), weighted(sought.given)
    texts = (asked.text, card.text, *(text for _, text in (*card.offers, *card.needs)))
    own = written(texts, card.language, {**wanted, **given}.keys())
    looked_for = {word: wanted[term] for term, word in own.items() if term in wanted and "-" not in word}
    sought_words = tuple(sorted(looked_for, key=lambda word: (-looked_for[word], word)))
    rarity = dict(zip(sought.concepts.tolist(), sought.rarity.tolist(), strict=True))
    return Reader(index, asked, wanted, given, frozenset(own.values()), sought_words, rarity)


def weighted(wanted: Wanted) -> dict[int, float]:
    return dict(zip(wanted.terms.tolist(), wanted.weights.tolist(), strict=True))


def forward_words(reader: Reader, card: Card) -> Iterator[Reason]:
    """What they have of what is looked for: in an offer (a need, where an offer looks for takers), or their description."""
    code, postings = ("they_need", card.needs) if reader.asked.sort == "offer" else ("they_offer", card.offers)
    if found := best_posting(reader.wanted, postings, card.language, reader.own):
        yield Reason(code, {"entry": found[0], "words": found[1]}, "forward")
    elif words := same_words(reader, card) or shared_words(reader.wanted, card.text, card.language, reader.own)[1]:
        yield Reason("words", {"words": words}, "forward")


def same_words(reader: Reader, card: Card) -> tuple[str, ...]:
    """Words that both descriptions have letter by letter, if there are enough: much quicker than to take all apart."""
    if card.language != reader.asked.card.language:
        return ()
    text = card.text.lower()
    there = None if text.isascii() else set(split(text))
    found: list[str] = []
    for word in reader.sought_words:
        if stands_in(word, text) if there is None else word in there:
            found.append(word)
        if len(found) == WORDS:
            return tuple(found)
    return ()


def stands_in(word: str, text: str) -> bool:
    """Whether an ASCII text has it as a word of its own, as `split` finds them: two characters on either side tell."""
    at = text.find(word)
    while at >= 0 and word not in split(text[max(at - 2, 0) : at + len(word) + 2]):
        at = text.find(word, at + 1)
    return at >= 0


def back_words(reader: Reader, card: Card) -> Iterator[Reason]:
    """What the asker has of what they look for."""
    code, postings = ("you_need", card.offers) if reader.asked.sort == "offer" else ("you_offer", card.needs)
    if found := best_posting(reader.given, postings, card.language, reader.own):
        yield Reason(code, {"entry": found[0], "words": found[1]}, "back")


def best_posting(
    terms: dict[int, float], postings: tuple[Posting, ...], language: str, own: frozenset[str]
) -> tuple[int, tuple[str, ...]] | None:
    """The need or offer of theirs with the most telling words in common, if one has any."""
    found = [(*shared_words(terms, text, language, own), entry) for entry, text in postings]
    worth, words, entry = max(found, key=lambda each: (each[0], -each[2]), default=(0.0, (), 0))
    return (entry, words) if words else None


def shared_words(
    terms: dict[int, float], text: str, language: str, own: frozenset[str]
) -> tuple[float, tuple[str, ...]]:
    """What the words in common weigh together, and the weightiest as both write them or else as they do."""
    there = written((text,), language, terms.keys(), own)
    ordered = sorted(there, key=lambda term: (-terms[term], term))
    words = tuple(dict.fromkeys(there[term] for term in ordered))[:WORDS]
    return sum(terms[term] for term in there), words


def topics(reader: Reader, card: Card, whole: float) -> Iterator[Reason]:
    """The rarest area that both stand under, and the goal; `whole` is the rarity of all topics of the card."""
    ours, theirs = layout.concepts(*reader.asked.topics), layout.concepts(card.areas, card.goals)
    worth = {each: min(ours[each], theirs[each]) * reader.rarity[each] for each in sorted(ours.keys() & theirs.keys())}
    most = max(whole, sum(level * reader.rarity[each] for each, level in ours.items()))
    if not worth or sum(worth.values()) / most <= weights.EXPECTED["topic"]:
        return
    if areas := [each for each in worth if each > 0]:
        yield Reason("area", {"area": max(areas, key=lambda each: (worth[each], -each))})
    if goals := [each for each in worth if each < 0]:
        yield Reason("goal", {"goal": -max(goals, key=lambda each: (worth[each], each))})


def near(reader: Reader, card: Card, fits: bool) -> Iterator[Reason]:
    asked = reader.asked
    country, lat, lon = asked.place
    here, there = layout.sphere(lat, lon), layout.sphere(card.lat, card.lon)
    if asked.remote or not fits or not any(here) or not any(there) or not answered(reader, card):
        return
    km = 2 * RADIUS * asin(min(dist(here, there) / 2, 1))
    same = bool(country) and country == card.country
    untold = weights.EXPECTED_PLACE["same country" if same else "elsewhere"]
    if exp(-km / (asked.radius or weights.REACH)) > untold:
        yield Reason("near", {"km": round(km)})


def answered(reader: Reader, card: Card) -> bool:
    """Between two organisations, whether the texts meet from the other side too: the place only weighs what meets."""
    if reader.asked.sort != "organisation":
        return True
    return bool(written((card.text, *(text for _, text in card.needs)), card.language, reader.given.keys()))


def languages(asked: Asked, card: Card) -> Iterator[Reason]:
    both = sorted(set(asked.tongues) & set(card.languages))
    if both:
        yield Reason("languages", {"languages": tuple(both)})


def partners(index: Index, asked: Asked, card: Card) -> Iterator[Reason]:
    ours, theirs = dict(asked.card.partners), dict(card.partners)
    if card.id in ours and asked.card.id in theirs:
        yield Reason("worked_together", {})
    there = [id for id in ours.keys() & theirs.keys() if index.card(id)]
    both = sorted(there, key=lambda id: (-ours[id] * theirs[id], id))
    if both:
        yield Reason("partners", {"partners": tuple(both[:PARTNERS])})


def answers(card: Card) -> Iterator[Reason]:
    yes, no = weights.ANSWERS
    usual = (yes + card.answered) / (yes + no + card.answered + card.unanswered)
    if card.answer_days is not None and usual > yes / (yes + no):
        direction: Direction = "forward"
        yield Reason("answers", {"days": card.answer_days}, direction)


def uncertain(asked: Asked, card: Card) -> Iterator[Reason]:
    missing = "need" if asked.sort == "offer" else "offer"
    if not (card.needs if asked.sort == "offer" else card.offers):
        yield Reason("uncertain", {"missing": missing}, "forward")
