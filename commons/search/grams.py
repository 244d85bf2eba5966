"""Names by their trigrams: which of them share most with what somebody typed, however it was written.

A name is the set of all three neighbouring letters within its words, each word with a space on either side. Their order
does not count, so that two letters that changed places leave most of a short word whole: `wrold` has three of the five
of `world`, where trigrams in order would share none. One array per segment says in which names a trigram stands; the counts of
all names come from one `bincount`. Public documents and all others have arrays of their own, as their words have fields.

Two bytes for each trigram of a name (four in a segment of more than 65,536 names): about 15 MB for 250,000 names of
thirty letters. Trigrams are known by 32 bits of their letters mixed, so that one in some millions may be taken for
another: candidates are compared letter by letter anyway.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commons.search import layout
from commons.search.codes import Codes

APART = "\0"
Codepoints = NDArray[np.uint32]
SPACE = 32
MIX = np.uint64(0x9E3779B97F4A7C15)
AT_ONCE = 20_000  # names taken apart together, to bound memory
MOST = 255


class Grams:
    """The names of one segment in one field."""

    def __init__(self, names: Sequence[str], owners: Sequence[int]) -> None:
        self.owners = np.asarray(owners, np.int32)  # the document of each name, by rising number
        parts = [pairs(names, at) for at in range(0, len(names), AT_ONCE)]
        whole = once(np.concatenate(parts) if parts else np.empty(0, np.uint64))
        bearers = whole.astype(np.uint32)  # the lower half
        self.sizes = np.minimum(np.bincount(bearers, minlength=len(names)), MOST).astype(np.uint8)  # trigrams of a name
        self.bearers = bearers.astype(np.uint16 if len(names) <= 65_536 else np.uint32)
        codes = (whole >> np.uint64(32)).astype(np.uint32)
        starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]) if len(codes) else np.empty(0, bool))
        self.codes = codes[starts]
        self.starts = np.append(starts, len(codes)).astype(np.int32)

    @property
    def bytes(self) -> int:
        return sum(each.nbytes for each in (self.owners, self.sizes, self.bearers, self.codes, self.starts))

    def shared(self, wanted: Codepoints) -> NDArray[np.int64]:
        """How many of the trigrams each name has."""
        at = np.searchsorted(self.codes, wanted)
        known = at < len(self.codes)
        known[known] = self.codes[at[known]] == wanted[known]
        found = [self.bearers[self.starts[one] : self.starts[one + 1]] for one in at[known].tolist()]
        return np.bincount(np.concatenate(found) if found else np.empty(0, np.int64), minlength=len(self.sizes))


def pairs(names: Sequence[str], first: int) -> NDArray[np.uint64]:
    """Each trigram above the number of the name that has it, for the names from `first` on."""
    letters = np.frombuffer(spaced(names[first : first + AT_ONCE]).encode("utf-32-le", "replace"), np.uint32)
    codes, where = trigrams(letters)
    number = np.cumsum(letters == 0)[where] + first
    return codes.astype(np.uint64) << np.uint64(32) | number.astype(np.uint64)


def once(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values.sort()  # several times quicker than np.unique
    return values[np.append(True, values[1:] != values[:-1])] if len(values) else values


def spaced(names: Sequence[str]) -> str:
    return " " + f" {APART} ".join(names) + " "


def trigrams(letters: Codepoints) -> tuple[Codepoints, NDArray[np.int64]]:
    """A code for each three letters that stand in one word, the same in whatever order, and where they begin."""
    if len(letters) < 3:
        return np.empty(0, np.uint32), np.empty(0, np.int64)
    within = (letters[1:-1] != SPACE) & (letters[:-2] != 0) & (letters[1:-1] != 0) & (letters[2:] != 0)
    where = np.flatnonzero(within)
    mixed = letters.astype(np.uint64) * MIX
    mixed = (mixed ^ (mixed >> np.uint64(29))) * MIX
    return ((mixed[where] + mixed[where + 1] + mixed[where + 2]) >> np.uint64(32)).astype(np.uint32), where


def typed(words: Sequence[str], unfinished: bool = False) -> Codepoints:
    """The trigrams of what is typed, each once; `unfinished`: the last word may go on."""
    text = spaced([" ".join(words)])
    letters = np.frombuffer((text[:-1] if unfinished else text).encode("utf-32-le", "replace"), np.uint32)
    return np.sort(np.array(list(dict.fromkeys(trigrams(letters)[0].tolist())), np.uint32))


def of_segment(rows: Sequence[bytes], audience: NDArray[np.int32], codes: Codes) -> dict[str, Grams]:
    """By field; `rows` holds the folded names of each document, one a line, `audience` its code."""
    public = (audience == codes.code("audience", layout.PUBLIC)).tolist()
    names: dict[str, list[str]] = {layout.OPEN: [], layout.CLOSED: []}
    owners: dict[str, list[int]] = {layout.OPEN: [], layout.CLOSED: []}
    for number, row in enumerate(rows):
        if row:
            field = layout.OPEN if public[number] else layout.CLOSED
            said = row.decode().split("\n")
            names[field] += said
            owners[field] += [number] * len(said)
    return {field: Grams(names[field], owners[field]) for field in names}
