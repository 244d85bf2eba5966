"""The one table of who hears of what: kind × event → by which way. An event is a verb of the log, or the why of an ask.

A verb reaches those who follow: the feed, their notices, the digest. An ask reaches one person: their notices, and at once a mail.
A kind says by `Kind.tells` which verbs its followers hear of; where it says nothing, they hear of every one in TOLD.
"""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_

from commons.audience import MEMBERS, PUBLIC
from commons.entries.actions import QUIET
from commons.entries.models import Change
from commons.room import rooms

FEED, NOTICES, DIGEST, MAIL = "feed", "notices", "digest", "mail"
FOLLOWERS = frozenset({FEED, NOTICES, DIGEST})
NOBODY: frozenset[str] = frozenset()
TOLD = ("created", "edited", "restored", "undid a change", "accepted", "brought back", "replaced", "translated")
HAILED = "recommended"  # the feeds of those who follow the person, and no notice
TALK = "talk:"  # audiences of private talks: their messages ask for each reader, and stand in no feed

WAYS: dict[str, frozenset[str]] = {
    **dict.fromkeys((*TOLD, "archived", "reopened", "announced", "moved on"), FOLLOWERS),
    HAILED: frozenset({FEED}),
    **dict.fromkeys(("is interested", "confirmed", "read", "moved", "showed to others", "chose an answer"), NOBODY),
    **dict.fromkeys(("imported", "updated", "undid"), NOBODY),  # machines
    **dict.fromkeys(("removed", "withdrew", "sent for review", "hid a version", "showed a version"), NOBODY),
    **dict.fromkeys(("protected", "unprotected", "went with its topic", "came with its topic"), NOBODY),
    **dict.fromkeys(("went with its group", "came with its group"), NOBODY),
    **dict.fromkeys(("pinned", "unpinned", "closed", "split", "merged", "moved over", "left", "erased"), NOBODY),
    **dict.fromkeys(("contested", "took back a contest", "decided", "replied"), NOBODY),  # both sides are asked by name
    **dict.fromkeys(("went along", "came along", "merged in", "led on", "unmerged"), NOBODY),
    **dict.fromkeys(("represented", "open again", "unanswered"), NOBODY),  # they name nobody
    **dict.fromkeys(
        ("asked", "answered", "appointed", "stopped", "openness"), NOBODY
    ),  # between few: they are asked by name
}
PERSON = frozenset({NOTICES, MAIL})
ASKED: dict[str, frozenset[str]] = dict.fromkeys(
    (
        "mention",
        "organisation",
        "reply",
        "message",
        "invitation",
        "application",
        "accepted",
        "interested",
        "affiliation",
        "contact",
        "report",
        "referral",
        "appointed",
        "idle",
        "widening",
        "interest",
        "turn",
        "moved",
        "day",
        "match",
        "representing",
        "vouching",
        "relation",
        "contested",
        "statement",
        "answered",
        "news",
        "merged",
    ),
    PERSON,
)
SHOWN = {"words": (PUBLIC, MEMBERS), "title": ("group:", "member:", "organisation:"), "nothing": (TALK,)}


def tells_of(kind: str) -> tuple[str, ...]:
    """The verbs that whoever follows an entry of this kind hears of; what stirs no thread is heard of by nobody."""
    return tuple(verb for verb in rooms().kinds[kind].tells or TOLD if verb not in QUIET)


def ways(kind: str, verb: str) -> frozenset[str]:
    """By which ways an event of this kind of entry is heard of. Raises KeyError for a verb that is not in the table."""
    tells = tells_of(kind)
    return WAYS[verb] if verb == HAILED else FOLLOWERS if verb in tells else NOBODY if verb in WAYS else WAYS[verb]


def shown_by_mail(audience: str) -> str:
    """What a mail about something behind this door may say: its words, its title, or nothing."""
    return next((what for what, doors in SHOWN.items() if audience.startswith(doors)), "nothing")


def telling(part: Any, line: Any = Change) -> ColumnElement[bool]:
    """The same as a condition: this line of the log is one that followers hear of; `part` is the entry that it changed."""
    choosy = {kind.name: tells_of(kind.name) for kind in rooms().kinds.values() if kind.tells}
    rest = and_(part.kind.not_in(sorted(choosy)), line.verb.in_(TOLD))
    return or_(rest, *(and_(part.kind == name, line.verb.in_(verbs)) for name, verbs in choosy.items()))


def parts() -> tuple[str, ...]:
    """Kinds that are parts of a thread: what is said of them is said of what they stand in."""
    known: tuple[str, ...] | None = current_app.extensions.get("parts of threads")
    if known is None:
        known = tuple(kind.name for kind in rooms().kinds.values() if "thread_id" in vars(kind.model))
        current_app.extensions["parts of threads"] = known
    return known
