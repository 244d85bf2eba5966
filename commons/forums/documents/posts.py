"""How posts leave: the rows of a topic's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import current_app, url_for
from flask_babel import gettext as _

from commons.entries import links
from commons.entries.documents import actor_url
from commons.entries.models import Entry
from commons.feed.documents import reactions_of
from commons.forums.addressing import before_number, spot, topic_address
from commons.forums.models import Post, Topic
from commons.forums.queries import may_answer, may_answer_be_chosen, may_moderate
from commons.forums.queries.beside import heads, numbers_of, reasons_of
from commons.members.models import Member
from commons.members.queries import kept_away
from commons.room import rooms
from commons.text import Link, markdown


class Beside(NamedTuple):
    """What the rows of one page share."""

    links: Mapping[int, Mapping[str, Link]]
    reactions: Mapping[int, dict[str, Any]]
    reasons: Mapping[int, str]
    numbers: Mapping[int, int]
    voices: Mapping[int, Entry]
    people: Mapping[int, dict[str, Any]]
    shy: frozenset[int]
    topic_url: str
    posts: str  # what stands before the number in the addresses of posts
    reports: str  # the same for reporting one; empty on a site that has no place for it
    may_answer: bool
    may_moderate: bool
    answer_url: str | None  # where an answer is chosen, for who may


def post_rows(
    topic: Topic, posts: Sequence[Post], viewer: Member | None, voices: Mapping[int, Entry] | None = None
) -> list[dict[str, Any]]:
    """Posts with their authors, as `posts_of` gives them. A removed one keeps its number and the reason, one of somebody whom
    this viewer does not want to meet is folded."""
    shown = [post for post in posts if post.is_live]
    numbers = {post.id: post.number for post in posts}
    shy = kept_away(viewer)
    missing = [post.reply_to_id for post in shown if post.reply_to_id and post.reply_to_id not in numbers]
    ids = [post.id for post in shown]
    spoken = [post.voice_id for post in shown]
    beside = Beside(
        links=links.shown_in(ids, viewer),
        reactions=reactions_of(ids, viewer, shy) if ids and not topic.is_private else {},
        reasons=reasons_of(posts),
        numbers={**numbers, **numbers_of(missing, viewer)},
        voices=voices if voices is not None else heads(spoken, viewer),
        people={post.author_id or 0: person(post.author) for post in {one.author_id: one for one in shown}.values()},
        shy=shy,
        topic_url=topic_address(topic),
        posts=before_number("forums.post", id=0),
        reports=before_number("moderation.report", entry_id=0) if _may_report() else "",
        may_answer=may_answer(viewer, topic),
        may_moderate=may_moderate(viewer, topic),
        answer_url=url_for("forums.answer", id=topic.id) if may_answer_be_chosen(viewer, topic) else None,
    )
    return [_row(topic, post, viewer, beside) if post.is_live else _stone(post, beside) for post in posts]


def _stone(post: Post, beside: Beside) -> dict[str, Any]:
    return {
        "id": post.id,
        "number": post.number,
        "url": f"{beside.posts}{post.id}",
        "removed": beside.reasons.get(post.id) or _("No reason was written down."),
        "back_url": f"{beside.posts}{post.id}/bring-back" if beside.may_moderate else None,
    }


def _row(topic: Topic, post: Post, viewer: Member | None, beside: Beside) -> dict[str, Any]:
    is_own = viewer is not None and post.author_id == viewer.id and viewer.may_write
    url = f"{beside.posts}{post.id}"
    number = beside.numbers.get(post.reply_to_id or 0)
    return {
        "id": post.id,
        "number": post.number,
        "url": url,
        "removed": None,
        "at": post.created,
        "language": post.language,
        "html": markdown(post.text, links=lambda _names: beside.links.get(post.id, {}), anchor=f"p{post.number}"),
        **beside.people[post.author_id or 0],
        "voice": voice_row(beside.voices.get(post.voice_id or 0)),
        "folded": post.author_id in beside.shy,
        "is_answer": topic.answer_id == post.id,
        "reply_to": {"number": number, "url": spot(beside.topic_url, number)} if number else None,
        "edited": post.version > 1,
        "history_url": f"{url}/history",
        "quote_url": f"{beside.topic_url}?quote={post.id}#reply" if beside.may_answer else None,
        "edit_url": f"{url}/edit" if is_own or beside.may_moderate else None,
        "remove_url": f"{url}/remove" if is_own or beside.may_moderate else None,
        "answer_url": beside.answer_url if post.number > 1 else None,
        "report_url": f"{beside.reports}{post.id}" if beside.reports and not is_own else None,
        "reactions": beside.reactions.get(post.id),
    }


def person(member: Member | None) -> dict[str, Any]:
    """Who says it. Placeholders of an import have no page."""
    return {
        "name": member.name if member else _("an import"),
        "initials": "".join(word[0] for word in member.name.split()[:2]).upper() if member else "",
        "person_url": actor_url(member) if member is not None and member.state != "placeholder" else None,
    }


def voice_row(organisation: Entry | None) -> dict[str, Any] | None:
    """The organisation in whose name it is said."""
    if organisation is None:
        return None
    page = rooms().kinds[organisation.kind].page(organisation)
    return {"title": organisation.title, "language": organisation.language, "url": page}


def _may_report() -> bool:
    return "moderation.report" in current_app.view_functions
