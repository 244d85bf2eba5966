"""Large texts: cut into pieces, rendered one by one, and the same in the end as if rendered in one pass."""

from __future__ import annotations

import gzip
import html as entities
import json
import lzma
import re
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import pytest

from commons.text import Link, headings, kiln, linked, markdown, rendering
from commons.text.pieces import Fitted, Seam, cut
from commons.text.rendering import HUGE
from tests.pace import within

WORDS = "The soil of the upper field is heavy, and the rain stands on it for days in spring. " * 3
FILLING = f"{WORDS}\n\n" * 110  # a little more than a piece


@pytest.fixture(autouse=True)
def _time_and_an_empty_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rendering._begin()
    monkeypatch.setattr(kiln, "PATIENCE", 20)
    monkeypatch.setattr(rendering, "WAIT", 60)
    yield
    rendering._begin()


def _page(*sections: str) -> str:
    """A text so long that each of its sections is a piece of its own."""
    return "\n\n".join(f"{section}\n\n{FILLING}" for section in sections)


def _in_one_pass(text: str, known: dict[str, Link] | None = None) -> str:
    return kiln.rendered(text, known or {}, "t", 60)


def _words(html: str) -> str:
    return " ".join(html.split())


def test_a_large_text_is_cut_and_comes_out_as_in_one_pass() -> None:
    text = _page("# Soil", "# Water\n\n- a\n- b", "# Seeds\n\n| a | b |\n|---|---|\n| 1 | 2 |", "# Tools\n\n> said")
    assert len(cut(text).pieces) == 4
    assert markdown(text, limit=HUGE) == _in_one_pass(text)


def test_the_pieces_together_are_the_text() -> None:
    text = _page("# One\n\n[a]: /b", "Two\n===", "# Three\n\n```\n# code\n```")
    assert "\n".join(cut(text).pieces) == text


def test_no_cut_is_made_in_code_in_a_list_or_in_a_table() -> None:
    kept = (
        "```\n" + "a\n\n# not a heading\n\n" * 3_000 + "```",
        "- a\n" + "\n    para\n\n    # in the item\n" * 2_000,
        "| a |\n|---|\n" + "| # b |\n" * 5_000,
        "> a\n" + "> # b\n>\n" * 5_000,
        "1. a\n\n" * 8_000,
    )
    for block in kept:
        pieces = cut(f"# Before\n\n{FILLING}\n\n# Here\n\n{block}\n\n# After\n\n{FILLING}").pieces
        assert any(block in piece for piece in pieces), block[:20]
        assert len(pieces) >= 3


def test_what_looks_like_a_heading_in_a_list_or_after_words_is_no_place_to_cut() -> None:
    assert len(cut(f"{FILLING}- a\n# b\n").pieces) == 1
    assert len(cut(f"{FILLING}words\n# b\n").pieces) == 1
    assert len(cut(f"{FILLING}# b\n").pieces) == 2


def test_a_text_without_headings_is_cut_between_paragraphs() -> None:
    text = FILLING * 8
    assert max(len(piece) for piece in cut(text).pieces) < 60_000
    assert markdown(text, limit=HUGE) == _in_one_pass(text)


def test_ids_of_headings_are_those_of_one_pass() -> None:
    titles = (
        "# Notes",
        "# Notes\n\n# Notes 1",
        "# Notes_1\n\n# Notes",
        "# ?\n\n# !",
        "# Notes\n\n## Élan\n\n# Élan",
        "# ?",
    )
    text = _page(*titles, *titles)
    html = markdown(text, limit=HUGE)
    assert html == _in_one_pass(text)
    anchors = [heading.anchor for heading in headings(html)]
    assert len(anchors) == len(set(anchors)) == 22
    assert {"t-notes", "t-notes_1", "t-notes_5"} < set(anchors)


def test_addresses_may_be_defined_in_another_piece() -> None:
    text = _page(
        "# A\n\nSee [the words][there], [Other] and [own][x].\n\n[x]: https://first.org",
        '# B\n\n[there]: https://there.org "A title"\n[other]: <https://other.org>',
        "# C\n\n[x]: https://last.org\n\n[again][there]",
    )
    html = markdown(text, limit=HUGE)
    assert html == _in_one_pass(text)
    assert html.count('href="https://there.org"') == 2 and 'href="https://last.org"' in html


def test_footnotes_are_numbered_through_the_page_and_stand_at_its_end() -> None:
    text = _page(
        "# A\n\nfirst[^one] second[^two] again[^one]\n\n[^one]: The first,\nin two lines\n\n    and a second paragraph",
        "# B\n\nthird[^three] again[^one] [^nowhere]\n\n[^two]: See [there][r] and [^three]",
        "# C\n\n[^three]: Third\n\n[^never]: Not named\n\n[r]: https://r.org\n\nagain[^three]",
    )
    html = str(markdown(text, limit=HUGE))
    assert _sorted_notes(html) == _sorted_notes(_in_one_pass(text))
    assert html.count('class="footnote"') == 1 and html.rstrip().endswith("</div>")
    ids = re.findall(r'<(?:sup|li) id="([^"]*)"', html)
    assert len(ids) == len(set(ids)) == 11
    targets = set(re.findall(r'href="#([^"]*)"', html))
    assert targets - set(ids) == {"t-fnref:never"}


def _sorted_notes(html: str) -> list[str]:
    """The converter numbers the places of a note in an order of its own when one note names another."""
    return sorted(_words(re.sub(r"fnref\d*:", "fnref:", html)).split())


def test_footnotes_inside_a_list_keep_the_text_whole() -> None:
    text = _page("# A\n\nx[^1]", "# B\n\n- item\n\n    [^1]: note")
    assert cut(text).pieces == [text]
    assert markdown(text, limit=HUGE) == _in_one_pass(text)


