from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons.room import SearchDocument
from commons.search.answer import ENOUGH, LONG_QUESTION, search
from commons.search.facets import FACETS, Filters
from commons.search.grammar import parse
from commons.search.snapshot import Snapshot
from tests.commons.search.corpus import EVERYONE, ask, entry, snapshot_of

WORDS = ["water", "solar", "forest", "women", "school", "seeds", "river", "market"]
CHOICES: dict[str, list[Any]] = {
    "kind": ["organisation", "page", "topic"],
    "area": [1, 2, 3, 4],
    "sdg": [1, 6, 13, 17],
    "country": ["KE", "FR", "PE"],
    "type": ["nonprofit", "network"],
    "language": ["en", "fr", "es"],
}


def made(number: int, pick: random.Random) -> SearchDocument:
    return entry(
        number,
        title=" ".join(pick.choices(WORDS, k=2)),
        text=" ".join(pick.choices(WORDS, k=pick.randint(0, 9))),
        audience=pick.choice(["public", "public", "members", "group:1"]),
        kind=pick.choice(CHOICES["kind"]),
        country=pick.choice([*CHOICES["country"], ""]),
        type=pick.choice([*CHOICES["type"], ""]),
        areas=pick.sample(CHOICES["area"], pick.randint(0, 3)),
        sdgs=pick.sample(CHOICES["sdg"], pick.randint(0, 2)),
        languages=pick.sample(CHOICES["language"], pick.randint(0, 2)),
        updated=pick.randint(1, 60),
        confirmed=pick.choice([0, pick.randint(1, 60)]),
    )


@cache
def corpus() -> tuple[dict[int, SearchDocument], Snapshot]:
    """Three hundred documents over four segments; some were written twice, some removed."""
    pick = random.Random(11)
    batches = [[made(number, pick) for number in range(start, start + 90)] for start in (1, 91, 181)]
    again = [made(number, pick) for number in pick.sample(range(1, 271), 60)]
    removed = set(pick.sample(range(1, 271), 40))
    live = {document.id: document for batch in (*batches, again) for document in batch if document.id not in removed}
    with tempfile.TemporaryDirectory() as folder:  # the snapshot keeps its files mapped
        return live, snapshot_of(Path(folder) / "search", *batches, again, removed=removed)


def values(document: SearchDocument, facet: str) -> set[Any]:
    several = {"area": document.areas, "sdg": document.sdgs, "language": [document.language, *document.languages]}
    return set(several[facet]) if facet in several else {getattr(document, facet)} - {""}


def expected(
    words: list[str], any_word: bool, excluded: list[str], audiences: frozenset[str], chosen: Filters
) -> set[int]:
    found = set()
    for id, document in corpus()[0].items():
        held = set(f"{document.title} {document.text}".split())
        if document.audience not in audiences or held & set(excluded):
            continue
        if words and not (held & set(words) if any_word else held >= set(words)):
            continue
        if all(values(document, facet) & getattr(chosen, facet) for facet in FACETS if getattr(chosen, facet)):
            found.add(id)
    return found


choices = st.builds(
    Filters, **{facet: st.frozensets(st.sampled_from(some), max_size=2) for facet, some in CHOICES.items()}
)
audience_sets = st.sampled_from(
    [EVERYONE, frozenset({"public", "members"}), frozenset({"public", "members", "group:1"}), frozenset({"group:1"})]
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(WORDS), max_size=3, unique=True),
    st.lists(st.sampled_from(WORDS), max_size=1),
    audience_sets,
    choices,
)
def test_hits_and_facets_are_what_a_plain_loop_finds(
    words: list[str], excluded: list[str], audiences: frozenset[str], chosen: Filters
) -> None:
    excluded = [word for word in excluded if word not in words]
    text = " ".join([*words, *(f"-{word}" for word in excluded)])
    found = ask(corpus()[1], text, audiences=audiences, filters=chosen, facets=FACETS)
    any_word = found.matched == "any"
    least = ENOUGH if len(words) >= LONG_QUESTION else 1
    assert any_word == (bool(words) and len(expected(words, False, excluded, audiences, Filters())) < least)
    assert set(found.ids) == expected(words, any_word, excluded, audiences, chosen)
    assert found.total == len(found.ids) == len(set(found.ids))
    for facet in FACETS:
        for value in CHOICES[facet]:
            alone = replace(chosen, **{facet: frozenset({value})})
            assert found.facets[facet].get(value, 0) == len(expected(words, any_word, excluded, audiences, alone))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=2, unique=True), choices)
def test_choosing_a_value_gives_the_number_beside_it(words: list[str], chosen: Filters) -> None:
    found = ask(corpus()[1], " ".join(words), filters=chosen, facets=FACETS)
    for facet, numbers in found.facets.items():
        for value, number in numbers.items():
            alone = replace(chosen, **{facet: frozenset({value})})  # type: ignore[arg-type]
            assert ask(corpus()[1], " ".join(words), filters=alone, match=found.matched).total == number


@pytest.mark.parametrize("sort", ["relevance", "updated", "confirmed", "title"])
@pytest.mark.parametrize("text", ["", "water", "water OR solar", "river forest -seeds"])
def test_pages_neither_overlap_nor_leave_anything_out(text: str, sort: Any) -> None:
    snapshot = corpus()[1]
    whole = ask(snapshot, text, sort=sort).ids
    parts = [
        id
        for offset in range(0, len(whole) + 7, 7)
        for id in ask(snapshot, text, sort=sort, offset=offset, limit=7).ids
    ]
    assert tuple(parts) == whole
    assert len(whole) > 14


