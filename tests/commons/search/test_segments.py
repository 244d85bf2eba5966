"""Our reading of Whoosh's files against Whoosh's own: the same words, the same documents, deletions over several
segments included.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from whoosh import query
from whoosh.index import FileIndex
from whoosh.searching import Searcher

from commons.search import layout
from commons.search.holder import SnapshotHolder
from commons.search.index import IndexStore
from commons.search.segments import BLOCK, INDEX
from commons.search.snapshot import Snapshot
from tests.commons.search.corpus import entry

WORDS = [f"word{number}" for number in range(60)] + ["forêt", "Größe", "可持续发展", "पानी", "Ёлка"]


@pytest.fixture
def both(tmp_path: Path) -> tuple[Snapshot, Searcher]:
    pick = random.Random(2)
    made = [
        entry(
            number,
            " ".join(pick.choices(WORDS, k=2)),
            text=" ".join(pick.choices(WORDS, k=20)),
            audience=pick.choice(["public", "members"]),
        )
        for number in range(1, 700)
    ]
    store = IndexStore(tmp_path)
    store.rebuild(made[:400], 1)
    store.apply(made[400:550], [3, 5, 8], 2)
    store.apply(made[550:] + made[20:60], range(100, 160), 3)
    index = FileIndex(store.open_reader().storage, schema=layout.schema(), indexname=INDEX)
    return SnapshotHolder(store).current(), index.searcher()


def test_the_vocabulary_is_the_same(both: tuple[Snapshot, Searcher]) -> None:
    snapshot, searcher = both
    for field in (layout.OPEN, layout.CLOSED):
        ours = {term for view in snapshot.views for term, _ in view.vocabulary(field, "", 100_000)}
        assert ours == {term.decode() for term in searcher.reader().lexicon(field)}
        assert len(ours) > 60


def test_every_word_finds_the_same_documents(both: tuple[Snapshot, Searcher]) -> None:
    snapshot, searcher = both
    for field in (layout.OPEN, layout.CLOSED):
        for term in {term for view in snapshot.views for term, _ in view.vocabulary(field, "", 100_000)}:
            found = snapshot.postings((field,), (term,))
            alive = snapshot.live[found.ids]
            assert found.ids[alive].tolist() == list(query.Term(field, term).docs(searcher)), term


def test_weights_and_places_are_the_same(both: tuple[Snapshot, Searcher]) -> None:
    snapshot, searcher = both
    for term in ("word1", "word7", "foret", "!word1", "发展"):
        found = snapshot.postings((layout.OPEN,), (term,))
        places = snapshot.places((layout.OPEN,), term, found.ids)
        at = 0
        if not len(found.ids):
            assert term == "!word1"
            continue
        matcher = searcher.reader().postings(layout.OPEN, term)
        while matcher.is_active():
            while found.ids[at] != matcher.id():
                at += 1
            assert found.weights[at] == pytest.approx(matcher.weight())
            assert (places[places >> 17 == matcher.id()] & 0x1FFFF).tolist() == matcher.value_as("positions")
            matcher.next()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("word1", "word2"), query.And([query.Term("open", "word1"), query.Term("open", "word2")])),
        (
            ("word9", "foret", "पानी"),
            query.And([query.Term("open", "word9"), query.Term("open", "foret"), query.Term("open", "पानी")]),
        ),
    ],
)
def test_several_words_find_the_same_documents(
    both: tuple[Snapshot, Searcher], ours: tuple[str, ...], theirs: query.Query
) -> None:
    snapshot, searcher = both
    held = [set(snapshot.postings((layout.OPEN,), (word,)).ids.tolist()) for word in ours]
    assert sorted(number for number in set.intersection(*held) if snapshot.live[number]) == list(theirs.docs(searcher))


def test_a_list_of_many_blocks_is_read_whole(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    many = 2 * BLOCK + 100
    store.rebuild((entry(number, f"same n{number}", text="same " * (number % 3)) for number in range(1, many + 1)), 1)
    snapshot = SnapshotHolder(store).current()
    searcher = FileIndex(store.open_reader().storage, schema=layout.schema(), indexname=INDEX).searcher()
    assert snapshot.postings((layout.OPEN,), ("same",)).ids.tolist() == list(
        query.Term(layout.OPEN, "same").docs(searcher)
    )
    every = np.arange(many, dtype=np.int32)
    places = snapshot.places((layout.OPEN,), "same", every)
    assert len(places) == many + sum(number % 3 for number in range(1, many + 1))
    for some in (every[::7], every[BLOCK - 2 : BLOCK + 3], every[:0], every[-1:]):
        kept = places[np.isin(places >> 17, some)]
        assert snapshot.places((layout.OPEN,), "same", some).tolist() == kept.tolist()
