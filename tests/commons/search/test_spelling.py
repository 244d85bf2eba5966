from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.search.spelling import Vocabulary, closest, slips_between

WORDS = [
    "water",
    "waters",
    "forest",
    "forests",
    "cooperative",
    "вода",
    "экология",
    "التعاون",
    "education",
    "sanitation",
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("watre", "water"),
        ("wter", "water"),
        ("forrest", "forest"),
        ("coperatve", "cooperative"),
        ("экалогия", "экология"),
        ("edcuatoin", "education"),
    ],
)
def test_a_slip_is_forgiven_in_any_alphabet(typed: str, meant: str) -> None:
    assert meant in dict(closest(Vocabulary(WORDS), typed))


def test_a_different_word_is_not_a_slip() -> None:
    assert closest(Vocabulary(WORDS), "mountain") == []
    assert closest(Vocabulary([]), "mountain") == []


@given(st.text("abcde", min_size=1, max_size=9), st.text("abcde", min_size=1, max_size=9))
def test_slips_count_the_same_both_ways(one: str, other: str) -> None:
    assert slips_between(one, other, 9) == slips_between(other, one, 9)
    assert (slips_between(one, other, 9) == 0) == (one == other)


def test_no_word_one_slip_away_is_missed() -> None:
    letters, pick = "abcdefghijklmnopqrstuvwxyz", random.Random(3)
    words = sorted({"".join(pick.choice(letters) for _ in range(pick.randint(4, 10))) for _ in range(2000)})
    vocabulary = Vocabulary(words)
    for word in pick.sample(words, 200):
        at = pick.randrange(len(word))
        for typed in (word[:at] + word[at + 1 :], word[:at] + "q" + word[at + 1 :], word[:at] + "q" + word[at:]):
            if len(typed) >= 3:
                assert word in dict(closest(vocabulary, typed)), (word, typed)
