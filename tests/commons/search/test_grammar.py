from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commons.search.grammar import LONGEST, MOST_TERMS, Query, from_words, parse


def test_words_phrases_and_exclusions_are_told_apart() -> None:
    query = parse('clean "drinking water" -oil NOT gas')
    assert query == Query(("clean",), ("drinking water",), ("oil", "gas"), text='clean "drinking water" -oil NOT gas')


def test_filters_leave_the_words_alone() -> None:
    query = parse('water in:"South Africa" area:energy kind:organisation language:fr SDG:6 in:kenya')
    assert query.terms == ("water",)
    assert query.filters == (
        ("in", "South Africa"),
        ("area", "energy"),
        ("kind", "organisation"),
        ("language", "fr"),
        ("sdg", "6"),
        ("in", "kenya"),
    )


def test_either_word_may_do() -> None:
    assert parse("pumps solar OR wind OR tide").any_of == (("solar", "wind", "tide"),)
    assert parse("pumps solar OR wind OR tide").terms == ("pumps",)
    assert parse("a OR b c OR d").any_of == (("a", "b"), ("c", "d"))


@pytest.mark.parametrize(
    "text", ["OR solar", "solar OR", "OR", "AND", "NOT", "-", '"', '""', "OR OR OR", '-"', "in:", 'in:""', "*", "-*"]
)
def test_half_a_sign_means_nothing(text: str) -> None:
    query = parse(text)
    assert query.terms in ((), ("solar",), ("in",))
    assert not query.any_of and not query.prefixes and not query.phrases


@pytest.mark.parametrize(
    ("text", "prefixes", "terms"),
    [
        ("irrig*", ("irrig",), ()),
        ("ir*", (), ("ir",)),
        ("水*", ("水",), ()),
        ("*irrig", (), ("irrig",)),
        ("a*b*c*", (), ("a", "b", "c")),
        ("Forêt*", ("foret",), ()),
        ("*", (), ()),
        ("????", (), ()),
    ],
)
def test_only_the_end_of_a_long_enough_word_can_be_open(
    text: str, prefixes: tuple[str, ...], terms: tuple[str, ...]
) -> None:
    query = parse(text)
    assert (query.prefixes, query.terms) == (prefixes, terms)


@pytest.mark.parametrize(
    "text", ["water~2", "title:water", "[a TO z]", "(water AND", "water^5", "{!parser}", "water\\", "<!--water"]
)
def test_other_search_languages_are_plain_words(text: str) -> None:
    query = parse(text)
    assert not query.filters and not query.prefixes
    assert query.terms


def test_a_question_is_cut_and_says_so() -> None:
    long = parse(" ".join(f"w{number}" for number in range(30)))
    assert (len(long.terms), long.shortened) == (MOST_TERMS, True)
    assert parse("x" * 5000).shortened
    assert not parse("one two").shortened


def test_quotation_marks_of_other_languages_work() -> None:
    assert parse("„sauberes Wasser“ «eau potable»").phrases == ("sauberes Wasser", "eau potable")


def test_a_question_without_words_is_browsing() -> None:
    assert parse("in:kenya").empty and parse("").empty and parse("-oil").empty
    assert not parse("oil").empty


@given(st.text(max_size=400))
@example("\x00\ud800 a\u202eb")
@example('"' * 300)
@example("-" * 300)
@example("in:" * 80)
@example("OR NOT " * 60)
def test_no_question_fails_and_none_is_too_long(text: str) -> None:
    query = parse(text)
    written = [*query.terms, *query.excluded, *query.prefixes, *(word for group in query.any_of for word in group)]
    written += [word for phrase in query.phrases for word in phrase.split()]
    assert len(query.text) <= LONGEST
    assert sum(1 for word in written) <= MOST_TERMS + len(query.excluded)
    assert len(written) <= MOST_TERMS
    query.text.encode()
    assert parse(query.text).terms == query.terms


def test_a_long_text_can_be_asked_whole() -> None:
    assert len(from_words("one two three " * 20).terms) == 60
