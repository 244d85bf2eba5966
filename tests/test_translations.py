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
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import nodes

from commons.config import LANGUAGES
from commons.focus.goals import goal
from commons.focus.queries import tree
from commons.places.countries import countries
from commons.web.languages import date_words, own_names
from tests.cast import Cast, sign_in
from tests.make import organisation

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = {"fr": 1.0, "es": 0.6}  # the share that has to be translated
WORDS = "-k _l -k _n:1,2 -k lazy_gettext -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2"
MARKS = {"_", "_l", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext"}
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|(\{\{.*?\}\})", re.S)
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = re.compile(r"CC BY-SA|CC0-1\.0|Atom|CSV|GeoJSON|JSON|API|Markdown|Common Ground|\bkm\b|https?://\S+|@\S+")
READ_ALOUD = ("title", "alt", "placeholder", "aria-label", "aria-description", "content")
NOT_READ = ("code", "kbd", "pre", "script", "style", "bdi")
FRAME = """Sign in|Join|Sign out|Search|More|About|Privacy|Charter|Accessibility|Open data|Help|Language|Light|Dark
Like my device|Skip to content|Recent changes|Settings|Organisations|Areas of focus|Edit|History|Save""".replace(
    "\n", "|"
)
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


class Readable(HTMLParser):
    """The texts of a page: between its tags, and in the attributes that are read aloud."""

    def __init__(self, without: str = "") -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside: list[str] = []
        self.without = without  # the name of fields whose choices are data

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in NOT_READ or (tag == "select" and re.fullmatch(self.without, given.get("name") or "")):
            self.inside.append(tag)
        if tag != "meta" or given.get("name") == "description":
            self.texts += [value for name in READ_ALOUD if (value := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside and data.strip():
            self.texts.append(" ".join(data.split()))


def readable(page: str, without: str = "") -> list[str]:
    reader = Readable(without)
    reader.feed(page)
    return reader.texts


def bare(template: str) -> list[str]:
    """Words of a template that stand outside of every mark."""
    page = re.sub(r"<(/?)\{\{.*?\}\}", r"<\1b", template)
    page = JINJA.sub(lambda found: " 0 " if found[1] else "", page)
    return [text for text in readable(page) if WORD.search(NAMES.sub("", text))]


def literals(tree: nodes.Node, marked: bool = False) -> Iterator[str]:
    """Sentences in the expressions of a template that no mark encloses."""
    for node in tree.iter_child_nodes():
        call = isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in MARKS
        if isinstance(node, nodes.Const) and isinstance(node.value, str) and not marked:
            if re.match(r"[A-Z][a-z’]+([ .!?:]|$)|\w+ \w+ \w+", node.value) and not NAMES.fullmatch(node.value):
                yield node.value
        else:
            yield from literals(node, marked or call)


TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.*") if path.name != "robots.txt")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_has_no_word_that_cannot_be_translated(path: Path, app: Flask) -> None:
    template = path.read_text(encoding="utf-8")
    found = bare(template) if path.suffix != ".xml" else []
    assert [*found, *literals(app.jinja_env.parse(template))] == []


def test_bare_words_would_be_found(app: Flask) -> None:
    template = """<p class="x">{{ _('One') }} or {{ n }} km</p>
    <a title="Two of them">{% if a %}<{{ h }}>Three</{{ h }}>{% endif %}<i>CC BY-SA · 12 %</i><code>four five</code>{{ 'Six seven' if a else _('Eight') }}{{ f(label='Nine') }}</a>"""
    assert bare(template) == ["0 or 0 km", "Two of them", "Three"]
    assert list(literals(app.jinja_env.parse(template))) == ["Six seven", "Nine"]


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


BRACKETED = ["/join", "/sign-in", "/forgot", "/charter", "/privacy", "/help", "/about", "/open-data", "/accessibility"]
WITH_DATA = ["/", "/focus", "/organisations", "/organisations/new", "/search?q=zzzz", "/changes", "/nothing-here"]


@pytest.mark.parametrize("path", [*BRACKETED, *WITH_DATA, "/settings"])
def test_every_word_of_a_page_went_through_a_translation(
    path: str, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one(self: Any, text: str) -> str:
        return f"⟦{text}⟧"

    def counted(self: Any, text: str, several: str, number: int) -> str:
        return f"⟦{text if number == 1 else several}⟧"

    if path in ("/settings", "/organisations/new"):
        sign_in(client, cast.ana)
    for kind in (NullTranslations, Translations):
        for name in ("gettext", "ugettext"):
            monkeypatch.setattr(kind, name, one)
        for name in ("ngettext", "ungettext"):
            monkeypatch.setattr(kind, name, counted)
    data = {name for _code, name in chain(own_names(), countries("en"))} | {"Ana", "A", "ana", "ana@example.org"}
    data |= {node.label_in("en") for node in tree().nodes.values()}
    data |= {goals.short_in("en") for number in range(1, 18) if (goals := goal(number))} | {date_words(date.today())}
    page = client.get(path).text.replace("⟦</b>", "</b>")
    page = re.sub(r"⟦[^⟧]*⟧", lambda found: re.sub(WORD, "", found[0]), page)
    left = [text for text in readable(page, "country|language|languages") if text not in data]
    assert [text for text in left if WORD.search(NAMES.sub("", text))] == []


# --- the pages ---


@languages
@pytest.mark.parametrize("path", [*BRACKETED, *WITH_DATA])
def test_a_page_speaks_the_language_of_the_cookie(path: str, language: str, client: FlaskClient) -> None:
    client.set_cookie("language", language)
    page = client.get(path).text
    assert f'<html lang="{language}"' in page
    same = {m.id for m in catalogue(language) if m.id == m.string}  # "Organisations" is French as well
    assert [text for text in readable(page) if text in set(FRAME.split("|")) - same] == []


def test_an_organisation_and_its_form_are_french_but_for_its_own_words(client: FlaskClient, cast: Cast) -> None:
    made = organisation("Well Diggers", description="Digs wells.", language="en", country="KE", focus=["water"])
    sign_in(client, cast.ana)
    client.set_cookie("language", "fr")
    page = client.get(f"/organisations/{made.slug}").text
    assert '<html lang="fr"' in page and '<bdi lang="en">Well Diggers</bdi>' in page
    form = client.get(f"/organisations/{made.slug}/edit").text
    for shown in (page, form):
        assert not set(readable(shown)) & (set(FRAME.split("|")) - {"Organisations"})
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
