"""Who seems to know about something, and what shows it: only members who want to be named, only by what the viewer may read.

A document model in the manner of K. Balog: what fits a question speaks for those who stand behind it. For each of five signs the
weights of the documents are added (how well each fits × how much of it is theirs × how long ago) and their square root counts, so
that nobody stands first by much alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from math import sqrt
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from commons.audience import keys, through
from commons.db import db, now
from commons.entries.models import Entry
from commons.feed.models import Reaction
from commons.members.models import Member
from commons.members.queries import kept_away
from commons.people.models import Affiliation, Evidence, Profile, ProfileWord
from commons.people.queries.affiliations import shows_affiliations
from commons.people.queries.profiles import open_words

WEIGHTS = {"helps": 0.6, "wrote": 0.5, "answered": 0.3, "thanked": 0.3, "works": 0.2}
HALF_LIFE = 730.0  # days after which what somebody did counts half
DOCUMENTS = 200  # that speak for people, the best first
THANKS = ("like", "recommend")
IDS: Any = bindparam("ids", expanding=True)
Thing: Any = aliased(Entry, flat=True)  # what a sign is about; a Profile is an entry too


@dataclass
class Sign:
    """One reason to think that somebody knows."""

    why: str  # of WEIGHTS
    weight: float = 0.0
    many: int = 0
    entries: list[tuple[Any, float]] = field(default_factory=list)  # each with the share that is theirs
    words: list[str] = field(default_factory=list)


@dataclass
class Knower:
    name: str
    username: str
    signs: dict[str, Sign] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return sum(WEIGHTS[sign.why] * sqrt(sign.weight) for sign in self.signs.values())


def who_know(
    documents: Mapping[int, float], organisations: Collection[int], words: Collection[str], viewer: Member | None
) -> list[Knower]:
    """Best first. `documents`: entry and how well it fits, up to 1; `organisations`: which work on it; `words`: folded, what
    somebody would say they can help with."""
    found: dict[int, Knower] = {}
    asked = {"ids": list(documents), "shy": sorted(kept_away(viewer)), **keys(viewer)}
    for row in db.session.execute(_evidence(), asked) if documents else ():
        weight = documents[row[0].id] * row.share * _fresh(row.at)
        _sign(found, row, row.why, weight).entries.append((row[0], row.share))
    for row in db.session.execute(_thanked(), asked) if documents else ():
        _sign(found, row, "thanked", documents[row.within_id] * row.many * _fresh(row.created), row.many)
    helping, working = _for_visitors() if viewer is None else (_helping(viewer), _working(viewer))
    for row in db.session.execute(helping, asked | {"words": sorted(words)}) if words else ():
        _sign(found, row, "helps", 1.0).words.append(row.words)
    for row in db.session.execute(working, asked | {"ids": list(organisations)}) if organisations else ():
        _sign(found, row, "works", 1.0).entries.append((row[0], 1.0))
    return sorted(found.values(), key=lambda one: (-one.score, one.username))


def _sign(found: dict[int, Knower], row: Any, why: str, weight: float, many: int = 1) -> Sign:
    knower = found.setdefault(row.member_id, Knower(row.name, row.username))
    sign = knower.signs.setdefault(why, Sign(why))
    sign.weight += weight
    sign.many += many
    return sign


def _fresh(at: datetime) -> float:
    return float(0.5 ** (max(0.0, (now() - at).total_seconds()) / 86400 / HALF_LIFE))


def _wanting(query: Select[Any]) -> Select[Any]:
    """With the names of those who want to be named, of whom the viewer may know and wants to hear."""
    return query.add_columns(Member.id.label("member_id"), Member.name, Member.username).where(
        Profile.named_for,
        Profile.state == "live",
        through(Profile.audience),
        Member.state == "active",
        Member.id.not_in(bindparam("shy", expanding=True)),
    )


@cache
def _evidence() -> Select[Any]:
    """Built once, as the next."""
    query = select(Thing, Evidence.why, Evidence.share, Evidence.at).join(Evidence, Evidence.entry_id == Thing.id)
    return _wanting(_by(query, Evidence.member_id)).where(*_shown(Thing), Thing.id.in_(IDS))


@cache
def _thanked() -> Select[Any]:
    """Posts in these topics for which others thanked; what somebody says in their own topic is no answer."""
    topic = aliased(Entry, flat=True)
    many = func.count(func.distinct(Reaction.member_id)).label("many")
    query = select(Thing.within_id, Thing.created, many).join(Reaction, Reaction.entry_id == Thing.id)
    query = query.join(topic, topic.id == Thing.within_id)
    return (
        _wanting(_by(query, Thing.author_id))
        .where(Thing.kind == "post", topic.id.in_(IDS), topic.author_id != Thing.author_id)
        .where(*_shown(Thing), *_shown(topic))
        .where(Reaction.what.in_(THANKS), Reaction.member_id != Thing.author_id)
        .group_by(Thing.id, Thing.within_id, Thing.created, Member.id, Member.name, Member.username)
    )


@cache
def _for_visitors() -> tuple[Select[Any], Select[Any]]:
    """Whose statements are always the same."""
    return _helping(None), _working(None)


def _helping(viewer: Member | None) -> Select[Any]:
    query = select(ProfileWord.words).join(Profile, Profile.id == ProfileWord.profile_id)
    query = query.join(Member, Member.id == Profile.member_id).where(open_words(viewer))
    said = ProfileWord.field.in_(("help_with", "skills")), ProfileWord.key.in_(bindparam("words", expanding=True))
    return _wanting(query).where(*said).distinct()


def _working(viewer: Member | None) -> Select[Any]:
    query = select(Thing).join(Affiliation, Affiliation.organisation_id == Thing.id)
    here = Thing.id.in_(IDS), Affiliation.state == "confirmed", shows_affiliations(viewer)
    return _wanting(_by(query, Affiliation.member_id)).where(*here, *_shown(Thing))


def _shown(thing: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return through(thing.audience), thing.state == "live"


def _by(query: Select[Any], member: Any) -> Select[Any]:
    return query.join(Member, Member.id == member).join(Profile, Profile.member_id == Member.id)
