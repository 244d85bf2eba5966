"""The index as one process sees it at one moment: immutable, in NumPy arrays, shared by all its threads.

A *scope* is what one set of audiences may read. Everything a viewer can observe, down to the weight of a word, is
computed from the documents in their scope: an answer is the same as if the others did not exist. A test holds that
for random questions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commons.search import layout
from commons.search.codes import Codes
from commons.search.reading import NOTHING, Postings, SegmentView

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
SCOPES = 64
MASKS = 64
SCORED = 1_000_000  # scored postings remembered per scope


class Scope:
    """What one set of audiences may read, with the statistics of just that."""

    def __init__(self, snapshot: Snapshot, audiences: Collection[str] | None) -> None:
        if audiences is None:
            self.mask: Bools = snapshot.live
        else:
            codes = [code for code in (snapshot.codes.code("audience", name) for name in audiences) if code > 0]
            self.mask = snapshot.live & np.isin(snapshot.single["audience"], codes)
        self.fields = (
            (layout.OPEN,)
            if audiences is not None and set(audiences) <= {layout.PUBLIC}
            else (layout.OPEN, layout.CLOSED)
        )
        self.count = int(self.mask.sum())
        self.average = float(snapshot.length[self.mask].mean(dtype=np.float64)) or 1.0 if self.count else 1.0
        spoken = np.bincount(snapshot.single["tongue"][self.mask]) if self.count else np.empty(0, np.int64)
        names = snapshot.codes.values["tongue"]
        self.languages = tuple(sorted(names[code] for code in np.flatnonzero(spoken) if names[code]))
        self.remembered: OrderedDict[Hashable, Postings] = OrderedDict()
        self.kept = 0
        self.lock = Lock()

    def scored(self, key: Hashable, make: Callable[[], Postings]) -> Postings:
        with self.lock:
            found = self.remembered.get(key)
            if found is not None:
                self.remembered.move_to_end(key)
                return found
        found = make()
        with self.lock:
            if self.remembered.setdefault(key, found) is found:
                self.kept += len(found.ids)
            while self.kept > SCORED and len(self.remembered) > 1:
                self.kept -= len(self.remembered.popitem(last=False)[1].ids)
        return found


class Snapshot:
    position = 0  # in the log: what came later may not be in it

    def __init__(
        self, views: list[SegmentView], deleted: list[list[int]], codes: Codes, generation: tuple[int, ...]
    ) -> None:
        self.views, self.codes, self.generation = views, codes, generation
        self.bases = np.cumsum([0, *(view.size for view in views)]).tolist()
        self.size: int = self.bases[-1]
        self.live: Bools = np.ones(self.size, bool)
        for base, gone in zip(self.bases, deleted, strict=False):
            self.live[np.array(gone, np.int64) + base] = False
        rows = {
            name: joined([view.numbers(name) for view in views], layout.NUMBERS[name])
            for name in layout.NUMBERS.names or ()
        }
        self.key, self.updated, self.confirmed = rows["key"], rows["updated"], rows["confirmed"]
        self.lat, self.lon, self.boost, self.length = rows["lat"], rows["lon"], rows["boost"], rows["length"]
        heads = joined([view.columns.initials for view in views], np.dtype(np.uint64)).reshape(-1, 2)
        self.initials = (heads[:, 0], heads[:, 1])
        self.single = {
            facet: joined([view.columns.single[facet] for view in views], np.dtype(np.int32)) for facet in layout.SINGLE
        }
        self.several = {facet: self._several(facet) for facet in layout.SEVERAL}
        many = {facet: np.bincount(owners, minlength=self.size) for facet, (owners, _) in self.several.items()}
        self.starts = {facet: np.cumsum(np.concatenate(([0], each)), dtype=np.int32) for facet, each in many.items()}
        if (
            len(views) > 1
        ):  # the first one is nearly all of the index: what is joined holds its columns too, once and not twice
            views[0].lean_on(rows, heads, self.single, self.several)
        self.scopes: OrderedDict[frozenset[str] | None, Scope] = OrderedDict()
        self.masks: dict[tuple[str, frozenset[str]], Bools] = {}
        self.title_order: Ints | None = None
        self.lock = Lock()

    def _several(self, facet: str) -> tuple[Ints, Ints]:
        pairs = [view.columns.several[facet] for view in self.views]
        owners = [owner + np.int32(base) for (owner, _), base in zip(pairs, self.bases, strict=False)]
        return joined(owners, np.dtype(np.int32)), joined([value for _, value in pairs], np.dtype(np.int32))

    def mask(self, key: tuple[str, frozenset[str]], make: Callable[[], Bools]) -> Bools:
        """The documents that pass a filter, remembered."""
        found = self.masks.get(key)
        if found is None:
            found = make()
            with self.lock:
                if len(self.masks) >= MASKS:
                    self.masks.clear()
                self.masks[key] = found
        return found

    def title_rank(self) -> Ints:
        """The place of every document in the order of the first letters of titles; made when first asked for."""
        if self.title_order is None:
            rank = np.empty(self.size, np.int32)
            rank[np.lexsort((self.key, self.initials[1], self.initials[0]))] = np.arange(self.size, dtype=np.int32)
            self.title_order = rank
        return self.title_order

    def under(self, area: int) -> Ints:
        """The documents under an area (code), in order; areas themselves are not meant."""
        found = [view.under(area) + np.int32(base) for view, base in zip(self.views, self.bases, strict=False)]
        return joined(found, np.dtype(np.int32))

    def scope(self, audiences: Collection[str] | None) -> Scope:
        name = None if audiences is None else frozenset(audiences)
        with self.lock:
            found = self.scopes.get(name)
            if found is not None:
                self.scopes.move_to_end(name)
                return found
        found = Scope(self, name)
        with self.lock:
            self.scopes[name] = found
            while len(self.scopes) > SCOPES:
                self.scopes.popitem(last=False)
        return found

    def postings(self, fields: tuple[str, ...], forms: tuple[str, ...]) -> Postings:
        """Documents with any of the forms, by rising number, each with the greatest weight; deleted ones included."""
        ids, weights = [], []
        for view, base in zip(self.views, self.bases, strict=False):
            for field in fields:
                for form in forms:
                    found = view.postings(field, form)
                    if len(found.ids):
                        ids.append(found.ids + np.int32(base) if base else found.ids)
                        weights.append(found.weights)
        return greatest(ids, weights, self.size)

    def places(self, fields: tuple[str, ...], term: str, among: Ints) -> NDArray[np.int64]:
        """Where a word stands in some documents, as sorted numbers: document * 2**17 + place."""
        found = []
        ends = np.searchsorted(among, self.bases).tolist()
        for view, base, first, end in zip(self.views, self.bases, ends, ends[1:], strict=False):
            for field in fields if first < end else ():
                ids, places = view.places(field, term, among[first:end] - np.int32(base))
                if len(ids):
                    found.append(((ids.astype(np.int64) + base) << 17) + places)
        return np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)

    def names(self, number: int) -> list[str]:
        at = bisect_right(self.bases, number) - 1
        return self.views[at].names_of(number - self.bases[at])

    def streams(self, numbers: Ints) -> list[bytes]:
        """Documents as `layout.stream` wrote them."""
        return [self.stream(number) for number in numbers.tolist()]

    def stream(self, number: int) -> bytes:
        at = bisect_right(self.bases, number) - 1
        return self.views[at].stream_of(number - self.bases[at])


def joined(arrays: list[NDArray[Any]], dtype: np.dtype[Any]) -> NDArray[Any]:
    if len(arrays) == 1:
        return arrays[0]
    return np.concatenate(arrays) if arrays else np.empty(0, dtype)


def greatest(ids: list[Ints], weights: list[Floats], size: int, added: bool = False) -> Postings:
    """The union of posting lists, each document with the greatest of its weights, or with their sum."""
    if not ids:
        return NOTHING
    if len(ids) == 1:
        return Postings(ids[0], weights[0])
    best: np.ufunc = np.add if added else np.maximum
    total = sum(map(len, ids))
    if total * 8 < size:
        every, weight = np.concatenate(ids), np.concatenate(weights)
        order = np.argsort(every, kind="stable")
        every = every[order]
        starts = np.flatnonzero(np.concatenate(([True], every[1:] != every[:-1])))
        return Postings(every[starts], best.reduceat(weight[order], starts))
    dense = np.zeros(size, np.float32)
    for some, weight in zip(ids, weights, strict=True):
        dense[some] = best(dense[some], weight)
    every = np.flatnonzero(dense).astype(np.int32)
    return Postings(every, dense[every])
