"""People who know about something, with what shows it: on the page of a subject, and beside the results of a search."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import url_for

from commons.focus.queries import tree
from commons.focus.subjects import Subject
from commons.members.models import Member
from commons.people.queries.knowing import DOCUMENTS, Knower, Sign, who_know
from commons.people.queries.words import key_of, tokens
from commons.places.countries import names_of_country
from commons.room import rooms
from commons.search.asking import Asked
from commons.search.index import IndexBroken
from commons.subjects.queries import question, relevant

SHOWN = 5  # people
NAMED = 3  # entries named for one sign
MOSTLY = 0.5  # of a page's letters
LONGEST = 3  # words of what somebody can help with, looked for in a question
KINDS = ("page", "topic")


def who_knows(subject: Subject, viewer: Member | None) -> dict[str, Any] | None:
    """The panel of a subject; it stands there also for nobody, to say how one comes into it."""
    asked, where = question(subject.words), question(subject.address)
    return _panel(asked, where, _said(subject), viewer)


def who_knows_words(asked: Asked, viewer: Member | None) -> dict[str, Any] | None:
    """The same beside what was found for some words; nothing where nobody is known."""
    if asked.query.empty:
        return None
    panel = _panel(asked, asked, _phrases(asked.query.text), viewer)
    return panel if panel and panel["people"] else None


def _panel(asked: Asked, where: Asked, words: Collection[str], viewer: Member | None) -> dict[str, Any] | None:
    try:
        documents = relevant(asked, viewer, KINDS, DOCUMENTS)
        organisations = relevant(where, viewer, ("organisation",), DOCUMENTS)
    except IndexBroken:
        return None
    found = who_know(documents, organisations, words, viewer)
    return {
        "people": [_person(one, viewer) for one in found[:SHOWN]],
        "settings_url": url_for("people.edit", _anchor="named_for") if viewer else "",
    }


def _said(subject: Subject) -> set[str]:
    """What somebody would write who can help with it."""
    if subject.sort == "country":
        names = names_of_country(subject.key)
    else:
        nodes = tree().nodes
        names = [name for area in subject.areas if area in nodes for name in nodes[area].words]
    return {key for name in names if (key := key_of(name))}


def _phrases(text: str) -> set[str]:
    """One to three words of a question that stand together."""
    words = tokens(text)[:20]
    return {
        " ".join(words[first:last])
        for first in range(len(words))
        for last in range(first + 1, min(first + LONGEST, len(words)) + 1)
    }


def _person(knower: Knower, viewer: Member | None) -> dict[str, Any]:
    own = viewer is not None and viewer.username == knower.username
    return {
        "name": knower.name,
        "username": knower.username,
        "url": url_for("people.profile", username=knower.username),
        "write_url": url_for("talks.new", to=knower.username) if viewer is not None and not own else "",
        "signs": [_row(sign) for sign in sorted(knower.signs.values(), key=lambda sign: -sign.weight)],
    }


def _row(sign: Sign) -> dict[str, Any]:
    """Of pages that somebody wrote, those that are mostly theirs, where there are any."""
    things = sorted(sign.entries, key=lambda pair: -pair[1])
    mostly = [pair for pair in things if sign.why == "wrote" and pair[1] > MOSTLY]
    kinds = rooms().kinds
    return {
        "why": "wrote most" if mostly else sign.why,
        "many": sign.many,
        "words": list(dict.fromkeys(sign.words))[:NAMED],
        "entries": [
            {"title": one.title, "language": one.language, "url": kinds[one.kind].page(one)}
            for one, _share in (mostly or things)[:NAMED]
        ],
    }
