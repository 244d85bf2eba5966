"""Both engines, held to the same tests: what is found, counted, hidden and kept, and nearly the same order."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from commons.search.answer import Found
from commons.search.backend import Backend
from commons.search.engine import WhooshBackend
from commons.search.facets import FACETS, Filters
from commons.search.grammar import parse
from commons.search.leaning import Leaning
from commons.search.postgres.backend import PostgresBackend
from tests.commons.search.corpus import EVERYONE, entry
from tests.services import Postgres, postgres

MEMBERS = frozenset({"public", "members"})
WORDS = [
    "water",
    "solar",
    "forest",
    "women",
    "seed",
    "bees",
    "river",
    "school",
    "health",
    "bridge",
    "pump",
    "well",
    "garden",
    "youth",
    "radio",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as started:
        yield started


@pytest.fixture(scope="module")
def database(server: Postgres) -> Iterator[str]:
    with server.database() as url:
        yield url


@pytest.fixture(params=["whoosh", "postgresql"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    if request.param == "whoosh":
        yield WhooshBackend(tmp_path, follow=False)
        return
    made = PostgresBackend(request.getfixturevalue("database"), follow=False)
    yield made
    made.server.engine.dispose()


@pytest.fixture
def both(tmp_path: Path, database: str) -> Iterator[list[Backend]]:
    made = PostgresBackend(database, follow=False)
    yield [WhooshBackend(tmp_path, follow=False), made]
    made.server.engine.dispose()


def filled(index: Backend, *documents: Any) -> Backend:
    index.rebuild(documents, 1)
    return index


def ask(index: Backend, text: str, **more: Any) -> Found:
    options: dict[str, Any] = {"audiences": EVERYONE, "limit": 1000}
    return index.search(parse(text), **(options | more))


def ids(index: Backend, text: str, **more: Any) -> set[int]:
    found = ask(index, text, **more)
    assert len(found.ids) == len(set(found.ids)) == found.total
    assert set(found.hits.ids().tolist()) == set(found.ids)
    return set(found.ids)


SMALL = (
    entry(1, "Water Aid", text="pumps and wells for villages", country="KE", areas=[1, 2], lat=-1.28, lon=36.82),
    entry(2, "Solar Sisters", text="solar pumps, sold by women", country="UG", areas=[2], sdgs=[7], kind="need"),
    entry(3, "Forêts d'Afrique", text="Nous plantons des arbres", language="fr", country="SN", confirmed=2_000_000),
    entry(4, "可持续发展", text="水资源保护 组织", language="zh", type="charity"),
    entry(5, "Secret pumps", text="water pumps of members", audience="members", country="KE", areas=[1]),
    entry(6, "Group seven", text="water of the seventh group", audience="group:7", country="ZZ", areas=[9]),
    entry(7, "Co-operative bank", text="pump water, solar river", languages=["en", "sw"], lat=-1.3, lon=36.9),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("water", {1, 7}),
        ("WATER pump", {1, 7}),  # both words, in whatever form
        ("pumps", {1, 2, 7}),
        ("forets", {3}),
        ("forêt", {3}),
        ('"solar pumps"', {2}),
        ('"pumps solar"', set()),
        ("wat*", {1, 7}),
        ("wom*", {2}),
        ("water -river", {1}),
        ("-water", {2, 3, 4}),
        ('pumps -"solar pumps"', {1, 7}),
        ("women OR arbres", {2, 3}),
        ("发展", {4}),
        ("水", {4}),
        ("水资源", {4}),
        ("资水", set()),
        ("cooperative", {7}),
        ("co-operative", {7}),
        ("nothing of the kind", set()),
        ("'; DROP TABLE entry; --", set()),
        ("a & b | !c:* \\ '", set()),
        ("", {1, 2, 3, 4, 7}),
    ],
)
def test_words_find_what_holds_them(index: Backend, text: str, found: set[int]) -> None:
    assert ids(filled(index, *SMALL), text, match="all") == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"filters": Filters(country=frozenset({"KE"}))}, {1}),
        ({"filters": Filters(area=frozenset({2}))}, {1, 2}),
        ({"filters": Filters(area=frozenset({2}), kind=frozenset({"need"}))}, {2}),
        ({"filters": Filters(sdg=frozenset({7, 8}))}, {2}),
        ({"filters": Filters(language=frozenset({"sw", "fr"}))}, {3, 7}),
        ({"filters": Filters(type=frozenset({"charity"}))}, {4}),
        ({"near": (-1.28, 36.82, 5.0)}, {1}),
        ({"near": (-1.28, 36.82, 50.0)}, {1, 7}),
        ({"bounds": (-2.0, 36.8, 0.0, 36.85)}, {1}),
        ({"bounds": (-2.0, 36.85, 0.0, -170.0)}, {7}),  # over the date line
        ({"confirmed_after": 1_000_000}, {3}),
        ({"among": [2, 3, 5, 99]}, {2, 3}),
        ({"among": []}, set()),
        ({"among": [2, 3, 5, 99], "besides": [3, 98]}, {2}),
    ],
)
def test_conditions_narrow(index: Backend, asked: dict[str, Any], found: set[int]) -> None:
    assert ids(filled(index, *SMALL), "", **asked) == found


def made(number: int, seed: int = 7) -> list[Any]:
    pick = random.Random(seed)
    return [
        entry(
            id,
            " ".join(pick.choices(WORDS, k=2)),
            text=" ".join(pick.choices(WORDS, k=pick.randrange(4, 40))),
            audience=pick.choice(["public", "public", "members"]),
            kind=pick.choice(["organisation", "page"]),
            country=pick.choice(["KE", "UG", ""]),
            areas=pick.sample(range(1, 6), k=pick.randrange(3)),
            language=pick.choice(["en", "fr", "", "zh"]),
            confirmed=pick.choice([0, 5000 + id]),
            lat=pick.choice([None, pick.uniform(-60, 60)]),
            lon=pick.uniform(-170, 170),
        )
        for id in range(1, number + 1)
    ]


@pytest.mark.parametrize(
    "text", ["", "water", "water solar", "water solar bees women pump", '"water solar" seed', "s*"]
)
def test_a_number_beside_a_choice_is_what_the_choice_finds(index: Backend, text: str) -> None:
    filled(index, *made(300))
    filters = Filters(country=frozenset({"KE"}), area=frozenset({1, 2}))
    found = ask(index, text, filters=filters, facets=FACETS, audiences=MEMBERS)
    assert found.total == len(found.ids)
    for facet in ("kind", "country", "area", "language"):
        for value, number in found.facets[facet].items():
            chosen = {"country": filters.country, "area": filters.area} | {facet: frozenset({value})}
            alone = ask(index, text, filters=Filters(**chosen), audiences=MEMBERS, match=found.matched)  # type: ignore[arg-type]
            assert alone.total == number, (facet, value)


def test_a_closed_document_leaves_no_trace(index: Backend) -> None:
    def everything(text: str) -> object:
        found = ask(index, text, facets=FACETS)
        near = ask(index, text, near=(1.0, 1.0, 100.0))
        names = [name.id for name in index.names_like("zanzi")]
        return found, near.total, names, index.did_you_mean(parse(text)), index.related(1, "organisation", [1], None, audiences=EVERYONE, limit=9)  # fmt: skip

    public = [entry(id, f"Water group {id}", text="water pumps fund", areas=[1], country="KE") for id in range(1, 20)]
    hidden = [
        entry(
            100 + id, f"Zanzibarium {id} fund", text="zanzibarium fund water", audience=audience, areas=[1], type="cell"
        )
        for id, audience in enumerate(("members", "group:7"))
    ]
    probes = ["zanzibarium", "zanzibarum", "zanzi*", '"zanzibarium fund"', "water", "fund", "", "-zanzibarium", "wat*"]
    filled(index, *public)
    before = [everything(text) for text in probes]
    filled(index, *public, *hidden)
    assert [everything(text) for text in probes] == before
    assert ids(index, "zanzibarium", audiences={"group:7"}) == {101}, "it is there, for those who may"
    assert ids(index, "zanzibarium", audiences=None) == {100, 101}


def test_the_last_word_on_a_document_counts(index: Backend) -> None:
    filled(index, entry(1, "Old name", text="first"), entry(2, "Another"))
    assert index.apply([entry(1, "New name"), entry(1, "Newest name"), entry(3, "Third")], [2], 5) == 2
    assert (ids(index, "newest"), ids(index, "old"), ids(index, "first"), ids(index, "another")) == (
        {1},
        set(),
        set(),
        set(),
    )
    assert index.keys() == {1, 3} and index.documents() == 2 and index.position == index.reached() == 5


def test_statistics_follow_changes(index: Backend) -> None:
    """An index that was changed a hundred times ranks like one that was made at once."""
    wanted = made(120)
    filled(index, *made(120, seed=1)[:80])
    for at in range(0, 120, 10):
        index.apply(wanted[at : at + 10], [], at + 2)
    changed = [ask(index, text).scores for text in ("water", "solar OR bees", "wat* seed")]
    filled(index, *wanted)
    fresh = [ask(index, text).scores for text in ("water", "solar OR bees", "wat* seed")]
    assert [pytest.approx(scores, rel=1e-5) for scores in fresh] == changed


def test_a_batch_that_is_repeated_changes_nothing(index: Backend) -> None:
    """A worker that dies before it has heard of its success does the same again."""
    filled(index, *SMALL)
    batch = [entry(1, "Water Aid again"), entry(8, "Eighth water")]
    index.apply(batch, [2], 9)
    before = ask(index, "water", facets=FACETS), ask(index, ""), index.position
    index.apply(batch, [2], 9)
    assert (ask(index, "water", facets=FACETS), ask(index, ""), index.position) == before


def test_every_change_is_another_generation(index: Backend) -> None:
    filled(index, *SMALL)
    seen = {index.generation()}
    assert index.remembered("many", lambda: 1) == index.remembered("many", lambda: 2) == 1
    index.apply([entry(9)], [], 2)
    seen.add(index.generation())
    index.rebuild(SMALL, 3)
    seen.add(index.generation())
    assert len(seen) == 3 and index.remembered("many", lambda: 3) == 3


def test_no_question_fails_while_the_index_is_made_again(index: Backend) -> None:
    documents = made(400)
    filled(index, *documents)
    wanted, asked, stop = ids(index, "water"), 0, threading.Event()

    def rebuilding() -> None:
        for position in range(2, 6):
            index.rebuild(slowly(documents), position)
        stop.set()

    thread = threading.Thread(target=rebuilding)
    thread.start()
    while not stop.is_set():
        assert ids(index, "water") == wanted
        asked += 1
    thread.join()
    assert asked > 4 and index.position == 5


def slowly(documents: Iterable[Any]) -> Iterator[Any]:
    for number, document in enumerate(documents):
        if number % 100 == 0:
            threading.Event().wait(0.02)
        yield document


def test_a_rebuild_that_breaks_off_leaves_the_index_as_it_was(index: Backend) -> None:
    filled(index, *SMALL)

    def breaking() -> Iterator[Any]:
        yield entry(50, "Half way")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        index.rebuild(breaking(), 7)
    assert ids(index, "water") == {1, 7} and index.position == 1 and index.check().faults == ()


@pytest.mark.parametrize("sort", ["updated", "confirmed", "title", "distance"])
def test_pages_in_order_never_overlap(index: Backend, sort: Any) -> None:
    documents = {document.id: document for document in made(200)}
    filled(index, *documents.values())
    asked: dict[str, Any] = {"sort": sort, "near": (0.0, 0.0, 6000.0) if sort == "distance" else None}
    whole = ask(index, "water OR solar", **asked)
    pages = [ask(index, "water OR solar", **asked, offset=at, limit=7) for at in range(0, whole.total, 7)]
    assert [id for page in pages for id in page.ids] == list(whole.ids) and whole.total > 10
    if sort == "distance":
        assert list(whole.distances) == sorted(whole.distances)
    elif sort == "title":
        assert [documents[id].title for id in whole.ids] == sorted(documents[id].title for id in whole.ids)
    else:
        values = [getattr(documents[id], sort) for id in whole.ids]
        assert values == sorted(values, reverse=True)


def test_an_exact_name_comes_first(index: Backend) -> None:
    others = [entry(id, "Water water", text="water world watch " * 20) for id in range(10, 40)]
    filled(index, entry(1, "World Water Watch", text="x " * 300), *others)
    found = ask(index, "world water watch")
    assert found.ids[0] == 1 and found.exact == 1 and found.total == 31


def test_what_a_question_leans_to_comes_first(index: Backend) -> None:
    filled(index, *(entry(id, f"Water {id}", country="KE" if id == 9 else "UG") for id in range(1, 20)))
    leaning = Leaning(Filters(country=frozenset({"KE"})), 1.0)
    found = ask(index, "water", leanings=[leaning])
    assert found.ids[0] == 9 and found.total == 19


def test_names_come_while_typing(index: Backend) -> None:
    filled(index, *SMALL)
    assert [name.id for name in index.names_like("wat")] == [1]
    assert [name.id for name in index.names_like("aid wa")] == [1]
    assert [name.id for name in index.names_like("可持")] == [4]
    assert index.names_like("secret") == index.names_like("") == index.names_like("!'\\:*") == []


def test_a_likelier_spelling_is_offered(index: Backend) -> None:
    filled(index, *SMALL)
    correction = index.did_you_mean(parse("watr pumps"))
    assert correction is not None and correction.text == "water pumps"
    assert index.did_you_mean(parse("water")) is None


def test_the_like_share_rare_areas_and_places(index: Backend) -> None:
    common = [entry(id, areas=[1]) for id in range(10, 20)]
    near, rare = entry(3, areas=[1], lat=0.1, lon=0.1), entry(2, areas=[1, 2])
    closed, page = entry(4, areas=[1, 2], audience="members"), entry(5, areas=[1, 2], kind="page")
    filled(index, entry(1, areas=[1, 2], lat=0.0, lon=0.0), rare, near, closed, page, *common)
    found = index.related(1, "organisation", [1, 2], (0.0, 0.0), audiences=EVERYONE, limit=3)
    assert found == [2, 3, 10]


def test_points_and_moments_of_all_that_was_found(index: Backend) -> None:
    documents = {document.id: document for document in made(100)}
    hits = ask(filled(index, *documents.values()), "water", limit=0).hits
    held = [documents[id] for id in hits.ids().tolist()]
    placed = sorted((one.lat, one.lon) for one in held if one.lat is not None)
    points = sorted(map(tuple, hits.points().tolist()))
    assert len(points) == len(placed) > 5
    assert all(point == pytest.approx(place, abs=1e-3) for point, place in zip(points, placed, strict=True))
    assert hits.confirmed(5050) == sum(one.confirmed >= 5050 for one in held) > 0


def test_both_engines_find_the_same_in_nearly_the_same_order(both: list[Backend]) -> None:
    documents, pick = made(1500, seed=3), random.Random(5)
    for each in both:
        filled(each, *documents)
    shared = []
    for number in range(60):
        text = " ".join(pick.sample(WORDS, k=1 + number % 3))
        one, other = (ask(each, text, facets=FACETS, limit=10, audiences=MEMBERS) for each in both)
        assert (one.total, one.facets, one.matched, one.exact) == (
            other.total,
            other.facets,
            other.matched,
            other.exact,
        ), text
        shared.append(len(set(one.ids) & set(other.ids)) / max(1, len(one.ids)))
    assert sum(shared) / len(shared) >= 0.8


def test_a_slip_in_a_name_finds_it(index: Backend) -> None:
    closed = entry(90, "Watershed Allianse", audience="members")
    filled(index, entry(1, "Watershed Alliance"), entry(8, "Rainwater trust", text="alliance"), closed, *SMALL[1:4])
    found = ask(index, "watershd aliance")
    assert found.matched == "nearly" and found.ids[0] == 1 and 90 not in found.ids
    assert ask(index, "watershd aliance", match="any").matched == "any"
    assert ask(index, "watershed -alliance", match="nearly").ids == ()


def test_a_long_question_is_answered_in_the_same_order(both: list[Backend]) -> None:
    """Where no document holds all words, the first results are compared with each other."""
    documents = made(400, seed=11)
    for each in both:
        filled(each, *documents)
    text = "water bees radio unheard bridge"
    one, other = (ask(each, text, limit=20) for each in both)
    assert one.matched == other.matched == "any" and one.total == other.total
    assert len(set(one.ids) & set(other.ids)) >= 18 and one.ids[:3] == other.ids[:3]


def changed_often(index: Backend) -> list[Any]:
    """An index of more segments than it should have, with documents that went and others that came again."""
    wanted = made(130, seed=4)
    filled(index, *made(40, seed=9))
    for at in range(0, 130, 10):
        index.apply(wanted[at : at + 10], [200 + at], at + 2)
    index.apply([], [7, 8, 9], 140)
    return [one for one in wanted if one.id not in {7, 8, 9}]


def test_merging_segments_changes_no_answer(index: Backend) -> None:
    wanted = changed_often(index)
    texts = ("water", "solar OR bees", "wat* seed", '"water solar"', "watr", "-water", "bees radio unheard pump")
    before = [(ask(index, text, facets=FACETS, audiences=MEMBERS), index.names_like(text)) for text in texts]
    assert (many := index.check().segments) > 10
    index.tidy()
    report = index.check()
    assert report.segments < many and report.faults == () and report.documents == len(wanted)
    after = [(ask(index, text, facets=FACETS, audiences=MEMBERS), index.names_like(text)) for text in texts]
    for (found, names), (later, later_names) in zip(before, after, strict=True):
        assert (found.ids, found.facets, names) == (later.ids, later.facets, later_names)
        assert found.scores == pytest.approx(later.scores, rel=1e-5)
    assert index.keys() == {one.id for one in wanted} and index.position == 140


def test_a_process_that_is_behind_asks_anew_when_segments_are_gone(database: str) -> None:
    """Its thread looks twice a second; a question in between meets segments that were merged away, or another index."""
    one, other = PostgresBackend(database, follow=False), PostgresBackend(database, follow=False)
    changed_often(one)
    wanted = ids(one, "water")
    assert ids(other, "bees") and ids(other, "seed pump", match="any")
    other.holder.start = lambda: None  # type: ignore[method-assign]
    other.follow = True
    behind = other.snapshot().generation
    one.tidy()
    assert other.snapshot().generation == behind and ids(other, "water") == wanted
    one.rebuild(SMALL, 200)
    assert ids(other, "arbres") == {3} and ids(other, "wat*") == {1, 7}
    assert [name.id for name in other.names_like("wat")] == [1]
    for each in (one, other):
        each.server.engine.dispose()
