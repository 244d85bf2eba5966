"""One key for all spellings of a place name.

"Côte d'Ivoire", "cote d ivoire" and "COTE-D'IVOIRE" give the same key: no accents, no case, no spaces, no marks. The
same function makes the keys of the shipped name table (`benchmarks/make_places.py`) and folds what people type, so the
two cannot drift apart. Vowel signs of Indic and South-East Asian scripts and the voicing marks of kana are letters in
all but name and are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ə": "a", "ŋ": "n"}
)
_VOICING = 8  # the combining class of dakuten and handakuten
_UMLAUTS = re.compile(r"([aou])e")
# Letters that a language sorts after z, or after their base letter, instead of among it.
_AFTER_Z = {"sv": "åäö", "fi": "åäö", "da": "æøå", "nb": "æøå", "no": "æøå", "nn": "æøå", "et": "õäöü", "is": "þæö"}
_AFTER_BASE = {
    "es": "ñ",
    "gl": "ñ",
    "pl": "ąćęłńóśźż",
    "cs": "čřšž",
    "sk": "čšž",
    "hr": "čćđšž",
    "sl": "čšž",
    "tr": "çğöşü",
}


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    if text.isascii():
        return "".join(filter(str.isalnum, text.casefold()))
    kept = []
    for char in unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS):
        mark = unicodedata.combining(char)
        if (mark and mark != _VOICING) or not (char.isalnum() or unicodedata.category(char) in ("Mc", "Mn")):
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def without_umlaut_spelling(key: str) -> str:
    """Koeln and Muenchen, as typed where ö and ü are not on the keyboard."""
    return _UMLAUTS.sub(r"\1", key)


def sorting_in(language: str) -> Callable[[str], tuple[str, str]]:
    """A key for `sorted` that puts accented letters where readers of the language look for them."""
    code = language.replace("_", "-").split("-")[0].lower()
    after_z, after_base = _AFTER_Z.get(code, ""), _AFTER_BASE.get(code, "")

    def place_of(char: str) -> str:
        if char in after_z:
            return "{" + chr(ord("a") + after_z.index(char))  # "{" follows "z"
        if char in after_base:
            return folded(char) + "{" + chr(ord("a") + after_base.index(char))
        return folded(char)

    return lambda text: ("".join(map(place_of, unicodedata.normalize("NFC", text.casefold()))), text)
