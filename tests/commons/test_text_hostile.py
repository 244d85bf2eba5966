"""Texts written to do harm: scripts that want out, and shapes on which a converter never ends."""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from commons.text import Link, as_written, excerpt, kiln, linked, markdown, plain, rendering
from commons.text.pieces import cut
from commons.text.rendering import HUGE
from commons.text.sanitise import ATTRIBUTES, TAGS, clean

SHARED = Path(os.environ.get("COMMONS_SHARED") or Path(__file__).resolve().parents[2].parent / "shared")
HOSTILE = SHARED / "data" / "hostile"
COMMONMARK = SHARED / "data" / "commonmark_spec" / "spec_0.31.jsonl"
ADDRESS = re.compile(r"(?:https?://|mailto:|/(?![/\\])|#t-)[^\x00-\x20\\]*\Z", re.I)
CLASS = re.compile(
    r"(to-[a-z]+ )?wanted|(card )?to-[a-z]+|footnote|footnote-ref|footnote-backref|as-written|task|inner|source-needed"
    r"|language-[\w+#-]+"
)


@pytest.fixture(autouse=True, scope="module")
def _a_child_that_is_there() -> None:
    until = time.monotonic() + 60
    while "as-written" in markdown(f"and so on {until}\n\n" * 1000) and time.monotonic() < until:
        pass


