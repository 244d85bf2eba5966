"""Templates look things up as Jinja does, only quicker."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from jinja2 import StrictUndefined, UndefinedError, pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context

from commons.web.templating import Environment


@pytest.fixture
def templates(app: Flask) -> Environment:
    return Environment(app, autoescape=True)


def test_a_row_answers_with_what_it_holds_and_keeps_the_methods_of_a_dictionary(templates: Environment) -> None:
    row = {"title": "Wells & pumps", "items": "not the method", "get": "neither"}
    shown = templates.from_string(
        "{{ row.title }}|{{ row.items()|length }}|{{ row.get('none', 'mine') }}|{{ row.gone }}"
    )
    assert shown.render(row=row) == "Wells &amp; pumps|3|mine|"


def test_what_a_row_does_not_hold_is_undefined(templates: Environment) -> None:
    assert templates.from_string("{{ row.gone is defined }} {{ row.there is defined }}").render(row={"there": 1}) == (
        "False True"
    )
    templates.undefined = StrictUndefined
    with pytest.raises(UndefinedError, match="has no attribute 'gone'"):
        templates.from_string("{{ row.gone }}").render(row={})


def test_an_object_answers_as_ever(templates: Environment) -> None:
    class Thing:
        name = "Well"

        def __getitem__(self, key: str) -> str:
            return f"item {key}"

    assert templates.from_string("{{ thing.name }}, {{ thing.depth }}").render(thing=Thing()) == "Well, item depth"


def test_whatever_is_called_gets_what_it_asks_for(templates: Environment) -> None:
    @pass_context
    def named(context: Context, word: str) -> str:
        return f"{word} {context['name']}"

    @pass_eval_context
    def escaping(context: EvalContext, *, loud: bool = False) -> str:
        return f"{context.autoescape} {loud}"

    class Called:
        def __call__(self, number: int) -> int:
            return number + 1

    values: dict[str, Any] = {"named": named, "escaping": escaping, "called": Called(), "plain": lambda n, by=1: n * by}
    text = (
        "{% macro twice(it, by='') %}{{ it }}{{ it }}{{ by }}{{ caller() if caller }}{% endmacro %}"
        "{% for n in [2] %}{{ plain(n, by=3) }} {{ called(n) }} {{ named('I am') }} {{ escaping(loud=true) }} "
        "{{ twice('<', by='&') }} {% call twice('a') %}b{% endcall %}{% endfor %}"
    )
    assert templates.from_string(text).render(name="Ana", **values) == "6 3 I am Ana True True &lt;&lt;&amp; aab"
