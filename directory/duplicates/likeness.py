"""How alike are two names, word by word? Rare words weigh more than common ones, a misspelt word nearly as much.

What is left over on both sides ("... of Upper Keys", "... of Benzie County") speaks against more than what is left over
on one side, and another number speaks loudest: School No 5 is not School No 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from directory.duplicates.names import Words
from directory.duplicates.spelling import nearly
from directory.duplicates.words import COMMON

Weigh = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class NameLikeness:
    same: bool
    like: float
    shared: float
    apart: float
    onesided: float
    plain: bool
    numbers_differ: bool


def compare_names(one: Words, other: Words, weigh: Weigh) -> NameLikeness:
    if one == other or "".join(one) == "".join(other):
        return NameLikeness(True, 1.0, sum(map(weigh, one)), 0.0, 0.0, False, False)
    left, right = list(one), list(other)
    for word in one:
        if word in right:
            right.remove(word)
            left.remove(word)
    shared = total = 0.0
    for word in one:
        total += weigh(word)
    shared = total - sum(map(weigh, left))
    info = shared
    for word in list(left):
        near, best = max(((nearly(word, against), against) for against in right), default=(0.0, ""))
        if near:
            left.remove(word)
            right.remove(best)
            shared += near * (weigh(word) + weigh(best)) / 2
            info += near * min(weigh(word), weigh(best))
    total += sum(map(weigh, other))
    rest, other_rest = sum(map(weigh, left)), sum(map(weigh, right))
    return NameLikeness(
        same=False,
        like=2 * shared / total,
        shared=info,
        apart=min(rest, other_rest),
        onesided=abs(rest - other_rest),
        plain=not (left and right) and all(word in COMMON for word in left + right),
        numbers_differ={word for word in left if word.isdigit()} != {word for word in right if word.isdigit()},
    )
