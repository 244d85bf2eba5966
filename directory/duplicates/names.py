"""One name in, its comparable forms out.

"The Müller-Stiftung e.V. (MS)" and "Mueller Stiftung" become the same words; a name that carries two ("X trading as Y",
"X / Y", "X (Y)") gives each of them; capitals in brackets and initials are kept as acronyms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from text_unidecode import unidecode  # type: ignore[import-untyped, unused-ignore]

from directory.duplicates.words import CANON, EDGE_ENDS, EDGE_PHRASES, EDGE_WORDS, FILLERS, fold_vowels

Words = tuple[str, ...]

# Only where the general table of the transliteration package spells a letter otherwise than most registers do.
_LETTERS: Final = str.maketrans(
    {
        "ß": "ss", "ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
        "х": "kh", "щ": "shch", "ю": "yu", "я": "ya", "й": "y", "ё": "e", "э": "e", "ы": "y", "ъ": "", "ь": "",
        "є": "ie", "ї": "i", "і": "i", "ґ": "g", "ц": "ts", "ч": "ch", "ж": "zh", "ш": "sh",
        "η": "i", "υ": "y", "χ": "ch", "ω": "o", "’": "'", "‘": "'", "`": "'", "´": "'",
        "ʼ": "'", "&": " and ", "+": " and ",
    }
)  # fmt: skip
_MARKS: Final = re.compile("[\u0300-\u036f]+")
_WORD: Final = re.compile(r"[a-z0-9]+")
_POSSESSIVE: Final = re.compile(r"'s\b|s'(?=\s|$)")
_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_TWO_NAMES: Final = re.compile(
    r"\s+(?:trading\s+as|operating\s+as|also\s+known\s+as|known\s+as|formerly|previously|t/a|d/?b/?a|a/?k/?a|f/?k/?a|vormals)\s+|\s+[/|]\s+",
    re.IGNORECASE,
)
_HINTS: Final = ("/", "|", " as ", "dba ", "aka ", "fka ", "ormerly ", "reviously ", "ormals ")
_CAPITALS: Final = re.compile(r"(?:[^\W\d_]\.?){2,9}|[^\W_]{2,9}")
LONGEST: Final = 24
_TELLING: Final = 5


@dataclass(frozen=True, slots=True)
class Forms:
    names: tuple[Words, ...]
    given: tuple[str, ...]
    initials: tuple[str, ...]


def fold(text: str) -> str:
    """Lower case ASCII; an umlaut and its two-letter spelling fall together."""
    text = text.lower()
    if text.isascii():
        text = text.replace("&", " and ").replace("+", " and ").replace("`", "'")
    else:
        text = text.translate(_LETTERS)
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
        if not text.isascii():
            text = str(unidecode(text)).lower()
    return fold_vowels(text)


def raw_words(text: str) -> list[str]:
    """The words as written, with dotted letters ("C.I.C.") and "co-op" put together."""
    words: list[str] = []
    letters = ""
    folded = fold(text)
    for word in _WORD.findall(_POSSESSIVE.sub("s", folded) if "'" in folded else folded):
        if len(word) == 1 and word.isalpha():
            letters += word
            continue
        if letters:
            words.append(letters)
            letters = ""
        if words and words[-1] == "co" and word.startswith("op"):
            words[-1] = "co" + word
        else:
            words.append(word)
    if letters:
        words.append(letters)
    return words[:LONGEST]


def without_legal_form(words: list[str]) -> list[str]:
    while len(words) > 1:
        last = words[-1]
        if last in EDGE_ENDS:
            phrase = next((p for p in EDGE_PHRASES if len(words) > len(p) and tuple(words[-len(p) :]) == p), ())
            if phrase:
                words = words[: -len(phrase)]
                continue
        if last not in EDGE_WORDS:
            break
        words = words[:-1]
    return words[1:] if len(words) > 2 and words[0] in EDGE_WORDS else words


def name_words(text: str) -> tuple[Words, tuple[str, ...]]:
    """The telling words of a name in one spelling each, and the initials they are known by."""
    words = without_legal_form(raw_words(text))
    telling = [word for word in words if word not in FILLERS] or words
    initials = [initials_of(telling)]
    if len(words) != len(telling):
        initials.append(initials_of(words))
    return tuple([CANON.get(word, word) for word in telling]), tuple([letters for letters in initials if letters])


def initials_of(words: Sequence[str]) -> str:
    return "".join([word[0] for word in words]) if 3 <= len(words) <= 9 else ""


def without_own_acronym(words: Words) -> Words:
    """ "Red Cross Society RCS" is the Red Cross Society."""
    letters = len(words) - 1
    if letters >= 3 and len(words[-1]) == letters and initials_of(words[:-1]) == words[-1]:
        return words[:-1]
    if letters >= 3 and len(words[0]) == letters and initials_of(words[1:]) == words[0]:
        return words[1:]
    return words


def as_acronym(text: str) -> str:
    """The letters, if this looks like an acronym ("SOFI", "W.W.F.", "KfW"), otherwise nothing."""
    if len(text) > 14:
        return ""
    text = text.strip()
    if not _CAPITALS.fullmatch(text) or sum(c.isupper() for c in text) < 2:
        return ""
    return fold(text).replace(".", "").replace(" ", "")


def parts_of(text: str) -> list[str]:
    """The whole name first, then the names within it."""
    parts = [text]
    if "(" in text or "[" in text:
        outside, inside = _BRACKETS.sub(" ", text), _BRACKETS.findall(text)
        # "X (United Kingdom)" is not named United Kingdom, but "NMTF (National Market Traders Federation)" is.
        parts += [outside, *(part for part in inside if as_acronym(part) or as_acronym(outside))]
    lower = text.lower()
    if any(hint in lower for hint in _HINTS):
        parts += [part for part in _TWO_NAMES.split(text) if part != text]
    return [part for part in parts if part.strip()]


def forms(name: str, aliases: Iterable[str] = ()) -> Forms:
    """Acronyms count only as such when they came with a fuller name; a name that is one is also compared as a name."""
    names: dict[Words, None] = {}
    given: dict[str, None] = {}
    initials: dict[str, None] = {}
    for text in (name, *aliases):
        for number, part in enumerate(parts_of(text)):
            acronym = as_acronym(part)
            if acronym and (number or text.upper() != text or len(text) <= 6):
                given[acronym] = None
            words, letters = name_words(part)
            lone = len(words) < 2 and not (number == 1 and "(" in text and words and len(words[0]) >= _TELLING)
            if not words or (number and (acronym or lone)):
                continue
            names[words] = None
            names[without_own_acronym(words)] = None
            initials.update(dict.fromkeys(letters))
    return Forms(tuple(names), tuple(given), tuple(letters for letters in initials if letters not in given))
