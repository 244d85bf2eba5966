"""How profiles leave. A field narrower than the profile's audience is in no document; the API shows what is public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select

from commons.db import db
from commons.focus.queries import Node, tree
from commons.members.models import Member
from commons.people.forms import AUDIENCES, CHOICES, LABELS
from commons.people.models import FIELDS, LISTS, SHOWN, Profile
from commons.people.queries import key_of
from commons.people.queries.profiles import MEMBER, VISITOR
from commons.places.countries import names_of_country
from commons.places.gazetteer import country_name
from commons.room import SearchDocument
from commons.text import excerpt, plain
from commons.web import language_name, reader

PUBLIC_TEXTS = ("about", "place", "country", "website")
SKILLED = ("skills", "help_with", "interests")
SHORT = 160  # characters of a line on a card


def wide_enough(profile: Profile) -> list[str]:
    """The fields that everybody may read who may know of the profile."""
    reach = VISITOR if profile.audience == "public" else MEMBER if profile.audience == "members" else frozenset()
    return profile.shown(reach)


def visibility_label(choice: str) -> Any:
    return dict(CHOICES)[choice]


def audience_label(choice: str) -> Any:
    return dict(AUDIENCES)[choice]


def field_row(profile: Profile, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": LABELS[name],
        "value": getattr(profile, name, ""),
        "items": _items(profile, name),
        "visibility": visibility_label(profile.visibility(name)),
    }


def _items(profile: Profile, name: str) -> list[tuple[str, str]]:
    """(words, address): lists, areas and languages lead to others who share them."""
    if name == "areas":
        return [(node.label, url_for("focus.area", slug=node.slug)) for node in _areas(profile)]
    if name == "languages":
        return [(language_name(code), url_for("people.people", language=code)) for code in profile.listed(name)]
    if name == "country":
        return [(country_name(profile.country, reader()), url_for("people.people", country=profile.country))]
    if name == "links":
        return [(one.split("//")[-1].removeprefix("www."), one) for one in profile.links.split("\n")]
    if name in SKILLED:
        return [(word, url_for("people.people", skill=key_of(word))) for word in profile.listed(name)]
    return [(word, "") for word in profile.listed(name)] if name in LISTS else []


def _areas(profile: Profile) -> list[Node]:
    return tree().sorted(profile.areas)


def person_row(profile: Profile, member: Member, reach: frozenset[str]) -> dict[str, Any]:
    """A person in a list: the name, and of the rest what this viewer may read."""
    shown = profile.shown(reach)
    return {
        "name": member.name,
        "username": member.username,
        "url": url_for("people.profile", username=member.username),
        "place": ", ".join(_place(profile, shown)),
        "help_with": profile.listed("help_with") if "help_with" in shown else [],
        "skills": profile.listed("skills") if "skills" in shown else [],
        "about": excerpt(profile.about, SHORT) if "about" in shown else "",
        "areas": [(node.label, url_for("focus.area", slug=node.slug)) for node in _areas(profile)]
        if "areas" in shown
        else [],
        "photo": photo_url(profile, member, 320) if "photo" in shown else "",
    }


def _place(profile: Profile, shown: Sequence[str]) -> list[str]:
    town = [profile.place] if "place" in shown else []
    return town + ([country_name(profile.country, reader())] if "country" in shown else [])


def photo_url(profile: Profile, member: Member, width: int) -> str:
    """`version` changes with the picture, so that nobody sees an old one from their browser's memory."""
    mark = (profile.photo or "")[:8]
    return url_for("people.photo", username=member.username, width=width, version=mark)


def search_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    for profile in db.session.scalars(select(Profile).where(Profile.id.in_(ids), Profile.state == "live")):
        yield search_document(profile)


def search_document(profile: Profile) -> SearchDocument:
    fields = set(wide_enough(profile))
    areas = _areas(profile) if "areas" in fields else []
    country = profile.country if "country" in fields else ""
    lists = [profile.listed(name) for name in LISTS if name != "languages" and name in fields]
    return SearchDocument(
        id=profile.id,
        kind="profile",
        audience=profile.audience,
        language=profile.language,
        title=profile.title,
        names=[profile.slug],
        labels=[word for node in areas for word in node.words],
        place=" ".join(
            [*([profile.place] if "place" in fields else []), *(names_of_country(country) if country else [])]
        ),
        text="\n".join(
            [*(", ".join(words) for words in lists), plain(profile.about) if "about" in fields else ""]
        ).strip(),
        country=country,
        languages=profile.listed("languages") if "languages" in fields else [],
        updated=int(profile.updated.timestamp()),
    )


def record(profile: Profile) -> dict[str, Any]:
    """Public fields of public profiles, whoever asks."""
    fields = set(wide_enough(profile)) if profile.audience == "public" else set()
    texts = {name: getattr(profile, name) if name in fields else "" for name in PUBLIC_TEXTS}
    lists = {name: profile.listed(name) if name in fields else [] for name in LISTS}
    slugs = [node.slug for node in _areas(profile)] if "areas" in fields else []
    links = profile.links.split("\n") if "links" in fields else []
    return {"username": profile.slug, **texts, **lists, "areas": slugs, "links": links}


def teasers(ids: Sequence[int], viewer: Member | None) -> Mapping[int, str]:
    """The beginning of what each says of themself, as far as every reader of the profile may read it."""
    found = db.session.scalars(select(Profile).where(Profile.id.in_(ids), Profile.state == "live"))
    return {profile.id: line for profile in found if (line := about_line(profile))}


def about_line(profile: Profile) -> str:
    fields = wide_enough(profile)
    return next(
        (excerpt(getattr(profile, name), SHORT) for name in ("help_with", "about", "skills") if name in fields), ""
    )


def privacy_groups(profile: Profile | None) -> list[dict[str, Any]]:
    """Who sees what, from everybody to nobody: the fields that say something."""
    names = [name for name in FIELDS if profile is not None and profile.filled(name)]
    groups = []
    for choice in reversed(SHOWN):
        labels = [LABELS[name] for name in names if profile is not None and profile.visibility(name) == choice]
        groups.append({"choice": choice, "label": visibility_label(choice), "fields": labels})
    return groups
