"""What speaks for two cards being one organisation, and what against, added up as log odds.

The weights were fitted on labelled pairs (benchmarks/duplicates.py names the forms), then rounded. What is rare, and
how many others share a name, an acronym or a website, is measured in the directory at hand: they hold for small and
large.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log
from typing import Final

from directory.duplicates.likeness import NameLikeness, Weigh, compare_names
from directory.duplicates.names import Words
from directory.duplicates.places import Place, places
from directory.duplicates.prints import Print, hashes_in, squeezed

Key = tuple[str, str | int]
Signals = dict[str, float]

BASE: Final = -3.5
WEIGHTS: Final[dict[str, float]] = {
    # the names
    "same": 3.9,
    "same_others": -1.0,
    "same_short": -1.2,
    "all_nearly": 2.0,
    "plain": 1.2,
    "shared": 1.8,
    "apart": -2.7,
    "onesided": -0.4,
    "numbers": -1.5,
    "acronym": 7.0,
    "acronym_given": 2.0,
    "acronym_aside": 1.0,
    "acronym_others": -1.8,
    "acronym_long": 2.4,
    # the place
    "postcode": 1.9,
    "town": 0.0,
    "nearby": -2.2,
    "far": -4.0,
    "abroad": -6.0,
    "same_elsewhere": 1.5,
    # the website and the text
    "domain": 6.5,
    "domain_others": -1.6,
    "domain_differs": -1.5,
    "text": 6.2,
    "text_same": 1.5,
    "text_differs": -1.0,
}
_PAIRS: Final = 4
_SIMILAR: Final = 0.6
_MANY: Final = 3.5
_NAMELESS: Final = NameLikeness(False, 0.0, 0.0, 0.0, 0.0, False, False)
_ENOUGH_TEXT: Final = 0.3


@dataclass(frozen=True, slots=True)
class Asked:
    """The print of the question, and which slots share which of its keys."""

    known: Print
    sharing: dict[Key, list[int]]
    weigh: Weigh

    def others(self, kind: str, value: str) -> float:
        """0 where at most one in the directory has it, more the more there are."""
        return log(max(1, len(self.sharing.get((kind, value), ()))))


def total(signals: Signals) -> float:
    return sum(WEIGHTS[name] * value for name, value in signals.items())


def name_signals(asked: Asked, words: Words, like: NameLikeness) -> Signals:
    if like.same:
        name = squeezed(words)
        return {
            "same": 1.0,
            "same_others": asked.others("name", name),
            "same_short": float(len(name) <= 4),
            "shared": min(like.shared, 20) / 10,
        }
    return {
        "all_nearly": float(not like.apart and not like.onesided and len(squeezed(words)) > 5),
        "plain": float(like.plain and like.onesided > 0),
        "shared": min(like.shared, 20) / 10,
        "apart": min(like.apart, 15) / 10,
        "onesided": min(like.onesided, 15) / 10,
        "numbers": float(like.numbers_differ),
    }


def promising(asked: Asked, known: Print) -> Iterator[tuple[Words, Words]]:
    """With many aliases on both sides, only the pairs with the most in common."""
    pairs = [(one, other) for one in asked.known.names for other in known.names]
    if len(pairs) > _PAIRS:
        shares = [sum(map(asked.weigh, set(one).intersection(other))) / (len(one) + len(other)) for one, other in pairs]
        order = sorted(range(len(pairs)), key=shares.__getitem__, reverse=True)
        pairs = [pairs[i] for i in order[:_PAIRS]]
    yield from pairs


def best_name(asked: Asked, known: Print) -> tuple[Signals, NameLikeness, Words]:
    found: list[tuple[float, Signals, NameLikeness, Words]] = []
    for one, other in promising(asked, known):
        like = compare_names(one, other, asked.weigh)
        signals = name_signals(asked, one, like)
        found.append((total(signals), signals, like, other))
    if not found:
        return {}, _NAMELESS, ()
    _, signals, like, other = max(found, key=lambda each: each[0])
    return signals, like, other


def called(known: Print) -> set[str]:
    """What it is called as a whole, where that is so short that it may be an acronym."""
    return {words[0] for words in known.names if len(words) == 1 and 2 <= len(words[0]) <= 9}


def acronym_signals(asked: Asked, known: Print) -> tuple[Signals, str]:
    """It tells much where one of the two goes by its acronym alone, little where both have full names that differ."""
    one, other = asked.known, known
    letters_of_one, letters_of_other = {*one.given, *called(one)}, {*other.given, *called(other)}
    given = letters_of_one & letters_of_other
    shared = given or letters_of_one.intersection(other.initials) or letters_of_other.intersection(one.initials)
    if not shared:
        return {}, ""
    letters = min(shared)
    others = asked.others("acronym", letters) + asked.others("initials", letters)
    alone = (letters,) in one.names or (letters,) in other.names[:1]
    kind = "acronym_aside" if not alone else "acronym_given" if given else "acronym"
    return {kind: 1.0, "acronym_others": others, "acronym_long": float(len(letters) >= 4)}, letters


def place_signals(place: Place, same_name: bool) -> Signals:
    if place == "unknown":
        return {}
    return {place: 1.0, "same_elsewhere": float(same_name and place in ("far", "abroad"))}


def web_signals(asked: Asked, known: Print) -> tuple[Signals, str]:
    shared = set(asked.known.domains).intersection(known.domains)
    if shared:
        host = min(shared)
        return {"domain": 1.0, "domain_others": min(asked.others("domain", host), _MANY)}, host
    return {"domain_differs": float(bool(asked.known.domains and known.domains))}, ""


def text_likeness(one: Print, other: Print) -> float:
    if not one.sketch or not other.sketch:
        return -1.0
    left, right = hashes_in(one.sketch), hashes_in(other.sketch)
    both = sorted({*left, *right})[: max(len(left), len(right))]
    return len({*left} & {*right} & {*both}) / len(both)


def signals_of(asked: Asked, known: Print) -> tuple[Signals, tuple[str, ...]]:
    signals, like, name = best_name(asked, known)
    reasons = []
    main = name in known.names[:1]
    if like.same:
        reasons.append(("same_name:" if main else "alias:") + " ".join(name))
    elif like.like >= _SIMILAR:
        reasons.append(("similar_name:" if main else "alias:") + " ".join(name))
    acronym, letters = acronym_signals(asked, known)
    if acronym and not like.same:
        signals |= acronym
        reasons.append("acronym:" + letters)
    place = places(asked.known, known)
    signals |= place_signals(place, like.same)
    if place in ("postcode", "town"):
        reasons.append("same_place:" + (known.postcode if place == "postcode" else known.city))
    web, host = web_signals(asked, known)
    signals |= web
    if host:
        reasons.append("same_domain:" + host)
    text = text_likeness(asked.known, known)
    signals |= {"text": max(text, 0.0), "text_same": float(text >= 0.95), "text_differs": float(text == 0.0)}
    if text >= _ENOUGH_TEXT:
        reasons.append(f"similar_text:{text:.2f}")
    return signals, tuple(reasons)


def weigh_up(asked: Asked, known: Print) -> tuple[float, tuple[str, ...]]:
    shared_ids = set(asked.known.ids).intersection(known.ids)
    signals, reasons = signals_of(asked, known)
    if shared_ids:
        return 1.0, ("same_register_id:" + min(shared_ids), *reasons)
    return 1 / (1 + exp(-(BASE + total(signals)))), reasons
