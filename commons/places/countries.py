"""Countries: their code from whatever stands in a register, their name in any language.

Names come from the language data that Babel carries (CLDR); codes, boxes and languages from the gazetteer's own table.
"""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from commons.places import tables
from commons.places.names import folded, sorting_in

LANGUAGES = ("en", "fr", "es", "pt", "ar", "ru", "zh", "de", "it", "sw", "hi", "nl", "id", "tr", "ja", "el")
_OTHER_CODES = {"UK": "GB", "EL": "GR"}  # what the European Union writes
_PARTS = re.compile(r"[,;،，/|()\[\]]+")
_AND = re.compile(r"\b(and|et|und|y|e)\b", re.IGNORECASE)  # "Antigua & Barbuda" folds to a key without it
_SMALL_WORDS = re.compile(r"^(the|of|les?|la|el|los|las)\s+", re.IGNORECASE)


def country_code(text: str) -> str | None:
    """From AT, AUT, Austria, Österreich, 奥地利, "Wien, Österreich", "Korea, Republic of"; None rather than a guess."""
    text = " ".join(text.split())
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    turned = " ".join(reversed(parts))
    for candidate in (text, turned, *reversed(parts[1:]), *parts[:1]):
        if found := _whole(candidate):
            return found
    return None


def _whole(text: str) -> str | None:
    letters = text.replace(".", "").strip()
    if len(letters) in (2, 3) and letters.isascii() and letters.isalpha():
        code = letters.upper()
        code = _OTHER_CODES.get(code, code)
        if code in tables.countries():
            return code
        if code in _three_letters():
            return _three_letters()[code]
    for spelling in dict.fromkeys((text, _SMALL_WORDS.sub("", text), _AND.sub(" ", text))):
        references = tables.places_named(folded(spelling))
        countries = [reference for reference in references if reference in tables.countries()]
        if countries:
            return _most_populous(countries)
        if any(
            reference.startswith("GB.") for reference in references
        ):  # England is no country of ISO 3166, but people write it
            return "GB"
    return None


def _most_populous(codes: list[str]) -> str:
    return max(codes, key=lambda code: tables.countries()[code].population)


@lru_cache(maxsize=1)
def _three_letters() -> dict[str, str]:
    return {country.code3: country.code for country in tables.countries().values()}


@lru_cache(maxsize=128)
def _territories(language: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(language.replace("-", "_")).territories)
    except (UnknownLocaleError, ValueError):
        return dict(Locale("en").territories)


def country_name(code: str, language: str) -> str:
    """The name as readers of the language write it; the code itself for a code that we do not know."""
    known = tables.countries().get(code)
    return _territories(language).get(code) or (known.name if known else code)


@lru_cache(maxsize=128)
def countries(language: str) -> list[tuple[str, str]]:
    """Code and name of every country, in the alphabetical order of the language."""
    order = sorting_in(language)
    return sorted(
        ((code, country_name(code, language)) for code in tables.countries()), key=lambda pair: order(pair[1])
    )


@lru_cache(maxsize=512)
def names_of_country(code: str) -> list[str]:
    """For search: the different names of a country in sixteen large languages and in its own."""
    known = tables.countries().get(code)
    if known is None:
        return []
    return list(dict.fromkeys([*(country_name(code, language) for language in LANGUAGES), *known.native]))


@lru_cache(maxsize=1)
def spoken_names() -> dict[str, str]:
    """Folded names of all countries in the larger languages -> code."""
    return {folded(name): code for code in tables.countries() for name in names_of_country(code)}
