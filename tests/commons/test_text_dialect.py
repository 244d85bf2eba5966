from __future__ import annotations

import re
import time

import pytest

from commons.text import Link, plain
from commons.text.dialect import to_html
from commons.text.sanitise import clean

REL = 'rel="nofollow noopener ugc"'
_TAG = re.compile(r"<(\w+) ([^<>]*)>")
_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
KNOWN = {
    "organisation:Solar Aid": Link("/organisations/solar-aid", kind="organisation", title="SolarAid", about="Lights."),
    "organisation:Nobody": Link("/organisations/new", wanted=True, kind="organisation"),
    "need:12": Link("/needs/12", kind="need", title="A drill for wells <b>"),
    "@ana": Link("/people/ana", kind="profile", title="Ana", about="Gardens."),
    "Composting": Link("/wiki/composting", kind="page", title="Composting", about="How soil is made."),
    "Composting#Heat": Link("/wiki/composting#t-heat", kind="page"),
    "Heap (garden): the big one": Link("/wiki/heap"),
    "./../ct-sensors/intro.md": Link("/wiki/ct-sensors-intro", kind="page"),
    "./plan.png": Link("/files/plan", kind="file", title="The plan"),
    "./gone.md": Link("/wiki/new?title=Gone", wanted=True),
}


def shown(text: str) -> str:
    """With attributes in the order of the alphabet."""
    return _TAG.sub(
        lambda m: f"<{m[1]} {' '.join(sorted(_ATTRIBUTE.findall(m[2])))}>", clean(to_html(text, KNOWN)).rstrip("\n")
    )


def flat(text: str) -> str:
    return shown(text).replace("\n", "")


def test_an_entry_is_called_by_its_own_title_a_page_as_it_was_written() -> None:
    assert shown("See [[organisation:Solar Aid]], [[need:12]]") == (
        f'<p>See <a class="to-organisation" href="/organisations/solar-aid" {REL}>SolarAid</a>, '
        f'<a class="to-need" href="/needs/12" {REL}>A drill for wells &lt;b&gt;</a></p>'
    )
    assert ">our friends</a>" in shown("See [[organisation:Solar Aid|our friends]]")
    assert f'<a class="to-page" href="/wiki/composting" {REL}>Composting</a>' in shown("See [[Composting]]")


def test_a_mention_stays_as_it_was_written() -> None:
    assert f'<p><a class="to-profile" href="/people/ana" {REL}>@ana</a></p>' == shown("@ana")


def test_a_link_to_what_is_not_there_yet_says_so() -> None:
    assert 'class="to-organisation wanted"' in shown("[[organisation:Nobody]]")
    assert ">Nobody</a>" in shown("[[organisation:Nobody]]")


def test_a_name_may_hold_colons_brackets_and_a_section() -> None:
    assert 'href="/wiki/heap"' in shown("[[Heap (garden): the big one]]")
    assert 'href="/wiki/composting#t-heat"' in shown("[[ Composting#Heat ]]")


def test_a_kind_that_is_no_plain_word_makes_no_class() -> None:
    assert "class" not in clean(to_html("[[x]]", {"x": Link("/x", kind='A" onclick="b')}))


def test_a_link_to_an_entry_that_stands_alone_is_a_card() -> None:
    assert flat("[[organisation:Solar Aid]]") == (
        f'<div class="card to-organisation"><a dir="auto" href="/organisations/solar-aid" {REL}>SolarAid</a>'
        '<p dir="auto">Lights.</p></div>'
    )
    assert flat("> [[need:12|Wells]]") == (
        f'<blockquote><div class="card to-need"><a dir="auto" href="/needs/12" {REL}>Wells</a></div></blockquote>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "[[Composting]]",
        "@ana",
        "- [[organisation:Solar Aid]]",
        "- [[organisation:Solar Aid]]\n\n- b",
        "[[organisation:Solar Aid]]!",
        "[[organisation:Nobody]]",
        "[[need:12]] [[need:12]]",
        "# [[need:12]]",
        "[a](./plan.png)",
    ],
)
def test_nothing_else_is_a_card(text: str) -> None:
    assert "card" not in shown(text) and "about" not in to_html(text, KNOWN)


def test_a_relative_link_leads_where_the_page_is_now() -> None:
    assert 'href="/wiki/ct-sensors-intro#t-x"' in shown("[words](../ct-sensors/intro.md#x)")
    assert 'href="/wiki/ct-sensors-intro"' in shown("[words][r]\n\n[r]: ../ct-sensors/intro.md")
    assert 'class="wanted"' in shown("[words](gone.md)")
    assert "href" not in shown("[words](../unknown.md) [up](../) [q](?a=b)") and "words" in shown("[words](no.md)")
    assert 'href="#t-x"' in shown("[words](#x)") and 'href="/wiki/x"' in shown("[words](/wiki/x)")


