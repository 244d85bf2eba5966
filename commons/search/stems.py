"""Stems of words that are folded already, per language, remembered.

The Snowball stemmers expect accents, which folding has taken away; most manage without. Portuguese gets the few
endings back that its stemmer needs. Arabic loses its article only: the roots that stronger stemmers find join words
that have nothing in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock

import snowballstemmer

from commons.search.folding import fold

SNOWBALL: Mapping[str, str] = {
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch_porter",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}
FALLBACK = "en"  # for texts whose language nobody told
LARGER = ("en", "es", "fr", "de", "pt", "it", "nl", "ru", "ar")  # whose stems are tried where it may be any
PORTUGUESE = (
    (re.compile("cao$"), "ção"),
    (re.compile("coes$"), "ções"),
    (re.compile("sao$"), "são"),
    (re.compile("soes$"), "sões"),
)
ARTICLE = re.compile("^(?:[وف]?(?:ال|بال|كال)|لل)(?=..)")
KEPT = 60_000
remembered: dict[str, dict[str, str]] = {}
turn = Lock()  # a stemmer keeps the word that it is at in itself: one thread at a time


def tongue(language: str) -> str:
    """The language whose stems a text gets: its own where we know how, English where it says nothing, else none."""
    primary = language.replace("_", "-").partition("-")[0].lower() or FALLBACK
    return primary if primary in SNOWBALL or primary == "ar" else ""


def stem(word: str, language: str) -> str:
    """`language` is an answer of `tongue`."""
    if not language or len(word) < 3:
        return word
    seen = remembered.setdefault(language, {})
    root = seen.get(word)
    if root is None:
        if len(seen) >= KEPT:
            seen.clear()
        with turn:
            short = stemmer(language)(word)
        root = seen[word] = fold(short) or word
    return root


@cache
def stemmer(language: str) -> Callable[[str], str]:
    if language == "ar":
        return lambda word: ARTICLE.sub("", word)
    reduce: Callable[[str], str] = snowballstemmer.stemmer(SNOWBALL[language]).stemWord
    if language == "pt":
        return lambda word: reduce(accented(word))
    return reduce


def accented(word: str) -> str:
    for ending, full in PORTUGUESE:
        word = ending.sub(full, word)
    return word
