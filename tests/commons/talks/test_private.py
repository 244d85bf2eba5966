"""Nobody reads a talk who does not sit in it: not an administrator, by no address, no action and no machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.routing import AnyConverter

from commons.db import db, transaction
from commons.entries.followers import catch_up
from commons.forums.actions import accept_answer, add_post, edit_post, edit_topic, remove_post, remove_topic
from commons.forums.models import Post, Topic
from commons.forums.queries import may_moderate, topics_about, topics_in
from commons.members.actions import make_token
from commons.members.models import Member, Outgoing
from commons.moderation.actions import protect, report, undo_all
from commons.moderation.reports import case_of
from commons.search.asking import asked_from
from commons.search.queries import find
from commons.talks.actions import begin
from commons.web import Forbidden
from tests.cast import Cast, sign_in
from tests.commons.forums.makers import old_hands

ROOT = Path(__file__).resolve().parents[3]
WORDS = ("canarytitle", "canaryfirst", "canarysecond", "canaryedited", "canarynote")
# who may know the table of posts: the rooms of the conversation, and the API, which reads it as the owner of a token
READERS = (
    *("commons.talks", "commons.forums", "commons.walls", "commons.demo", "commons.api.topics"),
    "directory.partnerships.dossiers",  # its own conversation, behind its own door
)


@pytest.fixture
def talk(app: Flask, cast: Cast) -> Topic:
    """Ana and Ben, with an edit, a mention, a link and a #tag; everything that follows the log has seen it."""
    old_hands()
    with transaction():
        cast.mo.role = "administrator"
    made = begin(
        {"title": "canarytitle", "text": "canaryfirst @mo.derates [[Wells]] #canarytag"}, [cast.ben], actor=cast.ana
    )
    post = add_post(made, "canarysecond", actor=cast.ben)
    edit_post(post, {"text": "canaryedited"}, version=1, actor=cast.ben, note="canarynote")
    catch_up()
    return db.session.get_one(Topic, made.id)


@pytest.fixture
def mo(app: Flask, cast: Cast, talk: Topic) -> FlaskClient:
    return sign_in(app.test_client(), cast.mo)


def posts(talk: Topic) -> list[Post]:
    return list(db.session.scalars(select(Post).where(Post.topic_id == talk.id).order_by(Post.number)))


def addresses(app: Flask, talk: Topic) -> Iterator[str]:
    """Every address that can be asked for, of the talk and of each of its messages."""
    ids = [talk.id, *(post.id for post in posts(talk))]
    known: dict[str, list[Any]] = dict.fromkeys(("id", "entry_id", "topic_id"), ids)
    known |= {"slug": [str(id) for id in ids], "collection": ["topics", "posts"], "tag": ["canarytag"], "words": ["x"]}
    known |= {"username": ["ana"], "key": ["nothing"]}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in ("asset", "static"):
            continue
        names = sorted(rule.arguments - (rule.defaults or {}).keys())
        few = {name: sorted(one.items) for name, one in rule._converters.items() if isinstance(one, AnyConverter)}
        for values in product(*((known | few).get(name, [1]) for name in names)):
            built = rule.build({**(rule.defaults or {}), **dict(zip(names, values, strict=True))})
            if built is not None:
                yield built[1]


def test_an_administrator_finds_nothing_of_it_at_any_address(app: Flask, mo: FlaskClient, cast: Cast, talk: Topic) -> None:  # fmt: skip
    key = {"Authorization": f"Bearer {make_token(cast.mo, 'all', ['read', 'write'])}"}
    told, many = [], 0
    more = [f"/report/{one.id}" for one in posts(talk)] + [
        "/tags/canarytag",
        "/search?q=canaryfirst",
        "/messages?q=canary",
    ]
    for address in [*addresses(app, talk), *more]:
        answer = mo.get(address, headers=key if address.startswith("/api/") else {})
        text = f"{answer.headers}{answer.get_data(as_text=True)}".lower()
        told += [(address, word) for word in WORDS if word in text and word not in address]
        answer.close()
        many += 1
    assert told == [] and many > 300
    ana = sign_in(app.test_client(), cast.ana)
    assert "canaryedited" in ana.get(f"/topics/{talk.id}", follow_redirects=True).text, "who sits in it reads it"
    assert "canarynote" in ana.get(f"/posts/{posts(talk)[1].id}/history", follow_redirects=True).text


