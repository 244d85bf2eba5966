from __future__ import annotations

import pytest

from commons.places.countries import countries, country_code, country_name, names_of_country

MESSY = {
    "AT": "AT", "Österreich": "AT", "England": "GB", "Scotland": "GB", "UK": "GB", "U.K.": "GB", "GBR": "GB",
    "United States of America": "US", "U.S.A.": "US", "usa": "US", "Deutschland": "DE", "Kosovo": "XK", "KOSOVO*": "XK",
    "EL": "GR", "Ελλάδα": "GR", "肯尼亚": "KE", "Кения": "KE", "كينيا": "KE", "Kenia": "KE", "the netherlands": "NL",
    "Pays-Bas": "NL", "Korea, Republic of": "KR", "Iran, Islamic Republic of": "IR", "Viet Nam": "VN",
    "Tanzania, United Republic of": "TZ", "Congo, the Democratic Republic of the": "CD", "Congo": "CG",
    "Virgin Islands, British": "VG", "Virgin Islands, U.S.": "VI", "Bolivia (Plurinational State of)": "BO",
    "Côte d’Ivoire": "CI", "Ivory Coast": "CI", "Swaziland": "SZ", "Türkiye": "TR", "Turkey": "TR", "Georgia": "GE",
    "Atlanta, Georgia, USA": "US", "Paris, France": "FR", "Bosnia & Herzegovina": "BA",
    "Taiwan, Province of China": "TW",
    "Lao People's Democratic Republic": "LA", "Czech Republic": "CZ", " ke ": "KE", "Suomi": "FI",
    "Antigua and Barbuda": "AG", "St. Lucia": "LC",
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), MESSY.items())
def test_a_messy_country_field_gives_its_code(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    "text", ["", " ", "-", "Global", "Europe", "Unknown", "n/a", "ZZ", "1234", "Wakanda", "x" * 5000]
)
def test_what_is_no_country_gives_none_rather_than_a_guess(text: str) -> None:
    assert country_code(text) is None


def test_names_are_written_as_readers_write_them() -> None:
    assert country_name("KE", "en") == "Kenya"
    assert country_name("DE", "pt_BR") == country_name("DE", "pt-BR") == "Alemanha"
    assert country_name("KE", "ar") == "كينيا"


def test_an_unknown_language_falls_back_to_english_and_an_unknown_code_to_itself() -> None:
    assert country_name("KE", "tlh") == "Kenya"
    assert country_name("Q9", "en") == "Q9"


def test_every_country_is_in_every_list_in_alphabetical_order() -> None:
    english, swedish = countries("en"), countries("sv")
    assert {code for code, _ in english} == {code for code, _ in swedish}
    assert len(english) == 250
    names = [name for _, name in english]
    assert names.index("Åland Islands") < names.index("Albania") < names.index("Zimbabwe")
    assert [name for _, name in swedish][-3:] == ["Åland", "Österrike", "Östtimor"]


def test_a_country_is_found_by_its_names_in_many_languages() -> None:
    names = names_of_country("KE")
    assert {"Kenya", "Kenia", "Quênia", "كينيا", "Кения", "肯尼亚"} <= set(names)
    assert "Suomi" in names_of_country("FI")
    assert len(names) == len(set(names))
    assert names_of_country("Q9") == []


def test_every_name_that_we_show_is_understood_again() -> None:
    wrong = {
        (code, name) for code, _ in countries("en") for name in names_of_country(code) if country_code(name) != code
    }
    # Two countries called alike in a language: the larger is meant.
    assert len(wrong) < 12, wrong
