from __future__ import annotations

import os
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.text import Heading, Link, as_written, excerpt, headings, kiln, linked, markdown, plain, rendering
from commons.text.dialect import TooSlow, to_html
from commons.text.shelf import Memory


@pytest.fixture(autouse=True)
def _an_empty_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    rendering._begin()
    monkeypatch.setattr(kiln, "PATIENCE", 20)


def _long(text: str) -> str:
    return text + "\n\nand so on" * 1000


def test_headings_start_at_the_second_level() -> None:
    assert '<h2 id="t-soil">Soil</h2>' in markdown("# Soil")
    assert "<h6" in markdown("###### Deep") and "<h1" not in markdown("Title\n=====")


def test_tables_lists_notes_terms_and_code_are_rendered() -> None:
    html = markdown(
        "| a | b |\n|---|--:|\n| 1 | 2 |\n\nTerm\n:   Meaning\n\n~~gone~~ x[^1]\n\n```python\na < b\n```\n\n[^1]: Note"
    )
    for piece in ("<table>", '<th align="right">b</th>', "<dd>Meaning</dd>", "<del>gone</del>", 'class="footnote-ref"'):
        assert piece in html
    assert '<pre><code class="language-python">a &lt; b\n</code></pre>' in html


def test_tasks_show_a_ballot_box() -> None:
    html = markdown("- [ ] water\n- [x] turn")
    assert '<li class="task">☐ water</li>' in html and '<li class="task">☑ turn</li>' in html


def test_raw_html_is_shown_as_text() -> None:
    assert markdown("<b onclick='x()'>hi</b>") == "<p>&lt;b onclick='x()'&gt;hi&lt;/b&gt;</p>"
    assert "<div" not in markdown("<div>\n\nhello\n\n</div>")


def test_every_link_says_that_a_member_placed_it() -> None:
    html = markdown("[a](https://a.org) <b@c.org> https://d.org/x_(y).")
    assert html.count('rel="nofollow noopener ugc"') == 3
    assert 'href="https://d.org/x_(y)"' in html and 'href="mailto:b@c.org"' in html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "java\tscript:x",
        "data:text/html,x",
        "//evil.org",
        "/\\evil.org",
        "ftp://x",
    ],
)
def test_a_link_goes_to_the_web_to_mail_or_into_this_site_and_nowhere_else(address: str) -> None:
    assert "href" not in markdown(f"[x]({address}) [y][r]\n\n[r]: {address}")


def test_a_picture_from_elsewhere_is_a_link_to_it() -> None:
    assert markdown("![Our garden](https://e.org/a.png)") == (
        '<p><a href="https://e.org/a.png" rel="nofollow noopener ugc">Our garden</a></p>'
    )
    assert '<img alt="Our garden" src="/files/7/garden.png" loading="lazy">' in markdown(
        "![Our garden](/files/7/garden.png)"
    )
    assert "<img" not in markdown("![x](/files/../members/erase)")


def test_names_become_links_where_the_caller_knows_them() -> None:
    asked: list[list[str]] = []

    def links(names: list[str]) -> dict[str, Link]:
        asked.append(names)
        return {
            "Compost": Link("/wiki/compost"),
            "Nope": Link("/wiki/new?title=Nope", wanted=True),
            "@ana": Link("/people/ana"),
        }

    text = "[[Compost]] [[Compost|heaps]] [[Nope]] [[Unknown]] @ana @bob a@ana `[[Code]]`"
    html = markdown(text, links=links)
    assert asked == [["Compost", "Nope", "Unknown", "@ana", "@bob"]] == [linked(text)]
    assert '<a href="/wiki/compost" rel="nofollow noopener ugc">heaps</a>' in html
    assert 'class="wanted"' in html and ">@ana</a>" in html and "@bob a@ana <code>[[Code]]</code>" in html


def test_links_are_known_to_long_texts_too() -> None:
    html = markdown(_long("[[Compost]]"), links=lambda names: {"Compost": Link("/wiki/compost")})
    assert 'href="/wiki/compost"' in html and "as-written" not in html


def test_what_is_linked_inside_code_is_not_a_link() -> None:
    assert linked("```\n[[A]] @b\n```\n[[C]]") == ["C"]


def test_two_texts_on_one_page_share_no_id() -> None:
    text = "# A\n\nx[^1] [up](#a)\n\n[^1]: n"
    first, second = markdown(text, anchor="post-1"), markdown(text, anchor="post-2")
    assert 'id="post-1-a"' in first and 'href="#post-1-a"' in first and 'href="#post-1-fn:1"' in first
    assert "post-1" not in second


def test_the_contents_of_a_page_are_its_headings() -> None:
    assert headings(markdown("# One\n\n## Two *and* & more")) == [
        Heading(2, "t-one", "One", 1),
        Heading(3, "t-two-and-more", "Two and & more", 2),
    ]


def test_a_text_beyond_the_limit_is_shown_as_written() -> None:
    assert markdown("*a* <b>\nc\n\n" * 10, limit=20).startswith('<div class="as-written"><p>*a* &lt;b&gt;<br>\nc</p>')
    assert markdown("*a*", limit=3) == "<p><em>a</em></p>"


def test_a_long_text_is_rendered_by_a_child_as_it_would_be_here() -> None:
    text = _long("# A\n\n*b* [c](https://c.org)")
    assert markdown(text) == kiln.rendered(text, {}, "t", 60)


def test_the_same_text_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    real = kiln.rendered

    def counted(text: str, known: dict[str, Link], anchor: str, seconds: float) -> str:
        calls.append(text)
        return real(text, known, anchor, seconds)

    monkeypatch.setattr(kiln, "rendered", counted)
    assert markdown("*a*") == markdown("*a*")
    assert calls == ["*a*"]
    assert markdown("*a*", anchor="b") and len(calls) == 2


