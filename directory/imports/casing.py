"""Names and texts written wholly in capitals, made readable.

Only letters change from large to small, never a word. What is not wholly in capitals is left as it stands. Where it is
unknowable whether a word is an abbreviation or a proper name, texts stay on the cautious side: words without a vowel,
known abbreviations and words with dots or figures keep their capitals, and phrases that are known to be names (the
organisation's own, its town) get theirs back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from directory.imports.words import WORDS

SMALL = frozenset(WORDS["small"])
KEPT = frozenset(WORDS["kept"])
NOT_SHORT_FORMS = frozenset(WORDS["not_short_forms"])
WORDS_KNOWN = 1 << 15
WINDS = frozenset(("nw", "ne", "sw", "se"))
ORDINALS = ("st", "nd", "rd", "th")
PROPER = frozenset(WORDS["proper"])
PHRASES = {phrase.lower(): phrase for phrase in WORDS["proper_phrases"]}
NO_SHORT_FORMS_IN_TEXTS = frozenset(("it", "us", "id", "pe", "aa", "who", "aids"))

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE = re.compile(r"(?:^|[.!?]['\")\]]*\s+|\n\s*|[•●▪*]\s+)(?:\(?\w{1,3}[.)]\s+)*[\"'(\[“]*([^\W\d_])")
_PHRASES = re.compile(rf"\b(?:{'|'.join(sorted(PHRASES, key=len, reverse=True))})\b", re.IGNORECASE)
_DOTTED = re.compile(r"\b(?!E\.G|I\.E|A\.M|P\.M)(?:[A-Z]\.){2,}")
_OPENING = re.compile(r"(?:[:–-] |[(\[“\"] ?)$")
_INITIAL = re.compile(r"(?:^|\W)\w\.? $|^ (?:\w\W|& )")
_BRACKETED = re.compile(r"\(([^\W\d_]{2,6})\)")
_I = re.compile(r"\bi(?=\b(?:['’](?:m|ve|ll|d)\b)?(?![.)]))")


def is_capitals(text: str) -> bool:
    """Nearly all letters of a text of some length are capitals."""
    upper = sum(map(str.isupper, text))
    return upper >= 4 and upper >= 9 * sum(map(str.islower, text))


def place_case(name: str) -> str:
    return name_case(name) if " " in name or not name.isupper() or len(name) < 3 else _capitalised(name.lower())


def name_case(name: str) -> str:
    """THE MASSENA FREE CLINIC FOR ADULTS -> The Massena Free Clinic for Adults."""
    if not is_capitals(name) or (len(name) < 7 and " " not in name):
        return name

    def repaired(match: re.Match[str]) -> str:
        lower = match[0].lower()
        inside = name[: match.start()].endswith(" ") and match.end() < len(name)
        if inside and lower in SMALL and not _OPENING.search(name[: match.start()]):
            initial = len(lower) == 1 and (
                _INITIAL.search(name[: match.start()]) or _INITIAL.match(name[match.end() :])
            )
            return match[0] if initial else lower
        return _kept(match[0]) or _capitalised(lower)

    return _with_initials(_WORD.sub(repaired, name))


def sentence_case(text: str, names: Iterable[str] = ()) -> str:
    """A text wholly in capitals in the case of sentences; `names` are phrases whose capitals are known."""
    if not is_capitals(text) or len(text) < 20:
        return text
    lowered = _I.sub("I", _WORD.sub(lambda match: _in_a_sentence(match[0]), text))
    lowered = _PHRASES.sub(lambda match: PHRASES[match[0].lower()], lowered)
    for match in _DOTTED.finditer(text) if len(lowered) == len(text) else ():
        lowered = lowered[: match.start()] + match[0] + lowered[match.end() :]
    whole = lowered
    lowered = _SENTENCE.sub(lambda match: _opened(whole, match), whole)
    for name in filter(_distinctive, names):
        if name.lower() in lowered.lower():
            lowered = name.join(re.split(rf"(?<!\w){re.escape(name)}(?!\w)", lowered, flags=re.IGNORECASE))
    return _with_initials(lowered)


@lru_cache(WORDS_KNOWN)
def _in_a_sentence(word: str) -> str:
    lower = word.lower()
    if lower in PROPER:
        return word.capitalize()
    return lower if lower in NO_SHORT_FORMS_IN_TEXTS else _kept(word) or lower


def _opened(text: str, match: re.Match[str]) -> str:
    """A dot behind the letters of `U.S.` ends no sentence."""
    if text[match.start() - 2 : match.start() - 1] == "." and text[match.start() - 1].isalpha():
        return match[0]
    return match[0][:-1] + match[1].upper()


def _distinctive(name: str) -> bool:
    return len(name) > 3 and name[:1].isupper()


@lru_cache(WORDS_KNOWN)
def _kept(word: str) -> str:
    """The word if its capitals stay."""
    for end in ("'S", "’S"):
        if word.endswith(end):
            return kept + end.lower() if (kept := _kept(word[:-2])) else ""
    lower = word.lower()
    if lower in KEPT or lower in WINDS:
        return word
    if any(map(str.isdigit, word)):
        return word if len(word) < 5 and lower[-2:] not in ORDINALS else ""
    short = 1 < len(word) <= 5 and lower.isascii() and lower not in NOT_SHORT_FORMS
    return word if short and not set(lower) & set("aeiouy'’") else ""


@lru_cache(WORDS_KNOWN)
def _capitalised(lower: str) -> str:
    if lower.startswith("mc") and len(lower) > 4:
        return "Mc" + lower[2:].capitalize()
    if lower[1:2] in ("'", "’") and lower[0] in "odl" and len(lower) > 3:
        return lower[:2].upper() + lower[2:].capitalize()
    return lower[:1].upper() + lower[1:]


def _with_initials(text: str) -> str:
    """`autism spectrum condition (asc)` -> (ASC), here and wherever it stands again."""
    for match in list(_BRACKETED.finditer(text)):
        short = match[1].lower()
        words = [word.lower() for word in _WORD.findall(text[max(0, match.start() - 200) : match.start()])]
        large = [word for word in words if word not in SMALL]
        if short in ("".join(word[0] for word in some[-len(short) :]) for some in (words, large)):
            text = re.sub(rf"\b{short}\b", short.upper(), text, flags=re.IGNORECASE)
    return text
