"""What this room shows on the pages of others: an organisation's people, and the first steps in the feed."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from commons.entries.models import Entry
from commons.members.models import Member
from commons.people.queries.affiliations import (
    deciders,
    open_at,
    orphaned_requests,
    page_of,
    people_of,
    requests_for,
    speaks_for_ids,
)
from commons.people.queries.steps import Step, first_steps, skipped

MOST = 24  # people on an organisation's page


def people_panel(organisation: Entry, viewer: Member | None) -> dict[str, Any] | None:
    found, total = people_of(organisation.id, viewer, MOST)
    waiting = waiting_at(organisation, viewer)
    own = open_at(viewer, organisation.id) if viewer else None
    if not (found or waiting or viewer):
        return None
    return {
        "people": [
            {
                "name": one.member.name,
                "url": url_for("people.profile", username=one.member.username),
                "role": one.affiliation.role,
                "since": one.affiliation.since[:4],
                "represents": one.affiliation.represents,
            }
            for one in found
        ],
        "total": total,
        "waiting": waiting,
        "requests_url": url_for("people.requests"),
        "join_url": url_for("people.new_affiliation", organisation=organisation.id) if viewer and not own else "",
        "mine": own.state if own else "",
    }


def waiting_at(organisation: Entry, viewer: Member | None) -> int:
    """How many wait for this viewer's word here."""
    if viewer is None:
        return 0
    if organisation.id in speaks_for_ids(viewer):
        query = requests_for(viewer)
    elif viewer.is_moderator and not deciders(organisation.id):
        query = orphaned_requests(viewer)
    else:
        return 0
    return page_of(query.where(Entry.id == organisation.id), 1, 1)[1]


def step_words(step: Step) -> dict[str, Any]:
    labels = {
        "areas": _("Follow the areas you care about"),
        "organisations": _("Follow three organisations"),
        "group": _("Join a group"),
        "edit": _("Make one small improvement"),
        "profile": _("Say what you can help with"),
    }
    return {"name": step.name, "label": labels[step.name], "done": step.done, "have": step.have, "enough": step.enough}


def steps_panel(_subject: Any, viewer: Member | None) -> dict[str, Any] | None:
    """The slim panel over the feed; nothing when all is done, or the member wants to see it no more."""
    if viewer is None or skipped(viewer):
        return None
    steps = [step_words(step) for step in first_steps(viewer)]
    waiting = [step for step in steps if not step["done"]]
    if not waiting:
        return None
    return {"steps": steps, "done": len(steps) - len(waiting), "next": waiting[0], "url": url_for("people.welcome")}
