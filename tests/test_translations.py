"""The catalogues say all that the sources say, in the same shape; and no page has words that nobody can translate.

Three ways to find a text that was not marked: in the templates as they are written, in what Python hands to forms and
messages, and on pages where every marked text stands in brackets, so that one without them was not marked.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from commons.config import LANGUAGES
from tests.readable import NAMES, has_words, readable

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = {"fr": 1.0, "es": 0.6}  # the share that has to be translated
WORDS = "-k _l -k _n:1,2 -k lazy_gettext -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2"
MARKS = {"_", "_l", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext"}
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|(\{\{.*?\}\})", re.S)
HINT = "./dev messages collects the texts; then fill in what is empty in commons/translations"

languages = pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])


def catalogue(language: str) -> Catalog:
    with (ROOT / f"commons/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def texts(found: Catalog) -> list[Message]:
    return [message for message in found if message.id]


def forms(side: Any) -> tuple[str, ...]:
    return (side,) if isinstance(side, str) else tuple(side)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    target = tmp_path_factory.mktemp("extracted") / "messages.pot"
    program = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "pyproject.toml"]
    ignored = "--ignore-dirs=.* node_modules var tests docs"
    subprocess.run([*program, *WORDS.split(), ignored, "-o", str(target), "."], cwd=ROOT, check=True)
    with target.open("rb") as file:
        return read_po(file)


# --- the catalogues ---


def test_the_command_collects_with_the_same_words_as_this_test() -> None:
    assert f'"{WORDS}"' in (ROOT / "dev").read_text(encoding="utf-8")


@languages
def test_a_catalogue_has_every_text_of_the_sources_and_no_other(language: str, sources: Catalog) -> None:
    wanted = {(message.context, forms(message.id)) for message in texts(sources)}
    there = {(message.context, forms(message.id)) for message in texts(catalogue(language))}
    assert len(wanted) > 500
    assert wanted == there, HINT


@languages
def test_a_catalogue_is_as_complete_as_it_promises(language: str) -> None:
    found = texts(catalogue(language))
    empty = [message.id for message in found if not all(forms(message.string or ""))]
    assert not [message.id for message in found if message.fuzzy]
    assert 1 - len(empty) / len(found) >= COMPLETE[language], (HINT, empty[:20])


@languages
def test_translations_keep_places_tags_and_lines(language: str) -> None:
    def shape(text: str) -> Counter[str]:
        return Counter(re.findall(r"%\(\w+\)[sd]|%%|\{\w+\}|</?\w[^>]*>|\n", text))

    for message in texts(catalogue(language)):
        said, wanted = forms(message.string), [shape(text) for text in forms(message.id)]
        for text in filter(None, said):
            assert shape(text) in wanted, (message.id, text)
        if said[-1]:
            assert shape(said[-1]) == wanted[-1], (message.id, said[-1])


@languages
def test_plurals_follow_the_rule_of_the_language(language: str) -> None:
    found, rule = catalogue(language), get_plural(language)
    assert (found.num_plurals, found.plural_expr) == (rule.num_plurals, rule.plural_expr)
    for message in texts(found):
        assert len(forms(message.string)) == (rule.num_plurals if message.pluralizable else 1), message.id


@languages
def test_a_catalogue_compiles_without_a_complaint(language: str) -> None:
    found, compiled = catalogue(language), BytesIO()
    assert [(message.id, faults) for message, faults in found.check()] == []
    write_mo(compiled, found)
    compiled.seek(0)
    assert len(texts(read_mo(compiled))) == len([m for m in texts(found) if any(forms(m.string))])


def test_french_keeps_its_spaces_and_apostrophes() -> None:
    for text in chain.from_iterable(forms(message.string) for message in texts(catalogue("fr"))):
        assert not re.search(r" [;:!?»]|« |\w'\w|\.\.\.", text), text


# --- words that nobody marked ---


def bare(template: str) -> list[str]:
    """Words of a template that stand outside of every mark."""
    page = re.sub(r"<(/?)\{\{.*?\}\}", r"<\1b", template)
    page = JINJA.sub(lambda found: " 0 " if found[1] else "", page)
    return [text for text in readable(page) if has_words(text) and not re.match("edge 0$|lang=", text)]


def literals(tree: nodes.Node, marked: bool = False) -> Iterator[str]:
    """Sentences in the expressions of a template that no mark encloses."""
    for node in tree.iter_child_nodes(exclude=("key",)):
        call = isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in MARKS
        if isinstance(node, nodes.Const) and isinstance(node.value, str) and not marked:
            if re.match(r"[A-Z][a-z’]+([ .!?:]|$)|\w+ \w+ \w+", node.value) and not NAMES.fullmatch(node.value):
                yield node.value
        else:
            yield from literals(node, marked or call)


def test_no_template_has_a_word_that_cannot_be_translated() -> None:
    paths = [path for path in (ROOT / "templates").rglob("*.*") if path.name != "robots.txt"]
    assert len(paths) > 50
    for path in paths:
        template = path.read_text(encoding="utf-8")
        found = bare(template) if path.suffix != ".xml" else []
        assert [*found, *literals(Environment().parse(template))] == [], path.relative_to(ROOT)


def test_bare_words_would_be_found() -> None:
    template = """<p class="x">{{ _('One') }} or {{ n }} km</p>
    <a title="Two of them">{% if a %}<{{ h }}>Three</{{ h }}>{% endif %}<i>CC BY-SA · 12 %</i><code>four five</code>
    {{ 'Six seven' if a else _('Eight') }}{{ f(label='Nine') }}</a>"""
    assert bare(template) == ["0 or 0 km", "Two of them", "Three"]
    assert list(literals(Environment().parse(template))) == ["Six seven", "Nine"]


def test_what_scripts_say_is_handed_to_them_by_the_page() -> None:
    handed = (ROOT / "templates" / "_words.html").read_text(encoding="utf-8")
    scripts = [path.read_text(encoding="utf-8") for path in (ROOT / "commons/static/source").glob("*.js")]
    said = {words for script in scripts for words in re.findall(r'\bwords\("([^"]+)"', script)}
    assert len(said) > 5
    assert [words for words in said if f"'{words}': _('{words.replace('%s', '{time}')}')" not in handed] == []


def told(path: Path) -> Iterator[str]:
    """Plain strings that Python shows to people: messages, refusals, labels of fields."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in ("flash", "Forbidden", "Gone", "Conflict", "TooBusy", "Navigation") or name.endswith("Field"):
            shown = [*node.args[:1], *(one.value for one in node.keywords if one.arg in ("label", "description"))]
            for one in shown:
                if isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str)):
                    words = ast.unparse(one).strip("'\"")
                    if re.match(r"[A-Z]|.* ", words):
                        yield f"{path.name}: {words}"


def test_what_python_tells_people_is_marked(tmp_path: Path) -> None:
    modules = [path for room in ("commons", "directory", "wiki") for path in (ROOT / room).rglob("*.py")]
    assert len(modules) > 100
    assert [words for path in modules for words in told(path)] == []
    (tmp_path / "x.py").write_text("flash('Saved.'); flash(_('Saved.')); f = StringField('Your name')")
    assert list(told(tmp_path / "x.py")) == ["x.py: Saved.", "x.py: Your name"]
