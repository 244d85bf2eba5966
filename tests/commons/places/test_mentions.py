"""Which countries a text names, and which words are only like such a name."""

from __future__ import annotations

import pytest

from commons.places.mentions import countries_in
from tests.pace import within


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Solar lamps in Kenya, and again Kenia.", {"KE": ("Kenya", 2)}),
        ("Eau en Côte d'Ivoire et au Royaume-Uni", {"CI": ("Côte d'Ivoire", 1), "GB": ("Royaume-Uni", 1)}),
        ("Guinea-Bissau is not Guinea", {"GW": ("Guinea-Bissau", 1), "GN": ("Guinea", 1)}),
        ("Papua New Guinea, South Sudan", {"PG": ("Papua New Guinea", 1), "SS": ("South Sudan", 1)}),
        ("肯尼亚 的 水", {"KE": ("肯尼亚", 1)}),
        ("كينيا, Кения", {"KE": ("كينيا", 2)}),
        ("The USA and Nigeria", {"US": ("USA", 1), "NG": ("Nigeria", 1)}),
        ("A ferry to Jersey.", {"JE": ("Jersey", 1)}),
        ("Jersey is knitted. Grenade!", {}),
        ("kenya, chad and mali", {}),
        ("Kenyan farmers, Maliki, Cubans", {}),
        ("", {}),
    ],
)
def test_countries_are_named_in_many_languages(text: str, named: dict[str, tuple[str, int]]) -> None:
    assert countries_in(text) == named


def test_a_long_text_takes_no_long_time() -> None:
    for text in ("United " * 100_000, "Côte d'" * 50_000, "(" * 200_000, "A" * 200_000, "\u0301" * 100_000):
        with within(0.5, text[:20]):
            countries_in(text)
