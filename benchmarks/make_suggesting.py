"""Makes `commons/focus/suggesting/model.npz`: `python -m benchmarks.make_suggesting FOLDER`, about two minutes.

FOLDER holds the sets `tax_sdg` and `org_uk_charities`; their licences stand in
`commons/focus/SOURCES.md`. Learnt is, by ridge regression in closed form, what the words of a text say of the 17 goals and of the
areas: from the goals, targets and indicators in three languages, from the phrases of `make_suggesting_goals.txt`, from the areas'
own names and definitions, and from the activities of charities that people have tagged (`make_suggesting_tags.txt`). From which
score a label is suggested is chosen on what each text gets when it is left out of the learning.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.lang.stopwords import stoplists

from commons.focus.suggesting.model import FILE, Model, packed
from commons.focus.suggesting.reading import Seen, root, terms
from commons.places.names import folded

HERE = Path(__file__).parent
AREAS = HERE.parent / "commons" / "focus" / "areas.jsonl"
LANGUAGES = ("en", "fr", "es")
PENALTY = 1.0  # of the ridge: as if each label's word weights had been seen once as nothing
SHARE = {"phrase": 1.0, "goal": 1.0, "area": 0.5, "tagged": 1.0}  # how much a text of each source counts
MORE = (  # what the lists lack: elided articles, and words with which every organisation speaks of itself
    "l d s n c j m t qu au aux du des les leur leurs ces ses afin ainsi dont visant objectif premier simple "
    "del los las sus esta este asi ademas mediante traves tambien objetivo finalidad "
    "also run within including includes include based aim objective whose via"
)
RECALL = 1.5
PAIRED = 5  # texts that share a pair of words, for it to count
BLOCK = 4000  # terms at a time
KEPT = 0.05  # of a label's largest weight: what is smaller is written as nothing
Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Lesson:
    text: str
    labels: frozenset[str]
    source: str
    language: str
    group: str = ""  # lessons of one subject in several languages


@dataclass(frozen=True)
class Vector:
    places: NDArray[np.intp]
    values: Matrix


@dataclass
class Vocabulary:
    fillers: frozenset[str]
    places: dict[str, int] = field(default_factory=dict)
    rarity: Matrix = field(default_factory=lambda: np.zeros(0, np.float32))

    def vector(self, found: Sequence[Seen]) -> Vector:
        counts = Counter(self.places[term.key] for term in found if term.key in self.places)
        places = np.fromiter(counts, np.intp, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.rarity[places]
        return Vector(places, (values / (np.linalg.norm(values) or 1)).astype(np.float32))


def rows(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def phrases() -> Iterator[Lesson]:
    """A phrase that stands under several goals speaks of all of them."""
    goals: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in (HERE / "make_suggesting_goals.txt").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"(\d+) (\w+): (.*)", line):
            for phrase in match[3].split(";"):
                goals[phrase.strip(), match[2]].add(match[1])
    for (phrase, language), found in goals.items():
        yield Lesson(phrase, frozenset(found), "phrase", language)


def official(folder: Path) -> Iterator[Lesson]:
    """Goals, targets and indicators; a target also speaks of the areas that name it."""
    areas: dict[str, set[str]] = defaultdict(set)
    for area in rows(AREAS):
        for code in area["targets"]:
            areas[code].add(area["slug"])
    for row in rows(folder / "tax_sdg" / "sdg.jsonl"):
        target = ".".join(row["code"].split(".")[:2])
        labels = frozenset({row["code"].split(".")[0], *areas[target]})
        for language in LANGUAGES:
            if text := row["title"].get(language):
                yield Lesson(text, labels, "goal", language, target)


def own_areas() -> Iterator[Lesson]:
    for area in rows(AREAS):
        labels = frozenset({area["slug"], *map(str, area["sdgs"])})
        for language in LANGUAGES:
            names = ". ".join((area["labels"][language], *area["synonyms"].get(language, ())))
            yield Lesson(names, labels, "area", language, area["slug"])
            yield Lesson(
                f"{area['labels'][language]}. {area['definition'][language]}", labels, "area", language, area["slug"]
            )


def tag_areas() -> dict[str, frozenset[str]]:
    lines = (HERE / "make_suggesting_tags.txt").read_text(encoding="utf-8").splitlines()
    return {code: frozenset(slugs) for code, *slugs in map(str.split, lines) if code != "#"}


def charity_text(row: Mapping[str, Any]) -> str:
    return ". ".join(filter(None, (row["name"], row.get("activities"), row.get("objects"))))


def tagged(folder: Path) -> Iterator[Lesson]:
    known = tag_areas()
    for row in rows(folder / "org_uk_charities" / "org_uk_charities.jsonl.gz"):
        if row.get("ukcat"):
            labels = frozenset().union(*(known.get(code, frozenset()) for code in row["ukcat"]))
            yield Lesson(charity_text(row), labels, "tagged", "en", row["id"])


def vocabulary(texts: Sequence[Sequence[Seen]], always: Iterable[int]) -> Vocabulary:
    """Words that two texts share and pairs that PAIRED do; and all terms of the texts `always`."""
    made = Vocabulary(fillers())
    often = Counter(key for found in texts for key in {term.key for term in found})
    kept = {term.key for number in always for term in texts[number]}
    kept |= {key for key, many in often.items() if many >= (PAIRED if " " in key else 2)}
    made.places = {key: place for place, key in enumerate(sorted(kept))}
    made.rarity = np.array([math.log(1 + len(texts) / often[key]) for key in made.places], np.float32)
    return made


def fillers() -> frozenset[str]:
    listed = [word for language in LANGUAGES for word in stoplists[language]] + MORE.split()
    return frozenset(root(folded(word)) for word in listed)


def likeness(vectors: Sequence[Vector], terms_known: int) -> Matrix:
    """The products of all vectors with each other."""
    found = np.zeros((len(vectors), len(vectors)), np.float32)
    owner = np.repeat(np.arange(len(vectors)), [len(one.places) for one in vectors])
    places, values = (np.concatenate([getattr(one, name) for one in vectors]) for name in ("places", "values"))
    for first in range(0, terms_known, BLOCK):
        inside = (places >= first) & (places < first + BLOCK)
        block = np.zeros((len(vectors), BLOCK), np.float32)
        block[owner[inside], places[inside] - first] = values[inside]
        found += block @ block.T
    return found


@dataclass(frozen=True)
class Learnt:
    usual: Matrix
    parts: Matrix  # of each lesson for each label
    left_out: Matrix  # the scores that each lesson gets from all others that are not of its group


def learn(alike: Matrix, truth: Matrix, share: Matrix, groups: Sequence[str]) -> Learnt:
    """Ridge regression over the lessons. What a group would get if it were left out has a closed form: the faults of its
    lessons, divided by what they alone decide."""
    usual = (truth * share[:, None]).sum(0) / share.sum()
    inverse = np.linalg.inv(alike + np.diag(PENALTY / share).astype(np.float32))
    parts = inverse @ (truth - usual)
    faults = np.empty_like(parts)
    members: dict[str, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        members[group or f"#{number}"].append(number)
    for own in members.values():
        faults[own] = np.linalg.solve(inverse[np.ix_(own, own)], parts[own])
    return Learnt(usual, parts, truth - faults)


def weights_of(vectors: Sequence[Vector], parts: Matrix, terms_known: int) -> Matrix:
    found = np.zeros((terms_known, parts.shape[1]), np.float32)
    for vector, part in zip(vectors, parts, strict=True):
        found[vector.places] += vector.values[:, None] * part
    return found


def truth_of(lessons: Sequence[Lesson], labels: Sequence[str]) -> Matrix:
    return np.array([[label in lesson.labels for label in labels] for lesson in lessons], np.float32)


def threshold(scores: Matrix, truth: Matrix) -> float:
    """The score from which F is best over all labels, with recall counting RECALL times as much as precision: a wrong
    suggestion costs a glance, one that is missing is never seen."""
    right, wrong, more = scores[truth > 0], scores[truth == 0], RECALL**2

    def f_of(at: float) -> float:
        hit = (right >= at).sum()
        return float((1 + more) * hit / (hit + (wrong >= at).sum() + more * len(right)))

    return float(max(np.arange(0.05, 0.6, 0.01), key=f_of))


def coarse(weights: Matrix) -> tuple[NDArray[np.int8], Matrix]:
    """Whole numbers to 127 of each label's largest weight; small ones become nothing, which makes the file small."""
    largest = np.maximum(np.abs(weights).max(0), 1e-9)
    share = weights / largest
    share[np.abs(share) < KEPT] = 0
    return np.round(share * 127).astype(np.int8), (largest / 127).astype(np.float32)