class Oracle(HTMLParser):
    """What is not on the lists is a fault. It reads the HTML with another parser than the one that cleaned it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, set()) | {"rel", "loading"} or not self.fits(name, value or ""):
                self.faults.append(f"<{tag} {name}={value!r}>")

    def handle_comment(self, data: str) -> None:
        self.faults.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.faults.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.faults.append("instruction")

    @staticmethod
    def fits(name: str, value: str) -> bool:
        if name == "src":
            return value.startswith("/files/") and ".." not in value
        rule = {"href": ADDRESS, "class": CLASS, "id": re.compile(r"t-.*", re.S)}.get(name)
        return rule is None or rule.fullmatch(value) is not None


def _rows(*names: str) -> Iterator[dict[str, str]]:
    if not HOSTILE.is_dir():
        pytest.skip(f"the shared hostile set is not at {HOSTILE}; set COMMONS_SHARED")
    for name in names:
        with open(HOSTILE / f"{name}.jsonl", encoding="utf-8") as rows:
            yield from map(json.loads, rows)


def _everywhere(payload: str) -> str:
    """The payload in every place that Markdown has."""
    line = payload.replace("\n", " ")
    return (
        f"{payload}\n\n[x]({line}) ![y]({line}) [[{line}]] [[a|{line}]] <{line}> `{line}` [z][r] @{line}\n\n"
        f"# {line}\n\n"
        f'| a |\n|---|\n| {line} |\n\n> {line}\n\n- [x] {line}\n\n```{line}\n{payload}\n```\n\n[r]: {line} "{line}"\n\n'
        f'[t](https://x.org "{line}") https://{line} [^1]\n\n[^1]: {line}\n'
    )


def _linking(names: list[str]) -> dict[str, Link]:
    """The worst that a caller could say of each name."""
    kinds = ("", "page", "organisation", "x y", '"><script>')
    return {name: Link(name, at % 2 == 0, kinds[at % 5], name, name) for at, name in enumerate(names)}


def _check(text: str) -> None:
    html = str(markdown(text, links=_linking, limit=HUGE))
    assert Oracle(html).faults == [], text
    once = clean(html)
    assert clean(once) == once, text
    assert once == html or "as-written" in html, text


def test_the_oracle_finds_what_it_should() -> None:
    for bad in (
        "<script>",
        "<a href='javascript:x'>",
        "<p onclick=x>",
        "<img src=//e>",
        "<!--x-->",
        "<a href=//e>",
        "<svg>",
    ):
        assert Oracle(bad).faults, bad


@pytest.mark.parametrize(
    "name", ["xss_payloadbox", "xss_html5sec", "dompurify_fixtures", "naughty_strings_blns", "generated_fields"]
)
def test_no_known_attack_comes_through(name: str) -> None:
    for number, row in enumerate(_rows(name)):
        payload = row["payload"]
        if row.get("kind") != "markdown_pathological":
            everywhere = len(payload) < 5_000 and (name != "xss_payloadbox" or number % 8 == 0)
            _check(_everywhere(payload) if everywhere else f"{payload}\n\n[x]({payload})")


@pytest.mark.parametrize("name", ["xss_payloadbox", "xss_html5sec", "dompurify_fixtures"])
def test_the_sanitiser_alone_stops_raw_html_and_has_nothing_to_add_the_second_time(name: str) -> None:
    for row in _rows(name):
        once = clean(row["payload"])
        assert Oracle(once).faults == [], row["payload"]
        assert clean(once) == once, row["payload"]


def test_an_address_inside_a_text_is_one_line_without_spaces() -> None:
    html = markdown("[a](<#b c\td>) x[^my note]\n\n[^my note]: z")
    assert 'href="#t-b%20c' in html and 'href="#t-fn:my%20note"' in html and 'id="t-fn:my note"' in html
    assert clean(html) == html


SIGNS = r"""[ ] ( ) ![ ]( < > <a href= <img/src=x onerror=alert(1)> javascript: data:text/html, vbscript: &#106; &colon;
    " ' ` ``` ~~~ * ** _ ~~ | # > - 1. [^1]: [^1] [[ ]] @ana #a #É-b_ https://x.org <https:// mailto: {#id .cls onclick=x} <svg>
    <math>
    <style> </title> <!-- --> <![CDATA[ ]]> <?php \ klzzwxh:0 /files/ ../ // /\\ : = [r]:"""
PIECES = [
    *SIGNS.split(),
    "\t",
    "\x00",
    "\x02",
    "\x03",
    "\u202e",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    "    ",
    "  ",
    " ",
    " ",
    "a",
    "x1",
    "é",
]


def test_no_mixture_of_signs_comes_through() -> None:
    dice = random.Random(652)
    for _ in range(3_000):
        text = "".join(dice.choices(PIECES, k=dice.randrange(2, 60)))
        _check(text)
        assert len(excerpt(text, 80)) <= 80


def test_every_example_of_commonmark_is_harmless() -> None:
    if not COMMONMARK.is_file():
        pytest.skip(f"the examples are not at {COMMONMARK}; set COMMONS_SHARED")
    with open(COMMONMARK, encoding="utf-8") as rows:
        examples = [json.loads(row)["markdown"] for row in rows]
    assert len(examples) > 600
    for text in examples:
        _check(text)


def test_a_large_text_of_all_attacks_comes_through_in_pieces_and_harmless() -> None:
    rows = list(_rows("xss_html5sec", "dompurify_fixtures", "naughty_strings_blns"))
    text = "\n\n".join(
        f"# Attack [{n}]\n\n{row['payload']}\n\nx[^{n}]\n\n[^{n}]: {row['payload']}" for n, row in enumerate(rows)
    )
    assert len(cut(text).pieces) > 1
    html = str(markdown(text, limit=HUGE))
    assert Oracle(html).faults == []
    once = clean(html)
    assert clean(once) == once and (once == html or "as-written" in html)


def _slow(seconds: float, work: Callable[[], object]) -> bool:
    """Three tries: the machine may have other things to do. Only what is slow every time is slow."""
    for _ in range(3):
        rendering._begin()
        begin = time.perf_counter()
        work()
        if time.perf_counter() - begin < seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)):
            return False
    return True


