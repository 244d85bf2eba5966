"""Every result says why it is there, and what it says is true of the record."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from commons.db import now
from commons.entries.followers import catch_up
from commons.entries.within import place_in
from commons.files.actions import add_file
from commons.focus.queries import tree
from commons.forums.actions import add_post
from commons.members.door import act_as
from commons.members.models import Member
from commons.places.countries import names_of_country
from commons.room import rooms
from commons.search.asking import Asked, asked_from
from commons.search.folding import fold
from commons.search.pages import rows
from commons.search.queries import find
from commons.search.reasons import Reason
from directory.actions import confirm_organisation
from tests import make
from tests.cast import Cast
from tests.commons.forums import makers


def community(cast: Cast) -> None:
    makers.old_hands()
    maji = make.organisation(
        "Maji kwa Wote", country="KE", city="Kisumu", lat=-0.1, lon=34.75, focus=["water"], names=["Wells for All"],
        description="We dig wells with villages and repair pumps.",
    )  # fmt: skip
    confirm_organisation(maji, version=maji.version, actor=cast.mo)
    make.organisation("Bosques vivos", country="BO", city="La Paz", focus=["forestry"], description="Árboles y agua.")
    make.organisation(
        "Pump menders", country="UG", description="Hand pumps are mended in Kisumu too.", focus=["composting"]
    )
    make.page("How to mend a hand pump", "Take the rod out. Kisumu has spare parts.", focus=["water"])
    make.page("Composting", "Leaves and water.", actor=cast.ben)
    topic = makers.topic("Which pumps last?", "Ours rust in the lake water.", actor=cast.ana, focus=[])
    add_post(topic, "Steel rods last longer.", actor=cast.ben)
    sheet = {"title": "A price list", "licence": "CC BY 4.0", "credit": "Ana", "description": "Spring prices"}
    add_file(BytesIO(b"Rods, pumps and valves in Kisumu.\n"), "prices.txt", sheet, actor=cast.ana)
    group = makers.group("private", members=(cast.ben,))
    from_group = place_in(group.id, "topic", cast.ana)
    assert from_group.audience.startswith("group:")
    catch_up()


def has(text: str, word: str) -> bool:
    """By the beginnings of words: enough to tell a true reason from an invented one."""
    return any(part[:3] == fold(word)[:3] for part in re.findall(r"\w+", fold(text)))


def is_true(reason: Reason, entry: Any, asked: Asked, who: Member | None) -> bool:
    words = [
        word
        for word in asked.query.terms
        if len(word) > 2 and word not in ("for", "how", "the", "which", "with", "all")
    ]
    some = reason.word.split(", ")
    checks: dict[str, Callable[[], Any]] = {
        "name": lambda: reason.fact == entry.title and all(has(entry.title, word) for word in words),
        "other name": lambda: reason.fact in _names(entry) and all(has(reason.fact, word) for word in words),
        "words in name": lambda: all(has(entry.title, word) for word in some),
        "area": lambda: _area_is_true(reason, entry) and any(has(reason.word, word) for word in words),
        "place": lambda: (entry.city or "") in reason.fact and any(has(_where(entry), word) for word in words),
        "near": lambda: asked.near is not None and abs(_km(entry, asked) - int(reason.word)) <= 1,
        "yours": lambda: who is not None and entry.author_id == who.id,
        "your group": lambda: who is not None and entry.audience in {seat.audience for seat in who.seats},
        "file": lambda: entry.kind == "file" and not any(has(entry.title + entry.description, word) for word in some),
        "text": lambda: any(has(_text(entry), word) for word in (some if reason.word else words)),
        "confirmed": lambda: (now().date() - entry.confirmed_on).days <= 31,
    }
    return bool(checks[reason.sort]())


def _names(entry: Any) -> list[str]:
    return tree().nodes[entry.id].words if entry.kind == "focus" else list(entry.aliases)


def _area_is_true(reason: Reason, entry: Any) -> bool:
    node = tree().by_slug[reason.fact]
    return node.id in tree().with_parents(entry.focus) and reason.word in node.words


def _where(entry: Any) -> str:
    return " ".join((entry.city, getattr(entry, "region", ""), *names_of_country(entry.country)))


def _km(entry: Any, asked: Asked) -> float:
    assert asked.near is not None
    a, b = math.radians(entry.lat), math.radians(asked.near.lat)
    along = math.radians(entry.lon - asked.near.lon)
    return 6371 * math.acos(min(1.0, math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(along)))


def _text(entry: Any) -> str:
    kind = rooms().kinds[entry.kind]
    documents = kind.documents([entry.id]) if kind.documents else []
    return " ".join(f"{one.title} {one.text}" for one in documents)


WORDS = [
    "water",
    "eau",
    "agua",
    "pumps",
    "pump",
    "mend",
    "wells",
    "rods",
    "Kisumu",
    "kenya",
    "Kenia",
    "Bolivia",
    "bosques",
    "árboles",
    "forêt",
    "composting",
    "compost",
    "leaves",
    "prices",
    "valves",
    "steel",
    "last",
    "maji",
    "list",
    "hand",
    "uganda",
    "spring",
    "steel",
]


def test_every_reason_is_true_of_its_record(app: Flask, cast: Cast) -> None:
    community(cast)
    chosen, seen = random.Random(6), set[str]()
    questions = [
        *WORDS,
        "lanterns near Kisumu",
        "wells near Kisumu",
        "which pumps last",
        "how to mend a pump",
        "wells for all",
    ]
    questions += [" ".join(chosen.sample(WORDS, chosen.randint(2, 3))) for _ in range(80)]
    for number, words in enumerate(questions):
        with app.app_context(), app.test_request_context():
            who = (None, cast.ana, cast.ben)[number % 3]
            if who is not None:
                act_as(who)
            asked = asked_from(MultiDict({"q": words}))
            for row in rows(asked, find(asked, who, 20)):
                assert len(row["why"]) == len(row["reasons"]) <= 3
                for reason in row["why"]:
                    seen.add(reason.sort)
                    assert is_true(reason, row["entry"], asked, who), (words, row["title"], reason)
    assert seen >= {
        "name",
        "other name",
        "words in name",
        "area",
        "place",
        "near",
        "yours",
        "file",
        "text",
        "confirmed",
    }


def reasons(client: FlaskClient, words: str, title: str) -> list[str]:
    items = client.get("/api/v1/search", query_string={"q": words}).get_json()["items"]
    return next(item["reasons"] for item in items if item["title"] == title)


def test_eau_finds_who_works_on_water_and_says_why(client: FlaskClient, cast: Cast) -> None:
    community(cast)
    assert "works on Water (Eau)" in reasons(client, "eau", "Maji kwa Wote")
    assert "is about Water (Eau)" in reasons(client, "eau", "How to mend a hand pump")
    assert reasons(client, "valves", "A price list") == ["“valves” in the words of the file"]
    assert reasons(client, "wells for all", "Maji kwa Wote")[0] == "also called “Wells for All”"
