from __future__ import annotations

import json
import lzma
import random
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.text.comparing import Collision, Paragraph, merge_parts, merge_texts, resolved, visible, words_diff
from tests.pace import SLACK, within

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


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("pay \u202eyenom", "pay ⟦U+202E⟧yenom"),
        ("a\u2066b\u2069", "a⟦U+2066⟧b⟦U+2069⟧"),
        ("wa\u200bter", "wa⟦U+200B⟧ter"),
        ("wa\u00adter\ufeff", "wa⟦U+00AD⟧ter⟦U+FEFF⟧"),
        ("wa\u200dter wa\u200cter", "wa⟦U+200D⟧ter wa⟦U+200C⟧ter"),
        ("hid\U000e0041\U000e0042den", "hid⟦U+E0041⟧⟦U+E0042⟧den"),
        ("a\ufe01\ufe02", "a⟦U+FE01⟧⟦U+FE02⟧"),
        ("bell\x07", "bell⟦U+0007⟧"),
        ("one\u2028two", "one⟦U+2028⟧two"),
    ],
)
def test_what_a_text_hides_is_shown_in_comparisons(written: str, shown: str) -> None:
    assert visible(written) == shown
    assert ("ins", shown) in words_diff("", visible(written))[0].parts


@pytest.mark.parametrize(
    "text",
    ["plain\n\ttext\r\n", "می\u200cخواهم", "क्\u200dष", "👩\u200d🌾 ❤\ufe0f 1\ufe0f⃣", "naïve Größe 堆肥", "a\u00a0b"],
)
def test_signs_that_scripts_and_emoji_need_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


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


def test_a_merge_is_given_in_parts_with_their_line_ends() -> None:
    parts = merge_parts("a\n\nb\n\nc\n", "A\n\nb\n\nc\n", "AA\n\nb\n\nC\n")
    assert parts == [Collision("a\n", "A\n", "AA\n"), "\nb\n\nC\n"]
    assert merge_parts("a\n\nb", "a\n\nB", "a\n\nBB") == ["a\n\n", Collision("b", "B", "BB")]
    assert merge_parts("a\r\nb\r\n", "a\r\nB\r\n", "a\nb\n") == ["a\nB\n"]
    assert merge_parts("", "", "") == []


def test_neighbouring_changes_collide_as_the_whole_paragraph() -> None:
    base = "title\n\none\ntwo\nthree\nfour\n\nend\n"
    assert merge_parts(base, base.replace("two", "2"), base.replace("three", "3")) == [
        "title\n\n",
        Collision("one\ntwo\nthree\nfour\n", "one\n2\nthree\nfour\n", "one\ntwo\n3\nfour\n"),
        "\nend\n",
    ]
    assert merge_parts(base, base.replace("one", "1"), base.replace("three", "3")) == [
        base.replace("one", "1").replace("three", "3")
    ]


def test_what_is_chosen_for_each_collision_makes_one_text() -> None:
    parts = merge_parts("a\n\nb\n\nc\n", "A\n\nb\n\nC\n", "AA\n\nb\n\nCC\n")
    assert resolved(parts, ["mine", "theirs"]) == "A\n\nb\n\nCC\n"
    assert resolved(parts, ["theirs"]) == "AA\n\nb\n\nC\n\nCC\n"
    assert resolved(parts, []) == "A\n\nAA\n\nb\n\nC\n\nCC\n"
    assert resolved(merge_parts("a", "A", "AA"), ["both"]) == "A\n\nAA"
    assert resolved(merge_parts("a\n\nb", "a", "a\n\nB"), []) == "a\n\nB"


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("- a\n- b\n", "- a\n- c\n", "- a\n- b\n- c\n"),
        ("|a|\n|-|\n|b|\n", "|a|\n|-|\n|c|\n", "|a|\n|-|\n|b|\n|c|\n"),
        ("one\n2\nthree\n", "one\nzwei\nthree\n", "one\n2\nzwei\nthree\n"),
        ("new\n\nkept\n", "newer\n\nkept\n", "new\n\nnewer\n\nkept\n"),
        ("```py\na\n```\n", "```js\na\n```\n", "```py\na\n```\n\n```js\na\n```\n"),
    ],
)
def test_keeping_both_doubles_no_line_and_breaks_no_list(mine: str, theirs: str, both: str) -> None:
    assert resolved([Collision("", mine, theirs)], ["both"]) == both