def test_links_are_known_to_every_piece() -> None:
    known = {"Soil": Link("/wiki/soil"), "@ana": Link("/people/ana"), "Nope": Link("/wiki/new", wanted=True)}
    text = _page("# [[Soil]]", "# By @ana", "[[Nope|later]]", "[[Soil]] again")
    assert markdown(text, links=lambda names: known, limit=HUGE) == _in_one_pass(text, known)


def test_a_piece_that_takes_too_long_is_shown_as_written_and_the_others_are_not_hurt() -> None:
    text = _page("# A *one*", "# B\n\n" + "[a](<b" * 12_000, "# C *three*")
    html = markdown(text, limit=HUGE)
    assert ">A <em>one</em></h2>" in html and ">C <em>three</em></h2>" in html
    assert html.count("as-written") == 1 and "[a](&lt;b[a](&lt;b" in html
    begin = time.perf_counter()
    assert markdown(text, limit=HUGE) == html
    assert time.perf_counter() - begin < 0.5


def test_what_is_not_done_in_time_is_done_by_a_later_view(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _page(*(f"# Section {number}" for number in range(8)))
    monkeypatch.setattr(rendering, "WAIT", 0.0)
    assert markdown(text, limit=HUGE).count("as-written") == 8
    real, done = kiln.render_piece, list[str]()

    def counted(text: str, *rest: object) -> object:
        done.append(text)
        if len(done) % 3 == 0:
            raise kiln.Busy
        return real(text, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(rendering, "WAIT", 60)
    monkeypatch.setattr(kiln, "render_piece", counted)
    views = 0
    while "as-written" in markdown(text, limit=HUGE):
        views += 1
        assert views < 8
    assert markdown(text, limit=HUGE) == _in_one_pass(text)
    assert len(done) < 24


def test_an_edit_renders_only_the_piece_that_it_was_made_in(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _page("# A", "# B here", "# C")
    markdown(text, limit=HUGE)
    real, done = kiln.render_piece, list[str]()

    def counted(text: str, *rest: object) -> object:
        done.append(text)
        return real(text, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(kiln, "render_piece", counted)
    edited = text.replace("# C\n", "# C\n\nA *new* word.\n")
    assert markdown(edited, limit=HUGE) == _in_one_pass(edited)
    assert len(done) == 1 and "A *new* word." in done[0]


def test_nobody_waits_longer_than_two_seconds_for_a_page_of_slow_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    markdown("and so on\n\n" * 1_000)
    monkeypatch.setattr(rendering, "WAIT", 1.9)
    monkeypatch.setattr(kiln, "PATIENCE", 1.5)
    text = _page(*(f"# {number}\n\n" + "[a](<b" * 6_000 for number in range(8)))
    begin = time.perf_counter()
    assert "as-written" in markdown(text, limit=HUGE)
    assert time.perf_counter() - begin < 2.5


def test_no_cut_is_made_in_code_that_is_never_closed() -> None:
    text = _page("a", "# b", "# c")
    assert len(cut(text, 10).pieces) > 3
    assert cut(f"```\n{text}", 10).pieces == [f"```\n{text}"]


def test_the_largest_real_page_comes_out_as_in_one_pass(shared: Path) -> None:
    with lzma.open(shared / "wiki_ost_readme" / "revisions.jsonl.xz", "rt", encoding="utf-8") as rows:
        text = json.loads(list(rows)[-1])["text"]
    html = markdown(text, limit=HUGE)
    assert len(text) > 500_000 and len(cut(text).pieces) > 10
    assert html == _in_one_pass(text)
    with within(0.5):
        assert markdown(text, limit=HUGE) == html


def test_cutting_takes_time_in_proportion() -> None:
    for unit in (
        "# a\n\n",
        "```\n````\n",
        "[^a]: b\n",
        "[a]: b\n",
        "    [^a",
        "[^1]: x\n\n    y\n\n",
        "- [",
        "\n",
        " ",
    ):
        text = (unit * (HUGE // len(unit) + 1))[:HUGE]
        with within(2, unit):
            cut(text)


def test_a_page_is_linked_once_for_all_its_pieces() -> None:
    asked: list[list[str]] = []

    def links(names: list[str]) -> dict[str, Link]:
        asked.append(names)
        return {name: Link(f"/wiki/{entities.escape(name)}") for name in names}

    text = _page("[[A]]", "# [[B]]", "# [[A]] [[C]]")
    markdown(text, links=links, limit=HUGE)
    assert asked == [["A", "B", "C"]] == [linked(text)]


def _real_pages(shared: Path) -> Iterator[str]:
    for name in ("wiki_enspiral_handbook", "wiki_oem_learn"):
        newest = {}
        with gzip.open(shared / name / "revisions.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                newest[row["page"]] = row.get("text") or ""
        yield from newest.values()
    with gzip.open(shared / "wiki_practical_plants" / "pages.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in islice(map(json.loads, rows), 0, None, 90):
            yield row.get("text", "")


def _patiently(text: str, known: Mapping[str, Link], anchor: str, seam: Seam, _until: float) -> Fitted:
    return kiln.rendered_piece(text, known, anchor, seam, seconds=60)


def test_real_pages_cut_small_come_out_as_in_one_pass(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiln, "render_piece", _patiently)
    many = 0
    for text in _real_pages(shared):
        text = text.replace("\r\n", "\n")
        page = cut(text, 400)
        if len(page.pieces) > 1:
            many += 1
            html, _ = rendering._render_pieces(page, {}, "t", time.monotonic() + 1_000)
            assert _words(html) == _words(_in_one_pass(text)), text[:200]
    assert many > 50
