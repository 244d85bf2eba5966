from __future__ import annotations

import json
import lzma
import random
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.text.patches import grown, hunks, redone, undone
from tests.pace import within

LINES = st.lists(
    st.sampled_from(["a\n", "b\n", "\n", "a\r\n", "c\x0cd\n", "e\u2028f\n", "a", "g\x85\n", "\r"]), max_size=12
)
TEXTS = LINES.map("".join) | st.text(alphabet="ab\n\r\x0b\x0c\x1c\x85\u2028\u2029", max_size=30) | st.text(max_size=20)


@given(TEXTS, TEXTS)
def test_a_change_can_be_redone_and_taken_back_byte_for_byte(old: str, new: str) -> None:
    change = json.loads(json.dumps(hunks(old, new)))
    assert redone(old, change) == new
    assert undone(new, change) == old
    assert grown(change) == len(new) - len(old)


def test_a_change_holds_only_the_lines_that_differ() -> None:
    assert hunks("a\nb\nc\nd\n", "a\nB\nB2\nc\n") == [[1, ["b\n"], ["B\n", "B2\n"]], [3, ["d\n"], []]]
    assert hunks("a\r\nb", "a\nb") == [[0, ["a\r\n"], ["a\n"]]]
    assert hunks("a", "a\n") == [[0, ["a"], ["a\n"]]]
    assert hunks("", "a") == [[0, [], ["a"]]]
    assert hunks("same\n", "same\n") == []


@given(TEXTS, TEXTS, TEXTS)
def test_a_text_that_a_change_does_not_fit_is_refused_or_changed_in_those_lines_alone(
    old: str, new: str, other: str
) -> None:
    change = hunks(old, new)
    try:
        result = redone(other, change)
    except ValueError:
        return
    assert undone(result, change) == other


def test_a_change_of_another_text_is_refused() -> None:
    change = hunks("a\nb\n", "a\nB\n")
    for other in ("a\n", "b\na\n", "", "a\nb"):
        with pytest.raises(ValueError):
            redone(other, change)
        with pytest.raises(ValueError):
            undone(other, change)
    with pytest.raises(ValueError):
        redone("a", hunks("a\n", "a\nb"))
    with pytest.raises(ValueError):
        redone("a\nb\n", [[1, ["b\n"], []], [0, ["a\n"], []]])
    with pytest.raises(ValueError):
        redone("a\nb\n", [[-1, ["b\n"], []]])


def test_texts_of_any_shape_give_a_change_in_bounded_time() -> None:
    numbers = [f"{number}\n" for number in range(36_000)]
    shuffled = "".join(random.Random(1).sample(numbers, len(numbers)))
    with within(3):
        for old, new in (
            ("".join(numbers), shuffled),
            ("a\nb\n" * 50_000, "b\na\na\n" * 33_000),
            ("word " * 100_000, "words " * 80_000),
        ):
            change = hunks(old, new)
            assert redone(old, change) == new
            assert undone(new, change) == old


def test_a_small_change_of_a_long_text_is_found_at_once() -> None:
    lines = [f"line {number} of a page that is long enough to fill the screen\n" for number in range(8_000)]
    old, new = "".join(lines), "".join([*lines[:4000], "changed\n", *lines[4001:]])
    times = []
    for _ in range(5):
        begin = time.thread_time()
        change = hunks(old, new)
        times.append(time.thread_time() - begin)
    assert change == [[4000, [lines[4000]], ["changed\n"]]]
    assert min(times) < 0.05


def test_the_history_of_a_real_page_can_be_walked_back_and_is_small(shared: Path) -> None:
    with lzma.open(shared / "wiki_ost_readme" / "revisions.jsonl.xz", "rt", encoding="utf-8") as rows:
        texts = [json.loads(row)["text"] for row in rows]
    changes = [hunks(old, new) for old, new in pairwise(texts)]
    text = texts[-1]
    for change, earlier in zip(changes[::-1], texts[-2::-1], strict=True):
        text = undone(text, change)
        assert text == earlier
    assert len(json.dumps(changes)) < sum(map(len, texts)) / 10
