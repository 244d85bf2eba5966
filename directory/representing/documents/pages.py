"""What the pages of this room show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Select

from commons.entries.asks import VOICES, has_voice
from commons.entries.documents import comparison
from commons.entries.models import Entry
from commons.entries.queries import recent
from commons.focus.queries import area_from, tree
from commons.members.models import Member
from commons.people.documents.rows import request_rows
from commons.people.queries.affiliations import may_decide, page_of, requests_for
from commons.room import rooms
from commons.web import page_number, pager
from directory.documents import row_of
from directory.fields import FIELDS, PRIVATE
from directory.models import Organisation
from directory.representing.forms import MEANING, label
from directory.representing.models import Claim
from directory.representing.queries.claims import ENOUGH, VOUCHERS, invited_by, vouchers_of
from directory.representing.queries.freshness import stale
from directory.representing.queries.people import given_by, may_change, own_organisations, signs_alone, speakers
from directory.representing.queries.versions import Versions, versions
from directory.representing.sites import FILE, NAME

REQUESTS = 50
PER_PAGE = 20


def voices(some: Sequence[str] = VOICES) -> list[dict[str, Any]]:
    return [{"voice": voice, "label": label(voice), "meaning": MEANING[voice]} for voice in some]


def claim_page(organisation: Organisation, claim: Claim | None) -> dict[str, Any]:
    """The three ways, or how far the one that was chosen has come."""
    asked = vouchers_of(claim) if claim is not None and claim.way == "vouchers" else []
    return {
        "organisation": organisation,
        "claim": claim,
        "file": FILE,
        "meta": f'<meta name="{NAME}" content="{claim.token}">' if claim is not None else "",
        "vouchers": [{"name": one.member.name, "answer": one.voucher.answer} for one in asked],
        "enough": ENOUGH,
        "may_ask": len(asked) < VOUCHERS,
    }


def people_page(organisation: Organisation, viewer: Member) -> dict[str, Any]:
    people = speakers(organisation.id)
    gives = given_by(viewer, people)
    return {
        "organisation": organisation,
        "people": [
            {
                **one._asdict(),
                "label": label(one.voice),
                "url": url_for("people.profile", username=one.username),
                "choices": voices(gives) if may_change(viewer, one, people) and gives else [],
                "is_me": one.id == viewer.id,
                "may_leave": len(people) == 1 or not signs_alone(one.id, people),
            }
            for one in people
        ],
        "signs": any(one.id == viewer.id and one.voice == VOICES[-1] for one in people),
        "gives": voices(gives),
        "meaning": voices(),
        "invited": [
            {"id": claim.id, "name": member.name, "label": label(claim.voice), "mine": claim.voice in gives}
            for claim, member in invited_by(organisation.id)
        ],
    }


def inbox_page(organisation: Organisation, viewer: Member) -> dict[str, Any]:
    """What waits for somebody of the organisation: the same for all of them."""
    found, total = page_of(requests_for(viewer).where(Entry.id == organisation.id), 1, REQUESTS)
    decided = {one.id for one, _member, _entry in found if may_decide(viewer, one)}
    return {
        "organisation": organisation,
        "mine": own_organisations(viewer),
        "requests": request_rows(found, decided),
        "total": total,
        "versions": versions(organisation, viewer),
        "panels": _panels(organisation, viewer),
    }


def _panels(organisation: Organisation, viewer: Member) -> list[dict[str, Any]]:
    found = ((panel, panel.items(organisation, viewer)) for panel in rooms().panels("inbox"))
    return [
        {
            "title": panel.title,
            "count": items.get("count"),
            "html": Markup(render_template(panel.template, items=items, **items)),
        }
        for panel, items in found
        if items
    ]


def confirmed_page(organisation: Organisation, found: Versions, viewer: Member | None) -> dict[str, Any]:
    """The organisation's own version, and what others changed since."""
    now = {field.name: organisation.value(field.name) for field in FIELDS}
    compared = [field for field in FIELDS if field.name in found.fields]
    own = has_voice(viewer, organisation.id)
    return {
        "organisation": organisation,
        "versions": found,
        "rows": [row for row in comparison(_kind(), found.own, now) if row["name"] in found.fields],
        "hidden": [str(field.label) for field in compared if field.name in PRIVATE] if own else [],
        "labels": [(field.name, field.label) for field in compared] if own else [],
        "own": own,
        "text": found.own["description"],
        "title": found.own["title"],
    }


def _kind() -> Any:
    return rooms().kinds["organisation"]


def stale_page(viewer: Member | None, focus: str) -> dict[str, Any]:
    """Records that nobody has confirmed for a year, of one area or of all."""
    area = area_from(focus) if focus else None
    query: Select[Organisation] = stale(viewer, tree().with_children(area.id) if area else ())
    found, total = recent(query, page_number(), PER_PAGE)
    return {
        "rows": [row_of(one) for one in found],
        "total": total,
        "area": area,
        "areas": tree().headings,
        "pager": pager(total, PER_PAGE),
        "site": current_app.config["SITE_NAME"],
        "title": _("Records that nobody has confirmed for a year"),
    }
