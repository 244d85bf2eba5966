"""Rows of lists: affiliations, requests, contributions, contacts, invitations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from commons.db import now
from commons.entries.models import Entry
from commons.members.models import Invitation, Member
from commons.people.models import Affiliation
from commons.people.queries.affiliations import Belonging
from commons.people.queries.contacts import Known
from commons.people.queries.contributions import Contribution
from commons.room import rooms


def entry_row(entry: Entry) -> dict[str, Any]:
    kind = rooms().kinds[entry.kind]
    return {
        "id": entry.id,
        "kind": entry.kind,
        "kind_label": kind.label,
        "title": entry.title,
        "language": entry.language,
        "url": kind.page(entry),
    }


def belonging_rows(found: Iterable[Belonging]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.affiliation.id,
            "title": one.organisation.title,
            "language": one.organisation.language,
            "url": rooms().kinds[one.organisation.kind].page(one.organisation),
            "role": one.affiliation.role,
            "since": one.affiliation.since[:4],
            "until": one.affiliation.until[:4],
            "represents": one.affiliation.represents,
            "state": one.affiliation.state,
            "at": one.affiliation.at,
        }
        for one in found
    ]


def request_rows(found: Iterable[tuple[Affiliation, Member, Entry]], mine: Collection[int]) -> list[dict[str, Any]]:
    """`mine`: the ids of those about which the viewer decides; of the others they read."""
    return [
        {
            "id": affiliation.id,
            "is_mine": affiliation.id in mine,
            "name": member.name,
            "username": member.username,
            "organisation": organisation.title,
            "organisation_url": rooms().kinds[organisation.kind].page(organisation),
            "role": affiliation.role,
            "since": affiliation.since,
            "represents": affiliation.represents,
            "proof": affiliation.proof,
            "at": affiliation.at,
        }
        for affiliation, member, organisation in found
    ]


def contribution_rows(found: Iterable[Contribution]) -> list[dict[str, Any]]:
    return [{**entry_row(one.entry), "at": one.last, "many": one.many, "began": one.began} for one in found]


def contact_rows(found: Iterable[Known]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.member.name,
            "username": one.member.username,
            "url": url_for("people.profile", username=one.member.username),
            "note": one.contact.note,
            "at": one.contact.at,
        }
        for one in found
    ]


def invitation_rows(found: Sequence[Invitation]) -> list[dict[str, Any]]:
    """For who sent them: the address only while it is kept, and never whether that person has an account."""
    return [
        {
            "id": one.id,
            "email": one.email,
            "created": one.created,
            "state": _invitation_state(one),
            "is_good": one.is_good,
        }
        for one in found
    ]


def _invitation_state(one: Invitation) -> str:
    if one.revoked is not None:
        return _("taken back")
    if one.uses >= one.most:
        return _("used")
    return _("waits") if one.expires > now() else _("ended")
