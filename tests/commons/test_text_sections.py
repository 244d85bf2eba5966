from __future__ import annotations

import gzip
import json
import lzma
import random
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.text import as_written
from commons.text.dialect import to_html
from commons.text.plain import headings, with_edit_links
from commons.text.sanitise import clean
from commons.text.sections import Section, outside, section_text, sections, sources_needed, with_section
from tests.pace import within

TEXT = "Before\n\n# One\n\na\n\n## One *and* one\n\nb\n\nTwo\n===\n\nc\n"
WIKIS = {
    "wiki_oem_learn/revisions.jsonl.gz": 11,
    "wiki_enspiral_handbook/revisions.jsonl.gz": 11,
    "wiki_practical_plants/pages.jsonl.gz": 60,
    "wiki_ost_readme/revisions.jsonl.xz": 50,
}


def rendered(text: str) -> str:
    return clean(to_html(text.replace("\r\n", "\n"), {}))


def told(text: str) -> tuple[list[tuple[int, int]], list[tuple[int | None, int]]]:
    """Number and level of every section, as the text has them and as the rendered page shows them."""
    own = [(section.number, min(6, section.level + 1)) for section in sections(text)[1:]]
    return own, [(h.section, h.level) for h in headings(rendered(text)) if h.section is not None]


def test_a_section_holds_those_below_it() -> None:
    assert sections(TEXT) == [
        Section(0, 0, "", 0, 8),
        Section(1, 1, "One", 8, 39),
        Section(2, 2, "One and one", 18, 39),
        Section(3, 1, "Two", 39, 50),
    ]
    assert section_text(TEXT, 0) == "Before\n\n" and section_text(TEXT, 2) == "## One *and* one\n\nb\n\n"


def test_a_text_without_headings_is_all_before_the_first() -> None:
    assert sections("") == [Section(0, 0, "", 0, 0)] and sections("a\r\n") == [Section(0, 0, "", 0, 3)]


def test_headings_inside_lists_quotes_and_code_begin_no_section() -> None:
    text = "- a\n\n  # in a list\n\n> # in a quote\n\n```\n# in code\n```\n\n    # in code\n\n[^1]: note\n\n    # in a note\n\n# Out"
    assert [section.title for section in sections(text)[1:]] == ["Out"]
    assert told(text + "\n\nx[^1]")[1] == [(1, 2)]


def test_one_section_is_changed_and_the_others_stay_byte_for_byte() -> None:
    assert with_section(TEXT, 2, "## Other\n\nB") == TEXT.replace("## One *and* one\n\nb\n\n", "## Other\n\nB\n\n")
    assert with_section(TEXT, 3, "Two\n===") == TEXT.replace("c\n", "").replace("===\n\n", "===")
    assert with_section(TEXT, 1, "") == "Before\n\nTwo\n===\n\nc\n"
    assert with_section("a\r\n# B\r\nc\r\n# D", 1, "# E") == "a\r\n# E\r\n\r\n# D"


def test_words_on_both_sides_of_a_section_do_not_run_on_into_it() -> None:
    assert with_section("a\n# B\nc\nD\n===\n", 1, "") == "a\n\nc\nD\n===\n"
    assert with_section("a\n# B\n\nD\n===\n", 1, "new") == "a\n\nnew\n\nD\n===\n"


@pytest.mark.parametrize("number", [-1, 4])
def test_a_section_that_is_not_there_is_an_error(number: int) -> None:
    with pytest.raises(LookupError):
        section_text(TEXT, number)
    with pytest.raises(LookupError):
        with_section(TEXT, number, "x")


LINES = st.lists(
    st.sampled_from(
        ["# A", "##B", "#c", "x", "x y", "", "", "---", "===", "- a", "  - # b", "1. a", "2) b", "   # c", "    # d"]
        + ["> q", "> # q", "```", "  ```", "~~~~", "| a |", "|---|", "[^1]: n", "[r]: /x", ":   m", "\t# e", "* * *"]
        + [
            "- ```",
            "# \x02 ##",
            "- \t# x",
            "1986. y",
            "<!--",
            "-->",
            "\u00a0",
            "# \u00a0",
            " ",
            "\f",
            "\\",
            "\r",
            "[^1]",
        ]
    ),
    max_size=14,
)


@given(LINES, st.sampled_from(["\n", "\r\n"]))
def test_the_text_and_the_page_agree_on_sections(lines: list[str], line: str) -> None:
    text = line.join(lines)
    own, shown = told(text)
    assert own == shown
    for section in sections(text):
        assert with_section(text, section.number, section_text(text, section.number)) == text


@given(LINES, st.integers(0, 20), LINES)
def test_what_stands_outside_a_changed_section_is_kept(lines: list[str], number: int, new: list[str]) -> None:
    text = "\n".join(lines)
    section = sections(text)[number % len(sections(text))]
    changed = with_section(text, section.number, "\n".join(new))
    assert changed.startswith(text[: section.start]) and changed.endswith(text[section.end :])


