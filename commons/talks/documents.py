"""Talks as the ones who sit in them see them: rows of the list, and what the page of a talk says beside its messages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flask import url_for

from commons.entries.documents import actor_url
from commons.forums.models import Post, Topic
from commons.forums.queries import may_answer
from commons.members.models import Block, Member
from commons.members.queries import kept_away
from commons.people.models import Profile
from commons.talks.models import ASKED
from commons.talks.queries import (
    ASKS,
    OFF,
    Talk,
    called,
    chosen_between,
    files_in,
    first_post,
    how_to_reach,
    is_muted,
    owner_of,
    people_in,
    request_of,
    talk_between,
)
from commons.text import excerpt, plain

SHOWN = 140  # characters of a message in a list


def person(member: Member) -> dict[str, Any]:
    return {"name": member.name, "username": member.username, "url": actor_url(member)}


def talk_rows(found: Sequence[Talk], viewer: Member) -> list[dict[str, Any]]:
    shy = kept_away(viewer) if found else frozenset()
    return [_talk_row(one, viewer, shy) for one in found]


def _talk_row(one: Talk, viewer: Member, shy: Collection[int]) -> dict[str, Any]:
    last, request = one.last, one.request
    folded = last is not None and last.author_id in shy
    first_unread = max(1, one.topic.last_number - one.unread + 1)
    return {
        "id": one.topic.id,
        "url": url_for("forums.post", id=last.id) if last and one.unread == 1 else _address(one.topic, first_unread),
        "title": one.topic.title,
        "people": [person(member) for member in one.people],
        "at": one.topic.last_at,
        "unread": 0 if folded else one.unread,
        "is_mine": last is not None and last.author_id == viewer.id,
        "excerpt": "" if last is None or folded else excerpt(plain(last.text), SHOWN),
        "folded": folded,
        "waits": request is not None and request.asker_id == viewer.id and request.state in ("waiting", "declined"),
        "ended": request is not None and request.asker_id == viewer.id and request.state == "ended",
    }


def _address(topic: Topic, number: int = 1) -> str:
    """The page of the talk on which this message stands."""
    page = (number - 1) // 20 + 1
    return url_for("forums.topic", id=topic.id, words="talk", page=page if page > 1 else None, _anchor=f"post-{number}")


def new_page(names: Sequence[str], viewer: Member | None) -> dict[str, Any]:
    """For a message to one person: whether it waits for a yes, and the talk that there is already."""
    known = called(names, viewer) if viewer else {}
    other = next(iter(known.values())) if len(names) == len(known) == 1 else None
    if viewer is None or other is None:
        return {"again": None, "asks": False}
    there = talk_between(viewer, other)
    return {"again": _address(there) if there else None, "asks": how_to_reach(other, viewer) == ASKS}


def found_rows(found: Sequence[Post], viewer: Member) -> list[dict[str, Any]]:
    shy = kept_away(viewer)
    return [
        {
            "url": url_for("forums.post", id=post.id),
            "title": post.title,
            "author": post.author.name if post.author else "",
            "at": post.created,
            "excerpt": excerpt(plain(post.text), SHOWN),
        }
        for post in found
        if post.author_id not in shy
    ]


def talk_panel(topic: Any, viewer: Member | None) -> dict[str, Any] | None:
    """Who sits in a talk and what the viewer can do with it; nothing on the pages of other topics."""
    if viewer is None or not isinstance(topic, Topic) or not topic.is_private:
        return None
    people = people_in(topic)
    mine = next((role for member, role in people if member.id == viewer.id), None)
    if mine is None:
        return None
    request = request_of(topic)
    is_asker = request is not None and request.asker_id == viewer.id
    waits = is_asker and request is not None and request.state in ("waiting", "declined")
    first = first_post(topic) if mine == ASKED else None
    others = [person(member) for member, role in people if member.id != viewer.id and role != ASKED]
    return {
        "topic_id": topic.id,
        "people": others,
        "asked": mine == ASKED,
        "waits": waits,
        "ended": is_asker and request is not None and request.state == "ended",
        "alone": not others and not waits,
        "muted": is_muted(topic, viewer),
        "files": [(one.title, one.language, url_for("files.file", slug=one.slug)) for one in files_in(topic, viewer)],
        "add_url": url_for("files.new", within=topic.id) if may_answer(viewer, topic) else None,
        "report_id": first.id if first else None,
    }


def profile_panel(profile: Any, viewer: Member | None) -> dict[str, Any] | None:
    """On somebody's page: write to them, mute, block."""
    if viewer is None or not isinstance(profile, Profile) or profile.member_id == viewer.id:
        return None
    member = owner_of(profile)
    if member is None:
        return None
    chosen = chosen_between(member, viewer)
    may_write = viewer.may_write and how_to_reach(member, viewer, chosen) != OFF
    return {"member": person(member), "how": chosen.get(viewer.id, ""), "may_write": may_write}


def block_rows(found: Sequence[tuple[Block, Member]]) -> list[dict[str, Any]]:
    return [person(member) | {"how": row.how, "at": row.at} for row, member in found]
