"""Pages in French and Spanish, and pages in brackets: there, a text without brackets is one that nobody can translate."""

from __future__ import annotations

import re
from datetime import date
from itertools import chain
from typing import Any

import pytest
from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask
from flask.testing import FlaskClient

from commons.config import LANGUAGES
from commons.focus.goals import goal
from commons.focus.queries import tree
from commons.places.countries import countries
from commons.web.languages import date_words, own_names
from tests.cast import Cast, sign_in
from tests.make import organisation
from tests.readable import has_words, readable

ENGLISH = set(
    """Sign in, Join, Sign out, Search, More, About, Privacy, Charter, Accessibility, Open data, Help, Language, Light,
    Dark, Save, Like my device, Skip to content, Recent changes, Settings, Areas of focus, Edit, History, Change,
    All organisations""".replace("\n   ", "").split(", ")
)  # "Organisations" is French as well
languages = pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
OWN_WORDS = (
    "/",
    "/join",
    "/sign-in",
    "/forgot",
    "/charter",
    "/privacy",
    "/help",
    "/about",
    "/open-data",
    "/accessibility",
)
LISTS = (
    "/focus",
    "/sdg/6",
    "/organisations",
    "/organisations/filters",
    "/search?q=zzzz",
    "/search",
    "/changes",
    "/nothing-here",
)
SIGNED_IN = ["/organisations/new", "/settings", "/settings/password", "/settings/profile", "/settings/tokens"]


def data() -> set[str]:
    """What is not the interface's to say: names of people, areas, goals, countries and languages."""
    named = {name for _code, name in chain(own_names(), countries("en"))} | set(Locale("en").languages.values())
    areas = {node.label_in("en") for node in tree().nodes.values()}
    goals = [found for number in range(1, 18) if (found := goal(number))]
    named |= {one for found in goals for one in (found.short_in("en"), found.title_in("en"))}
    named |= {target.title_in("en") for found in goals for target in found.targets}
    return named | areas | {"Ana", "ana", "ana@example.org"}


def test_every_word_of_a_page_went_through_a_translation(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(self: Any, text: str, several: str, number: int) -> str:
        return f"⟦{text if number == 1 else several}⟧"

    for kind in (NullTranslations, Translations):
        for name in ("gettext", "ugettext"):
            monkeypatch.setattr(kind, name, lambda self, text: f"⟦{text}⟧")
        for name in ("ngettext", "ungettext"):
            monkeypatch.setattr(kind, name, counted)
    known, bare = data(), []
    for path in (*OWN_WORDS, *LISTS, *SIGNED_IN):
        if path == SIGNED_IN[0]:
            sign_in(client, cast.ana)
        page = client.get(path).text
        assert page.count("⟦") > 20, path
        page = re.sub(r"⟦[^⟧]*⟧", "", page.replace(date_words(date.today()), ""))
        bare += [(path, text) for text in readable(page) if has_words(text) and not set(text.split(" / ")) <= known]
    assert bare == []


@languages
def test_pages_speak_the_language_of_the_cookie(language: str, client: FlaskClient) -> None:
    client.set_cookie("language", language)
    for path in (*OWN_WORDS, *LISTS):
        page = client.get(path).text
        assert f'<html lang="{language}"' in page, path
        assert [text for text in readable(page) if text in ENGLISH] == [], path


def test_an_organisation_and_its_form_are_french_but_for_its_own_words(client: FlaskClient, cast: Cast) -> None:
    made = organisation("Well Diggers", description="Digs wells.", language="en", country="KE", focus=["water"])
    sign_in(client, cast.ana)
    client.set_cookie("language", "fr")
    page = client.get(f"/organisations/{made.slug}").text
    assert '<html lang="fr"' in page and '<bdi lang="en">Well Diggers</bdi>' in page
    form = client.get(f"/organisations/{made.slug}/edit").text
    for shown in (page, form):
        assert not set(readable(shown)) & ENGLISH
        assert "Domaines d’action" in shown or "L’essentiel" in shown


def test_a_language_is_chosen_below_each_page_and_kept(client: FlaskClient) -> None:
    assert client.get("/", headers={"Accept-Language": "es-AR,en;q=0.5"}).text.count('<html lang="es"') == 1
    assert client.post("/language", data={"language": "fr"}).status_code == 303
    assert '<html lang="fr"' in client.get("/", headers={"Accept-Language": "es"}).text
    assert client.post("/language", data={"language": "tlh"}).status_code == 400
    client.set_cookie("language", "tlh")
    assert '<html lang="en"' in client.get("/").text


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "22 novembre 2026"), ("es", "22 de noviembre de 2026"), ("en", "22 November 2026")]
)
def test_dates_are_written_as_the_language_writes_them(language: str, words: str, app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": f"language={language}"}):
        assert date_words(date(2026, 11, 22)) == words
