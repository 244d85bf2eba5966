"""#tags: what is one in a text, and the key under which two ways to write it are the same tag."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 50
MARKS = "".join(sign for sign in map(chr, range(0x300, 0x1F000)) if unicodedata.category(sign) in ("Mn", "Mc"))
"""What `\\w` leaves out although words are made of it: vowel signs of Indic scripts, accents that stand alone."""

_SIGN = rf"(?!_)[\w{MARKS}]"
_NEXT = rf"(?:{_SIGN}|[-\u200c\u200d](?={_SIGN})|_(?=_{{0,{LONGEST}}}{_SIGN}))"
TAG = rf"#(?<![^\s(\[{{\"'“‘«*_`\x03]#)(?<!\{{\{{#)[^\W\d_]{_NEXT}{{0,{LONGEST - 1}}}+(?!{_NEXT})"
"""A letter, then letters, marks, digits and, inside, hyphens, low lines and joiners: at most LONGEST signs behind the #.
\\x03 ends what the converter has put aside before; `{{#if` is how MediaWiki asks something."""

_ACCENT = re.compile(
    r"[\u0300-\u0305\u0307-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f]|(?<!и)\u0306"
)
_SPELT_OUT = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ŧ": "t", "œ": "oe", "æ": "ae"})
_UNFIT = re.compile(rf"[^\w{MARKS}-]+")
_EDGES = re.compile(rf"\A[-_{MARKS}]+|[-_]+\Z")


def tag_key(words: str) -> str:
    """`#Énergie` and `energie` are one tag: neither case nor accents of Latin, Greek and Cyrillic letters count, but the
    signs of other scripts, and й, are letters. At most LONGEST characters; "" where nothing is left."""
    text = unicodedata.normalize("NFKC", words).casefold().translate(_SPELT_OUT)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFKD", text))).casefold()
    return _EDGES.sub("", _EDGES.sub("", _UNFIT.sub("-", text))[:LONGEST])