def trained(lessons: Sequence[Lesson], labels: Sequence[str], known: Vocabulary, judged: Sequence[str]) -> Model:
    """`judged`: the sources on whose left-out scores the threshold is chosen."""
    vectors = [known.vector(terms(lesson.text, known.fillers)) for lesson in lessons]
    truth = truth_of(lessons, labels)
    share = np.array([SHARE[lesson.source] for lesson in lessons], np.float32)
    learnt = learn(likeness(vectors, len(known.places)), truth, share, [lesson.group for lesson in lessons])
    held = np.array([lesson.source in judged for lesson in lessons])
    weights, scale = coarse(weights_of(vectors, learnt.parts, len(known.places)))
    at = threshold(learnt.left_out[held], truth[held])
    print(json.dumps(first_right(lessons, learnt.left_out, truth)), flush=True)
    wanted = np.full(len(labels), at, np.float32)
    return Model(tuple(labels), known.fillers, known.places, known.rarity, weights, scale, learnt.usual, wanted)


def first_right(lessons: Sequence[Lesson], scores: Matrix, truth: Matrix) -> dict[str, float]:
    """Of the targets and indicators, left out with their translations: how often the best label is right, by language."""
    right: dict[str, list[bool]] = defaultdict(list)
    for lesson, score, true in zip(lessons, scores, truth, strict=True):
        if lesson.source == "goal" and "." in lesson.group:
            right[lesson.language].append(bool(true[int(score.argmax())]))
    return {language: round(sum(each) / len(each), 3) for language, each in right.items()}


