"""Finding people by what they show: only fields that this viewer may read match, count, order or complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select

from commons.audience import visible_to
from commons.db import db
from commons.focus.queries import area_from, tree
from commons.members.models import Member
from commons.members.queries import kept_away
from commons.people.models import Profile, ProfileWord
from commons.people.queries.profiles import open_words
from commons.people.queries.words import key_of, tokens

FACETS = ("skills", "help_with", "languages", "country", "areas")
MOST_WORDS = 8  # of one question
MOST_CHOICES = 400  # rows of all facets together
SKILLED = ("skills", "help_with", "interests")  # where a skill is looked for


@dataclass(frozen=True, slots=True)
class Sought:
    """What is asked of the list of people: words, and one value of each filter; empty: any."""

    words: str = ""
    skill: str = ""
    area: str = ""
    language: str = ""
    country: str = ""
    place: str = ""

    @property
    def is_empty(self) -> bool:
        return not any((self.words, self.skill, self.area, self.language, self.country, self.place))


def people(sought: Sought, viewer: Member | None) -> Select[Profile]:
    """Profiles in the order of their names, without those whom the viewer blocked or muted. Who blocked the viewer is among
    them, as their page is there: a list that leaves somebody out whose page can be read would tell."""
    query = select(Profile).where(Profile.id.in_(_found(sought, viewer)))
    return query.order_by(func.lower(Profile.title), Profile.id)


def _found(sought: Sought, viewer: Member | None) -> Select[int]:
    query = (
        select(Profile.id)
        .join(Member, Member.id == Profile.member_id)
        .where(Member.state == "active", Profile.state == "live", visible_to(viewer, Profile.audience))
    )
    if shy := kept_away(viewer):
        query = query.where(Profile.member_id.not_in(shy))
    for wanted in _wanted(sought):
        query = query.where(Profile.id.in_(select(ProfileWord.profile_id).where(wanted, open_words(viewer))))
    return query


def _wanted(sought: Sought) -> list[ColumnElement[bool]]:
    """One condition on a word of the profile for each thing that is asked."""
    found = [_begins(word) for word in tokens(sought.words)[:MOST_WORDS]]
    if sought.words and not found:
        found.append(ProfileWord.key == "")  # signs only: nobody
    if sought.skill:
        found.append(ProfileWord.field.in_(SKILLED) & (ProfileWord.key == key_of(sought.skill)))
    if sought.area:
        node = area_from(sought.area)
        ids = [str(id) for id in tree().with_children(node.id)] if node else []
        found.append((ProfileWord.field == "areas") & ProfileWord.key.in_(ids))
    if sought.language:
        found.append((ProfileWord.field == "languages") & (ProfileWord.key == sought.language))
    if sought.country:
        found.append((ProfileWord.field == "country") & (ProfileWord.key == sought.country))
    if sought.place:
        named = ProfileWord.field.in_(("place", "country name"))
        found.append(named & _begins(key_of(sought.place) or " "))
    return found


def _begins(word: str) -> ColumnElement[bool]:
    """A word of the key begins so; ids and codes are no words."""
    begins = or_(
        ProfileWord.key.startswith(word, autoescape=True), ProfileWord.key.contains(f" {word}", autoescape=True)
    )
    return begins & ProfileWord.field.not_in(("areas", "languages", "country"))


def choices(sought: Sought, viewer: Member | None) -> dict[str, list[tuple[str, str, int]]]:
    """field: (key, words, how many of the people found share it), the most shared first."""
    many = func.count().label("many")
    rows = db.session.execute(
        select(ProfileWord.field, ProfileWord.key, func.max(ProfileWord.words), many)
        .where(ProfileWord.profile_id.in_(_found(sought, viewer)), ProfileWord.field.in_(FACETS), open_words(viewer))
        .group_by(ProfileWord.field, ProfileWord.key)
        .order_by(many.desc(), ProfileWord.key)
        .limit(MOST_CHOICES)
    )
    found: dict[str, list[tuple[str, str, int]]] = {field: [] for field in FACETS}
    for field, key, words, number in rows:
        found[field].append((key, words, int(number)))
    return found


def members_of(profiles: Sequence[Profile]) -> dict[int, Member]:
    """member id: the member, with their seats."""
    ids = [profile.member_id for profile in profiles]
    return {one.id: one for one in db.session.scalars(select(Member).where(Member.id.in_(ids)))} if ids else {}
