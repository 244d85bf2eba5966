"""Parts of the frame are remembered, and never stand where they do not belong."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import DictLoader

from commons.web import parts
from tests.cast import Cast, sign_in


def bar(client: FlaskClient, path: str, **more: Any) -> str:
    found = re.search(r'<nav class="bottom-bar".*?</nav>', client.get(path, **more).text, re.S)
    assert found is not None
    return found.group()


def test_a_part_is_drawn_once_for_the_same_values(app: Flask) -> None:
    drawn: list[str] = []

    def draws(word: str) -> str:
        drawn.append(word)
        return word

    app.jinja_env.loader = DictLoader({"one.html": "<i>{{ draws(word) }}</i>{{ viewer }}"})
    app.jinja_env.globals["draws"] = draws
    part: Any = app.jinja_env.globals["part"]
    with app.test_request_context("/"):
        assert [part("one.html", word=word) for word in ("<a>", "b", "<a>", "b")] == [
            "<i>&lt;a&gt;</i>",
            "<i>b</i>",
        ] * 2
    assert drawn == ["<a>", "b"]


def test_no_more_are_kept_than_can_be_of_use(app: Flask) -> None:
    app.jinja_env.loader = DictLoader({"one.html": "{{ number }}"})
    part: Any = app.jinja_env.globals["part"]
    with app.test_request_context("/"):
        for number in range(3 * parts.MOST):
            assert part("one.html", number=number) == str(number)
    assert 0 < len(app.extensions["parts"]) <= parts.MOST


def test_each_reader_has_the_frame_of_their_language_place_and_rights(app: Flask, cast: Cast) -> None:
    visitor, member = app.test_client(), sign_in(app.test_client(), cast.ana)
    for _ in range(2):
        english, french = bar(visitor, "/forums"), bar(visitor, "/forums", headers={"Accept-Language": "fr"})
        assert "Sign in" in english and "Settings" not in english
        assert "Se connecter" in french and "Sign in" not in french
        assert "Settings" in bar(member, "/forums") and "Sign in" not in bar(member, "/forums")
        assert 'href="/forums" aria-current="page"' in english
        assert 'href="/forums" aria-current="page"' not in bar(visitor, "/wiki")
        mounted = bar(visitor, "/forums", environ_overrides={"SCRIPT_NAME": "/commons"})
        assert 'href="/commons/forums"' in mounted and 'href="/forums"' not in mounted
