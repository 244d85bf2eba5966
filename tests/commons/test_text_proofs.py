from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from commons.text import markdown
from commons.text.passages import LONG, passages
from commons.text.proofs import SHORT, Piece, rendered_diff
from tests.pace import within

SNIPPETS = [
    "The heap is **warm** and alive",
    "The heap is warm, and *very* alive",
    "The heap was cold",
    "# Heaps",
    "# Warm heaps",
    "- one\n- two\n- three",
    "- one\n- two and a half\n- three\n- four",
    "1. one\n2. two",
    "> said who\n> and when",
    "> said Ana",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "| a | b |\n|---|---|\n| 1 | 3 |\n| 4 | 5 |",
    "```py\nx = 1\n\ny = 2\n```",
    "```py\nx = 1\n\ny = 3\n```",
    "see [the heap](https://a.example/heap) and `turn`",
    "see [the soil](https://a.example/soil) and `turn it`",
    "<b>words</b> & [not a link",
    "![alt](/files/heap/800) beside",
]
TEXTS = st.lists(st.sampled_from(SNIPPETS), max_size=5).map("\n\n".join)


def diff(old: str, new: str) -> list[Piece]:
    pieces = rendered_diff(old, new, markdown)
    assert pieces is not None
    return pieces


def told(old: str, new: str) -> list[tuple[str, str]]:
    return [(piece.kind, " ".join(piece.html.split())) for piece in diff(old, new)]


def test_changed_words_are_marked_in_the_rendered_paragraph() -> None:
    assert told("# Heaps\n\nTurn it **once** a week.", "# Heaps\n\nTurn it **twice** a week, gently.") == [
        ("same", "<h2>Heaps</h2>"),
        (
            "changed",
            "<p>Turn it <del><strong>once</strong></del><ins><strong>twice</strong></ins> a week<ins>, gently</ins>.</p>",
        ),
    ]


def test_passages_that_came_or_went_are_shown_whole_in_their_place() -> None:
    assert told("one\n\nan old end", "a beginning\n\none") == [
        ("ins", "<p>a beginning</p>"),
        ("same", "<p>one</p>"),
        ("del", "<p>an old end</p>"),
    ]


def test_items_rows_and_lines_of_code_are_marked_where_they_stand() -> None:
    assert told("- one\n- two", "- one\n- two\n- three") == [
        ("changed", "<ul> <li>one</li> <li>two</li> <li><ins>three</ins></li> </ul>")
    ]
    assert "<td>1</td> <td><del>2</del><ins>3</ins></td>" in told(SNIPPETS[10], SNIPPETS[11])[0][1]
    assert "y = <del>2</del><ins>3</ins>" in told(SNIPPETS[12], SNIPPETS[13])[0][1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("## A heading", "### A heading"),
        ("some words are here", "some **words are** here now, *and\nmore* words"),
        ("```py\nsame\n```", "```js\nsame\n```"),
        ("![some old words][a] here\n\n[a]: /files/a/1", "![some new words][a] here\n\n[a]: /files/a/1"),
    ],
)
def test_what_cannot_be_marked_inside_is_shown_before_and_after(old: str, new: str) -> None:
    for piece in diff(old, new):
        assert not re.search(r'"[^"<>]*<(?:ins|del)>', piece.html)
    kinds = [piece.kind for piece in diff(old, new)]
    assert kinds[:2] == ["del", "ins"] or kinds[0] == "changed"


def test_a_link_defined_elsewhere_works_and_another_address_is_a_change() -> None:
    old, new = ("the [heap][1] is warm\n\nagain [heap][1]\n\n[1]: https://a.example/" + end for end in ("old", "new"))
    assert 'href="https://a.example/old"' in diff(old, old)[0].html
    shown = diff(old, new)
    assert [piece.kind for piece in shown[:4]] == ["del", "ins", "del", "ins"]
    assert 'href="https://a.example/new"' in shown[1].html


def test_what_looks_the_same_is_no_change_and_what_is_hidden_shows() -> None:
    assert told("* one\n* two", "- one\n- two") == [("same", "<ul> <li>one</li> <li>two</li> </ul>")]
    assert told("Give way to water.", "Give way to wa\u200bter.") == [
        ("changed", "<p>Give way to <del>water</del><ins>wa⟦U+200B⟧ter</ins>.</p>")
    ]


