"""Writes to a profile."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.members.models import Member
from commons.people.models import FIELDS, SHOWN, Profile
from commons.people.queries import profile_of
from commons.text import clean_text, problems, safe_url
from commons.web import Invalid

LIMITS = {
    "about": 4000,
    "place": 120,
    "organisation": 200,
    "website": 500,
    "languages": 200,
    "skills": 500,
    "help_with": 500,
}


def edit_profile(values: Mapping[str, str], shown_to: Mapping[str, str], *, audience: str, actor: Member) -> Profile:
    """Only the member themself writes it. Raises Invalid."""
    faults = {
        name: sentence
        for name in FIELDS
        if (sentence := problems(values.get(name, ""), lines=name == "about", limit=LIMITS[name]))
    }
    website = values.get("website", "").strip()
    if website and safe_url(website if "://" in website else f"https://{website}") is None:
        faults["website"] = _("Enter a web address like https://example.org.")
    if audience not in ("members", "public") or any(choice not in SHOWN for choice in shown_to.values()):
        faults["audience"] = _("Choose one of the list.")
    if faults:
        raise Invalid(faults)
    with transaction():
        profile = profile_of(actor)
        made = profile is None
        if profile is None:
            profile = Profile(
                member_id=actor.id,
                slug=actor.username.lower(),
                title=actor.name,
                author_id=actor.id,
                licence="all rights reserved",
            )
        else:
            lock(profile)
        _write(profile, values, shown_to, audience, actor)
        record(profile, "created" if made else "edited", {} if made else None, actor=actor)
        return profile


def _write(
    profile: Profile, values: Mapping[str, str], shown_to: Mapping[str, str], audience: str, actor: Member
) -> None:
    for name in FIELDS:
        text = clean_text(values.get(name, "")).strip()
        if name == "website" and text:
            text = safe_url(text if "://" in text else f"https://{text}") or ""
        setattr(profile, name, text)
    profile.shown_to = {name: shown_to.get(name, "nobody") for name in FIELDS}
    profile.title, profile.audience, profile.updated, profile.version = actor.name, audience, now(), 1
    db.session.add(profile)
