from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.text.aligning import lines_of
from commons.text.blame import origins, paragraphs
from commons.text.patches import Hunk, hunks

Changes = list[tuple[int, list[Hunk] | None]]
TEXTS = st.lists(st.sampled_from(["soil\n", "water\n", "\n", "turn it\n", "end"]), max_size=8).map("".join)


def changes_of(texts: list[str]) -> Changes:
    """Newest first; revision 1 wrote the first text."""
    pairs = zip(["", *texts], texts, strict=False)
    return [(number, hunks(old, new) or None) for number, (old, new) in enumerate(pairs, 1)][::-1]


def test_each_line_names_the_revision_that_last_changed_it() -> None:
    texts = ["a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\nd\n", "start\na\nB\nd\n"]
    assert origins(texts[-1], changes_of(texts)) == [4, 1, 2, 3]


def test_a_revision_that_left_the_text_alone_wrote_no_line() -> None:
    changes: Changes = [(5, None), (4, hunks("a\n", "a\nb\n")), (3, None), (2, hunks("", "a\n")), (1, None)]
    assert origins("a\nb\n", changes) == [2, 4]


def test_a_line_that_was_taken_back_belongs_to_who_wrote_it_again() -> None:
    texts = ["a\nb\n", "a\nspam\n", "a\nb\n"]
    assert origins("a\nb\n", changes_of(texts)) == [1, 3]


def test_what_no_change_explains_belongs_to_the_oldest() -> None:
    assert origins("a\nb\n", [(9, hunks("a\n", "a\nb\n")), (7, None)]) == [7, 9]
    assert origins("", [(1, None)]) == []


def test_history_is_read_only_as_far_as_lines_are_unknown() -> None:
    def changes() -> Iterator[tuple[int, list[Hunk] | None]]:
        yield 8, hunks("old\n", "new\n")
        raise AssertionError("nothing older needs to be read")

    assert origins("new\n", changes()) == [8]


def test_changes_of_another_text_are_refused() -> None:
    with pytest.raises(ValueError):
        origins("a\n", [(1, hunks("", "b\n"))])
    with pytest.raises(ValueError):
        origins("a\n", [(1, [[4, [], ["a\n"]]])])


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_every_line_stood_in_the_revision_it_comes_from_and_in_all_since(texts: list[str]) -> None:
    found = origins(texts[-1], changes_of(texts))
    assert len(found) == len(lines_of(texts[-1]))
    for line, number in zip(lines_of(texts[-1]), found, strict=True):
        assert all(line in lines_of(text) for text in texts[number - 1 :])


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_no_more_lines_come_from_a_revision_than_it_added(texts: list[str]) -> None:
    changes = changes_of(texts)
    found = origins(texts[-1], changes)
    for number, change in changes:
        assert found.count(number) <= sum(len(come) for _, _, come in change or ())


def test_paragraphs_name_their_newest_revision_and_code_stays_in_one() -> None:
    text = "one\ntwo\n\n\nthree\n\n```py\na\n\nb\n```\n"
    assert paragraphs(text, [1, 3, 9, 9, 2, 9, 1, 1, 1, 4, 1]) == [
        ("one\ntwo\n", 3),
        ("three\n", 2),
        ("```py\na\n\nb\n```\n", 4),
    ]
    assert paragraphs("", []) == []


@pytest.mark.parametrize(("revisions", "lines", "most"), [(400, 250, 0.2), (100, 8_000, 0.5)])
def test_long_histories_are_read_in_bounded_time(revisions: int, lines: int, most: float) -> None:
    dice = random.Random(1)
    text = [f"line {number} of a page that fills a screen and more, all of it read\n" for number in range(lines)]
    texts = ["".join(text)]
    for number in range(revisions - 1):
        text[dice.randrange(lines)] = f"changed by {number}\n"
        texts.append("".join(text))
    changes = changes_of(texts)
    times = []
    for _ in range(3):
        begin = time.thread_time()
        found = origins(texts[-1], changes)
        times.append(time.thread_time() - begin)
        assert len(found) == lines
    assert min(times) < most
