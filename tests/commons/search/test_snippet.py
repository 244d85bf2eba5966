from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from commons.search.grammar import parse
from commons.search.snippet import looked_for, marks, snippet
from commons.search.stems import LARGER, SNOWBALL, stem
from tests.pace import within


@pytest.mark.parametrize(
    ("text", "typed", "language", "marked"),
    [
        ("Les forêts communautaires", "foret", "fr", ["forêts"]),
        ("Organizaciones de mujeres", "organizacion", "es", ["Organizaciones"]),
        ("İstanbul Işık", "istanbul", "tr", ["İstanbul"]),
        ("Große Straße", "strasse", "de", ["Straße"]),
        ("水资源保护与可持续发展", "保护", "zh", ["保护"]),
        ("水资源保护与可持续发展", "可持续发展", "zh", ["可持续发展"]),
        ("सतत विकास संगठन", "विकास", "hi", ["विकास"]),
        ("a co-operative of weavers", "cooperative", "en", ["co-operative"]),
        ("irrigation and irrigators", "irrig*", "en", ["irrigation", "irrigators"]),
        ("ﬁsh ﬁsheries", "fish", "en", ["ﬁsh"]),
        ("the forest of forests", "the forest", "en", ["forest", "forests"]),
        ("clean drinking water", '"drinking water"', "en", ["drinking", "water"]),
    ],
)
def test_the_word_is_marked_as_it_was_written(text: str, typed: str, language: str, marked: list[str]) -> None:
    assert re.findall("<mark>(.*?)</mark>", snippet(text, parse(typed), language)) == marked


def test_mark_up_in_a_text_stays_text() -> None:
    found = snippet('<script>alert("water")</script> & <b>water</b>', parse("water"))
    assert "<script>" not in found and "<b>" not in found
    assert found.count("<mark>water</mark>") == 2
    assert isinstance(found, Markup)


def test_a_long_text_gives_two_short_pieces_around_both_words() -> None:
    text = (
        "Nothing here. " * 80 + "Solar pumps. " + "Nothing there. " * 80 + "Irrigation at last. " + "And nothing. " * 80
    )
    found = snippet(text, parse("solar irrigation"))
    assert "<mark>Solar</mark>" in found and "<mark>Irrigation</mark>" in found
    assert found.startswith("…") and found.endswith("…")
    assert len(found) < 500


def test_a_text_without_the_word_shows_its_beginning() -> None:
    assert snippet("Clean water for all. " * 50, parse("energy")).startswith("Clean water for all.")


@given(
    st.text(alphabet="wWrRi1- _.tea", max_size=60),
    st.sampled_from(["water", "r", "rw*", "1", "wet rate", '"t e"', "waterwater", "tearater"]),
)
def test_passing_over_words_by_their_first_letter_misses_none(text: str, typed: str) -> None:
    wanted = looked_for(parse(typed), LARGER)
    found, every = (list(marks(some, wanted)) for some in (text, text + " 水"))
    assert found == every


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=500),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=60),
)
def test_a_snippet_holds_only_what_the_text_holds(text: str, typed: str) -> None:
    found = snippet(text, parse(typed))
    assert "<" not in found.replace("<mark>", "").replace("</mark>", "")
    bare = re.sub("</?mark>|…", "", found)
    assert set(Markup(bare).unescape()) <= set(text) | {" "}


def test_snippets_are_fast() -> None:
    text = "Community water projects in the valley, with schools and clinics. " * 60
    with within(1.0):  # 0.05 on an idle machine
        for _ in range(20):
            snippet(text, parse("water clinics"), "en")


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14))
def test_a_stem_begins_as_its_word_does(word: str) -> None:
    """Otherwise a word could not be passed over by its first letter."""
    for language in SNOWBALL:
        assert stem(word, language)[0] == word[0], language
