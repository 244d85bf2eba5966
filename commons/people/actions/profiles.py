"""Writes to a profile: what it says, and to whom each field is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete

from commons.db import db, lock, now, table, transaction
from commons.entries.actions import record
from commons.entries.hiding import show_to
from commons.focus.queries import tree
from commons.members.models import Member
from commons.people.models import FIELDS, LISTS, SHOWN, Profile, ProfileWord
from commons.people.queries import profile_of, word_rows
from commons.places.gazetteer import countries
from commons.text import clean_line, clean_text, problems, safe_url
from commons.web import Invalid

LIMITS = {
    "about": 4000,
    "place": 120,
    "website": 500,
    "links": 1000,
    "photo_alt": 300,
    **dict.fromkeys(LISTS, 500),
    "languages": 200,
}
MOST = 20  # words of one list, areas, addresses
AUDIENCES = ("own", "members", "public")  # from narrow to wide; own: nobody but the member


class Widening(NamedTuple):
    """A field, or that the person is here at all ("audience"), that more people will see than before."""

    field: str
    shown: str


def own_profile(member: Member) -> Profile:
    """This member's profile; where they have none, one is made that says nothing but their name, to members."""
    found = profile_of(member)
    if found is not None:
        return found
    with transaction():
        found = profile_of(member)  # two at once: the second finds the profile of the first
        if found is None:
            found = _fresh(member)
            db.session.add(found)
            record(found, "created", {}, actor=member)
            write_words(found)
        return found


def _fresh(member: Member) -> Profile:
    return Profile(
        member_id=member.id,
        slug=member.username.lower(),
        title=member.name,
        audience="members",
        author_id=member.id,
        licence="all rights reserved",
        version=1,
        before_hiding={},
        shown_to={},
        **dict.fromkeys((*LISTS, "organisation", "about", "country", "place", "website", "links", "photo_alt"), ""),
        areas=[],
    )


def takes(viewer: Member | None, profile: Profile, kind: str) -> str | None:
    """Only its owner puts anything on a wall; who knows of the profile sees it."""
    own = viewer is not None and viewer.id == profile.member_id and viewer.may_write
    return profile.audience if own and kind == "topic" else None


def edit_profile(
    values: Mapping[str, Any],
    shown_to: Mapping[str, str],
    *,
    audience: str,
    actor: Member,
    open_to_follow: bool | None = None,
    named_for: bool | None = None,
) -> Profile:
    """Only the member themself writes it; what `values` does not name stays. `audience`: own, members or public. Raises Invalid."""
    given, faults = _checked(values)
    if audience not in AUDIENCES or any(choice not in SHOWN for choice in shown_to.values()):
        faults["audience"] = _("Choose one of the list.")
    if faults:
        raise Invalid(faults)
    with transaction():
        profile = own_profile(actor)
        lock(profile)
        for name, value in given.items():
            setattr(profile, name, value)
        profile.shown_to = {**profile.shown_to, **{name: shown_to[name] for name in FIELDS if name in shown_to}}
        profile.title, profile.updated = actor.name, now()
        profile.open_to_follow = profile.open_to_follow if open_to_follow is None else open_to_follow
        profile.named_for = profile.named_for if named_for is None else named_for
        profile.before_hiding = {}
        record(profile, "edited", None, actor=actor)
        _let_see(profile, audience_of(actor, audience), actor)
        write_words(profile)
        return profile


def audience_of(member: Member, chosen: str) -> str:
    return f"member:{member.id}" if chosen == "own" else chosen


def chosen_audience(profile: Profile | None) -> str:
    return "members" if profile is None else "own" if profile.is_hidden else profile.audience


def _let_see(profile: Profile, audience: str, actor: Member) -> None:
    """What stands on the profile's wall follows to a narrower place, and never to a wider one."""
    if audience == profile.audience:
        return
    if audience == "public" or profile.is_hidden:
        profile.audience = audience
        record(profile, "showed to others", None, actor=actor)
    else:
        show_to(profile, audience, actor=actor)


def widened(
    profile: Profile | None, values: Mapping[str, Any], shown_to: Mapping[str, str], audience: str
) -> list[Widening]:
    """What more people would see than now, if this were saved."""
    was, found = chosen_audience(profile), []
    if AUDIENCES.index(audience) > AUDIENCES.index(was):
        found.append(Widening("audience", audience))
    for field in FIELDS:
        before = profile.visibility(field) if profile and profile.filled(field) else "nobody"
        after = shown_to.get(field, before) if field == "affiliations" or values.get(field) else "nobody"
        if SHOWN.index(after) > SHOWN.index(before):
            found.append(Widening(field, after))
    return found


def _checked(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """(the cleaned values, a sentence for each field that does not fit)"""
    faults = {
        name: sentence
        for name, limit in LIMITS.items()
        if (sentence := problems(str(values.get(name, "")), lines=name in ("about", "links"), limit=limit))
    }
    given: dict[str, Any] = {}
    for name in LIMITS.keys() & values.keys() - faults.keys():
        clean = clean_text if name in ("about", "links") else clean_line
        given[name] = clean(str(values[name])).strip()
    for name in given.keys() & set(LISTS):
        given[name] = _words(given[name])
    if given.get("website"):
        given["website"] = _address(given["website"], "website", faults)
    if given.get("links"):
        lines = [line for line in given["links"].split("\n") if line.strip()][:MOST]
        given["links"] = "\n".join(_address(line, "links", faults) for line in lines)
    if "areas" in values:
        given["areas"] = sorted(area for area in set(values["areas"]) if area in tree().nodes)[:MOST]
    if "country" in values:
        given["country"] = str(values["country"])
        if given["country"] and given["country"] not in dict(countries("en")):
            faults["country"] = _("Choose one of the list.")
    return given, faults


def _words(text: str) -> str:
    """Each word of a list once, at most MOST."""
    kept = {word.casefold(): word for part in reversed(text.split(",")) if (word := part.strip())}
    return ", ".join(list(reversed(kept.values()))[:MOST])


def _address(text: str, field: str, faults: dict[str, str]) -> str:
    text = text.strip()
    found = safe_url(text if "://" in text else f"https://{text}")
    if found is None:
        faults[field] = _("Enter a web address like https://example.org.")
    return found or ""


def write_words(profile: Profile) -> None:
    """The words by which it is found, after its row; called in the transaction that changes it."""
    db.session.flush()
    db.session.execute(delete(ProfileWord).where(ProfileWord.profile_id == profile.id))
    if rows := word_rows(profile):
        db.session.execute(table(ProfileWord).insert(), rows)


def rewrite_words(profiles: Sequence[Profile]) -> None:
    """For profiles that came in by an import or are older than the table of words."""
    with transaction():
        for profile in profiles:
            write_words(profile)