def test_an_administrator_is_answered_as_if_it_were_not_there(mo: FlaskClient, talk: Topic) -> None:
    here, missing = posts(talk)[1], 987_654
    for shape in (
        "/topics/{t}/x",
        "/topics/{t}/history",
        "/posts/{p}",
        "/posts/{p}/history",
        "/e/{p}",
        "/report/{p}",
        "/topics/{t}.atom",
    ):
        real, none = (mo.get(shape.format(t=t, p=p)) for t, p in ((talk.id, here.id), (missing, missing)))
        assert real.status_code == none.status_code == 404, shape
    for shape in ("/topics/{t}/reply", "/topics/{t}/remove", "/topics/{t}/protect", "/posts/{p}/remove", "/posts/{p}/protect", "/messages/{t}/leave", "/messages/{t}/accept", "/topics/{t}/seen", "/reactions/{p}"):  # fmt: skip
        data = {"text": "x", "note": "x", "level": "moderators", "reason": "x", "what": "like"}
        real, none = (mo.post(shape.format(t=t, p=p), data=data) for t, p in ((talk.id, here.id), (missing, missing)))
        assert real.status_code == none.status_code == 404 and not (real.location or none.location), shape
    assert db.session.get_one(Topic, talk.id).is_live


def test_no_action_lets_an_administrator_in(cast: Cast, talk: Topic) -> None:
    mo, post = cast.mo, posts(talk)[1]
    assert not may_moderate(mo, talk)
    for attempt in (
        lambda: add_post(talk, "x", actor=mo),
        lambda: edit_post(post, {"text": "x"}, version=post.version, actor=mo),
        lambda: edit_topic(talk, {"title": "x"}, version=talk.version, actor=mo),
        lambda: remove_post(post, actor=mo, note="x"),
        lambda: remove_topic(talk, actor=mo, note="x"),
        lambda: accept_answer(talk, post, actor=mo),
        lambda: report(post, "spam", actor=mo),
        lambda: protect(talk, "moderators", "x", None, actor=mo),
    ):
        with pytest.raises(Exception) as caught:
            attempt()
        assert not isinstance(caught.value, AssertionError | TypeError), caught.value
    assert undo_all(cast.ben, actor=mo, note="x") == [] and posts(talk)[1].text == "canaryedited"


def test_no_document_of_it_stands_in_the_index_and_no_list_counts_it(cast: Cast, talk: Topic) -> None:
    for who in (None, cast.mo, cast.ana):
        for word in WORDS:
            with current_app.test_request_context():
                found = find(asked_from(MultiDict({"q": word})), who, 10)
            assert found.total == 0, "not even for those who sit in it: they have a search of their own"
    assert (
        db.session.scalars(topics_about(talk, cast.mo)).all()
        == []
        == db.session.scalars(topics_in(talk, cast.mo)).all()
    )


def test_no_mail_carries_its_words(talk: Topic) -> None:
    mails = [f"{mail.subject} {mail.text} {mail.html} {mail.about}" for mail in db.session.scalars(select(Outgoing))]
    assert [mail for mail in mails if any(word in mail for word in WORDS)] == []


def test_a_report_shows_the_case_and_nothing_beside_it(mo: FlaskClient, cast: Cast, talk: Topic) -> None:
    report(posts(talk)[0], "harassment", actor=cast.ben)
    case = mo.get(f"/moderation/reports/{posts(talk)[0].id}").text
    assert "canaryfirst" in case and "canaryedited" not in case and "canarytitle" not in case
    assert case_of(posts(talk)[0].id, cast.mo).is_open_to_me is False
    assert "canary" not in mo.get("/moderation/reports").text
    with pytest.raises(Forbidden):
        report(posts(talk)[0], "harassment", actor=cast.mo)


def test_a_moderator_who_is_written_to_has_no_more_rights_there_than_others(cast: Cast, talk: Topic) -> None:
    with transaction():
        own = begin({"text": "To a moderator"}, [cast.ben], actor=cast.ana)
    other: Member = cast.mo
    assert not may_moderate(other, own)


def test_only_rooms_of_the_conversation_know_the_table_of_posts() -> None:
    """No file outside of these imports Post, writes its table's name in SQL, or asks for posts by their talk."""
    faults = []
    for path in sorted(p for top in ("commons", "directory", "wiki") for p in (ROOT / top).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if name.startswith(READERS) or "/built/" in str(path):
            continue
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("commons.forums"):
                faults += [f"{name} imports {one.name}" for one in node.names if one.name in ("Post", "models")]
        faults += [f"{name}: {found}" for found in re.findall(r"(?i)\b(?:from|join) post\b|Post\.text", text)]
    assert faults == []