def test_a_relative_picture_is_a_link_with_its_words() -> None:
    assert f'<a class="to-file" href="/files/plan" {REL}>The site</a>' in shown("See ![The site](plan.png)")
    assert "href" not in shown("![The site](none.png)") and "The site" in shown("![The site](none.png)")


def test_a_picture_of_ours_with_a_title_is_a_figure() -> None:
    assert flat('![A heap](/files/heap/800 "Turning the heap, <b>Ana</b>, CC BY")') == (
        '<figure><img alt="A heap" loading="lazy" src="/files/heap/800">'
        '<figcaption dir="auto">Turning the heap, &lt;b&gt;Ana&lt;/b&gt;, CC BY</figcaption></figure>'
    )
    assert "figure" not in shown("![A heap](/files/heap/800)") and "figure" not in shown('A ![h](/files/h/800 "T")')


def test_a_missing_source_is_marked_with_the_words_that_say_so() -> None:
    for words in ("source needed", "Citation Needed", "source manquante", "Référence nécessaire", "falta fuente"):
        assert f'true <span class="source-needed">[{words}]</span>' in shown(f"It is true [{words}].")
    for text in ("`[source needed]`", "    [source needed]", "\\[source needed]", "[source needed](https://a.org)"):
        assert "source-needed" not in shown(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
        ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("1. a\n  - b\n    - c\n2. d", "<ol><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ol>"),
        ("9. a\n10. b\n   1. c\n11. d", '<ol start="9"><li>a</li><li>b<ol><li>c</li></ol></li><li>d</li></ol>'),
        ("* a\n\t* b\n* c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("- a\n    - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("Text:\n- a\n- b", "<p>Text:</p><ul><li>a</li><li>b</li></ul>"),
        ("Text:\n1. a\n2. b\n\nEnd", "<p>Text:</p><ol><li>a</li><li>b</li></ol><p>End</p>"),
        ("In\n1986. A good year", "<p>In1986. A good year</p>"),
        ("1) a\n2) b", "<ol><li>a</li><li>b</li></ol>"),
        ("- a\n- b\n\n\n- c", "<ul><li><p>a</p></li><li><p>b</p></li><li><p>c</p></li></ul>"),
        ("- a\ngoes on\n- b", "<ul><li>agoes on</li><li>b</li></ul>"),
        ("- a\n\n  more\n- b", "<ul><li><p>a</p><p>more</p></li><li><p>b</p></li></ul>"),
        ("- a\n* b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("- a\n---\nb", "<ul><li>a</li></ul><hr><p>b</p>"),
        ("* * *\n- - -", "<hr><hr>"),
        (
            "> - a\n> - b\n\n> c",
            "<blockquote><ul><li>a</li><li>b</li></ul></blockquote><blockquote><p>c</p></blockquote>",
        ),
        ("- > q\n  > r\n- b", "<ul><li><blockquote><p>qr</p></blockquote></li><li>b</li></ul>"),
        ("-\n- b", "<ul><li></li><li>b</li></ul>"),
        ("- [ ] a\n  - [x] b", '<ul><li class="task">☐ a<ul><li class="task">☑ b</li></ul></li></ul>'),
    ],
)
def test_lists_nest_as_members_write_them(text: str, html: str) -> None:
    assert flat(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("1. a\n\n   ```sh\n   ls\n\n   # b\n   ```\n2. c", 'language-sh">ls\n\n# b\n</code></pre>\n</li>\n<li>\n<p>c'),
        ("- a\n  ```\n  x\n  ```\n- b", "<li>a<pre><code>x\n</code></pre>\n</li>\n<li>b"),
        ("- a\n```\n- x\n```\n- b", "<li>a</li>\n</ul>\n<pre><code>- x\n</code></pre>\n<ul>\n<li>b"),
        ("> ```\n> a\n>\n> b\n> ```\n\nc", "<pre><code>a\n\nb\n</code></pre>\n</blockquote>\n<p>c"),
        (
            "1) a\n\n        x = 1\n\n    y = 2\n\n2) b",
            "<pre><code>    x = 1\n\ny = 2\n</code></pre>\n</li>\n<li>\n<p>b",
        ),
        ("```\n# a\n\n- b", "<pre><code># a\n\n- b\n</code></pre>"),
        ("~~~ {.python}\na < b\n~~~", '<pre><code class="language-python">a &lt; b\n</code></pre>'),
        ("````\n```\n````", "<pre><code>```\n</code></pre>"),
        ("a\n\n    code\n\n    more", "<p>a</p>\n<pre><code>code\n\nmore\n</code></pre>"),
    ],
)
def test_code_stays_code_wherever_it_stands(text: str, html: str) -> None:
    assert html in shown(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("#tag", "<p>#tag</p>"),
        ("#", "<p>#</p>"),
        ("# A #", '<h2 id="t-a">A</h2>'),
        ("# C#", '<h2 id="t-c">C#</h2>'),
        ("  ## A", '<h3 id="t-a">A</h3>'),
        ("##Without a space", '<h3 id="t-without-a-space">Without a space</h3>'),
        ("####### seven", "<p>####### seven</p>"),
        ("a\n# B\nc", '<p>a</p><h2 id="t-b">B</h2><p>c</p>'),
        ("a\nb\n---", '<h3 id="t-a-b">ab</h3>'),
        ("a | b\n--|--\nc | d\n---", "</tr></tbody></table><hr>"),
        (
            "> # A\n- # B",
            '<blockquote><h2 class="inner" id="t-a">A</h2></blockquote><ul><li><h2 class="inner" id="t-b">B',
        ),
    ],
)
def test_headings_are_what_commonmark_says(text: str, html: str) -> None:
    assert html in flat(text)


