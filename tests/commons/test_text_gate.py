from __future__ import annotations

import json

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from commons.text import clean_line, clean_text, csv_cell, json_depth_ok, problems, safe_url
from tests.pace import within


def test_nothing_that_cannot_be_stored_is_left() -> None:
    assert clean_text("a\x00b\ud800c\ufffed\x1be\x85") == "abcde"
    assert clean_text("e\u0301\r\nb\rc\u2028d\te") == "é\nb\nc\nd\te"


def test_longer_texts_keep_their_direction_and_lose_hidden_tags() -> None:
    assert clean_text("\u202bשלום\u202c") == "\u202bשלום\u202c"
    assert clean_text("hi\U000e0069\U000e0067") == "hi"


def test_a_line_loses_direction_marks_and_invisible_signs() -> None:
    assert clean_line(" in\u202evoice\u2066 \u200bgpj\u2060.exe\ufeff\n twice ") == "invoice gpj.exe twice"
    assert clean_line("\u00ad\u3164\u200b") == ""


def test_a_line_keeps_joiners_that_are_spelling() -> None:
    for name in ("می\u200cخواهم", "ශ්\u200dරී", "👨\u200d👩\u200d👧", "👩🏽\u200d🌾"):
        assert clean_line(name) == name
    assert clean_line("ad\u200cmin\u200d") == "admin"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)
    clean_text(text).encode()


def test_problems_are_plain_sentences() -> None:
    assert problems("fine", lines=False, limit=10) is None and problems("", lines=False, limit=10) is None
    assert problems("a\r\nb", lines=True, limit=3) is None
    assert problems("abcd", lines=True, limit=3) == "This is 1 character too long; 3 fit."
    assert problems("abcde", lines=True, limit=3) == "This is 2 characters too long; 3 fit."
    assert "invisible" in (problems("\u200b \u2060", lines=False, limit=9) or "")
    for unfit in ("a\x00", "\udfff", "\uffff"):
        assert "not text" in (problems(unfit, lines=True, limit=9) or "")


def test_problems_speak_inside_a_site_too() -> None:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        assert problems("abcde", lines=True, limit=3) == "This is 2 characters too long; 3 fit."


def test_deep_json_is_seen_before_it_is_parsed() -> None:
    assert json_depth_ok(b"[" * 20) and not json_depth_ok(b"[" * 21)
    assert json_depth_ok(b'{"a":[' * 10) and not json_depth_ok(b'{"a":[' * 11)
    assert json_depth_ok(b"[]" * 1000)
    assert json_depth_ok(json.dumps(["[" * 100, '"\\', {"[[[": "{" * 99}]).encode())
    assert not json_depth_ok(b'["\\"",' + b"[" * 25) and not json_depth_ok(b'"\\\\"' + b"[" * 25)


def test_json_in_other_encodings_hides_no_depth() -> None:
    deep = '["∀",' + "[" * 100
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
        assert not json_depth_ok(deep.encode(encoding))


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_the_depth_is_counted_right(value: object) -> None:
    def depth(thing: object) -> int:
        inner = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ()
        return 1 + max(map(depth, inner), default=0) if isinstance(thing, (dict, list)) else 0

    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        raw = text.encode("utf-8", "surrogatepass")
        assert json_depth_ok(raw, depth(value)) and (depth(value) == 0 or not json_depth_ok(raw, depth(value) - 1))


def test_a_megabyte_of_brackets_or_quotes_is_judged_quickly() -> None:
    for raw in (b"[" * 10**6, b"[]" * 10**6, b'"' * 10**6, b'"\\' * 10**6, b'"' + b"a" * 10**6):
        with within(2):
            json_depth_ok(raw)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("HTTP://Example.ORG/Ä?q=ü#x", "http://example.org/%C3%84?q=%C3%BC#x"),
        (" https://bücher.de:8080/a%20b ", "https://xn--bcher-kva.de:8080/a%20b"),
        ("http://exаmple.org/", "http://xn--exmple-4nf.org/"),
        ("http://[::1]/", "http://[::1]/"),
        ("https://my_host.example.org", "https://my_host.example.org"),
    ],
)
def test_a_web_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert safe_url(typed) == kept == safe_url(kept)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x.org",
        "//x.org",
        "http:x.org",
        "http:/x.org",
        "http:///x",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.org",
    ]
    + [
        "http://user:pass@x.org",
        "http://user@x.org",
        "https://evil.example\\@good.example/",
        "\\\\evil.example\\x",
        "x-custom:1",
    ]
    + [
        "http://a b.org",
        "http://x.org/a b",
        "http://x\u202e.org",
        "\x01http://x.org",
        "http://x.org\x00",
        "http://x.org/\u200b",
    ]
    + [
        "http://x..org",
        "http://-x.org",
        "http://x.org:99999",
        "http://[::1",
        "http://x.org/<script>",
        'http://x.org/"',
        "mailto:a@b",
    ]
    + ["http://" + "a" * 3000, "http://x\ud800.org", "http://x.org:80a/", "http://x.org/\n"[:-1] + "\r\nSet-Cookie: a"],
)
def test_an_address_that_is_not_one_to_link_to_is_refused(typed: str) -> None:
    assert safe_url(typed) is None


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.from_regex(r"https?://[^/]{1,20}/.*", fullmatch=True))
def test_a_kept_address_stays_as_it_is(text: str) -> None:
    kept = safe_url(text)
    assert kept is None or (kept.isascii() and safe_url(kept) == kept and kept.startswith(("http://", "https://")))


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\tx", "＝1", "＠x", "\u00a0=1", "\ufeff=1", "-x"],
)
def test_a_cell_never_calculates(cell: str) -> None:
    assert csv_cell(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "text"),
    [(-5, "-5"), (1.5, "1.5"), ("-1.5", "-1.5"), ("+1,000.25", "+1,000.25"), (None, ""), ("a=b", "a=b")],
)
def test_numbers_and_words_stay_as_they_are(cell: object, text: str) -> None:
    assert csv_cell(cell) == text
