"""A place within what somebody typed: "compost training in Slovenia", "coopératives près de Genève".

Careful rather than clever, since a wrong place hides results: a country counts wherever it stands; a region or a town
only after a word like "in" or when it is large; and nothing counts that is an ordinary word ("reading", "nice",
"como"), unless it is written with a capital after such a word ("in Reading").
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from commons.places import tables
from commons.places.countries import LANGUAGES, country_name
from commons.places.names import folded
from commons.places.ranking import biggest_first
from commons.places.tables import Place

# fmt: off
LEADS = frozenset({
    "in", "near", "around", "from", "at", "within", "en", "à", "au", "aux", "dans", "près", "cerca", "desde", "em",
    "no", "na", "perto", "bei", "nahe", "aus", "im", "a", "vicino", "presso", "в", "около", "из", "под", "στην", "στο",
    "στη", "nära", "i", "uit", "w", "din", "katika", "di", "dekat", "v", "pri", "في",
})
_LINKS = frozenset({
    "de", "of", "the", "la", "le", "les", "du", "des", "da", "do", "el", "di", "der", "den", "dem", "km", "to", "y",
    "and", "et",
})
# fmt: on
_LONGEST = 5
_CAPITALS = {"UK": "GB", "US": "US", "USA": "US", "UAE": "AE", "DRC": "CD"}
TOWN, NAMED_OTHERWISE, REGION = 100_000, 300_000, 1_000_000  # people that make a name count without "in"


def place_in(words: Sequence[str]) -> tuple[Place, int, int] | None:
    """The place, and which words name it (start, stop); the longest name wins, then the one that is led by "in"."""
    best: tuple[tuple[int, bool, float], tuple[Place, int, int]] | None = None
    for start in range(len(words)):
        led = _is_led(words, start)
        for stop in range(min(len(words), start + _LONGEST), start, -1):
            found = _country(words[start:stop]) or _smaller(words[start:stop], led)
            if found is None:
                continue
            rank = (stop - start, led or found.kind == "country", float(found.population))
            if best is None or rank > best[0]:
                best = rank, (found, start, stop)
            break
    return best[1] if best else None


def _is_led(words: Sequence[str], start: int) -> bool:
    while start and words[start - 1].lower() in _LINKS:
        start -= 1
    return start > 0 and words[start - 1].lower() in LEADS


def _country(words: Sequence[str]) -> Place | None:
    if len(words) == 1 and words[0].replace(".", "") in _CAPITALS:
        return tables.place_of(_CAPITALS[words[0].replace(".", "")])
    code = country_phrases().get(tuple(map(folded, words)))
    if code is None or (len(words) == 1 and is_ordinary(words[0])):
        return None
    return tables.place_of(code)


def _smaller(words: Sequence[str], led: bool) -> Place | None:
    if len(words) == 1 and is_ordinary(words[0]) and not (led and words[0][:1].isupper()):
        return None
    key = "".join(map(folded, words))
    if len(key.encode()) < (3 if led else 4) or key.isdecimal():
        return None
    references = (one for one in tables.places_named(key) if one not in tables.countries())
    return next((one for one in biggest_first(map(tables.place_of, references)) if _counts(one, words, led)), None)


def _counts(one: Place, words: Sequence[str], led: bool) -> bool:
    spelled_so = tuple(map(folded, one.name.replace("-", " ").split())) == tuple(map(folded, words))
    if len(words) > 1 and not spelled_so and any(len(word) < 3 and word not in _LINKS for word in words):
        return False
    if len(words) > 1 and words[0].lower() in _LINKS:
        return spelled_so  # "to go" is not Togo
    if one.kind == "region":
        return (spelled_so and led) or one.population >= REGION
    if spelled_so or not words[0].isascii():
        return led or one.population >= TOWN
    if sum(map(len, words)) < 4:
        return False
    return one.population >= (TOWN if led else NAMED_OTHERWISE)


def is_ordinary(word: str) -> bool:
    return folded(word) in _ordinary_words()


@lru_cache(maxsize=1)
def _ordinary_words() -> frozenset[str]:
    return frozenset((tables.DATA / "ordinary_words.txt").read_text("utf-8").split())


@lru_cache(maxsize=1)
def country_phrases() -> dict[tuple[str, ...], str]:
    """Names of countries, word by word, in the languages in which the site is most likely asked."""
    spoken = {code: [country_name(code, language) for language in LANGUAGES] for code in tables.countries()}
    for line in (tables.DATA / "own_names.tsv").read_text("utf-8").splitlines():
        code, names = line.split("\t")
        if code in spoken:
            spoken[code] += names.split("|")
    return {
        phrase: code
        for code, names in spoken.items()
        for name in names
        if len("".join(phrase := tuple(filter(None, map(folded, name.replace("-", " ").split()))))) > 2
        or (phrase and not phrase[0].isascii())
    }
