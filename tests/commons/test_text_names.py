from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.text import mail_key, reserved, skeleton, slug


@pytest.mark.parametrize(
    "name",
    [
        "Admin",
        "ADMIN",
        "аdmin",
        "ad\u2060min",
        "\u202eadmin",
        "Ａｄｍｉｎ",
        " admin ",
        "adm1n",
        "adm\u0131n",
        "admіn",
        "αdmin",
        "ad\u00admin",
    ],
)
def test_names_that_look_the_same_are_the_same(name: str) -> None:
    assert skeleton(name) == skeleton("admin")


@pytest.mark.parametrize(
    ("one", "other"), [("ana", "anna"), ("Zoë", "Zoe"), ("राम", "रम"), ("李", "季"), ("Ivan", "Inan"), ("שירי", "שירו")]
)
def test_names_that_differ_stay_different(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@given(st.text(max_size=40))
def test_case_does_not_count_and_a_skeleton_is_final(name: str) -> None:
    assert skeleton(skeleton(name)) == skeleton(name)


@pytest.mark.parametrize("name", ["Ana Reis", "Νίκος", "Анна", "PAYPAL", "O'Neill"])
def test_case_does_not_count(name: str) -> None:
    assert skeleton(name.upper()) == skeleton(name.lower()) == skeleton(name)


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin 1",
        "ad-min",
        "a.d.m.i.n",
        "adrnin",
        "админ",
        "модератор",
        "Mоderator",
        "RОOT",
        "r00t",
        "àdmïn",
        "a\u0338dmin",
        "all",
    ]
    + ["Trusted", "Support", "System", "STAFF", "no-reply", "noreply", "Everyone", "me"],
)
def test_names_of_duty_are_nobodys_even_in_disguise(name: str) -> None:
    assert reserved(name)


@pytest.mark.parametrize(
    "name", ["Ana", "Allan", "Adm. Nelson", "Rooted", "Systema", "Bob Staffer", "Modesta", "山田", "", "Иван"]
)
def test_ordinary_names_are_free(name: str) -> None:
    assert not reserved(name)


def test_an_address_is_one_person_however_it_is_written() -> None:
    assert mail_key("Ana@Example.ORG") == mail_key("ana@example.org ") == "ana@example.org"
    assert mail_key("ana@BÜCHER.de") == mail_key("ana@xn--bcher-kva.de") and mail_key("a\u200bna@x.org") == mail_key(
        "ana@x.org"
    )
    assert mail_key("ana@exаmple.org") != mail_key("ana@example.org")
    assert mail_key("bill@x.org") != mail_key("biil@x.org")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Solar Aid", "solar-aid"),
        ("Çà et là", "ca-et-la"),
        ("東京", "dong-jing"),
        ("Москва", "moskva"),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_a_slug_is_ascii(text: str, made: str) -> None:
    assert slug(text) == made


def test_a_slug_is_never_empty_and_never_long() -> None:
    assert slug("") == slug("👨\u200d👩") == "untitled" and slug("#", "page") == "page"
    assert slug("x" * 500) == "x" * 80
    assert slug("solidarity " * 50) == "-".join(["solidarity"] * 7)


@given(st.text())
def test_every_text_has_a_slug(text: str) -> None:
    made = slug(text)
    assert (
        0 < len(made) <= 80
        and made.isascii()
        and made == slug(made)
        and not set(made) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
    )
