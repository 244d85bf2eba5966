"""The whole index from an iterator of cards, into a new generation on the disk; none of the cards is kept in memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.partnerships.matching import folder as files
from directory.partnerships.matching import layout
from directory.partnerships.matching.cards import Card
from directory.partnerships.matching.folder import IndexBroken
from directory.partnerships.matching.index import Cards, Index, Wanted, field_counts, usual
from directory.partnerships.matching.layout import Ints, Rows
from directory.partnerships.matching.postings import FIELDS, MOST, Hashes, Postings, Texts, postings
from directory.partnerships.matching.weights import BACKGROUND


class Pile:
    """The terms of one field as the cards come in; the vocabulary is that of all fields."""

    def __init__(self) -> None:
        self.owners, self.sizes, self.codes, self.counts = array("i"), array("q"), array("I"), array("B")

    def add(self, slot: int, counts: Mapping[int, int], vocabulary: dict[int, int]) -> None:
        if counts:
            self.owners.append(slot)
            self.sizes.append(len(counts))
            self.codes.extend([vocabulary.setdefault(term, len(vocabulary)) for term in counts])
            self.counts.extend([min(count, MOST) for count in counts.values()])

    def texts(self, vocabulary: Hashes) -> Texts:
        return Texts(
            np.frombuffer(self.owners, np.int32),
            np.frombuffer(self.sizes, np.int64),
            np.frombuffer(self.codes, np.uint32),
            np.frombuffer(self.counts, np.uint8),
            vocabulary,
        )


class Pairs:
    """Values with weights, slot after slot."""

    def __init__(self) -> None:
        self.sizes, self.values, self.weights = array("i"), array("q"), array("f")

    def add(self, row: Iterable[tuple[int, float]]) -> None:
        ordered = sorted(row, key=lambda pair: (-pair[1], pair[0]))
        self.sizes.append(len(ordered))
        self.values.extend(value for value, _ in ordered)
        self.weights.extend(weight for _, weight in ordered)

    def rows(self) -> Rows:
        sizes = np.array(self.sizes, np.int32)
        starts = np.cumsum(sizes, dtype=np.int64) - sizes
        return Rows(starts, sizes, np.array(self.values, np.int64), np.array(self.weights, np.float32))


def build(cards: Iterable[Card], folder: Path, position: int = 0) -> Index:
    """A new generation, which then is the current one. Of two cards with one id the later counts."""
    place = files.begin(folder)
    piles = {name: Pile() for name in FIELDS}
    topics, partners = Pairs(), Pairs()
    tongues: dict[str, int] = {}
    vocabulary: dict[int, int] = {}
    records: list[bytes] = []
    ends = array("q")
    with open(place / files.CARDS, "wb") as kept:
        for slot, card in enumerate(cards):
            for name, counts in field_counts(card).items():
                piles[name].add(slot, counts, vocabulary)
            topics.add(layout.concepts(card.areas, card.goals).items())
            partners.add(card.partners)
            records.append(np.array(layout.record(card, tongues), layout.RECORD).tobytes())
            kept.write(card.row())
            ends.append(kept.tell())
    table = np.frombuffer(bytearray(b"".join(records)), layout.RECORD)
    del records
    terms = np.fromiter(vocabulary, np.uint64, len(vocabulary))
    vocabulary.clear()
    rows = topics.rows(), partners.rows()
    return _finish(place, position, table, tongues, piles, terms, rows, np.array(ends, np.int64))


def _finish(
    place: Path,
    position: int,
    records: NDArray[Any],
    tongues: dict[str, int],
    piles: dict[str, Pile],
    terms: Hashes,
    rows: tuple[Rows, Rows],
    ends: Ints,
) -> Index:
    topics, partners = rows
    ids, order = last_of_each(records)
    averages, base = {}, {}
    for name in FIELDS:
        texts = piles.pop(name).texts(terms)
        lengths = texts.lengths()
        averages[name] = float(lengths.mean()) if len(lengths) else 1.0
        base[name] = postings(texts, averages[name])
    concepts, many = np.unique(topics.values, return_counts=True)
    index = Index(
        place=place,
        position=position,
        read_to=0,
        records=records,
        ids=ids,
        order=order,
        topics=topics,
        partners=among(partners, ids, order),
        base=base,
        cards=Cards(place / files.CARDS, ends),
        averages=averages,
        concept_terms=concepts,
        concept_counts=many,
        background=(),
        tongues=tongues,
    )
    background = list(background_of(index))
    index = with_background(index, background)
    files.finish(place, arrays_of(index), {"position": position, "averages": averages, "tongues": tongues})
    return opened(place.parent)


def last_of_each(records: NDArray[Any]) -> tuple[Ints, Ints]:
    """Ids in rising order with their slots; of two slots with one id the earlier is closed."""
    slots = np.argsort(records["id"], kind="stable")
    ids = records["id"][slots]
    last = np.append(ids[1:] != ids[:-1], True) if len(ids) else np.empty(0, bool)
    records["open"][slots[~last]] = False
    return np.ascontiguousarray(ids[last]), slots[last]


def among(partners: Rows, ids: Ints, order: Ints) -> Rows:
    """With slots instead of ids; who is not here is left out."""
    if not len(ids):
        return layout.rows_of([])
    at = np.minimum(np.searchsorted(ids, partners.values), len(ids) - 1)
    known = ids[at] == partners.values
    owner = np.repeat(np.arange(len(partners.sizes)), partners.sizes)[known]
    sizes = np.bincount(owner, minlength=len(partners.sizes)).astype(np.int32)
    return Rows(np.cumsum(sizes, dtype=np.int64) - sizes, sizes, order[at][known], partners.weights[known])


def background_of(index: Index) -> Iterator[Wanted]:
    """Texts evenly from the whole directory."""
    if not index.size:
        return
    slots = np.unique(np.linspace(0, index.size - 1, min(index.size, BACKGROUND)).astype(np.int64))
    for slot in slots.tolist():
        said = field_counts(index.cards.at(slot))
        wanted = index.wanted(said["needs"] or said["profile"])
        if len(wanted.terms):
            yield wanted


def with_background(index: Index, background: list[Wanted]) -> Index:
    """The index with what every slot usually scores against the background."""
    object.__setattr__(index, "background", background)
    usual(index, np.arange(index.size), index.base)
    return index


def arrays_of(index: Index) -> dict[str, NDArray[Any]]:
    found: dict[str, NDArray[Any]] = {
        "records": index.records,
        "ids": index.ids,
        "order": index.order,
        "ends": index.cards.ends,
        "concept_terms": index.concept_terms,
        "concept_counts": index.concept_counts,
        "background_terms": np.concatenate([each.terms for each in index.background] or [np.empty(0, np.uint64)]),
        "background_weights": np.concatenate([each.weights for each in index.background] or [np.empty(0, np.float32)]),
        "background_sizes": np.array([len(each.terms) for each in index.background], np.int64),
    }
    for name in FIELDS:
        found |= {f"{name}_{part}": array for part, array in index.base[name].arrays().items()}
    for name, rows in (("topics", index.topics), ("partners", index.partners)):
        found |= {f"{name}_{part}": array for part, array in rows.arrays().items()}
    return found


def opened(folder: Path) -> Index:
    """The current generation, mapped, with what was recorded since; raises IndexBroken."""
    for attempt in range(5):
        place = files.current(folder)
        try:
            return refreshed(_opened(place))
        except IndexBroken:
            if attempt == 4 or place == files.current(folder):  # else it was replaced while we read it
                raise
    raise IndexBroken("the match index changes faster than it can be opened")


def _opened(place: Path) -> Index:
    arrays, about = files.read(place)
    starts = np.cumsum(arrays["background_sizes"])[:-1]
    terms, weights = (np.split(arrays[f"background_{part}"], starts) for part in ("terms", "weights"))
    parts = ("starts", "sizes", "values", "weights")
    return Index(
        place=place,
        position=about["position"],
        read_to=0,
        records=arrays["records"],
        ids=arrays["ids"],
        order=arrays["order"],
        topics=Rows(*(arrays[f"topics_{part}"] for part in parts)),
        partners=Rows(*(arrays[f"partners_{part}"] for part in parts)),
        base={
            name: Postings(*(arrays[f"{name}_{part}"] for part in ("terms", "starts", "slots", "strengths")))
            for name in FIELDS
        },
        cards=Cards(place / files.CARDS, arrays["ends"]),
        averages=about["averages"],
        concept_terms=arrays["concept_terms"],
        concept_counts=arrays["concept_counts"],
        background=[Wanted(t, w, float(w.sum())) for t, w in zip(terms, weights, strict=True) if len(t)],
        tongues=about["tongues"],
    )


def refreshed(index: Index) -> Index:
    """The index as it is now on the disk: the same object where nothing is new."""
    if files.current(index.place.parent) != index.place:
        return opened(index.place.parent)
    if (index.place / files.CHANGES).stat().st_size <= index.read_to:
        return index
    found, end, position = files.changes(index.place, index.read_to)
    patched = index.patched(
        [each.card for each in found if each.card], [each.id for each in found if each.card is None]
    )
    return patched.at(end, position)
