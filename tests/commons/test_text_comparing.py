from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.text import Collision, Paragraph, merge_texts, words_diff

TEXTS = st.lists(
    st.sampled_from(["soil is alive", "water", "water the heap", "", "turn it twice", "a b c d e", "a c d f e"]),
    max_size=12,
).map("\n".join)


def test_a_diff_shows_words_inside_changed_paragraphs_only() -> None:
    assert words_diff(
        "One same.\n\nHello there world, all the best\n\nold",
        "One same.\n\nHello brave new, all the best indeed\n\nold\n\nnew",
    ) == [
        Paragraph("same", (("same", "One same."),)),
        Paragraph(
            "changed",
            (
                ("same", "Hello "),
                ("del", "there world"),
                ("ins", "brave new"),
                ("same", ", all the best"),
                ("ins", " indeed"),
            ),
        ),
        Paragraph("same", (("same", "old"),)),
        Paragraph("ins", (("ins", "new"),)),
    ]


def test_paragraphs_with_nothing_in_common_are_shown_one_after_the_other() -> None:
    assert [p.kind for p in words_diff("The heap is warm", "Nobody came yesterday")] == ["del", "ins"]


def test_scripts_without_spaces_are_compared_sign_by_sign() -> None:
    assert words_diff("堆肥很好用", "堆肥很好玩")[0].parts == (("same", "堆肥很好"), ("del", "用"), ("ins", "玩"))


@given(TEXTS, TEXTS)
def test_a_diff_holds_all_of_both_texts(old: str, new: str) -> None:
    parts = [part for paragraph in words_diff(old, new) for part in paragraph.parts]
    for text, kinds in ((old, ("same", "del")), (new, ("same", "ins"))):
        told = "".join(words for kind, words in parts if kind in kinds)
        assert "".join(told.split()) == "".join(text.split())


def test_two_people_who_change_different_paragraphs_both_keep_their_words() -> None:
    assert merge_texts("a\n\nb\n\nc\n", "A\n\nb\n\nc\n", "a\n\nb\n\nC\n") == ("A\n\nb\n\nC\n", [])
    assert merge_texts("a\nb\nc\nd", "a\nb\nc\nd\ne", "b\nc\nd") == ("b\nc\nd\ne", [])


def test_the_same_change_twice_is_no_collision() -> None:
    assert merge_texts("a\nb", "a\nB", "a\nB") == ("a\nB", [])


def test_a_collision_gives_both_texts_back() -> None:
    assert merge_texts("a\n\nb\n\nc", "A\n\nb\n\nc", "AA\n\nb\n\nC") == (None, [Collision("a", "A", "AA")])
    assert merge_texts("", "mine", "theirs") == (None, [Collision("", "mine", "theirs")])


@given(TEXTS, TEXTS)
def test_who_merges_with_an_unchanged_text_gets_their_own(base: str, mine: str) -> None:
    assert merge_texts(base, mine, base)[0] in (mine, mine.rstrip("\n"), mine.rstrip("\n") + "\n")
    assert (merge_texts(base, base, mine)[0] or "").rstrip("\n") == mine.rstrip("\n")


def _words(seed: int) -> str:
    dice = random.Random(seed)
    return "\n".join(" ".join(f"w{dice.randrange(3000)}" for _ in range(30)) for _ in range(1100))


def _anchored(between: str) -> str:
    return "".join(f"u{number}\n{between * 60}" for number in range(500))


NUMBERS = [str(number) for number in range(36_000)]
CASES = {
    "unlike": (_words(1), _words(2)),
    "one paragraph": (_words(1).replace("\n", " "), _words(1).replace("\n", " ").replace("w1", "v1")),
    "two lines over and over": ("a\nb\n" * 50_000, "b\na\na\n" * 33_000),
    "two words over and over": ("a b " * 50_000, "b a a " * 33_000),
    "shuffled": ("\n".join(NUMBERS), "\n".join(random.Random(1).sample(NUMBERS, len(NUMBERS)))),
    "anchors far apart": (_anchored("a\nb\n"), _anchored("b\na\n")),
}


@pytest.mark.parametrize("case", CASES)
def test_texts_of_any_shape_are_compared_and_merged_in_bounded_time(case: str) -> None:
    old, new = CASES[case]
    begin = time.thread_time()
    assert words_diff(old, new)
    merge_texts(old, new, old + "\nmore")
    assert time.thread_time() - begin < 6
