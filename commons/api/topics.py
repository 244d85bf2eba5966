"""How a program begins a topic, answers in one, and changes either: the text of a topic is that of its first post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from commons.api.shapes import Json, Shape, areas, shown
from commons.entries.within import place_in
from commons.forums.actions import add_post, add_topic
from commons.forums.fields import TITLE
from commons.forums.models import Post, Topic
from commons.forums.queries import posts_by_id, topic_for
from commons.members.models import Member
from commons.text import POST
from commons.web import Invalid

KIND, POST_KIND = "topic", "post"
SORTS = ("discussion", "question")
NUMBER: Json = {"type": "integer", "minimum": 1}
TEXT: Json = {"type": "string", "maxLength": POST, "description": "Markdown; [[Title]] links to a page"}
PROPERTIES: Json = {
    "title": {"type": "string", "minLength": 1, "maxLength": TITLE},
    "text": {**TEXT, "description": "of the first post; later it is changed there"},
    "sort": {"type": "string", "enum": list(SORTS)},
    "language": {"type": "string", "description": "of the text, BCP 47"},
    "focus": {"type": "array", "items": {"type": "string"}, "description": "areas of focus: short names as in /focus"},
    "forum": {**NUMBER, "description": "the id of the forum in which it is begun"},
    "about": {"type": ["integer", "null"], "description": "the id of what it is about"},
}
RECORD: Json = {
    **PROPERTIES,
    "posts": {"type": "integer", "description": "how many stand"},
    "answer": {"type": ["integer", "null"], "description": "the id of the post that answers the question"},
    "closed": {"type": "boolean"},
    "pinned": {"type": "boolean"},
    "last_at": {"type": "string", "description": "ISO time of the last post"},
}
EXAMPLE: Json = {
    "title": "Which roof paint lets rainwater stay drinkable",
    "text": "We are about to paint 300 m² of sheet metal. What have you used?",
    "sort": "question",
    "language": "en",
    "forum": 1234,
}
POST_PROPERTIES: Json = {
    "topic": {**NUMBER, "description": "the id of the topic"},
    "text": {**TEXT, "minLength": 1},
    "reply_to": {"type": ["integer", "null"], "description": "the id of the post in the same topic that it answers"},
}
POST_RECORD: Json = {**POST_PROPERTIES, "number": {**NUMBER, "description": "its place in the topic"}}
POST_EXAMPLE: Json = {"topic": 1235, "text": "Whatever is certified for drinking water. Ours has held six years."}


def _number(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
        raise Invalid({name: _("This does not have the right form.")})
    return value


def _known(body: Mapping[str, Any], properties: Json) -> dict[str, Any]:
    if unknown := [name for name in body if name not in properties]:
        raise Invalid(dict.fromkeys(unknown, _("This field does not exist.")))
    return dict(body)


def read(body: Mapping[str, Any], entry: Any, _viewer: Member | None) -> dict[str, Any]:
    values = _known(body, PROPERTIES)
    if entry is not None and (fixed := [name for name in ("text", "forum", "about") if name in values]):
        raise Invalid(dict.fromkeys(fixed, _("This cannot be changed here.")))
    if values.get("sort", SORTS[0]) not in SORTS:
        raise Invalid({"sort": _("Choose one of the list.")})
    if "focus" in values:
        values["focus"] = areas("focus", values["focus"])
    return values


def add(values: Mapping[str, Any], *, actor: Member, note: str = "", via: str = "") -> Topic:
    given = dict(values)
    forum, about = _number("forum", given.pop("forum", None)), given.pop("about", None)
    about_id = _number("about", about) if about is not None else None
    sort, place = given.pop("sort", SORTS[0]), place_in(forum, KIND, actor)
    return add_topic(given, place=place, actor=actor, sort=sort, about_id=about_id, via=via)


def read_post(body: Mapping[str, Any], entry: Any, _viewer: Member | None) -> dict[str, Any]:
    values = _known(body, POST_PROPERTIES)
    if entry is not None and (fixed := [name for name in ("topic", "reply_to") if name in values]):
        raise Invalid(dict.fromkeys(fixed, _("This cannot be changed here.")))
    return values


def answer(values: Mapping[str, Any], *, actor: Member, note: str = "", via: str = "") -> Post:
    topic = topic_for(_number("topic", values.get("topic")), actor)
    replied = values.get("reply_to")
    found = posts_by_id([_number("reply_to", replied)], actor) if replied is not None else []
    if replied is not None and (not found or found[0].topic_id != topic.id):
        raise Invalid({"reply_to": _("That post does not stand in this topic any more.")})
    return add_post(topic, values.get("text", ""), actor=actor, reply_to=found[0] if found else None, via=via)


shape = Shape(read, shown, PROPERTIES, add, EXAMPLE, RECORD)
post_shape = Shape(read_post, shown, POST_PROPERTIES, answer, POST_EXAMPLE, POST_RECORD)
