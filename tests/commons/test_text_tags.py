from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.text import Link, linked, markdown, tag_key
from tests.pace import within


def tags(text: str) -> list[str]:
    return [name for name in linked(text) if name.startswith("#")]


def shown(text: str) -> str:
    """Every tag that the text is asked for is known."""
    return markdown(text, links=lambda names: {n: Link("/tags/x", kind="tag") for n in names if n.startswith("#")})


def test_a_tag_is_a_link_where_the_caller_knows_it_and_words_elsewhere() -> None:
    html = markdown("For #Énergie, #other", links=lambda names: {"#Énergie": Link("/tags/energie", kind="tag")})
    assert re.sub(' rel="[a-z ]+"', "", html) in (
        '<p>For <a class="to-tag" href="/tags/energie">#Énergie</a>, #other</p>',
        '<p>For <a href="/tags/energie" class="to-tag">#Énergie</a>, #other</p>',
    )
    assert markdown("#solar") == "<p>#solar</p>"


@pytest.mark.parametrize(
    "tag",
    ["#solar", "#Énergie", "#太陽光", "#सौर_ऊर्जा", "#ආරක්\u200dෂා", "#می\u200cخواهم", "#พลังงาน", "#solar-aid", "#a_b",
     "#a__b", "#co2", "#x", "#" + "a" * 50, "#e\u0301nergie", "#𞤀𞤣𞤤𞤢𞤥"],
)  # fmt: skip
def test_a_tag_is_a_letter_and_what_words_are_made_of_in_any_script(tag: str) -> None:
    assert tags(f"See {tag}, or {tag}.\n{tag}") == [tag]
    assert shown(f"See {tag}.").count(f">{tag}</a>.") == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#solar-", "#solar"),
        ("#solar--x", "#solar"),
        ("#solar's", "#solar"),
        ("#a#b", "#a"),
        ("#太陽光。", "#太陽光"),
        ("(#solar)", "#solar"),
        ("[#solar]", "#solar"),
        ("«#solar»", "#solar"),
        ("“#solar”", "#solar"),
        ("'#solar'", "#solar"),
        ('"#solar"', "#solar"),
        ("{#solar}", "#solar"),
        ("*#solar*", "#solar"),
        ("**#solar**", "#solar"),
        ("_#solar_", "#solar"),
        ("- #solar", "#solar"),
        ("> #solar", "#solar"),
        ("## On #solar", "#solar"),
        ("| a |\n|---|\n| #solar |", "#solar"),
        ("`x`#solar", "#solar"),
    ],
)
def test_a_tag_begins_after_a_space_or_an_opening_sign_and_ends_with_its_word(text: str, found: str) -> None:
    assert tags(text) == [found]
    assert f">{found}</a>" in shown(text)


@pytest.mark.parametrize(
    "text",
    ["#", "# Title", "##Title", "#12", "#²", "#-a", "#_a", "C#", "C#sharp", "a#b", "a.#b", "/#b", "&#39;", "&#x41;", "\\#a",
     "##a", "`#a`", "```\n#a\n```", "    #a", "- a\n\n      #a", "https://x.org/#a", "https://x.org/(#a)", "<https://x.org/#a>",
     "[x](#a)", "[x](y.md#a)", '[x](y.md "to #a")', "[on #a](y.md)", "[on #a][r]\n\n[r]: /y", "![on #a](y.png)", "[r]: #a",
     "[[Soil#a]]", "[[#a]]", "[[Soil|#a]]", "[^#a]", "{{#if: x}}", "#" + "a" * 51, "#" + "ab-" * 20 + "c"],
)  # fmt: skip
def test_what_is_no_tag_stays_as_it_is(text: str) -> None:
    assert tags(text) == []
    assert "/tags/" not in shown(text)


def test_a_tag_inside_the_words_of_a_link_is_no_second_link() -> None:
    assert shown("#a [on #a](/y)").count("<a ") == 2


def test_a_tag_that_stands_alone_is_no_card() -> None:
    assert "card" not in shown("#solar") and "about" not in shown("#solar")


def test_a_known_tag_after_an_unknown_one_is_found() -> None:
    html = markdown("#b #c @d #a", links=lambda names: {"#a": Link("/tags/a")})
    assert html.count("<a ") == 1 and ">#a</a>" in html


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ana.", ["@ana"]),
        ("Thanks, @ana...", ["@ana"]),
        ("(@solar-aid)", ["@solar-aid"]),
        ("ana@example.org", []),
        ("ana.b+news@example.org", []),
        ("ana-+@example.org", []),
        ("नाम@example.org हिन्दी@example.org", []),
        ("<ana@example.org>", []),
        ("@ana@example.org", []),
        ("https://example.org/@ana https://example.org/(@ana)", []),
    ],
)
def test_a_mention_ends_before_a_dot_and_an_address_is_none(text: str, names: list[str]) -> None:
    assert linked(text) == names
    known = {name: Link("/x", kind="profile") for name in ("@ana", "@solar-aid", "@example.org", "@example", "@an")}
    assert markdown(text, links=lambda _: known).count('href="/x"') == len(names)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("#Énergie", "energie"),
        ("energie", "energie"),
        ("ENERGI\u0301E", "energie"),
        ("#İstanbul", "istanbul"),
        ("#ISPARTA", "isparta"),
        ("#ısparta", "isparta"),
        ("#Straße", "strasse"),
        ("#Łódź", "lodz"),
        ("#Ενέργεια", "ενεργεια"),
        ("#Ёлка", "елка"),
        ("#Сайт", "сайт"),
        ("#हिन्दी", "हिन्दी"),
        ("#พลังงาน", "พลังงาน"),
        ("#آب", "آب"),
        ("#がっこう", "がっこう"),
        ("#ＡＢＣ", "abc"),
        ("#می\u200cخواهم", "میخواهم"),
        ("#한국어", "한국어"),
        ("#solar-aid", "solar-aid"),
        ("#a_b", "a_b"),
        (" Solar energy! ", "solar-energy"),
        ("#", ""),
        ("#--_", ""),
        ("", ""),
        ("\u200d\u0301", ""),
        ("a" * 80, "a" * 50),
    ],
)
def test_a_tag_has_one_key_however_it_is_written(words: str, key: str) -> None:
    assert tag_key(words) == unicodedata.normalize("NFC", key)


@given(st.text(max_size=80))
def test_a_key_is_its_own_key_and_never_too_long(words: str) -> None:
    key = tag_key(words)
    assert tag_key(key) == key and tag_key(f"#{key}") == key and len(key) <= 50


def test_tags_without_end_are_read_in_no_time() -> None:
    for text in ("#" * 10_000, "#a" * 50_000, "#a " * 33_000, f"#{'a' * 100_000}", f" #{'a_' * 24}{'_' * 60}" * 900):
        with within(0.5, text[:20]):
            linked(text)
            tag_key(text)


def test_two_thousand_tags_are_all_found() -> None:
    text = "\n\n".join(" ".join(f"#t{n}" for n in range(start, start + 100)) for start in range(0, 2_000, 100))
    assert len(tags(text)) == 2_000
    assert shown(text[:7_000]).count("<a ") == len(tags(text[:7_000]))