def test_a_line_ends_where_two_spaces_or_a_backslash_say_so() -> None:
    assert shown("a  \nb") == shown("a\\\nb") == "<p>a<br>\nb</p>"


def test_notes_and_terms_keep_what_is_indented_under_them() -> None:
    html = flat("x[^1]\n\n[^1]: A\n\n    - b\n\n    # c\n\nTerm\n:   Meaning\n\n    - d\n\nEnd")
    assert '<ul><li>b</li></ul><h2 class="inner" id="t-c">c</h2>' in html
    assert "<dt>Term</dt><dd><p>Meaning</p><ul><li>d</li></ul></dd></dl><p>End</p>" in html


def test_tables_stand_in_lists_too() -> None:
    assert "<li>a<table>" in flat("- a\n\n  | x | y |\n  |---|---|\n  | 1 | 2 |").replace("<p>", "").replace("</p>", "")
    assert "<table>" in shown("a | b\n- | -\nc | d") and "<table>" in shown("| a |\n|---|\n| b |")


def test_lists_and_quotes_beyond_all_measure_are_words() -> None:
    for text in (
        "> " * 500 + "a",
        "- " * 500 + "a",
        "".join("  " * k + "- a\n" for k in range(300)),
        "> - " * 400 + "a",
    ):
        html = shown(text)
        assert 10 < html.count("<blockquote") + html.count("<li") < 40


def test_a_page_of_sixteen_kilobytes_takes_tens_of_milliseconds() -> None:
    part = "## Heat {n}\n\nText with *stress* and [[Composting]], see [a](https://a.org):\n- one\n  - two\n\n1. x\n2. y\n\n"
    text = "".join(part.replace("{n}", str(n)) for n in range(160))
    to_html(text[:100], {})
    times = []
    for _ in range(5):
        begin = time.thread_time()
        to_html(text, KNOWN)
        times.append(time.thread_time() - begin)
    assert len(text) > 16_000 and sorted(times)[2] < 0.25


def test_the_sanitiser_has_nothing_to_add_the_second_time() -> None:
    text = '[[need:12]]\n\n[[organisation:Nobody]] [source needed]\n\n> # A\n\n![h](/files/h/8 "t")\n\n- [ ] [[Composting]]'
    once = clean(to_html(text, KNOWN))
    assert clean(once) == once
    for piece in ("card to-need", "to-organisation wanted", "source-needed", "inner", "<figure>", "task", "to-page"):
        assert piece in once
    assert clean('<p dir="rtl"></p><span class="x">a</span><div class="card to-A b">c</div><h2 class="s">d</h2>') == (
        "<p></p><span>a</span><div>c</div><h2>d</h2>"
    )


def test_plain_gives_the_words_of_all_of_it() -> None:
    assert plain(
        "[[organisation:Solar Aid]] and [[need:12|wells]]: see [[Note: a title]]\\\n"
        'next [words](../a.md#x) [source needed]\n\n![A heap](/files/heap/800 "Turning it, Ana")\n\n'
        "#tag\n1) first\n  - [x] second"
    ) == (
        "Solar Aid and wells: see Note: a title\nnext words [source needed]\n\nA heap Turning it, Ana\n\n"
        "#tag\nfirst\nsecond"
    )
