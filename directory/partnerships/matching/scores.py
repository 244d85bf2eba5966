"""How well a candidate suits the one who asks, and the other way round: matching as published in weights.py.

A part knows nothing of the other candidates, so that a fact more never lowers a score, whoever else is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from directory.partnerships.matching import layout, weights
from directory.partnerships.matching.candidates import Candidates, kilometres
from directory.partnerships.matching.cards import Asked
from directory.partnerships.matching.index import Index, text_part
from directory.partnerships.matching.layout import Records
from directory.partnerships.matching.postings import Floats
from directory.partnerships.matching.sought import Sought

Parts = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Scored:
    """Of the candidates, in their order."""

    records: Records
    parts: Parts
    score: Floats
    shown: Floats  # after the load penalty
    shared: Floats  # topics in common, by rarity


def scored(index: Index, asked: Asked, sought: Sought, found: Candidates, penalty: float) -> Scored:
    records = index.records[found.slots]
    shared = shared_topics(index, sought, found)
    place = place_part(asked, sought, records)
    common = {
        "graph": graph_part(found.ties, index.partners.sizes[found.slots]),
        "fit": fit_part(asked, sought, records),
        "place": place,
    }
    forward = {
        "text": text_part(found.raw, sought.wanted.whole),
        "topic": topic_part(shared, np.float32(sought.topics_whole), records["topics_whole"] > 0),
        "alive": alive_part(records, asked.today),
        **common,
    }
    x = directed(forward, asked, told_by_asker(sought))
    score = np.where(
        declares(sought, records),
        harmonic(x, view_of_others(index, asked, sought, found, records, shared, common)),
        x * (weights.SILENT[0] + weights.SILENT[1] * silent_view(forward["text"], records)),
    ).astype(np.float32)
    return Scored(records, forward, score, score / (1 + np.float32(penalty) * load(records)), shared)


def load(records: Records) -> Floats:
    """What each has to answer already, against its capacity."""
    seen = np.minimum(records["impressions"] * weights.IMPRESSIONS / records["capacity"], weights.IMPRESSIONS_MOST)
    return np.asarray(records["load"] / records["capacity"] + seen, np.float32)


def told_by_asker(sought: Sought) -> dict[str, bool]:
    return {
        "text": len(sought.wanted.terms) > 0,
        "topic": len(sought.concepts) > 0,
        "graph": len(sought.neighbours) > 0,
        "fit": True,
        "alive": True,
    }


def directed(parts: Parts, asked: Asked, told: Mapping[str, bool]) -> Floats:
    """The weighted sum over what the one who looks has told of itself."""
    tuned = {name: min(max(asked.weights.get(name, 1.0), 0.0), 2.0) for name in weights.TUNED}
    place = np.power(parts["place"], tuned["place"])
    near = (weights.ANYWHERE + place) / (1 + weights.ANYWHERE)
    total = sum(weights.WEIGHTS[name] * tuned[name] for name, known in told.items() if known)
    found = sum(
        weights.WEIGHTS[name] * tuned[name] * (parts[name] * near if name == "text" else parts[name])
        for name, known in told.items()
        if known
    )
    return np.asarray(found / total if total else np.zeros(len(place)), np.float32)


def shared_topics(index: Index, sought: Sought, found: Candidates) -> Floats:
    """The rarity of shared areas and goals, an area of both at its distance from the own one."""
    if not len(sought.concepts):
        return np.zeros(len(found.slots), np.float32)
    owner, values, levels = index.topics.of(found.slots)
    at = np.minimum(np.searchsorted(sought.concepts, values), len(sought.concepts) - 1)
    both = np.where(sought.concepts[at] == values, np.minimum(sought.levels[at], levels) * sought.rarity[at], 0)
    return np.bincount(owner, both, len(found.slots)).astype(np.float32)


def topic_part(shared: Floats, whole: Floats | np.float32, told: NDArray[np.bool_]) -> Floats:
    part = np.minimum(shared / np.maximum(whole, np.float32(1e-6)), 1)
    return np.where(told, part, np.float32(weights.EXPECTED["topic"])).astype(np.float32)


def place_part(asked: Asked, sought: Sought, records: Records) -> Floats:
    if sought.point is None and not sought.country:
        return np.ones(len(records), np.float32)
    if asked.remote:
        return np.full(len(records), weights.REMOTE, np.float32)
    untold = np.where(
        (records["country"] == sought.country) & bool(sought.country),
        weights.EXPECTED_PLACE["same country"],
        weights.EXPECTED_PLACE["elsewhere"],
    )
    if sought.point is None:
        return untold.astype(np.float32)
    points = np.column_stack([records[axis] for axis in ("x", "y", "z")])
    known = points.any(axis=1)
    near = np.exp(-kilometres(points, sought.point) / (asked.radius or weights.REACH))
    return np.where(known, near, untold).astype(np.float32)


def graph_part(ties: Floats, partners: NDArray[np.integer]) -> Floats:
    part = np.sqrt(ties / (ties + np.float32(weights.GRAPH_HALF)))
    return np.where(partners > 0, part, np.float32(weights.EXPECTED["graph"])).astype(np.float32)


def fit_part(asked: Asked, sought: Sought, records: Records) -> Floats:
    types = paired(records["type"], asked.card.type, weights.TYPES)
    scopes = paired(records["scope"], asked.card.scope, weights.SCOPES)
    spoken = records["languages"]
    told = (spoken != 0) & (sought.languages != 0)
    shares = (spoken & np.uint64(sought.languages)) != 0
    language = np.where(shares, weights.LANGUAGE["shared"], weights.LANGUAGE["translated"])
    return np.asarray((types + scopes + np.where(told, language, weights.LANGUAGE["untold"])) / 3, np.float32)


def paired(theirs: NDArray[np.uint32], ours: str, table: Mapping[frozenset[str], float]) -> Floats:
    found = np.full(len(theirs), weights.ORDINARY, np.float32)
    for pair, value in table.items():
        if ours in pair:
            (other,) = pair - {ours} or {ours}
            found[theirs == layout.code(other)] = value
    return found


def alive_part(records: Records, today: int) -> Floats:
    """Confirmed of late, and how likely an answer is within 14 days."""
    days = np.maximum(today - records["confirmed"], 0)
    confirmed = np.where(
        records["confirmed"] > 0, np.exp(-days / weights.HALF_CONFIRMED), np.float32(weights.EXPECTED["alive"])
    )
    yes, no = weights.ANSWERS
    answers = (yes + records["answered"]) / (yes + no + records["answered"] + records["unanswered"])
    return np.asarray(0.5 * confirmed + 0.5 * answers, np.float32)


def declares(sought: Sought, records: Records) -> NDArray[np.bool_]:
    """The other side has said what it looks for, and the asker what it has."""
    return np.asarray(records[sought.answers] & (len(sought.given.terms) > 0))


def view_of_others(
    index: Index,
    asked: Asked,
    sought: Sought,
    found: Candidates,
    records: Records,
    shared: Floats,
    common: Parts,
) -> Floats:
    """The directed score from the other side: what it looks for against what the asker has."""
    raw = index.scores(sought.given, {sought.answers: 1.0})[found.slots]
    theirs = {
        "text": text_part(raw, records[f"{sought.answers}_whole"]),
        "topic": topic_part(shared, records["topics_whole"], np.full(len(records), len(sought.concepts) > 0)),
        "alive": alive_part(layout.records_of([asked.card]), asked.today),
        **common,
    }
    told = dict.fromkeys(weights.WEIGHTS, True)
    return directed(theirs, Asked(asked.card), told)


def silent_view(text: Floats, records: Records) -> Floats:
    """How unusual this fit is for the other side, against what it usually gets."""
    away = (text - records["usual"]) / (records["spread"] + np.float32(weights.LEAST_SPREAD))
    return np.asarray(1 / (1 + np.exp(-away)), np.float32)


def harmonic(x: Floats, y: Floats) -> Floats:
    return np.asarray(2 * x * y / np.maximum(x + y, np.float32(1e-9)), np.float32)
