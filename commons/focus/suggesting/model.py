"""The learned part: for each goal and each area how much each word speaks for it, made by `benchmarks/make_suggesting.py`.

A text is the vector of its terms, (1 + ln of how often) × how rare, of length 1; a label's score is the sum of its words'
parts above what it has anyway. So each word's part of a score can be named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commons.focus.suggesting.reading import Seen

FILE = Path(__file__).with_name("model.npz")
Numbers = NDArray[np.float32]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Model:
    labels: tuple[str, ...]  # a goal's number, or an area's slug
    fillers: frozenset[str]
    places: Mapping[str, int]  # term: its row
    rarity: Numbers
    weights: NDArray[np.int8]  # a row for each term, a column for each label
    scale: Numbers  # of each label: what a weight of 1 is worth
    usual: Numbers  # of each label: its score in a text without words
    wanted: Numbers  # of each label: the score from which it is suggested

    @cached_property
    def columns(self) -> Mapping[str, int]:
        return {label: column for column, label in enumerate(self.labels)}

    def vector(self, terms: Sequence[Seen]) -> tuple[Rows, Numbers]:
        """The rows of the known terms of a text, each once, and what they count."""
        counts: dict[int, int] = {}
        for term in terms:
            if (place := self.places.get(term.key)) is not None:
                counts[place] = counts.get(place, 0) + 1
        rows = np.fromiter(counts, np.intp, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.rarity[rows]
        length = float(np.linalg.norm(values))
        return rows, (values / length if length else values).astype(np.float32)

    def scores(self, rows: Rows, values: Numbers) -> Numbers:
        """Of every label, 0 to about 1."""
        found: Numbers = (values @ self.weights[rows]) * self.scale + self.usual
        return found

    def parts(self, rows: Rows, values: Numbers, label: int) -> Numbers:
        """What each of the terms adds to one label's score."""
        found: Numbers = values * self.weights[rows, label] * self.scale[label]
        return found


def unpacked(packed: Mapping[str, Any]) -> Model:
    terms = packed["terms"].tobytes().decode().split("\n")
    return Model(
        labels=tuple(packed["labels"].tobytes().decode().split("\n")),
        fillers=frozenset(packed["fillers"].tobytes().decode().split("\n")),
        places={term: place for place, term in enumerate(terms)},
        rarity=packed["rarity"].astype(np.float32) / 16,
        weights=packed["weights"],
        scale=packed["scale"],
        usual=packed["usual"],
        wanted=packed["wanted"],
    )


def packed(model: Model) -> dict[str, Any]:
    """The arrays of the file."""

    def written(lines: Sequence[str]) -> NDArray[np.uint8]:
        return np.frombuffer("\n".join(lines).encode(), np.uint8)

    return {
        "terms": written(list(model.places)),
        "labels": written(model.labels),
        "fillers": written(sorted(model.fillers)),
        "rarity": np.round(model.rarity * 16).astype(np.uint8),
        "weights": model.weights,
        "scale": model.scale,
        "usual": model.usual,
        "wanted": model.wanted,
    }


@cache
def shipped() -> Model:
    with np.load(FILE) as arrays:
        return unpacked(arrays)
