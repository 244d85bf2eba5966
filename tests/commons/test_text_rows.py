from __future__ import annotations

from collections.abc import Callable, Sequence

from commons.text.rows import cited, coded


def signs(rows_of: Callable[[Sequence[str]], list[bool]], text: str) -> str:
    return "".join("x" if inside else "." for inside in rows_of(text.split("\n")))


def test_a_fence_is_closed_by_its_like_or_by_the_end() -> None:
    assert signs(coded, "a\n```\nb\n```\nc") == ".xxx."
    assert signs(coded, "```\nnever closed\n~~~\nb") == "xxxx"
    assert signs(coded, "```\n~~~\n```\n~~~") == "xxxx"
    assert signs(coded, "````py\n```\n````\nb") == "xxx."
    assert signs(coded, "```\n  ```\nb") == "xx."


def test_code_is_code_in_lists_and_quotes_too() -> None:
    assert signs(coded, "- a\n  ```\n  b\n  ```\nc") == ".xxx."
    assert signs(coded, "- a\n\n\n- ```\n  b\n  ```\n\n1. > ~~~\n   > b\n   > ~~~\n   > c") == "...xxx.xxx."
    assert signs(coded, "> ```\n> a\n>\n> b\n\nc") == "xxxx.."
    assert signs(coded, "a\n\n\tb\n\n    c\n\nd") == "..xxx.."


def test_rows_may_bring_their_ends() -> None:
    assert coded(["```\r\n", "a\n", "\n", "```\n", "b"]) == [True, True, True, True, False]


def test_quotes_are_found_with_what_flows_on_in_them() -> None:
    assert signs(cited, "a\n> b\nc\n\nd\n\n- e\n\n  > f\n  >> g\n") == ".xx.....xx."
    assert signs(cited, "```\n> a\n```\n5 > 4") == "...."
