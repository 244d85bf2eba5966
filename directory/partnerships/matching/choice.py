"""Which of the best are shown, and in what order: not twelve times the same, and some places for the small and the new."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from directory.partnerships.matching import weights
from directory.partnerships.matching.candidates import Candidates
from directory.partnerships.matching.index import Index
from directory.partnerships.matching.layout import Ints, Records
from directory.partnerships.matching.postings import Floats
from directory.partnerships.matching.scores import Scored


@dataclass(frozen=True, slots=True)
class Chosen:
    """Numbers of candidates in the order in which they are shown."""

    order: list[int]
    reserved: frozenset[int]
    bridging: frozenset[int]


def ranked(found: Candidates, scored: Scored) -> Ints:
    """All candidates, the best first; equal ones by the organisation's number."""
    return np.lexsort((scored.records["id"], -scored.shown))


def chosen(index: Index, found: Candidates, scored: Scored, limit: int) -> Chosen:
    order = ranked(found, scored)
    order = order[scored.shown[order] > 0]
    bridging = bridges(found, scored)
    fresh = small_or_new(scored.records)
    shown = diverse(index, found, scored, order, limit)
    kept = reserve(shown, order, bridging, places(weights.BRIDGING, limit), scored.records, frozenset())
    shown, needed = kept
    protected = frozenset(needed) | frozenset(number for number in shown if bridging[number])
    shown, reserved = reserve(shown, order, fresh, places(weights.RESERVED, limit), scored.records, protected)
    return Chosen(shown, frozenset(reserved), frozenset(np.flatnonzero(bridging).tolist()))


def places(of_twelve: int, limit: int) -> int:
    return of_twelve * limit // 12


def bridges(found: Candidates, scored: Scored) -> NDArray[np.bool_]:
    """At least three steps away in the web of partnerships, and with the same topics."""
    return np.asarray((found.ties == 0) & (scored.parts["topic"] >= weights.BRIDGING_TOPIC))


def small_or_new(records: Records) -> NDArray[np.bool_]:
    small = (records["size"] > 0) & (records["size"] <= weights.SMALL)
    return np.asarray(small | (records["confirmed"] == 0))


def families(records: Records) -> Ints:
    """The organisation that each belongs to, itself where it belongs to none."""
    return np.where(records["parent"] > 0, records["parent"], records["id"]).astype(np.int64)


def diverse(index: Index, found: Candidates, scored: Scored, order: Ints, limit: int) -> list[int]:
    """Maximal marginal relevance (Carbonell and Goldstein 1998) over the best: country and areas, half each."""
    top = order[: max(weights.LOOKED_OVER, limit)]
    if not len(top):
        return []
    worth = scored.shown[top] / scored.shown[top[0]]
    alike = likeness(index, found.slots[top], scored.records[top])
    kin = families(scored.records[top])
    nearest = np.zeros(len(top), np.float32)
    free = np.ones(len(top), bool)
    shown: list[int] = []
    while len(shown) < limit and free.any():
        value = np.where(free, worth - np.float32(weights.DIVERSITY) * nearest, -np.inf)
        best = int(np.argmax(value))
        shown.append(int(top[best]))
        free[best] = False
        nearest = np.maximum(nearest, alike[best])
        if np.count_nonzero(kin[~free] == kin[best]) >= weights.PER_PARENT:
            free &= kin != kin[best]
            kin = np.where(kin == kin[best], -kin, kin)
    return shown


def likeness(index: Index, slots: Ints, records: Records) -> Floats:
    """Each with each, 0 to 1: half for the same country, half for the share of topics in common."""
    owner, values, levels = index.topics.of(slots)
    own = levels == 1
    names, column = np.unique(values[own], return_inverse=True)
    named = np.zeros((len(slots), max(len(names), 1)), np.float32)
    named[owner[own], column] = 1
    both = named @ named.T
    many = named.sum(axis=1)
    either = many[:, None] + many[None, :] - both
    country = (records["country"][:, None] == records["country"][None, :]) & (records["country"] != 0)[:, None]
    return np.asarray(country / 2 + both / np.maximum(either, 1) / 2, np.float32)


def reserve(
    shown: list[int],
    order: Ints,
    wanted: NDArray[np.bool_],
    many: int,
    records: Records,
    protected: frozenset[int],
) -> tuple[list[int], list[int]]:
    """Let the last places go to the best of those wanted, until there are so many; also who came in that way."""
    missing = many - sum(bool(wanted[number]) for number in shown)
    if missing <= 0:
        return shown, []
    kin = families(records)
    seen = set(shown)
    came: list[int] = []
    kept = list(shown)
    for number in order[wanted[order]].tolist():
        if len(came) == missing:
            break
        gone = next((old for old in reversed(kept) if not wanted[old] and old not in protected), None)
        if number in seen or gone is None:
            continue
        rest = [old for old in kept if old != gone] + came
        if sum(kin[old] == kin[number] for old in rest) < weights.PER_PARENT:
            kept.remove(gone)
            came.append(number)
    return kept + came, came
