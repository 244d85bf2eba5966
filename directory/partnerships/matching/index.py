"""The match index as one process sees it at one moment: a mapped base, and beside it what changed since.

An organisation keeps its slot for as long as the base lives. A changed card makes its base postings stale; its new ones
stand in a small set of arrays of their own, made anew with each change.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from directory.partnerships.matching import layout
from directory.partnerships.matching.cards import Card, card_of
from directory.partnerships.matching.layout import Records, Rows
from directory.partnerships.matching.postings import (
    FIELDS,
    TEXTS,
    Floats,
    Hashes,
    Ints,
    Postings,
    collect,
    of_counts,
    postings,
)
from directory.partnerships.matching.weights import MOST_TERMS, PROFILE, TEXT_HALF
from directory.partnerships.matching.words import counted

Counts = Mapping[int, float]
GIVES = {"offers": 1.0, "profile": PROFILE}
WANTS = {"needs": 1.0, "profile": PROFILE}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The telling terms of a text, and what a text would score that has each of them once."""

    terms: Hashes
    weights: Floats
    whole: float


class Cards:
    """The cards as they were when the base was built. Read, not mapped: each is far from the next that is asked for."""

    def __init__(self, file: Path, ends: Ints) -> None:
        self.ends = ends
        self.descriptor = os.open(file, os.O_RDONLY)
        finalize(self, os.close, self.descriptor)

    def at(self, slot: int) -> Card:
        start = int(self.ends[slot - 1]) if slot else 0
        return card_of(os.pread(self.descriptor, int(self.ends[slot]) - start, start))


@dataclass(frozen=True)
class Index:
    place: Path
    position: int
    read_to: int  # how much of the recorded changes is in here
    records: Records
    ids: Ints  # of the base, rising
    order: Ints  # the slot of each
    topics: Rows
    partners: Rows
    base: Mapping[str, Postings]
    cards: Cards
    averages: Mapping[str, float]
    concept_terms: NDArray[np.int64]
    concept_counts: NDArray[np.int64]
    background: Sequence[Wanted]
    tongues: Mapping[str, int]
    over: Mapping[str, Postings] = field(default_factory=dict)
    stale: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    changed: Mapping[int, Card | None] = field(default_factory=dict)  # by slot
    counts: Mapping[str, Mapping[int, Counter[int]]] = field(default_factory=dict)  # field: slot: term: how often
    added: Mapping[int, int] = field(default_factory=dict)  # id: slot

    @property
    def size(self) -> int:
        """Slots, gone ones included."""
        return len(self.records)

    @property
    def waiting(self) -> int:
        """How many cards changed since the build."""
        return len(self.changed)

    @cached_property
    def open(self) -> NDArray[np.bool_]:
        return np.ascontiguousarray(self.records["open"])

    @cached_property
    def sharing(self) -> Callable[[int], NDArray[np.bool_]]:
        """Of some languages (bits): open to partners, and with one of them, none that is known, or a translation that will do."""
        open, spoken = self.open, np.ascontiguousarray(self.records["languages"])
        free = (spoken == 0) | self.records["translation"]
        return lru_cache(maxsize=64)(lambda bits: open & (free | ((spoken & np.uint64(bits)) != 0)))

    @cached_property
    def points(self) -> NDArray[np.float32]:
        return np.column_stack([self.records[axis] for axis in ("x", "y", "z")])

    def slot(self, id: int) -> int | None:
        if id in self.added:
            return self.added[id]
        at = int(np.searchsorted(self.ids, id))
        return int(self.order[at]) if at < len(self.ids) and self.ids[at] == id else None

    def card(self, id: int) -> Card | None:
        slot = self.slot(id)
        return None if slot is None else self.card_at(slot)

    def card_at(self, slot: int) -> Card | None:
        return self.changed[slot] if slot in self.changed else self.cards.at(slot)

    def rarity(self, terms: Hashes) -> Floats:
        """BM25's weight of a term, from the field in which most have it; 0 for one that nobody has."""
        most = np.zeros(len(terms), np.int64)
        for name in TEXTS:
            many = np.zeros(len(terms), np.int64)
            for found in (self.base[name], self.over.get(name)):
                if found is not None:
                    starts, ends = found.find(terms)
                    many += ends - starts
            most = np.maximum(most, many)
        rest = np.maximum(self.size - most, 0)
        return np.where(most > 0, np.log1p((rest + 0.5) / (most + 0.5)), 0).astype(np.float32)

    def concept_rarity(self, concepts: NDArray[np.int64]) -> Floats:
        """Of areas and goals; at least log 2."""
        if not len(self.concept_terms):
            return np.full(len(concepts), np.log(2), np.float32)
        at = np.minimum(np.searchsorted(self.concept_terms, concepts), len(self.concept_terms) - 1)
        many = np.where(self.concept_terms[at] == concepts, self.concept_counts[at], 1)
        return np.log1p(np.maximum(self.size, many) / many).astype(np.float32)

    def wanted(self, counts: Counts) -> Wanted:
        """The rarest terms of a text, each with its own weight."""
        terms = np.fromiter(counts, np.uint64, len(counts))
        weights = np.fromiter(counts.values(), np.float32, len(counts)) * self.rarity(terms)
        kept = np.lexsort((terms, -weights))[:MOST_TERMS]
        kept = kept[weights[kept] > 0]
        return Wanted(terms[kept], weights[kept], float(weights[kept].sum()))

    def scores(self, wanted: Wanted, fields: Mapping[str, float]) -> Floats:
        """The raw fit of every slot."""
        found = np.zeros(self.size, np.float32)
        for name, weight in fields.items():
            collect(self.base[name], wanted.terms, wanted.weights * np.float32(weight), found)
        if len(self.stale):
            found[self.stale] = 0
        for name, weight in fields.items():
            if name in self.over:
                collect(self.over[name], wanted.terms, wanted.weights * np.float32(weight), found)
        return found

    def with_concept(self, concept: int) -> NDArray[np.int32]:
        """The slots of organisations that name an area or a goal themselves."""
        asked = np.array([concept], np.int64).view(np.uint64)
        found = []
        for each in (self.base["concepts"], self.over.get("concepts")):
            if each is not None:
                starts, ends = each.find(asked)
                found.append(each.slots[int(starts[0]) : int(ends[0])])
        found[0] = found[0][~np.isin(found[0], self.stale)] if len(self.stale) else found[0]
        return np.concatenate(found)

    def shown(self, impressions: Mapping[int, float]) -> Index:
        """With other numbers of impressions for some organisations, which change too often to make cards anew."""
        records = self.records.copy()
        for id, times in impressions.items():
            if (slot := self.slot(id)) is not None:
                records["impressions"][slot] = times
        return replace(self, records=records)

    def at(self, read_to: int, position: int | None) -> Index:
        return replace(self, read_to=read_to, position=self.position if position is None else position)

    def patched(self, cards: Iterable[Card], gone: Iterable[int] = ()) -> Index:
        """With these cards instead of those that bear the same ids, and without those that are gone."""
        news: dict[int, Card | None] = {id: None for id in gone if self.slot(id) is not None}
        news |= {card.id: card for card in cards}
        if not news:
            return self
        added = dict(self.added)
        for id in news:
            if self.slot(id) is None:
                added[id] = self.size + len(added) - len(self.added)
        slots = {id: added[id] if id in added else self.slot(id) for id in news}
        by_slot = {slot: news[id] for id, slot in slots.items() if slot is not None}
        return _patched(self, by_slot, added)


