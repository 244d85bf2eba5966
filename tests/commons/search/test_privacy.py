"""What a viewer may not read leaves no trace: not a hit, not a number, not a score, not a spelling."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.room import SearchDocument
from commons.search import layout
from commons.search.facets import FACETS
from commons.search.grammar import parse
from commons.search.snapshot import Snapshot
from commons.search.suggest import did_you_mean, names_like
from tests.commons.search.corpus import EVERYONE, ask, entry, snapshot_of

SECRET = "zanzibarium"
WORDS = ["water", "solar", "forest", "women", "waters", "watering", SECRET]
PROBES = [
    SECRET,
    "zanzibarum",
    "zanzi*",
    "zan*",
    f'"{SECRET} fund"',
    f"{SECRET} OR nothing",
    "water",
    "fund",
    "",
    f"-{SECRET}",
    "wat*",
    "water pumps fund nowhere",  # any of the words, and the first results are compared
    f"water {SECRET} pumps group nowhere",
]


def secret(id: int, audience: str = "group:7") -> SearchDocument:
    return entry(
        id,
        f"{SECRET} Fund",
        names=[SECRET],
        text=f"{SECRET} fund water",
        audience=audience,
        kind="need",
        country="ZZ",
        type="cell",
        areas=[99],
        sdgs=[17],
        languages=["sw"],
        language="fr",
        lat=1.0,
        lon=1.0,
        place="Hidden",
    )


def public() -> list[SearchDocument]:
    return [
        entry(number, f"Water group {number}", text="water pumps fund", areas=[1], country="KE")
        for number in range(1, 20)
    ]


def everything(snapshot: Snapshot, text: str) -> object:
    found = ask(snapshot, text, facets=FACETS, sort="relevance")
    browsing = ask(snapshot, text, near=(1.0, 1.0, 100.0))
    return found.ids, found.scores, found.total, found.facets, found.matched, found.exact, browsing.total


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Snapshot, Snapshot]:
    without = snapshot_of(tmp_path / "without", public())
    planted = snapshot_of(tmp_path / "planted", public(), [secret(100), secret(101, "members")])
    assert ask(planted, SECRET, audiences={"group:7"}).ids == (100,)  # it is there, for those who may
    return without, planted


@pytest.mark.parametrize("probe", PROBES)
def test_a_visitor_sees_what_they_would_see_without_it(pair: tuple[Snapshot, Snapshot], probe: str) -> None:
    without, planted = pair
    assert everything(planted, probe) == everything(without, probe)


@pytest.mark.parametrize("typed", ["zan", "zanzi", "zanzibarium", "fund", "water g", "hid", "zanzibarium f"])
def test_a_hidden_word_is_never_suggested(pair: tuple[Snapshot, Snapshot], typed: str) -> None:
    without, planted = pair
    assert names_like(planted, typed) == names_like(without, typed)
    assert did_you_mean(planted, parse(typed)) == did_you_mean(without, parse(typed))
    assert did_you_mean(planted, parse("zanzibarum")) is None


def test_the_public_vocabulary_does_not_hold_it(pair: tuple[Snapshot, Snapshot]) -> None:
    for view in pair[1].views:
        assert SECRET not in set(view.words(layout.OPEN))
    assert any(SECRET in set(view.words(layout.CLOSED)) for view in pair[1].views)


def test_what_becomes_private_is_gone_from_the_next_answer(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, public(), [secret(100, "public")], [secret(100, "group:7")])
    assert ask(snapshot, SECRET).total == 0
    assert names_like(snapshot, "zanz") == []
    assert did_you_mean(snapshot, parse("zanzibarum")) is None
    assert ask(snapshot, "zanzi*").total == 0


def test_what_becomes_public_can_be_suggested(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, public(), [secret(100)], [secret(100, "public")])
    assert [name.id for name in names_like(snapshot, "zanz")] == [100]
    correction = did_you_mean(snapshot, parse("zanzibarum fund"))
    assert correction is not None and correction.text == f"{SECRET} fund"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([EVERYONE, frozenset({"public", "members"}), frozenset({"members"})]))
def test_statistics_are_those_of_the_readable_documents(
    tmp_path_factory: pytest.TempPathFactory, seed: int, audiences: frozenset[str]
) -> None:
    pick = random.Random(seed)
    documents = [
        entry(
            number,
            " ".join(pick.choices(WORDS, k=2)),
            text=" ".join(pick.choices(WORDS, k=6)),
            audience=pick.choice(["public", "members", "group:7"]),
            language=pick.choice(["en", "fr", "sv"]),
            areas=pick.sample([1, 2, 3], 2),
        )
        for number in range(1, 25)
    ]
    folder = tmp_path_factory.mktemp("search")
    mixed = snapshot_of(folder / "mixed", documents[:12], documents[12:])
    alone = snapshot_of(folder / "alone", [document for document in documents if document.audience in audiences])
    for text in (
        "water",
        "water solar",
        "wat*",
        '"water solar"',
        "women -solar",
        "zanzi*",
        f"{SECRET} forest women water",
        "women solar nowhere forest",
    ):
        first, second = (ask(snapshot, text, audiences=audiences, facets=FACETS) for snapshot in (mixed, alone))
        assert (first.ids, first.facets, first.matched, first.exact) == (
            second.ids,
            second.facets,
            second.matched,
            second.exact,
        )
        assert first.scores == pytest.approx(second.scores, rel=1e-6)
