"""Who may be called what: names that look the same are the same, and some names are nobody's.

`skeleton` follows the idea of Unicode's confusable skeletons (UTS 39): two strings with one skeleton look alike to a
reader. It is a key for unique columns, never shown. It ignores case first, so capital letters that only look alike as
capitals (Greek Ν and Latin N) are told apart; merging those too would make n and v the same letter for everyone.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from functools import partial

import idna
from slugify import slugify

from commons.text.gate import INVISIBLE

_ALIKE = {
    "a": "аɑα⍺", "b": "в", "c": "сϲᴄ", "d": "ԁɗ", "e": "еҽ℮", "f": "ƒꜰ", "g": "ɡցԍ", "h": "һнհ", "j": "јϳ", "k": "кκᴋ",
    "l": "1iі|ıɩιӏⅼǀ!", "m": "мᴍ", "n": "ηոпռɴ", "o": "0оοօᴏⲟ○", "p": "рρᴘ", "q": "ԛգ", "r": "гᴦ", "s": "ѕꜱ",
    "t": "тτᴛ", "u": "υսᴜʋ", "v": "νѵᴠ", "w": "ԝѡաᴡω", "x": "хχ×", "y": "уγʏ", "z": "ᴢζ", "3": "зʒȝ", "4": "ч",
    "6": "б", "-": "‐‑‒–—―−", "'": "’‘ʼ`´ʹ′",
}  # fmt: skip
_LETTERS = str.maketrans({alike: letter for letter, many in _ALIKE.items() for alike in many})
_UNSEEN = ("Cf", "Cs", "Me")
_RESERVED_WORDS = """
    admin admins administrator administrators administration moderator moderators moderation mod mods root
    system sysadmin superuser superadmin staff team official support help helpdesk security abuse postmaster
    webmaster hostmaster noreply no-reply mailer-daemon everyone everybody all members member trusted known
    anonymous anyone nobody none null undefined guest guests visitor public private deleted erased suspended
    bot api www mail about privacy terms legal login logout signin signup join settings account accounts owner
    steward stewards commonground commons wiki directory forum forums me self you
"""


def skeleton(name: str) -> str:
    """Names with the same skeleton look the same. Empty for a name of invisible signs only."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = "".join(c for c in text if unicodedata.category(c) not in _UNSEEN and not INVISIBLE.match(c))
    text = unicodedata.normalize("NFKC", text).translate(_LETTERS)
    return " ".join(text.split())


def mail_key(address: str) -> str:
    """The key under which an e-mail address is unique. Mail goes to the address as stored, never to one just typed."""
    folded = unicodedata.normalize("NFKC", address).casefold()
    local, _, domain = "".join(c for c in folded if unicodedata.category(c) not in _UNSEEN).strip().rpartition("@")
    with contextlib.suppress(idna.IDNAError, UnicodeError):
        domain = idna.encode(domain, uts46=True).decode()
    return f"{local}@{domain}"


def reserved(name: str) -> bool:
    """Would people take this for somebody with a duty, or the machine for everybody? Also in disguise."""
    return bool({_bare(name), _bare(slugify(name))} & _RESERVED)


def _bare(name: str) -> str:
    text = unicodedata.normalize("NFKD", skeleton(re.sub(r"[\W\d_]+\Z", "", name)))
    return re.sub(r"[\W\d_]+|[\u0300-\u036f]", "", text).replace("rn", "m").replace("vv", "w")


_RESERVED = frozenset(_bare(word) for word in _RESERVED_WORDS.split())


_slugify = partial(
    slugify, max_length=80, backend="text-unidecode"
)  # named: "auto" looks for another on disk, each time


def slug(text: str, fallback: str = "untitled") -> str:
    """For addresses: ASCII, at most 80 characters, never empty, cut between words."""
    words = _slugify(text[:1000], word_boundary=True, save_order=True)
    return words or _slugify(text[:1000]) or fallback
