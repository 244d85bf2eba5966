from __future__ import annotations

import pytest

from commons.places.phrases import place_in


@pytest.mark.parametrize(
    ("query", "name", "words"),
    [
        ("compost training in Slovenia", "Slovenia", "Slovenia"),
        ("Ivory Coast cocoa", "Côte d’Ivoire", "Ivory Coast"),
        ("coopératives près de Genève", "Geneva", "Genève"),
        ("volunteers in Reading", "Reading", "Reading"),
        ("water projects london", "London", "london"),
        ("food kisumu", "Kisumu", "kisumu"),
        ("Rio de Janeiro favela", "Rio de Janeiro", "Rio de Janeiro"),
        ("within 50 km of Porto", "Porto", "Porto"),
        ("work with children in Ontario", "Ontario", "Ontario"),
        ("solar near New York", "New York City", "New York"),
        ("UK charities", "United Kingdom", "UK"),
        ("肯尼亚 水", "Kenya", "肯尼亚"),
        ("agua en la ciudad de México", "Mexico City", "ciudad de México"),
        ("repair in Berlin or Hamburg", "Berlin", "Berlin"),
    ],
)
def test_a_place_is_found_within_a_question(query: str, name: str, words: str) -> None:
    found = place_in(query.split())
    assert found is not None
    assert found[0].name == name
    assert " ".join(query.split()[found[1] : found[2]]) == words


@pytest.mark.parametrize(
    "query",
    [
        "", "compost", "reading groups", "nice people", "mobile clinics", "como hacer compost", "school in need",
        "women in male prisons", "places to go", "us history", "seed bank", "split the work",
        "same thing in most cases",
        "orange peel in compost", "help in kind",
        "free software", "mary and george", "working in union", "bath and soap making", "un orange pour tours",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_places(query: str) -> None:
    assert place_in(query.split()) is None