def _pages(shared: Path) -> Iterator[str]:
    for name, step in WIKIS.items():
        path = shared / name
        opened = gzip.open if path.suffix == ".gz" else lzma.open
        with opened(path, "rt", encoding="utf-8") as rows:
            for number, row in enumerate(rows):
                if number % step == 0:
                    yield json.loads(row).get("text") or ""


def test_text_and_page_agree_on_every_sampled_page_of_real_wikis(shared: Path) -> None:
    count = found = 0
    for text in _pages(shared):
        own, shown = told(text)
        assert own == shown, text[:200]
        count, found = count + 1, found + len(own)
    assert count >= 250 and found >= 800


def test_sections_are_found_in_time_linear_in_the_length() -> None:
    shapes = [
        "# a\n",
        "a\n===\n",
        "- # a\n",
        "> # a\n",
        "```\n",
        "###### a\n# b\n",
        "a\n",
        "1. a\n\n   b\n",
        "    a\n\n",
    ]
    for shape in shapes:
        text = shape * (100_000 // len(shape))
        with within(3, shape):
            sections(text)


def test_missing_sources_are_counted_outside_code() -> None:
    assert (
        sources_needed("a [source needed] b [Cita requerida]\n\n- c\n  - [RÉFÉRENCE NÉCESSAIRE]\n\n> [falta fuente]")
        == 4
    )
    assert sources_needed("`[source needed]` \\[source needed] [source needed](x) [[source needed]]") == 0
    assert (
        sources_needed("```\n[source needed]\n```\n\n    [source needed]\n\n- a\n\n  ~~~\n  [source needed]\n  ~~~")
        == 0
    )
    assert sources_needed("") == 0


def test_what_is_outside_code_is_all_else() -> None:
    assert outside("a `b` c\n\n- d\n  ```\n  e\n  ```\n> f").split() == ["a", "c", "-", "d", ">", "f"]


def test_a_heading_tells_its_section_and_one_in_a_quote_has_none() -> None:
    found = headings(rendered("# One\n\n> # Quoted\n\n## Two & <more>"))
    assert [(h.title, h.section) for h in found] == [("One", 1), ("Quoted", None), ("Two & <more>", 2)]


def test_behind_what_is_shown_as_written_nobody_can_count_sections() -> None:
    html = rendered("# One") + str(as_written("# Two")) + rendered("# Three")
    assert [(h.title, h.section) for h in headings(html)] == [("One", 1), ("Three", None)]
    assert with_edit_links(html, str, str).count("edit-section") == 1


def test_every_section_gets_a_link_to_edit_it_beside_its_heading() -> None:
    html = with_edit_links(
        rendered("# One & *two*\n\na\n\n> # No\n\n## Three"),
        lambda n: f"/edit?a=1&section={n}",
        lambda t: f'Edit "{t}"',
    )
    assert html == (
        '<div class="headed"><h2 id="t-one-two">One &amp; <em>two</em></h2>'
        '<a class="edit-section" href="/edit?a=1&amp;section=1" aria-label="Edit &#34;One &amp; two&#34;">'
        '<span aria-hidden="true">✎</span></a></div>\n<p>a</p>\n<blockquote>\n<h2 class="inner" id="t-no">No</h2>\n</blockquote>\n'
        '<div class="headed"><h3 id="t-three">Three</h3>'
        '<a class="edit-section" href="/edit?a=1&amp;section=2" aria-label="Edit &#34;Three&#34;">'
        '<span aria-hidden="true">✎</span></a></div>'
    ).replace('<h2 class="inner" id="t-no">', html[html.index("<blockquote>\n") + 13 : html.index("No</h2>")])


class _Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and dict(attrs).get("class") == "edit-section":
            self.found.append(dict(attrs))


def test_words_that_look_like_markup_get_no_link() -> None:
    text = '[a](/x "<h2>T</h2> onclick=x") `<h2>b</h2>` <h2 id="c">c</h2>\n\n# <h2>\n\n![<h2>](/files/x "</h2><h2>")'
    html = with_edit_links(rendered(text), lambda n: f'/e/{n}"><script>', lambda title: title)
    assert [link["href"] for link in _Links(html).found] == ['/e/1"><script>'] and "<script" not in html
    assert 'title="&lt;h2&gt;' in html or 'title="<h2>T</h2> onclick=x"' in html


def test_a_thousand_sections_get_their_links_at_once() -> None:
    html = rendered("# a\n\nwords\n\n" * 200) * 25
    with within(2):
        assert with_edit_links(html, str, str).count("edit-section") == 5000


def test_random_bytes_of_markdown_never_part_text_and_page() -> None:
    dice = random.Random(7)
    signs = [
        "#",
        "##",
        " ",
        "  ",
        "    ",
        "-",
        "1.",
        ">",
        "```",
        "\n",
        "\n",
        "\n\n",
        "a",
        "=",
        "---",
        "\t",
        ":",
        "|",
        "[^1]:",
    ]
    for _ in range(400):
        own, shown = told("".join(dice.choices(signs, k=40)))
        assert own == shown
