"""How profiles leave. A field narrower than the profile's audience is in no document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from commons.db import db
from commons.people.forms import CHOICES, LABELS
from commons.people.models import FIELDS, Profile
from commons.room import SearchDocument


def wide_enough(profile: Profile) -> list[str]:
    allowed = {"public"} if profile.audience == "public" else {"public", "members"}
    return [name for name in FIELDS if profile.visibility(name) in allowed and getattr(profile, name)]


def field_row(profile: Profile, name: str) -> dict[str, Any]:
    choices = dict(CHOICES)
    return {
        "name": name,
        "label": LABELS[name],
        "value": getattr(profile, name),
        "visibility": choices[profile.visibility(name)],
    }


def search_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    for profile in db.session.scalars(select(Profile).where(Profile.id.in_(ids), Profile.state == "live")):
        texts = {name: getattr(profile, name) for name in wide_enough(profile)}
        yield SearchDocument(
            id=profile.id,
            kind="profile",
            audience=profile.audience,
            language=profile.language,
            title=profile.title,
            names=[profile.slug],
            place=texts.pop("place", ""),
            text="\n".join(texts.values()),
            updated=int(profile.updated.timestamp()),
        )
