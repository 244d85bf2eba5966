"""What the first results say of each other, and what it leaves alone."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from commons.room import SearchDocument
from commons.search import layout
from commons.search.answer import matching
from commons.search.feedback import LEAST_WORDS, Wanted, settled, wanted
from commons.search.grammar import parse
from tests.commons.search.corpus import EVERYONE, ask, entry, snapshot_of

WORDS = ["water", "solar", "forest", "women", "school", "seeds", "river", "market", "pump", "tank"]


def streams(*texts: str) -> list[bytes]:
    return [layout.stream(entry(number, "x", text=text)) for number, text in enumerate(texts, 1)]


def asked(text: str) -> list[Wanted]:
    return [Wanted(frozenset({layout.mark(word, "en")}), 1.0) for word in text.split()]


def test_a_document_rises_with_those_that_are_like_it() -> None:
    goats, pumps = "goats cheese alpine pasture", "borehole handle grease village"
    found = settled(
        np.array([10.0, 6.0, 6.1, 2.0, 2.0], np.float32),
        streams(f"{goats} one", f"{goats} two", f"{pumps} three", f"{pumps} four", f"{pumps} five"),
        asked("nothing of this"),
    )
    assert found[0] > found[1] > found[2] > found[3]


def test_neighbouring_words_of_the_question_count_where_they_stand_together() -> None:
    apart = "solar " + "something different altogether here " * 4 + "pump"
    found = settled(np.array([5.0, 5.0], np.float32), streams(apart, "solar pump"), asked("solar pump village"))
    assert found[1] > found[0]


def test_documents_without_a_word_keep_their_scores() -> None:
    found = settled(np.array([3.0, 2.0, 1.0], np.float32), [b"", b"", b""], asked("solar pump village"))
    assert found.tolist() == [3.0, 2.0, 1.0]


def test_a_stream_holds_the_beginning_in_the_roots_of_its_language() -> None:
    stream = np.frombuffer(layout.stream(entry(1, "The forests", text="of Norway " * 1000)), np.uint32)
    assert len(stream) == layout.STREAM
    assert stream[0] >> layout.PLACE == layout.mark("forest", "en")
    assert (stream[0] & 1023, stream[-1] & 1023) == (1, 2 + layout.GAP + 2 * (layout.STREAM - 2) + 1)
    assert not set((stream >> layout.PLACE).tolist()) & {layout.mark("the", "en"), layout.mark("of", "en")}


def test_short_questions_and_those_that_documents_answer_are_left_alone(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, [entry(1, text="solar pumps"), entry(2, text="wind mills in the village")])
    scope = snapshot.scope(EVERYONE)
    for text, words in (("solar mills", 0), ("solar mills village", LEAST_WORDS)):
        assert len(wanted(snapshot, scope, matching(snapshot, scope, parse(text), "auto").clauses)) == words


def made(number: int, pick: random.Random) -> SearchDocument:
    return entry(
        number,
        " ".join(pick.choices(WORDS, k=2)),
        text=" ".join(pick.choices(WORDS[:8], k=12)),
        audience=pick.choice(["public", "public", "members"]),
        kind=pick.choice(["organisation", "page"]),
    )


@pytest.mark.parametrize(
    "text", ["water pump tank nowhere", "solar forest women nothing", "pump tank seeds missing river"]
)
def test_nothing_is_found_by_it_and_nothing_lost(tmp_path: Path, text: str) -> None:
    pick = random.Random(3)
    documents = [made(number, pick) for number in range(1, 150)]
    snapshot = snapshot_of(tmp_path, documents)
    whole = ask(snapshot, text, facets=("kind",))
    held = {document.id for document in documents if document.audience == "public"}
    assert whole.matched == "any"
    assert set(whole.ids) == {
        id for id in held if set(text.split()) & set(f"{documents[id - 1].title} {documents[id - 1].text}".split())
    }
    parts = [id for offset in range(0, whole.total, 7) for id in ask(snapshot, text, offset=offset, limit=7).ids]
    assert tuple(parts) == whole.ids


def test_the_few_that_hold_every_word_stay_before_what_others_say(tmp_path: Path) -> None:
    crowd = [entry(number, "Solar pump", text="solar pump village well " * 3) for number in range(1, 30)]
    alone = entry(50, "Notes", text="market goats cheese weaving looms solar pump village kerosene " + "other " * 80)
    snapshot = snapshot_of(tmp_path, [*crowd, alone])
    found = ask(snapshot, "solar pump village kerosene")
    assert (found.matched, found.ids[0], found.total) == ("any", 50, 30)
    assert ask(snapshot, "solar pump village kerosene", match="any").ids == found.ids
