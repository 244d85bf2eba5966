"""The addresses of topics and posts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import url_for
from werkzeug.routing import BaseConverter

from commons.forums.models import Post
from commons.forums.queries import page_of
from commons.text import slug

OWN = frozenset(
    [
        "answer",
        "bring-back",
        "diff",
        "edit",
        "history",
        "organise",
        "posts",
        "protect",
        "remove",
        "reply",
        "report",
        "seen",
        "unwatch",
        "wall",
        "watch",
        "watching",
    ]
)  # words that mean a page of a topic


class WordsConverter(BaseConverter):
    """The words behind the number of a topic: anything but the name of one of its pages."""

    regex = rf"(?!(?:{'|'.join(sorted(OWN))})(?:$|\?|/))[^/.]+"


def topic_address(topic: Any, **values: Any) -> str:
    """`/topics/12/solar-pumps-that-last`: the number finds it, the words are for people."""
    return url_for("forums.topic", id=topic.id, words=words_of(topic), **values)


def words_of(topic: Any) -> str:
    return _words(topic.title)


@lru_cache(maxsize=20_000)
def _words(title: str) -> str:
    words = slug(title)[:60].strip("-") or "topic"
    return f"{words}-" if words in OWN else words


def place_of(topic: Any, number: int) -> str:
    """The page of the topic on which a post of this number stands, at that post."""
    return spot(topic_address(topic), number)


def spot(address: str, number: int) -> str:
    """The same from the address of the topic, for lists that have it already."""
    page = page_of(number)
    return f"{address}{f'?page={page}' if page > 1 else ''}#post-{number}"


def post_address(post: Post) -> str:
    return url_for("forums.post", id=post.id)


def before_number(endpoint: str, **values: Any) -> str:
    """What stands before the number 0 in the address of an endpoint: a page has a hundred of them, and building each one
    through the router costs more than its posts."""
    return url_for(endpoint, **values).rpartition("0")[0]