def test_the_cache_stays_within_its_room() -> None:
    cache = Memory(4_000)
    for number in range(100):
        cache.keep(bytes([number]), "x" * 100, 60)
    assert cache.used == sum(4 * len(html) for html, _ in cache.kept.values()) <= 4_000
    assert cache.find(bytes([99])) and cache.find(bytes([0])) is None


def test_a_text_that_was_given_up_leaves_no_trace_in_the_next_one() -> None:
    before = to_html("- a\n\npara\n\n    code", {})
    for seconds in (0.0, 0.001, 0.005, 0.02):
        with pytest.raises(TooSlow):
            to_html("- a\n\n    - b\n\n        > c[^1] [[[[\n\n" * 400, {}, seconds)
    assert to_html("- a\n\npara\n\n    code", {}) == before


def test_a_child_that_dies_costs_one_text_and_is_replaced() -> None:
    markdown(_long("first"))
    child = kiln._idle.get_nowait()
    child.process.kill()
    child.process.wait()
    kiln._idle.put(child)
    assert "as-written" in markdown(_long("*second*"))
    assert "<em>third</em>" in markdown(_long("*third*"))


def test_a_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    child = kiln._Child()
    try:
        with open(f"/proc/{child.process.pid}/environ", "rb") as environ:
            assert b"very-secret" not in environ.read()
    finally:
        child.end()


def test_a_child_ends_when_nobody_is_there_any_more() -> None:
    child = kiln._Child()
    child.line.close()
    assert child.process.wait(timeout=10) == 0


def test_when_all_children_are_taken_the_text_is_shown_as_written_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kiln, "PATIENCE", 0.05)
    for _ in range(kiln.CHILDREN):
        assert kiln._places.acquire(timeout=5)
    try:
        assert "as-written" in markdown(_long("*busy*"))
    finally:
        for _ in range(kiln.CHILDREN):
            kiln._places.release()
    monkeypatch.setattr(kiln, "PATIENCE", 20)
    assert "<em>busy</em>" in markdown(_long("*busy*"))


def test_a_child_that_starts_slowly_is_kept_for_the_next_text(monkeypatch: pytest.MonkeyPatch) -> None:
    kiln.close()
    monkeypatch.setattr(kiln, "PATIENCE", 0.01)
    assert "as-written" in markdown(_long("*slow*"))
    child = kiln._idle.queue[0]
    monkeypatch.setattr(kiln, "PATIENCE", 20)
    assert "<em>slow</em>" in markdown(_long("*slow*"))
    assert kiln._idle.queue == [child] and child.warm


def test_threads_render_side_by_side() -> None:
    found: dict[int, str] = {}
    work = [
        threading.Thread(target=lambda n=n: found.update({n: markdown(_long(f"# n{n}") if n % 2 else f"# n{n}")}))
        for n in range(12)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert all(f">n{n}</h2>" in found[n] for n in range(12))


def test_a_forked_process_gets_children_of_its_own() -> None:
    markdown(_long("before the fork"))
    read, write = os.pipe()
    if os.fork() == 0:
        right = kiln._idle.empty() and "<em>forked</em>" in markdown(_long("*forked*"))
        kiln.close()
        os.write(write, b"y" if right else b"n")
        os._exit(0)
    os.close(write)
    assert os.read(read, 1) == b"y"
    os.close(read)
    os.wait()
    assert "<em>after</em>" in markdown(_long("*after*"))


def test_an_everyday_post_takes_milliseconds() -> None:
    post = "Hello [[Ana]], see *this* and https://x.org\n\n- one\n- two\n\n> said\n\n" * 10
    markdown("warm")
    times = []
    for number in range(20):
        begin = time.thread_time()
        markdown(f"{post}{number}")
        times.append(time.thread_time() - begin)
    assert sorted(times)[10] < 0.03


@given(st.text(alphabet="aZé9 .,:;!?#+=->()\"'/@{}1 水\u00a0\x0b[]*_`<&|~\\", max_size=20))
def test_a_line_without_signs_is_passed_on_as_it_would_be_made(text: str) -> None:
    assert plain(text) == plain(f"\n{text}\n")


def test_plain_gives_the_words_without_the_signs() -> None:
    text = (
        '# Hi *you* & __me__\n\nSee [[Composting|heaps]], [a *b*](http://x.org/a_(b) "t"), ![pic](x.png), '
        "<https://a.org>, snake_case_x, 2*3, \\*no\\*\n> quoted\n\n- [x] done\n1. one\n\n"
        "| a | b |\n|---|---|\n\n```py\ncode = [1]\n```\n"
        "A[^1] `tick` [ref][r]\n\n[r]: http://x.org\n[^1]: Note &amp; <b>x</b>"
    )
    assert plain(text) == (
        "Hi you & me\n\nSee heaps, a b, pic, https://a.org, snake_case_x, 2*3, *no*\nquoted\n\ndone\none\n\na b\n\n"
        "code = [1]\n\nA tick ref\n\nNote & <b>x</b>"
    )


def test_an_excerpt_is_one_line_cut_between_words() -> None:
    assert excerpt("**Soil** is alive,\n\nand so are we.", 22) == "Soil is alive, and so…"
    assert excerpt("short") == "short" and len(excerpt("東" * 500, 50)) == 50


def test_as_written_keeps_line_breaks_and_escapes() -> None:
    assert as_written("<a>\nb\n\nc") == '<div class="as-written"><p>&lt;a&gt;<br>\nb</p><p>c</p></div>'