def _units(unit: str) -> Callable[[int], str]:
    return lambda length: (unit * (length // len(unit) + 1))[:length]


SHAPES: dict[str, Callable[[int], str]] = {
    "open brackets": _units("["),
    "open pictures": _units("!["),
    "open links": _units("[a]("),
    "open nested links": _units("[a]([a"),
    "open notes": _units("[^"),
    "open titles": _units("[[a"),
    "open angle links": _units("[a](<b"),
    "quotes in quotes": _units(">"),
    "quotes and lists": _units("> - "),
    "emphasis": _units("*a **b _c "),
    "stars around a word": lambda length: "*" * (length // 2) + "a" + "*" * (length // 2),
    "three kinds of stars": _units("***a**b*c"),
    "strikes": _units("~~a "),
    "growing backticks": lambda length: "".join("`" * k + "x" for k in range(1, int((2 * length) ** 0.5))),
    "backticks in cells": lambda length: "a|b\n-|-\n" + "`|" * (length // 2),
    "wide table": lambda length: "|a" * (length // 4) + "\n" + "|-" * (length // 4),
    "long rule": lambda length: "- " * (length // 2) + "x",
    "nested lists": lambda length: "".join("    " * k + "- x\n" for k in range(int((length / 2) ** 0.5))),
    "fences": _units("``` a\n"),
    "fences with attributes": _units("```{a\n"),
    "underlined headings": _units("a\n=\n"),
    "one heading often": _units("# x\n\n"),
    "terms": _units("a\n:   b\n"),
    "notes in notes": lambda length: "".join(f"[^{k}]: [^{k + 1}]\n" for k in range(length // 18)) + "[^0]",
    "one long address often": lambda length: "[a]: " + "x" * (length // 3) + "\n" + "[a] " * (length // 6),
    "addresses": _units("http://a("),
    "entities": _units("&#x"),
    "backslashes": _units("\\["),
    "comments": _units("<!--"),
    "one word": _units("a"),
    "spaces": lambda length: " " * length + "x",
    "angle addresses": _units("<http://x "),
    "turned directions": _units("\u202e"),
    "marks on a letter": lambda length: "a" + "\u0301" * length,
    "mentions": _units("@user "),
    "hashes": _units("#"),
    "hashes in a row": _units("# # "),
    "tags": _units("#a "),
    "tags in one word": _units("#a"),
    "tags that go on": _units(" #" + "a_" * 26),
    "many addresses": lambda length: "".join(f"[a{k}]: /x\n" for k in range(length // 12)),
    "headings in pieces": _units("# a\n\n[a](b\n\n"),
    "relative targets": _units("[a](b/c "),
    "unclosed fences": lambda length: "".join("`" * (k % 90 + 3) + "\n" for k in range(length // 48)),
}
SIZES = (7_900, 50_000, 200_000)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_takes_longer_than_two_seconds(shape: str) -> None:
    for size in SIZES:
        text = SHAPES[shape](size)
        assert not _slow(2, lambda text=text: markdown(text, limit=HUGE)), (shape, size)  # type: ignore[misc]
        if "as-written" in markdown(text, limit=HUGE):
            break  # larger ones end in the same way: the next test


@pytest.mark.parametrize("shape", ["open brackets", "open links", "one heading often", "notes in notes", "wide table"])
def test_a_huge_text_of_a_slow_shape_takes_no_longer_either(shape: str) -> None:
    text = SHAPES[shape](HUGE)[:HUGE]
    assert not _slow(2.2, lambda: markdown(text, limit=HUGE))


@pytest.mark.parametrize("work", [plain, excerpt, linked, cut, as_written], ids=lambda work: work.__name__)
def test_what_needs_no_converter_takes_time_in_proportion_to_the_text(work: Callable[[str], object]) -> None:
    def cost(text: str) -> float:
        rendering._begin()
        begin = time.process_time()
        work(text)
        return time.process_time() - begin

    for shape, grown in SHAPES.items():
        small, large = grown(50_000), grown(200_000)
        longest = cost(large)
        if longest > 0.1:
            assert min(longest, cost(large)) < 8 * max(0.01, cost(small)), shape


def test_no_text_of_the_pathological_set_takes_longer_than_two_seconds() -> None:
    for row in _rows("generated_fields"):
        if row["kind"] == "markdown_pathological":
            text = row["payload"]
            assert not _slow(2, lambda text=text: markdown(text, links=_linking, limit=HUGE)), row["note"]  # type: ignore[misc]
            _check(text)


def test_what_was_given_up_is_not_tried_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiln, "PATIENCE", 30)
    text = "[" * 60_000
    assert "as-written" in markdown(text)
    monkeypatch.setattr(kiln, "_asked", lambda *_: pytest.fail("tried again"))
    assert "as-written" in markdown(text)


def test_signs_that_turn_sentences_round_are_shown_and_not_obeyed() -> None:
    html = markdown("Pay to \u202eevil\u202c, says \u202dthe [page](https://example.org/\u202e).")
    assert "\u202e" not in html and "\u202d" not in html and "⟦U+202E⟧evil" in html
    assert "שלום\u200e!" in markdown("שלום\u200e!"), "marks of direction are somebody's language"
