"""What this room shows on an organisation's page: who speaks for it, and which version of its record one reads."""

from __future__ import annotations

from typing import Any

from flask import g, url_for

from commons.entries.asks import VOICES
from commons.members.models import Member
from commons.people.queries.affiliations import people_of
from directory.models import Organisation
from directory.representing.actions.claims import OUT_OF_REACH
from directory.representing.forms import label
from directory.representing.queries.claims import claims_shown
from directory.representing.queries.freshness import asked_in_vain, is_stale
from directory.representing.queries.people import Speaker, belongs, speakers
from directory.representing.queries.standing import Standing, standing
from directory.representing.queries.versions import versions

SHOWN = 24  # people of whom names are asked


def known(organisation: Organisation) -> Standing:
    """Asked once a request, for all panels of a page."""
    kept: dict[int, Standing] = g.setdefault("standings", {})
    if organisation.id not in kept:
        kept[organisation.id] = standing(organisation.id)
    return kept[organisation.id]


def speakers_panel(organisation: Organisation, viewer: Member | None) -> dict[str, Any] | None:
    """That it is represented and in which roles; names of those who show it. For who is asked, what waits for their word."""
    people = speakers(organisation.id) if known(organisation).represented else []
    own = belongs(viewer, organisation)
    shown = claims_shown(organisation.id, viewer)
    claim = next((one for one in shown if not own and viewer is not None and one.member_id == viewer.id), None)
    return {
        "roles": _roles(organisation, people, viewer) if people else [],
        "claim_url": url_for("representing.claim", slug=organisation.slug)
        if not own and organisation.status not in OUT_OF_REACH
        else "",
        "claimed": claim is not None and claim.way != "invited",
        "invitation_url": url_for("representing.invitation", slug=organisation.slug)
        if claim is not None and claim.way == "invited"
        else "",
        "words": [
            {"name": one.member.name, "url": url_for("representing.vouch", slug=organisation.slug, id=one.id)}
            for one in shown
            if viewer is not None and one.member_id != viewer.id
        ],
        "inbox_url": url_for("representing.inbox", slug=organisation.slug) if own else "",
        "people_url": url_for("representing.representatives", slug=organisation.slug) if own else "",
    }


def _roles(organisation: Organisation, people: list[Speaker], viewer: Member | None) -> list[dict[str, Any]]:
    """Role by role: how many, and those whose names this viewer may read here."""
    shown = {one.member.id for one in people_of(organisation.id, viewer, SHOWN)[0] if one.affiliation.represents}
    rows = []
    for voice in (*reversed(VOICES), *sorted({one.voice for one in people} - set(VOICES))):
        some = [one for one in people if one.voice == voice]
        named = [
            {"name": one.name, "url": url_for("people.profile", username=one.username)}
            for one in some
            if one.id in shown
        ]
        if some:
            rows.append({"label": label(voice), "people": named, "unnamed": len(some) - len(named)})
    return rows


def banner(organisation: Organisation, viewer: Member | None) -> dict[str, Any] | None:
    """Over the record: that others changed what the organisation confirmed, or that nobody answers for it."""
    there = known(organisation)
    found = versions(organisation, viewer) if there.represented and there.confirmed else None
    if found is not None:
        return {
            "versions": found,
            "version": organisation.version,
            "url": url_for("representing.confirmed", slug=organisation.slug),
            "own": belongs(viewer, organisation),
        }
    asked = asked_in_vain(organisation) if there.unanswered and is_stale(organisation) else None
    return {"asked": asked, "since": organisation.confirmed_on} if asked else None
