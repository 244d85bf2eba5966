from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from directory.partnerships.matching import Asked, Card, Index, Match, build, matches, ranking

TODAY = 20_000
WELLS = Card(
    1,
    "We dig wells with the villages of the coast.",
    needs=((11, "Solar pumps for nine wells"),),
    offers=((12, "A drilling crew with its rig"),),
    areas=((50, 0), (5, 1)),
    goals=(6,),
    country="KE",
    lat=-3.6,
    lon=39.8,
    languages=("en", "sw"),
    confirmed=TODAY - 10,
    accepts=True,
    partners=((3, 1.0),),
)
PUMPS = Card(
    2,
    "A workshop for water technology.",
    needs=((21, "Somebody who drills: we look for drilling crews"),),
    offers=((22, "Solar pumps, and a week of training"),),
    areas=((50, 0), (5, 1)),
    goals=(6, 7),
    country="KE",
    lat=-4.0,
    lon=39.6,
    languages=("en",),
    confirmed=TODAY - 30,
    accepts=True,
    answered=6,
    unanswered=1,
    answer_days=4,
    partners=((3, 0.5),),
)
TRUST = Card(3, "A trust for water.", accepts=True, partners=((1, 1.0), (2, 0.5)))
CHOIR = Card(4, "We sing in a choir.", country="NO", lat=60.0, lon=10.0, languages=("no",), accepts=True)
Made = Callable[..., Index]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return lambda *cards: build(cards, tmp_path / "matches")


def found(index: Index, card: Card, id: int, **more: object) -> Match | None:
    asked = replace(Asked(card, today=TODAY), **more)  # type: ignore[arg-type]
    return next((match for match in matches(index, asked) if match.id == id), None)


def facts(match: Match | None) -> dict[str, object]:
    assert match
    return {reason.code: dict(reason.facts) for reason in match.reasons}


def test_who_offers_what_is_needed_comes_first_with_the_reasons_of_both_sides(made: Made) -> None:
    index = made(WELLS, PUMPS, TRUST, CHOIR)
    first = matches(index, Asked(WELLS, "need", 11, "Solar pumps for nine wells", today=TODAY))[0]
    assert first.id == 2
    assert facts(first) == {
        "they_offer": {"entry": 22, "words": ("solar", "pumps")},
        "you_offer": {"entry": 21, "words": ("crews", "drilling")},
        "area": {"area": 50},
        "goal": {"goal": 6},
        "near": {"km": 50},
        "languages": {"languages": ("en",)},
        "partners": {"partners": (3,)},
        "answers": {"days": 4},
    }
    assert {reason.code: reason.direction for reason in first.reasons}["you_offer"] == "back"


def test_an_offer_finds_who_needs_it(made: Made) -> None:
    index = made(WELLS, PUMPS, TRUST, CHOIR)
    first = matches(index, Asked(WELLS, "offer", 12, "A drilling crew with its rig", today=TODAY))[0]
    assert first.id == 2
    assert facts(first)["they_need"] == {"entry": 21, "words": ("crews", "drilling")}
    assert facts(first)["you_need"] == {"entry": 22, "words": ("solar", "pumps")}


def test_the_same_question_has_the_same_answer(made: Made) -> None:
    cards = [replace(PUMPS, id=100 + number, parent=0) for number in range(30)]
    index = made(WELLS, *cards)
    assert matches(index, Asked(WELLS, today=TODAY)) == matches(index, Asked(WELLS, today=TODAY))
    scores = ranking(index, Asked(WELLS, today=TODAY))
    assert scores == sorted(scores, key=lambda pair: (-pair[1], pair[0]))
    assert len({score for _, score in scores}) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"accepts": False},
        {"capacity": 0},
        {"capacity": 3, "open_proposals": 3},
        {"languages": ("fr",)},
    ],
)
def test_who_cannot_be_a_partner_now_never_appears(made: Made, change: dict[str, object]) -> None:
    assert found(made(WELLS, PUMPS), WELLS, 2)
    assert not found(made(WELLS, replace(PUMPS, **change)), WELLS, 2)  # type: ignore[arg-type]


def test_neither_the_asker_nor_who_was_refused_appears(made: Made) -> None:
    index = made(WELLS, PUMPS)
    assert not found(index, WELLS, 1)
    assert not found(index, WELLS, 2, excluded=frozenset({2}))


def test_a_translation_bridges_languages_from_either_side(made: Made) -> None:
    french = replace(PUMPS, languages=("fr",))
    assert found(made(WELLS, replace(french, translation=True)), WELLS, 2)
    assert found(made(WELLS, french), replace(WELLS, translation=True), 2)


def test_who_says_no_language_is_not_shut_out(made: Made) -> None:
    assert found(made(WELLS, replace(PUMPS, languages=())), WELLS, 2)
    assert found(made(WELLS, PUMPS), replace(WELLS, languages=()), 2)


def test_load_pushes_down_and_a_penalty_of_nothing_does_not(made: Made) -> None:
    index = made(WELLS, PUMPS, replace(PUMPS, id=5, interests=10))
    assert [id for id, _ in ranking(index, Asked(WELLS, today=TODAY))][:2] == [2, 5]
    free = dict(ranking(index, Asked(WELLS, today=TODAY), 0))
    assert free[2] == free[5]