def text_part(raw: Floats, whole: float | Floats) -> Floats:
    """From 0 up to nearly 1: half where a text has TEXT_HALF of what was wanted; it never depends on other candidates."""
    half = TEXT_HALF * np.maximum(whole, np.float32(1e-6))
    return np.asarray(raw / (raw + half), np.float32)


def field_counts(card: Card) -> dict[str, Counter[int]]:
    """Terms of each field of a card; of areas and goals those that it names itself."""
    named = layout.concepts(((area, 0) for area, steps in card.areas if steps == 0), card.goals)
    return {
        "profile": counted((card.text,), card.language),
        "offers": counted(tuple(text for _, text in card.offers), card.language),
        "needs": counted(tuple(text for _, text in card.needs), card.language),
        "concepts": Counter({concept % 2**64: 1 for concept in named}),
    }


def _patched(index: Index, news: Mapping[int, Card | None], added: Mapping[int, int]) -> Index:
    slots = list(news)
    size = len(index.order) + len(added)
    tongues = dict(index.tongues)
    records = np.zeros(size, layout.RECORD)
    records[: index.size] = index.records
    records["id"][[slot for id, slot in added.items() if slot >= index.size]] = [
        id for id, slot in added.items() if slot >= index.size
    ]
    counts: dict[str, dict[int, Counter[int]]] = {name: dict(index.counts.get(name, {})) for name in FIELDS}
    topics, partners = [], []
    for slot, card in news.items():
        said = field_counts(card) if card else {}
        for name in FIELDS:
            counts[name].pop(slot, None)
            if said.get(name):
                counts[name][slot] = said[name]
        if card is None:
            records["open"][slot] = False
        else:
            records[slot] = layout.record(card, tongues)
        topics.append(list(layout.concepts(card.areas, card.goals).items()) if card else [])
        partners.append(card.partners if card else ())
    over = {name: of_texts(counts[name], index.averages.get(name, 1.0)) for name in FIELDS}
    base = len(index.order)
    patched = replace(
        index,
        records=records,
        topics=index.topics.changed(slots, topics, size),
        added=added,
        over=over,
        counts=counts,
        tongues=tongues,
        changed={**index.changed, **news},
        stale=np.union1d(index.stale, [slot for slot in slots if slot < base]).astype(np.int64),
    )
    known = [[(other, weight) for id, weight in row if (other := patched.slot(id)) is not None] for row in partners]
    patched = replace(patched, partners=index.partners.changed(slots, known, size))
    usual(patched, np.array(slots, np.int64), over)
    return patched


def of_texts(counts: Mapping[int, Counter[int]], average: float) -> Postings:
    return postings(of_counts(counts), average)


def usual(index: Index, slots: Ints, found: Mapping[str, Postings]) -> None:
    """Fill in what each slot scores with its own words and topics, and how it fits the background."""
    records: Any = index.records
    for name in ("offers", "needs"):
        one = found[name]
        worth = np.repeat(index.rarity(one.terms), np.diff(one.starts)) * one.strengths
        records[f"{name}_whole"][slots] = np.bincount(one.slots, worth, index.size)[slots]
    owner, values, levels = index.topics.of(slots)
    records["topics_whole"][slots] = np.bincount(owner, index.concept_rarity(values) * levels, len(slots))
    total, squares = np.zeros(len(slots)), np.zeros(len(slots))
    for wanted in index.background:
        raw = np.zeros(index.size, np.float32)
        for name, weight in GIVES.items():
            collect(found[name], wanted.terms, wanted.weights * np.float32(weight), raw)
        part = text_part(raw[slots], wanted.whole)
        total += part
        squares += np.square(part)
    many = max(len(index.background), 1)
    records["usual"][slots] = total / many
    records["spread"][slots] = np.sqrt(np.maximum(squares / many - np.square(total / many), 0))
