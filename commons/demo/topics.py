"""Topics of the demo community: what its invented members ask and answer in the forums, and three groups.

`topics/forums.jsonl` are the forums, one file for each holds its topics: {title, posts: [{by, text}]}, and where there are any `sort`,
`language`, `focus` (slugs), `about` (title of a page), `answer` (number of the post), `choices`, `votes`, `pinned`. A post may say `to`
(the number it answers) and who thinks what of it (`like`, `recommend`). Nothing in it is about a real organisation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.models import Entry
from commons.entries.within import Place, place_in
from commons.feed.actions import react
from commons.feed.models import REACTIONS
from commons.focus.queries import area_from
from commons.forums.actions import accept_answer, add_forum, add_post, add_topic, forum_of
from commons.forums.actions.organising import pin
from commons.forums.models import Forum, Post, Topic
from commons.forums.queries import post_numbered
from commons.groups.actions import add_group
from commons.groups.actions.seats import seat
from commons.members.models import Member
from commons.walls.actions import vote

HERE = Path(__file__).parent / "topics"
HOST = "hana"  # who opens the forums
People = Mapping[str, Member]


def load_topics(say: Callable[[str], object]) -> None:
    """Called when the invented members and their pages are there."""
    people = {member.username: member for member in db.session.scalars(select(Member).where(Member.email.is_not(None)))}
    with transaction():
        for member in people.values():  # who lives in a demo is no newcomer
            member.trusted = member.trusted or member.created
    many = 0
    for place, row in enumerate(_rows("forums"), start=1):
        values = {"title": row["title"], "text": row["text"], "focus": _areas(row)}
        forum = add_forum(values, actor=people[HOST], place=10 * place)
        for topic in _rows(row["key"]):
            _begin(topic, forum, people)
            many += 1
    groups = [_group(row, people) for row in _rows("groups")]
    say(f"{many} topics in the forums and {len(groups)} groups by the invented members")


def _rows(name: str) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())


def _areas(row: Mapping[str, Any]) -> list[int]:
    return sorted(area.id for slug in row.get("focus", ()) if (area := area_from(slug)))


def _begin(row: Mapping[str, Any], forum: Forum, people: People) -> Topic:
    first, *others = row["posts"]
    who = people[first["by"]]
    values = {"title": row["title"], "text": first["text"], "language": row.get("language", "en"), "focus": _areas(row)}
    more = {"sort": row.get("sort", "discussion"), "about_id": _about(row), "choices": row.get("choices", ())}
    place: Place = place_in(forum.id, "topic", who)
    topic = add_topic(values, place=place, actor=who, **more)
    posts = [_first(topic)]
    for post in others:
        replied = posts[post["to"] - 1] if "to" in post else None
        language = post.get("language", "")
        posts.append(add_post(topic, post["text"], actor=people[post["by"]], reply_to=replied, language=language))
    if "answer" in row:
        accept_answer(topic, posts[row["answer"] - 1], actor=who)
    for said, post in zip(row["posts"], posts, strict=True):
        _thought_of(said, post, people)
    for name, choice in row.get("votes", {}).items():
        vote(topic, choice, actor=people[name])
    if row.get("pinned"):
        pin(topic, actor=people[HOST])
    return topic


def _first(topic: Topic) -> Post:
    first = post_numbered(topic, 1)
    assert first is not None
    return first


def _about(row: Mapping[str, Any]) -> int | None:
    """The page that it is about, where the demo has it."""
    return db.session.scalar(select(Entry.id).where(Entry.kind == "page", Entry.title == row.get("about", "")).limit(1))


def _thought_of(said: Mapping[str, Any], post: Post, people: People) -> None:
    for what in REACTIONS:
        for name in said.get(what, ()):
            react(post, what, actor=people[name])


def _group(row: Mapping[str, Any], people: People) -> int:
    admin = people[row["admin"]]
    values = {name: row[name] for name in ("title", "summary", "text", "joining")} | {"focus": _areas(row)}
    group = add_group(values, actor=admin, visibility=row["visibility"])
    with transaction():
        for name in row["members"]:
            seat(group, people[name])
    for name in (row["admin"], *row["members"]):
        db.session.expire(people[name], ["seats"])
    _begin(row["topic"], forum_of(group, admin), people)
    return group.id