def test_impressions_can_change_without_the_card(made: Made) -> None:
    index = made(WELLS, PUMPS, replace(PUMPS, id=5))
    assert [id for id, _ in ranking(index.shown({2: 4}), Asked(WELLS, today=TODAY))][:2] == [5, 2]


def test_the_asker_can_weigh_a_part_and_then_reads_no_reason_from_one_turned_off(made: Made) -> None:
    index = made(WELLS, PUMPS)
    assert "near" in facts(found(index, WELLS, 2))
    assert "near" not in facts(found(index, WELLS, 2, weights={"place": 0}))
    near = replace(PUMPS, needs=())  # else its own view of the distance counts
    far = replace(near, id=5, lat=51.0, lon=0.0)
    scores = dict(ranking(made(WELLS, near, far), Asked(WELLS, weights={"place": 0.0}, today=TODAY)))
    assert scores[2] == pytest.approx(scores[5])


def test_no_weight_at_all_is_no_fault(made: Made) -> None:
    nothing = dict.fromkeys(("text", "place", "topic", "graph", "fit", "alive"), 0.0)
    assert matches(made(WELLS, PUMPS), Asked(WELLS, weights=nothing)) == []


def test_a_remote_need_does_not_ask_how_far(made: Made) -> None:
    far = replace(PUMPS, id=5, lat=51.0, lon=0.0)
    index = made(WELLS, PUMPS, far)
    scores = dict(ranking(index, Asked(WELLS, "need", text="solar pumps", remote=True, today=TODAY)))
    assert scores[2] == pytest.approx(scores[5])
    assert "near" not in facts(found(index, WELLS, 2, remote=True))


def test_at_most_three_of_one_family_and_two_places_for_the_small(made: Made) -> None:
    family = [replace(PUMPS, id=100 + number, parent=99) for number in range(20)]
    others = [replace(PUMPS, id=200 + number, areas=(), goals=()) for number in range(20)]
    small = [
        replace(PUMPS, id=300 + number, size=4, offers=(), needs=(), partners=(), answered=0) for number in range(5)
    ]
    shown = matches(made(WELLS, *family, *others, *small), Asked(WELLS, today=TODAY))
    assert len(shown) == 12
    assert sum(100 <= match.id < 200 for match in shown) == 3
    assert [match.id for match in shown if match.reserved] == [match.id for match in shown if match.id >= 300]
    assert sum(match.reserved for match in shown) == 2


def test_two_places_are_for_those_three_steps_away(made: Made) -> None:
    near = [replace(PUMPS, id=100 + number, partners=((1, 1.0),)) for number in range(20)]
    asker = replace(WELLS, partners=tuple((card.id, 1.0) for card in near))
    away = [replace(PUMPS, id=200 + number, partners=(), offers=(), needs=()) for number in range(5)]
    shown = matches(made(asker, *near, *away), Asked(asker, today=TODAY))
    assert sum(match.bridging for match in shown) == 2
    assert {match.id for match in shown if match.bridging} <= {card.id for card in away}


def test_a_match_on_little_is_called_weak(made: Made) -> None:
    other = replace(CHOIR, id=5, text="We sing about wells.", languages=(), confirmed=1)
    match = found(made(WELLS, PUMPS, other), WELLS, 5)
    assert match
    assert match.weak
    assert facts(match)["uncertain"] == {"missing": "offer"}
    strong = found(made(WELLS, PUMPS, other), WELLS, 2)
    assert strong
    assert not strong.weak


@pytest.mark.parametrize(
    "text", ["", "…", "𐎠𐎡𐎢 𐎣", "我们在村里打井", "نحفر الآبار", "\ud800 broken", "0", "ⴰⵎⴰⵏ", "a" * 5000, "\x00\u202e"]
)
def test_no_text_is_a_fault(made: Made, text: str) -> None:
    strange = Card(9, text, needs=((91, text),), offers=((92, text),), accepts=True, lat=float("nan"), lon=1e9)
    index = made(strange, WELLS, PUMPS)
    matches(index, Asked(strange))
    matches(index, Asked(WELLS, "need", text=text))
    assert found(index, WELLS, 2)


def test_scripts_without_spaces_meet(made: Made) -> None:
    one, other = Card(1, "我们在村里打井"), Card(2, "打井和水泵", accepts=True)
    assert facts(found(made(one, other), one, 2))["words"]


def test_an_empty_index_and_a_single_card_answer_with_nobody(made: Made) -> None:
    assert matches(made(), Asked(WELLS)) == []
    assert matches(made(WELLS), Asked(WELLS)) == []
    assert matches(made(Card(1, accepts=True)), Asked(Card(2))) == []


def test_who_needs_something_is_found_without_any_text_by_area_and_country(made: Made) -> None:
    bare = Card(7, areas=((50, 0),), country="KE", accepts=True)
    assert facts(found(made(WELLS, PUMPS, bare), replace(WELLS, text="", needs=()), 7))["area"] == {"area": 50}


def test_the_limit_is_kept(made: Made) -> None:
    index = made(WELLS, *(replace(PUMPS, id=100 + number) for number in range(30)))
    for limit in (0, 1, 3, 12, 20, 40):
        assert len(matches(index, Asked(WELLS), limit)) == min(limit, 30)
