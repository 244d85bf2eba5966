"""The words by which a member is found, each with its field's visibility. What is shown to nobody gives none."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from commons.people.models import LISTS, Profile
from commons.places.countries import names_of_country
from commons.places.gazetteer import country_name
from commons.places.names import folded

MOST = 400  # words of one long text
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@lru_cache(maxsize=8192)
def key_of(text: str) -> str:
    """Words without case, accents and signs, single spaces between them: “Well-Digging ” and “well digging” are one."""
    parts = (folded(part) for part in re.split(r"[\s\-/]+", text))
    return " ".join(part for part in parts if part)[:200]


def tokens(text: str) -> list[str]:
    """The words of a text, folded, each once."""
    return list(dict.fromkeys(key for word in _WORD.findall(text) if (key := key_of(word)) and len(key) > 1))[:MOST]


def word_rows(profile: Profile) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], tuple[str, str]] = {}

    def add(field: str, key: str, words: str, shown: str) -> None:
        if key and shown != "nobody":
            found.setdefault((field, key[:200]), (words[:200], shown))

    for name in (*tokens(profile.title), key_of(profile.title), key_of(profile.slug)):
        add("name", name, profile.title, "public")  # whoever may know that the profile exists may know the name
    for field in LISTS:
        for word in profile.listed(field):
            add(field, word if field == "languages" else key_of(word), word, profile.visibility(field))
    for area in profile.areas:
        add("areas", str(area), "", profile.visibility("areas"))
    for word in tokens(profile.about):
        add("about", word, "", profile.visibility("about"))
    add("place", key_of(profile.place), profile.place, profile.visibility("place"))
    if profile.country:
        add("country", profile.country, country_name(profile.country, "en"), profile.visibility("country"))
        for name in names_of_country(profile.country):
            add("country name", key_of(name), "", profile.visibility("country"))
    return [
        {"profile_id": profile.id, "field": field, "key": key, "words": words, "shown": shown}
        for (field, key), (words, shown) in found.items()
    ]
