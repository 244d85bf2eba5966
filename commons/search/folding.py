"""How a written word becomes the form under which it is found.

One rule for every script: NFKC and casefold, letters with accents lose them, a few letters that Unicode does not take
apart are spelt out (œ, ß, ł, đ), Arabic letters get one shape. Signs that *are* letters stay: vowel signs of the
Indic scripts, the kana's voicing marks, the short i of Russian. Text and question go through the same door, so that
`educacion` is `educación`.
"""

from __future__ import annotations

import unicodedata

SPELT_OUT = str.maketrans(
    {
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "ß": "ss",
        "ı": "i",
        "œ": "oe",
        "æ": "ae",
        "ħ": "h",
        "þ": "th",
        "ŋ": "n",
        "ŧ": "t",
        "ə": "e",
        "ё": "е",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ک": "ك",
        "ة": "ه",
        "ھ": "ه",
        "ۀ": "ه",
        "ـ": None,  # the stretching stroke
        "\u00ad": None,  # soft hyphen
        "\u200b": None,
        "\u200c": None,  # joiners and non-joiners
        "\u200d": None,
        "\ufeff": None,
    }
)
SHORT_I = {"й": "\ue000", "\ue000": "й"}  # kept whole while the marks of other letters fall
STRIPPED = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06DC),
    (0x06DF, 0x06ED),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)
MARKS = {code: None for first, last in STRIPPED for code in range(first, last + 1) if unicodedata.combining(chr(code))}


def fold(text: str) -> str:
    """The searchable form of a text; folding twice changes nothing."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold().translate(SPELT_OUT)
    if text.isascii():
        return text
    text = text.replace("й", SHORT_I["й"])
    text = unicodedata.normalize("NFKD", text).translate(MARKS)
    text = unicodedata.normalize("NFC", text.replace(SHORT_I["й"], "й"))
    return unicodedata.normalize("NFC", text.casefold().translate(SPELT_OUT))