def test_orders_are_what_they_say() -> None:
    live, snapshot = corpus()
    newest = ask(snapshot, "water", sort="updated").ids
    assert list(newest) == sorted(newest, key=lambda id: (-live[id].updated, id))
    confirmed = ask(snapshot, "", sort="confirmed").ids
    assert list(confirmed) == sorted(confirmed, key=lambda id: (-live[id].confirmed, id))
    titles = ask(snapshot, "", sort="title").ids
    assert list(titles) == sorted(titles, key=lambda id: (live[id].title, id))


def test_long_titles_that_begin_alike_are_sorted_to_the_end(tmp_path: Path) -> None:
    ends = ["Zurich", "Accra", "Lima", "Aarhus"]
    snapshot = snapshot_of(tmp_path, [entry(number, f"The University of {end}") for number, end in enumerate(ends, 1)])
    assert ask(snapshot, "", sort="title", offset=1, limit=2).ids == (2, 3)


def test_the_exact_name_comes_first_whatever_others_say_more_often(tmp_path: Path) -> None:
    loud = [entry(number, "Water water", text="world water watch " * 20, boost=2.0) for number in range(1, 30)]
    snapshot = snapshot_of(
        tmp_path,
        [*loud, entry(50, "World Water Watch", text="x " * 400), entry(51, "Something", names=["WORLD  water-watch"])],
    )
    found = ask(snapshot, "world water watch", limit=3)
    assert found.exact == 2
    assert set(found.ids[:2]) == {50, 51}


def test_a_name_close_to_the_question_beats_a_text_that_repeats_it(tmp_path: Path) -> None:
    texts = [
        entry(
            number,
            f"Report {number}",
            text="kenya has water, " * 5 + "and this is a long report on many other things " * 8,
        )
        for number in range(1, 20)
    ]
    snapshot = snapshot_of(tmp_path, [*texts, entry(40, "Kenya Water Trust", text="pumps and wells " * 10)])
    assert ask(snapshot, "kenya water").ids[0] == 40


def test_any_word_will_do_only_where_all_find_nothing(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path, [entry(1, text="solar pumps"), entry(2, text="solar lamps"), entry(3, text="wind mills")]
    )
    assert (ask(snapshot, "solar pumps").ids, ask(snapshot, "solar pumps").matched) == ((1,), "all")
    found = ask(snapshot, "solar mills")
    assert (set(found.ids), found.matched) == ({1, 2, 3}, "any")
    assert ask(snapshot, "solar mills", match="all").ids == ()


def test_words_of_a_phrase_stand_side_by_side_and_not_across_parts(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path,
        [
            entry(1, text="clean drinking water"),
            entry(2, text="water for drinking"),
            entry(3, "drinking", text="water"),
        ],
        [entry(4, text="Drinking-water, always")],
    )
    assert set(ask(snapshot, '"drinking water"').ids) == {1, 4}
    assert set(ask(snapshot, 'drinking -"drinking water"').ids) == {2, 3}
    assert ask(snapshot, '"water clean"').matched == "any"


def test_an_open_word_finds_what_begins_so(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, [entry(1, text="irrigation"), entry(2, text="irrigators"), entry(3, text="iron")])
    assert set(ask(snapshot, "irrig*").ids) == {1, 2}


def test_near_counts_kilometres_and_leaves_out_what_has_no_place(tmp_path: Path) -> None:
    places = {
        1: (-1.286, 36.817),
        2: (-1.10, 37.01),
        3: (51.5, -0.12),
        4: (None, None),
        5: (-1.3, -179.9),
        6: (-1.3, 179.9),
    }
    snapshot = snapshot_of(tmp_path, [entry(id, lat=lat, lon=lon) for id, (lat, lon) in places.items()])
    found = ask(snapshot, "", near=(-1.286, 36.817, 50.0), sort="distance")
    assert found.ids == (1, 2)
    assert found.distances == pytest.approx((0.0, 29.7), abs=0.5)
    assert set(ask(snapshot, "", near=(-1.3, 180.0, 50.0)).ids) == {5, 6}


def test_a_score_is_the_same_however_the_index_came_about(tmp_path: Path) -> None:
    pick = random.Random(5)
    documents = [made(number, pick) for number in range(1, 120)]
    one = snapshot_of(tmp_path / "one", documents)
    many = snapshot_of(
        tmp_path / "many", [made(7, pick)], *([document] for document in documents), [entry(900)], removed=[900]
    )
    for text in ("water", "solar river", "seeds -market", "wat*", '"water solar"', ""):
        first, second = (ask(snapshot, text, audiences=None) for snapshot in (one, many))
        assert first.ids == second.ids
        assert first.scores == pytest.approx(second.scores, rel=1e-5)


def test_an_empty_index_answers(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path)
    for text in ("", "water", '"a b"', "wat*"):
        found = search(snapshot, parse(text), audiences=EVERYONE, facets=FACETS, sort="title", near=(0.0, 0.0, 5.0))
        assert (found.total, found.ids, set().union(*found.facets.values())) == (0, (), set())


def test_everything_that_was_found_is_known_without_reading_pages() -> None:
    documents, snapshot = corpus()
    found = ask(snapshot, "water", limit=5)
    held = set(found.hits.ids().tolist())
    assert len(held) == len(found.hits.ids()) == found.total > 5 and set(found.ids) <= held
    assert len(found.hits.points()) == sum(documents[id].lat is not None for id in held)
    assert found.hits.confirmed(1) == sum(documents[id].confirmed > 0 for id in held)
