"""Every reason shown is true of both records, the same from both sides, and without it the score would be lower."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from directory.partnerships.matching import Asked, Card, Index, Match, Reason, build, matches, ranking

WORDS = re.findall(
    r"\w+",
    "wells pumps seeds schools clinics maps forests bees boats bread music law solar water milk stoves bikes roofs radio "
    "looms nets goats mills tents tools films banks rivers tea salt",
)
TODAY = 20_000
SYMMETRIC = {"area", "goal", "near", "languages", "partners", "worked_together"}


def world(seed: int) -> list[Card]:
    pick = random.Random(seed)
    ids = range(1, 15)
    ties = {(one, other) for one in ids for other in ids if one < other and pick.random() < 0.15}
    cards = []
    for id in ids:
        area = pick.randint(50, 59)
        known = [other for one, other in ties if one == id] + [one for one, other in ties if other == id]
        some = pick.random() < 0.8
        cards.append(
            Card(
                id,
                " ".join(pick.choices(WORDS, k=pick.randint(0, 14))),
                offers=tuple((id * 10 + n, " ".join(pick.sample(WORDS, 4))) for n in range(pick.randint(0, 2))),
                needs=tuple((id * 10 + 5 + n, " ".join(pick.sample(WORDS, 4))) for n in range(pick.randint(0, 2))),
                areas=((area, 0), (area % 3 + 1, 1)) if pick.random() < 0.8 else (),
                goals=tuple(sorted(pick.sample(range(1, 18), pick.randint(0, 3)))),
                country=pick.choice(("KE", "TZ", "")),
                lat=pick.uniform(-6, 0) if some else None,
                lon=pick.uniform(34, 40) if some else None,
                languages=tuple(sorted(pick.sample(("en", "sw", "fr"), pick.randint(0, 3)))),
                translation=pick.random() < 0.5,
                type=pick.choice(("", "charity", "foundation")),
                confirmed=pick.choice((0, TODAY - pick.randint(0, 900))),
                accepts=pick.random() < 0.9,
                answered=pick.randint(0, 5),
                unanswered=pick.randint(0, 3),
                answer_days=pick.choice((None, 3)),
                partners=tuple((other, 1.0) for other in sorted(known)),
            )
        )
    return cards


def without_words(text: str, words: tuple[str, ...]) -> str:
    return " ".join(word for word in text.split() if word not in words)


def without(reason: Reason, card: Card, asker: Card, cards: list[Card]) -> list[Card]:
    """The cards that change when the fact is no longer so."""
    said = reason.facts
    if reason.code in ("they_offer", "you_need", "they_need", "you_offer"):
        side = "offers" if reason.code in ("they_offer", "you_need") else "needs"
        rest = tuple(
            (entry, without_words(text, said["words"]) if entry == said["entry"] else text)
            for entry, text in getattr(card, side)
        )
        return [replace(card, offers=rest) if side == "offers" else replace(card, needs=rest)]
    if reason.code == "words":
        return [replace(card, text=without_words(card.text, said["words"]))]
    if reason.code == "area":
        return [replace(card, areas=tuple(pair for pair in card.areas if pair[0] != said["area"]))]
    if reason.code == "goal":
        return [replace(card, goals=tuple(goal for goal in card.goals if goal != said["goal"]))]
    if reason.code == "near":
        return [replace(card, lat=None, lon=None)]
    if reason.code == "languages":
        return [replace(card, languages=tuple(one for one in card.languages if one not in said["languages"]))]
    if reason.code == "answers":
        return [replace(card, answered=0, unanswered=0, answer_days=None)]
    gone = set(said.get("partners", ())) or {asker.id}
    ended = [replace(card, partners=tuple(pair for pair in card.partners if pair[0] not in gone))]
    others = [other for other in cards if other.id in gone]
    return ended + [replace(other, partners=tuple(p for p in other.partners if p[0] != card.id)) for other in others]


def asked_of(card: Card, sort: str) -> Asked | None:
    if sort == "organisation":
        return Asked(card, today=TODAY)
    postings = card.needs if sort == "need" else card.offers
    return Asked(card, sort, postings[0][0], postings[0][1], today=TODAY) if postings else None  # type: ignore[arg-type]


def score(index: Index, asked: Asked, id: int) -> float:
    return dict(ranking(index, asked)).get(id, 0.0)


@pytest.mark.parametrize("sort", ["organisation", "need", "offer"])
@pytest.mark.parametrize("seed", range(4))
def test_without_the_fact_the_score_is_lower(tmp_path: Path, seed: int, sort: str) -> None:
    cards = world(seed)
    index = build(cards, tmp_path)
    proved = 0
    for asker in cards[:5]:
        asked = asked_of(asker, sort)
        for match in matches(index, asked, 5) if asked else ():
            for reason in match.reasons:
                if reason.code == "uncertain" or not asked:
                    continue
                changed = without(reason, cards[match.id - 1], asker, cards)
                own = next((card for card in changed if card.id == asker.id), asker)
                same = index.patched([cards[card.id - 1] for card in changed])
                other = index.patched(changed)
                before, after = score(same, asked, match.id), score(other, replace(asked, card=own), match.id)
                assert after < before, (asker.id, match.id, reason)
                proved += 1
    assert proved > 10


@pytest.mark.parametrize("seed", [11, 12])
def test_the_same_holds_when_the_whole_index_is_built_anew(tmp_path: Path, seed: int) -> None:
    cards = world(seed)
    index = build(cards, tmp_path / "first")
    asked = Asked(cards[0], today=TODAY)
    for match in matches(index, asked, 4):
        for reason in match.reasons:
            if reason.code == "uncertain":
                continue
            changed = {card.id: card for card in without(reason, cards[match.id - 1], cards[0], cards)}
            anew = build([changed.get(card.id, card) for card in cards], tmp_path / "second")
            own = changed.get(cards[0].id, cards[0])
            assert score(anew, replace(asked, card=own), match.id) < match.score, reason


@pytest.mark.parametrize("seed", range(5))
def test_both_sides_read_the_same_symmetric_facts(tmp_path: Path, seed: int) -> None:
    cards = [replace(card, accepts=True) for card in world(seed)]
    index = build(cards, tmp_path)
    pairs = {(card.id, match.id): match for card in cards for match in matches(index, Asked(card, today=TODAY), 14)}
    compared = 0
    for (one, other), match in pairs.items():
        if (other, one) in pairs:
            assert shared(match) == shared(pairs[other, one])
            compared += bool(shared(match))
    assert compared > 10


def shared(match: Match) -> dict[str, object]:
    return {reason.code: dict(reason.facts) for reason in match.reasons if reason.code in SYMMETRIC}


@pytest.mark.parametrize("seed", range(5))
def test_every_fact_is_in_both_records(tmp_path: Path, seed: int) -> None:
    cards = world(seed)
    index = build(cards, tmp_path)
    for asker in cards:
        for match in matches(index, Asked(asker, today=TODAY)):
            other = cards[match.id - 1]
            for reason in match.reasons:
                assert is_true(reason, asker, other), reason


def is_true(reason: Reason, asker: Card, other: Card) -> bool:
    said = reason.facts
    texts = {"they_offer": (asker.needs, other.offers), "you_offer": (asker.offers, other.needs)}
    if reason.code in texts:
        own, theirs = texts[reason.code]
        here = " ".join([asker.text, *(text for _, text in own)]).split()
        return all(word in here and word in dict(theirs)[said["entry"]].split() for word in said["words"])
    if reason.code == "words":
        here = " ".join([asker.text, *(text for _, text in asker.needs)]).split()
        return all(word in here and word in other.text.split() for word in said["words"])
    if reason.code == "area":
        return said["area"] in dict(asker.areas) and said["area"] in dict(other.areas)
    if reason.code == "goal":
        return said["goal"] in asker.goals and said["goal"] in other.goals
    if reason.code == "near":
        return None not in (asker.lat, other.lat) and 0 <= said["km"] < 1000
    if reason.code == "languages":
        return set(said["languages"]) == set(asker.languages) & set(other.languages)
    if reason.code == "partners":
        return set(said["partners"]) <= dict(asker.partners).keys() & dict(other.partners).keys()
    if reason.code == "worked_together":
        return other.id in dict(asker.partners) and asker.id in dict(other.partners)
    return reason.code == "answers" and said["days"] == other.answer_days or reason.code == "uncertain"


def test_a_partner_that_is_gone_is_not_named(tmp_path: Path) -> None:
    cards = [Card(1, "wells", partners=((3, 1.0),)), Card(2, "wells", accepts=True, partners=((3, 1.0),)), Card(3)]
    index = build(cards, tmp_path)
    assert "partners" in {reason.code for reason in matches(index, Asked(cards[0]))[0].reasons}
    later = index.patched([], [3])
    assert "partners" not in {reason.code for reason in matches(later, Asked(cards[0]))[0].reasons}
