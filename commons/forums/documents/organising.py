"""What the page shows on which a topic is put in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from commons.audience import MEMBERS, PUBLIC
from commons.entries.documents import actor_name
from commons.entries.within import takes
from commons.forums.addressing import topic_address
from commons.forums.models import Forum, Post, Topic
from commons.forums.queries import forum_within, site_forums
from commons.groups.queries import groups_of
from commons.members.models import Member
from commons.text import excerpt

SHOWN = 120  # characters of a post


def organise_page(topic: Topic, posts: Sequence[Post], viewer: Member | None) -> dict[str, Any]:
    return {
        "topic": topic,
        "page_url": topic_address(topic),
        "forums": [_forum(forum, group) for forum, group in _places(topic, viewer)],
        "posts": [
            {
                "number": post.number,
                "name": actor_name(post.author),
                "at": post.created,
                "words": excerpt(post.text, SHOWN),
            }
            for post in posts
            if post.is_live and post.number > 1
        ],
    }


def _places(topic: Topic, viewer: Member | None) -> list[tuple[Forum, str]]:
    """The forums to which this member can move it, with the names of their groups."""
    found = [(forum, "") for forum in site_forums(viewer)]
    for group in groups_of(viewer) if viewer is not None else []:
        if (forum := forum_within(group, viewer)) is not None:
            found.append((forum, group.title))
    return [(forum, name) for forum, name in found if forum.id != topic.within_id and takes(forum, "topic", viewer)]


def _forum(forum: Forum, group: str) -> dict[str, Any]:
    who = {PUBLIC: _("everybody sees it"), MEMBERS: _("members of this site see it")}
    only = _("only those who belong to the group see it")
    return {
        "id": forum.id,
        "title": group or forum.title,
        "language": forum.language,
        "who": who.get(forum.audience, only),
    }
