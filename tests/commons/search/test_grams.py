from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from commons.search import layout
from commons.search.codes import Codes
from commons.search.grams import Grams, of_segment, typed

NAME = st.lists(st.text("abcdeé水المводаक्", min_size=1, max_size=6), min_size=1, max_size=4).map(" ".join)


def by_hand(name: str) -> set[str]:
    return {"".join(sorted(f" {word} "[at : at + 3])) for word in name.split(" ") for at in range(len(word))}


@given(st.lists(NAME, max_size=8), NAME)
def test_a_name_shares_what_a_comparison_by_hand_says(names: list[str], asked: str) -> None:
    found = Grams(names, range(len(names))).shared(typed(asked.split(" ")))
    assert found.tolist() == [len(by_hand(name) & by_hand(asked)) for name in names]


def test_two_letters_that_changed_places_leave_a_short_word_recognisable() -> None:
    assert Grams(["world"], [0]).shared(typed(["wrold"])).tolist() == [3]


def test_nothing_reaches_from_one_word_or_name_into_the_next() -> None:
    made = Grams(["ab", "cd ef"], [0, 1])
    assert made.shared(typed(["bcd"])).tolist() == [0, 1]  # only "cd " of the second
    assert made.shared(typed(["abcdef"])).tolist() == [1, 1]


def test_a_word_that_may_go_on_asks_nothing_of_its_end() -> None:
    assert len(typed(["wat"])) == 3
    assert len(typed(["wat"], unfinished=True)) == 2
    assert len(typed([])) == len(typed([""])) == 0


def test_public_names_and_others_are_kept_apart() -> None:
    codes = Codes()
    public, members = codes.enter("audience", layout.PUBLIC), codes.enter("audience", "members")
    made = of_segment([b"water pump\npump", b"", b"xylo water"], np.array([public, public, members], np.int32), codes)
    assert made[layout.OPEN].owners.tolist() == [0, 0]
    assert made[layout.CLOSED].owners.tolist() == [2]
    assert made[layout.OPEN].shared(typed(["xylo"])).tolist() == [0, 0]
    assert made[layout.CLOSED].shared(typed(["xylo"])).tolist() == [4]


def test_a_quarter_of_a_million_names_stay_within_forty_megabytes() -> None:
    pick = random.Random(4)
    words = ["".join(pick.choices("aeioulnrstdmpk", k=pick.randint(3, 11))) for _ in range(3000)]
    names = [" ".join(pick.choices(words, k=pick.randint(2, 7))) for _ in range(10_000)]
    assert sum(map(len, names)) / len(names) > 33
    assert Grams(names, range(len(names))).bytes * 25 < 40_000_000
