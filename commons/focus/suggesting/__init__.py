"""What a text is about: goals and areas of focus, each with the words that say so. Nothing is applied: people choose.

A machine that knows no web and no database. Two parts add up: rules (a name of an area stands in the text, `phrases`) and a linear
model over words and pairs of words (`model`), so that every suggestion can name what weighed most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from json import loads
from pathlib import Path

import numpy as np

from commons.focus.suggesting.model import Model, Numbers, Rows, shipped
from commons.focus.suggesting.phrases import Phrases, phrases_of
from commons.focus.suggesting.reading import Seen, terms

AREAS = Path(__file__).parents[1] / "areas.jsonl"
LONGEST = 20_000  # characters of a text that are read
MOST_GOALS, MOST_AREAS = 4, 6
MOST_WORDS = 4
WORTH = 0.08  # of all that speaks for a label: a word that adds less is not named
COMMON, RARE = 3.5, 7.0  # how rare (ln) a word is whose standing as a name says nothing, or all


@dataclass(frozen=True, slots=True)
class Suggestion:
    label: int | str  # the number of a goal, or the slug of an area
    score: float  # 1 is where it begins to be suggested
    words: tuple[str, ...]  # as they stand in the text, what weighed most first


@cache
def shipped_phrases() -> Phrases:
    lines = map(loads, AREAS.read_text(encoding="utf-8").splitlines())
    return phrases_of(
        {
            row["slug"]: {code: (label, *row["synonyms"].get(code, ())) for code, label in row["labels"].items()}
            for row in lines
        }
    )


def suggest(text: str, title: str = "", language: str = "", phrases: Phrases | None = None) -> list[Suggestion]:
    """Goals and areas for a text, best first, at most MOST_GOALS and MOST_AREAS. `phrases`: the names of areas to look for, those
    that ship if none are given."""
    whole = f"{title}\n{text}"[:LONGEST]
    model = shipped()
    found = terms(whole, model.fillers)
    rows, values = model.vector(found)
    named = (phrases or shipped_phrases()).found(whole, language.partition("-")[0])
    shares = dict(zip(model.labels, (model.scores(rows, values) / model.wanted).tolist(), strict=True))
    for area, hits in named.items():
        shares[area] = shares.get(area, 0.0) + says(model, hits)
    best = sorted((label for label, share in shares.items() if share >= 1), key=lambda label: (-shares[label], label))
    goals = [label for label in best if label.isdecimal()][:MOST_GOALS]
    areas = [label for label in best if not label.isdecimal()][:MOST_AREAS]
    places = first_places(model, found)
    made: list[Suggestion] = []
    for label in best:
        if label in goals or label in areas:
            marked = [hit for hit, _many in named.get(label, ())] + weightiest(model, rows, values, label, places)
            made.append(
                Suggestion(int(label) if label in goals else label, round(shares[label], 3), spelt(marked, whole))
            )
    return [one for one in made if one.words]


def says(model: Model, hits: Sequence[tuple[Seen, int]]) -> float:
    """What the names of an area in a text say, 0 to 1: a name of several words all, one word the more the rarer it is."""
    if any(many > 1 for _place, many in hits):
        return 1.0
    rarest = max(
        float(model.rarity[row]) if (row := model.places.get(hit.key)) is not None else RARE for hit, _ in hits
    )
    return min(1.0, max(0.0, (rarest - COMMON) / (RARE - COMMON)))


def first_places(model: Model, found: Sequence[Seen]) -> dict[int, Seen]:
    """Where each known term stands first."""
    return {model.places[term.key]: term for term in reversed(found) if term.key in model.places}


def weightiest(model: Model, rows: Rows, values: Numbers, label: str, places: Mapping[int, Seen]) -> list[Seen]:
    """The terms that add most to a label's score, and each WORTH of all that is added at least."""
    if label not in model.columns:
        return []
    parts = model.parts(rows, values, model.columns[label])
    enough = float(parts[parts > 0].sum()) * WORTH
    order = [at for at in np.argsort(-parts)[: 2 * MOST_WORDS] if parts[at] > enough]
    return [places[int(rows[at])] for at in order]


def spelt(marked: Sequence[Seen], whole: str) -> tuple[str, ...]:
    """As they stand in the text, what weighs most first and no word twice: what overlaps with something that weighs more is
    left out, and what stands side by side is read as one."""
    kept: list[Seen] = []
    for one in marked:
        if len(kept) < MOST_WORDS and all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    joined: list[tuple[int, int, int]] = []  # start, end, place in the order of weight
    for order, one in sorted(enumerate(kept), key=lambda pair: pair[1].start):
        if joined and not whole[joined[-1][1] : one.start].strip():
            start, _end, first = joined.pop()
            joined.append((start, one.end, min(first, order)))
        else:
            joined.append((one.start, one.end, order))
    found = (" ".join(whole[start:end].split()) for start, end, _order in sorted(joined, key=lambda row: row[2]))
    return tuple({word.casefold(): word for word in reversed([*found])}.values())[::-1]