@given(TEXTS, TEXTS, TEXTS)
def test_every_line_that_somebody_added_is_in_the_merge_or_in_a_collision(base: str, mine: str, theirs: str) -> None:
    parts = merge_parts(base, mine, theirs)
    quiet = "".join(part for part in parts if isinstance(part, str)).split("\n")
    for own, side in ((mine, "mine"), (theirs, "theirs")):
        at_odds = [line for part in parts if isinstance(part, Collision) for line in getattr(part, side).split("\n")]
        added = Counter(own.rstrip("\n").split("\n")) - Counter(base.split("\n"))
        assert not added - Counter([*quiet, *at_odds, ""])
        assert set(added) <= {*resolved(parts, []).split("\n"), ""}
        assert set(at_odds) <= {*resolved(parts, [side] * len(parts)).split("\n"), ""}


@given(TEXTS, TEXTS, TEXTS)
def test_who_merges_the_other_way_round_meets_the_same_collisions(base: str, mine: str, theirs: str) -> None:
    def turned(part: str | Collision) -> str | Collision:
        return part if isinstance(part, str) else Collision(part.base, part.theirs, part.mine)

    text, other = (f"{side}\n" for side in (mine, theirs))
    assert [turned(part) for part in merge_parts(base, text, other)] == merge_parts(base, other, text)


def _words(seed: int) -> str:
    dice = random.Random(seed)
    return "\n".join(" ".join(f"w{dice.randrange(3000)}" for _ in range(30)) for _ in range(1100))


def _anchored(between: str, times: int = 60, many: int = 500, end: str = "\n") -> str:
    return "".join(f"u{number}{end}{between * times}" for number in range(many))


NUMBERS = [str(number) for number in range(36_000)]
CASES = {
    "unlike": (_words(1), _words(2)),
    "one paragraph": (_words(1).replace("\n", " "), _words(1).replace("\n", " ").replace("w1", "v1")),
    "one word": ("x" * 500_000, "x" * 499_999),
    "signs": ("!" * 500_000, "!?" * 250_000),
    "all lines alike": ("the same line\n" * 36_000, "the same line\n" * 35_000 + "another"),
    "lines of one letter": ("a\nb\n" * 125_000, "b\na\na\n" * 80_000),
    "many small changes": (_anchored("a\nb\n", 1, 20_000), _anchored("b\na\n", 1, 20_000)),
    "many small changes in a line": (_anchored("a b ", 1, 20_000, " "), _anchored("b a ", 1, 20_000, " ")),
    "invisible": ("\u202e\u200b" * 100_000, "\u202e" * 200_000),
    "two lines over and over": ("a\nb\n" * 50_000, "b\na\na\n" * 33_000),
    "two words over and over": ("a b " * 50_000, "b a a " * 33_000),
    "shuffled": ("\n".join(NUMBERS), "\n".join(random.Random(1).sample(NUMBERS, len(NUMBERS)))),
    "anchors far apart": (_anchored("a\nb\n"), _anchored("b\na\n")),
}


@pytest.mark.parametrize("case", CASES)
def test_texts_of_any_shape_are_compared_and_merged_in_bounded_time(case: str) -> None:
    old, new = CASES[case]
    with within(2):
        words_diff(old, new)
        visible(new)
    with within(3):
        merged = resolved(merge_parts(old, new, old + "\nmore"), [])
    assert "more" in merged[-6:]


def test_revisions_of_a_real_page_are_compared_within_a_moment(shared: Path) -> None:
    with lzma.open(shared / "wiki_ost_readme" / "revisions.jsonl.xz", "rt", encoding="utf-8") as rows:
        texts = [json.loads(row)["text"] for row in rows]
    taken = []
    for old, new in [*zip(texts[::7], texts[1::7], strict=False), (texts[5], texts[-1])]:
        begin = time.thread_time()
        told = words_diff(old, new)
        taken.append(time.thread_time() - begin)
        assert [p for p in told if p.kind != "same"] or old.split() == new.split()
    assert sorted(taken)[len(taken) // 2] < 0.3
    assert max(taken) < SLACK