def goal_lessons(folder: Path) -> list[Lesson]:
    return [*phrases(), *official(folder), *own_areas()]


def area_lessons(folder: Path) -> list[Lesson]:
    return [*(one for one in official(folder) if len(one.labels) > 1), *own_areas(), *tagged(folder)]


def both(goals: Model, areas: Model) -> Model:
    columns = {
        name: np.concatenate([getattr(goals, name), getattr(areas, name)]) for name in ("scale", "usual", "wanted")
    }
    weights = np.concatenate([goals.weights, areas.weights], axis=1)
    return Model(goals.labels + areas.labels, goals.fillers, goals.places, goals.rarity, weights, **columns)


def shared_vocabulary(lessons: Sequence[Lesson]) -> Vocabulary:
    stops = fillers()
    texts = [terms(lesson.text, stops) for lesson in lessons]
    return vocabulary(texts, (number for number, lesson in enumerate(lessons) if lesson.source == "phrase"))


def main(folder: Path) -> None:
    on_goals, on_areas = goal_lessons(folder), area_lessons(folder)
    known = shared_vocabulary([*on_goals, *on_areas])
    print(f"{len(known.places)} terms, {len(on_goals)} lessons on goals, {len(on_areas)} on areas", flush=True)
    goals = trained(on_goals, [str(number) for number in range(1, 18)], known, ("goal", "area"))
    areas = trained(on_areas, [area["slug"] for area in rows(AREAS)], known, ("tagged",))
    np.savez_compressed(FILE, allow_pickle=False, **packed(both(goals, areas)))
    print(
        f"suggested from {goals.wanted[0]:.2f} (goals), {areas.wanted[0]:.2f} (areas); {FILE.stat().st_size // 1024} KB"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
