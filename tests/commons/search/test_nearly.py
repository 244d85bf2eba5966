from __future__ import annotations

import random
from pathlib import Path

import pytest

from commons.search.facets import Filters
from commons.search.grammar import parse
from commons.search.nearly import meant, nearby
from commons.search.snapshot import Snapshot
from commons.search.suggest import did_you_mean, names_like
from tests.commons.search.corpus import EVERYONE, ask, entry, snapshot_of
from tests.pace import within

TITLES = [
    "World Water Watch",
    "Kenya Water Trust",
    "Forêts du Congo",
    "Solar Sisters",
    "Экология Сибири",
    "منظمة المياه المستدامة",
    "जल संरक्षण संगठन",
    "Fundación Agua Limpia",
    "Institut Technique Européen du Bois",
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    first = [entry(number, title) for number, title in enumerate(TITLES, 1)]
    texts = [
        entry(number, f"Page {number}", kind="page", text="water and trust in villages") for number in range(50, 60)
    ]
    more = [entry(20, "Wetlands Alliance", names=["Red de Humedales", "湿地保护联盟"], country="PE")]
    return snapshot_of(tmp_path_factory.mktemp("nearly"), first, texts, more)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("watre watch", 1),
        ("kenya watrer trsut", 2),
        ("foret du cogno", 3),
        ("sloar sisters", 4),
        ("экалогия сибри", 5),
        ("منظمه المياة المستدمة", 6),
        ("जल सरक्षण", 7),
        ("fundacion agau limpa", 8),
        ("intitut tecnique bois", 9),
        ("red humedalse", 20),
        ("wetlands alliense", 20),
    ],
)
def test_a_name_is_found_in_spite_of_slips(snapshot: Snapshot, typed: str, found: int) -> None:
    answer = ask(snapshot, typed)
    assert (answer.ids[0], answer.matched) == (found, "nearly")


@pytest.mark.parametrize("typed", ["water trust", "kenya", "wetlands", "forêts"])
def test_what_is_written_so_is_not_taken_for_a_slip(snapshot: Snapshot, typed: str) -> None:
    assert ask(snapshot, typed).matched == "all"


@pytest.mark.parametrize("typed", ["zebra crossing", "xyzzyplugh", "qqqq wwww", "ab"])
def test_what_is_like_no_name_finds_none(snapshot: Snapshot, typed: str) -> None:
    assert ask(snapshot, typed).total == 0


def test_words_that_are_right_but_stand_in_no_one_name_are_no_slip(snapshot: Snapshot) -> None:
    assert ask(snapshot, "kenya sisters").matched == "any"


def test_filters_and_what_is_left_out_hold_for_names_that_come_close(snapshot: Snapshot) -> None:
    assert ask(snapshot, "wetlands alliense", filters=Filters(country=frozenset({"PE"}))).ids == (20,)
    assert ask(snapshot, "wetlands alliense", filters=Filters(country=frozenset({"KE"}))).ids == ()
    assert 4 not in ask(snapshot, "sloar sisters -solar").ids
    assert ask(snapshot, "sloar sisters", match="all").ids == ()


def test_the_names_that_come_close_come_before_texts_with_some_of_the_words(snapshot: Snapshot) -> None:
    found = ask(snapshot, "keniya water trust").ids
    assert found[0] == 2
    assert set(found[1:]) & set(range(50, 60))


def test_a_name_is_found_only_by_those_who_may_read_it(tmp_path: Path) -> None:
    shown = [entry(1, "Water Watch"), entry(2, "Weather Watch")]
    hidden = [entry(3, "Watre Whatch Sanctum", audience="group:7"), entry(4, "Solar Sanctum", audience="group:8")]
    planted, without = snapshot_of(tmp_path / "a", shown + hidden), snapshot_of(tmp_path / "b", shown)
    for typed in ("watr watch", "sanctm", "solr sanctum", "wather wach"):
        assert ask(planted, typed) == ask(without, typed)
        assert names_like(planted, typed) == names_like(without, typed)
        assert did_you_mean(planted, parse(typed)) == did_you_mean(without, parse(typed))
    seated = {"public", "group:7"}
    assert ask(planted, "whatch sanctumm", audiences=seated).ids[0] == 3
    assert 4 not in ask(planted, "solr sanctum", audiences=seated).ids


def test_a_name_that_was_removed_is_not_found(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, [entry(1, "Solar Sisters"), entry(2, "Water Watch")], removed=[1])
    assert ask(snapshot, "sloar sistres").total == 0
    assert names_like(snapshot, "sloar sis") == []


def test_the_closest_name_comes_first_and_says_which_words_were_meant(snapshot: Snapshot) -> None:
    near = nearby(snapshot, snapshot.scope(EVERYONE), ["wrld", "water", "wach"])
    assert near[0].name == "world water watch"
    assert meant(["wrld", "water", "wach"], near[0].name) == {"wrld": "world", "wach": "watch"}


def test_any_string_is_answered_in_time(snapshot: Snapshot) -> None:
    pick = random.Random(9)
    blocks = [(0, 0x250), (0x370, 0x800), (0x900, 0x2000), (0x2000, 0x3000), (0x3000, 0xD800), (0xD800, 0x110000)]

    def text() -> str:
        first, last = pick.choice(blocks)
        return "".join(chr(pick.randrange(first, last)) for _ in range(pick.choice((1, 3, 9, 40, 250))))

    for string in ["\ud800" * 9, "a" * 100_000, "water " * 10_000, "\x00", "水" * 5000, *(text() for _ in range(1500))]:
        with within(1, string[:99]):
            ask(snapshot, string)
            names_like(snapshot, string)
            did_you_mean(snapshot, parse(string))