def test_signs_of_our_own_in_a_text_mark_nothing() -> None:
    for piece in diff("a \uf5a0b\uf5a1 c", "a \uf5a2b c \uf5a3\uf5a1<ins>"):
        assert "<ins>b" not in piece.html and "\uf5a0" not in piece.html


def test_long_unchanged_stretches_are_counted_and_not_rendered() -> None:
    same = [f"paragraph {number} " + "that nobody touched " * 20 for number in range(40)]
    pieces = diff("\n\n".join(["old", *same]), "\n\n".join(["new", *same]))
    assert [(piece.kind, piece.blocks, bool(piece.html)) for piece in pieces] == [
        ("del", 1, True),
        ("ins", 1, True),
        ("same", 1, True),
        ("same", 38, False),
        ("same", 1, True),
    ]
    assert len("".join(same)) > SHORT


def test_an_id_is_never_there_twice() -> None:
    assert not any(" id=" in piece.html for piece in diff("# One\n\n# Two", "# One\n\n# Two and\n\nx[^1]\n\n[^1]: y"))


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.crossed = False
        self.old, self.new = list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open += [] if tag in ("br", "hr", "img") else [tag]

    def handle_endtag(self, tag: str) -> None:
        self.crossed = self.crossed or not self.open or self.open.pop() != tag

    def handle_data(self, data: str) -> None:
        self.old += [] if "ins" in self.open else [data]
        self.new += [] if "del" in self.open else [data]


def words(html: str) -> tuple[list[str], list[str]]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.crossed and not reader.open
    return "".join(reader.old).split(), "".join(reader.new).split()


@given(TEXTS, TEXTS)
def test_both_versions_are_there_word_for_word(old: str, new: str) -> None:
    pieces = diff(old, new)
    for text, missing, side in ((old, "ins", 0), (new, "del", 1)):
        shown = "\n".join(piece.html for piece in pieces if piece.kind != missing)
        assert words(shown)[side] == words(markdown(text))[0]


@given(st.lists(st.sampled_from([*"*_`[]()|>#-\n !", "a", "b", "http://a.b", "[[", "]]", "\n\n", "    "]), max_size=25))
def test_whatever_is_compared_the_html_nests(signs: list[str]) -> None:
    for piece in diff("".join(signs), "".join(signs[len(signs) // 2 :] + signs[::2])):
        words(piece.html)


def test_passages_hold_all_that_is_not_blank() -> None:
    text = "a\nb\n\nc\n\n```\nx\n\ny\n```\n- i\n\n- j\n\n[1]: https://a.example\n"
    assert [passage.text for passage in passages(text)] == [
        "a\nb",
        "c",
        "```\nx\n\ny\n```",
        "- i\n\n- j",
        "[1]: https://a.example",
    ]
    long = [f"- item {number}\n  with more" for number in range(LONG + 1)]
    assert [passage.text for passage in passages("\n".join(long))] == long
    assert passages("[w][A  b]\n\n[a b]: https://a.example")[0].carried == "[a b]: https://a.example"


HOSTILE = {
    "one line": ("x " * 250_000, "y " * 250_000),
    "lines": ("same\n" * 25_000, "some\n" * 25_000),
    "quotes": ("> " * 100_000, "> " * 100_001),
    "brackets": ("[" * 100_000, "[a](" * 60_000),
    "fences": ("```\na\n" * 9_000, "~~~\na\n" * 9_000),
    "definitions": tuple("\n".join(f"[{n}]: http://a.{end}/{n}" for n in range(15_000)) for end in "bc"),
    "items": tuple("\n".join(f"- item {n} {n * k}" for n in range(6_000)) for k in (1, 7)),
    "too large": ("a\n\n" * 300_000, "b"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_texts_of_any_shape_are_shown_or_given_up_in_bounded_time(case: str) -> None:
    old, new = HOSTILE[case]
    with within(2):
        assert rendered_diff(old, new, markdown) is None


def test_a_slow_renderer_is_given_up() -> None:
    def slow(text: str) -> Markup:
        time.sleep(0.4)
        return Markup(text)

    begin = time.monotonic()
    assert rendered_diff("a\n\n" * 9, "b\n\n" * 9, slow) is None
    assert time.monotonic() - begin < 4
