from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from commons.text import linked, markdown, quoted
from tests.pace import within


def test_a_quote_names_its_author_and_a_reply_begins_behind_it() -> None:
    assert quoted("One.\n\n- a\n- b\n", "Ana") == "> **Ana**:\n>\n> One.\n>\n> - a\n> - b\n\n"
    html = markdown(quoted("One.", "Ana") + "Yes.").replace("\n", "")
    assert html == "<blockquote><p><strong>Ana</strong>:</p><p>One.</p></blockquote><p>Yes.</p>"


def test_what_was_quoted_in_it_is_left_out() -> None:
    text = "> **Ben**:\n>\n> Old words.\n\nNew words.\n\n- a\n\n  > Older words.\n\n  b\n\n```\n> prompt\n```"
    made = quoted(text, "Ana")
    assert "Old" not in made and "Ben" not in made
    assert "> New words.\n>\n> - a\n>\n>   b\n>\n> ```\n> > prompt\n> ```\n" in made


def test_a_name_is_shown_as_it_is() -> None:
    for name in ("A*n*a", "[[Soil]]", "a_b_", "`x`", "#tag", "back\\", "~~x~~"):
        assert f"<strong>{name}</strong>:" in markdown(quoted("x", name)), name
        assert linked(quoted("x", name)) == []
    assert quoted("x", "Ana\n\n# Ben").startswith("> **Ana \\# Ben**:\n")


def test_a_long_text_is_cut_at_the_end_of_a_line() -> None:
    text = "\n".join(f"line {number}" for number in range(500))
    made = quoted(text, "Ana")
    assert 1_100 < len(made) <= 1_200
    assert re.search(r"> line \d+\n>\n> …\n\n\Z", made)


def test_a_long_line_is_cut_at_the_end_of_a_sentence() -> None:
    for text, end in (
        ("Soil is alive. " * 300, "alive."),
        ("土は生きている。" * 300, "いる。"),
        ("मिट्टी जीवित है। " * 300, "है।"),
    ):
        made = quoted(text, "Ana")
        assert len(made) <= 1_200 and made.endswith(f"{end}\n>\n> …\n\n"), made[-40:]


def test_a_line_without_sentences_is_cut_between_words_or_at_last_anywhere() -> None:
    assert quoted("soil water " * 300, "Ana").endswith("> …\n\n")
    assert re.search(r" (soil|water)\n>\n> …\n\n\Z", quoted("soil water " * 300, "Ana"))
    assert 1_100 < len(quoted("a" * 5_000, "Ana")) <= 1_200


def test_code_comes_whole_or_not_at_all() -> None:
    fits, none = "```\n" + "x = 1\n\n" * 60 + "```", "```\n" + "x = 1\n\n" * 200 + "```"
    made = quoted(f"See:\n\n{fits}\n\n{none}\n\nEnd.", "Ana")
    assert made.count("```") == 2 and made.count("x = 1") == 60 and "End" not in made
    assert quoted(none, "Ana") == "> **Ana**:\n>\n> …\n\n"


def test_nothing_of_ones_own_leaves_the_name() -> None:
    assert quoted("> a\n> b", "Ana") == quoted(" \n", "Ana") == "> **Ana**:\n\n"


@given(st.text("ab. \n>`~-#*1\t|", max_size=400), st.integers(60, 300))
def test_a_reply_never_stands_in_the_quote_and_no_quote_is_too_long(text: str, limit: int) -> None:
    made = quoted(text, "Ana", limit)
    assert len(made) <= limit
    assert all(row.startswith(">") for row in made.rstrip("\n").split("\n"))
    assert markdown(f"{made}Reply").endswith("<p>Reply</p>")


def test_quoting_takes_time_in_proportion() -> None:
    for unit in ("> ", "> a\n", "```\n", ".", "a. ", "- > ", "\n", "`" * 90 + "\n"):
        with within(1.5, unit):
            quoted((unit * 200_000)[:200_000], "Ana")
