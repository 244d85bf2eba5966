"""What is known of an organisation before one works with it: facts, each with where it stands. No score."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from commons.db import db
from commons.entries.asks import VOICES, speaks_for
from commons.entries.models import Entry
from commons.entries.queries import visible
from commons.forums.models import Topic
from commons.members.models import Member, Seat
from commons.room import rooms
from commons.web import date_words
from directory.models import Organisation
from directory.partnerships.board.documents.pages import frame
from directory.partnerships.board.models import Posting
from directory.partnerships.dossiers import queries
from directory.partnerships.dossiers.actions.sending import receiver_of
from directory.partnerships.dossiers.documents.records import partnerships_of
from directory.partnerships.dossiers.documents.steps import ROLE_WORDS

FEWEST = 3  # answers before anything is said of how long they take


def facts_of(organisation_id: int, viewer: Member | None) -> dict[str, Any] | None:
    """Lines of (label, words, address of the evidence); None where the viewer may not see the organisation."""
    found = db.session.scalar(select(Organisation).where(Organisation.id == organisation_id, visible(viewer)))
    if found is None:
        return None
    page = rooms().kinds["organisation"].page(found)
    rows = [_registered(found, page), _confirmed(found, page), _represented(found, page)]
    known = partnerships_of(found.id, viewer)
    many = ngettext("%(num)s in the register", "%(num)s in the register", len(known))
    register = url_for("dossiers.register", organisation=found.id)
    rows.append((_("Confirmed partnerships"), many if known else _("None in the register"), register))
    asked = _open_questions(found.id, viewer)
    questions = ngettext("%(num)s without an accepted answer", "%(num)s without an accepted answer", asked)
    about = url_for("forums.about", id=found.id)
    rows.append((_("Open questions"), questions if asked else _("None that we know of"), about))
    if answered := queries.answer_days([found.id]).get(found.id):
        many_days = ngettext("after %(num)s day", "after %(num)s days", answered[1])
        if answered[0] >= FEWEST:
            rows.append((_("Usually answers"), many_days, page))
    return {"title": found.title, "language": found.language, "url": page, "rows": rows}


def _registered(found: Organisation, page: str) -> tuple[str, str, str]:
    ids = ", ".join(f"{scheme} {number}" for scheme, number in sorted(found.external_ids.items()))
    return _("Numbers in registers"), ids or _("None that we know of"), page


def _confirmed(found: Organisation, page: str) -> tuple[str, str, str]:
    day = found.confirmed_on
    history = url_for("entries.history", collection="organisations", slug=found.slug)
    return _("Confirmed by itself"), date_words(day) if day else _("Not confirmed yet"), history


def _represented(found: Organisation, page: str) -> tuple[str, str, str]:
    """How many, and in which roles; nobody is named."""
    here = (Seat.audience == speaks_for(found.id), Seat.role.in_(VOICES), Member.state == "active")
    counts = select(Seat.role, func.count().label("many")).join(Member, Member.id == Seat.member_id).where(*here)
    many = {row.role: row.many for row in db.session.execute(counts.group_by(Seat.role))}
    words = ", ".join(f"{ROLE_WORDS[role]} {many[role]}" for role in VOICES[::-1] if role in many)
    return _("Represented here by"), words or _("Nobody yet"), page


def _open_questions(organisation_id: int, viewer: Member | None) -> int:
    asked = (Topic.about_id == organisation_id, Topic.sort == "question", Topic.answer_id.is_(None))
    query = select(func.count()).select_from(Topic).where(*asked, Topic.closed.is_(False), visible(viewer, Topic))
    return db.session.scalar(query) or 0


def partners_page(page: dict[str, Any], viewer: Member) -> dict[str, Any]:
    others = [one["id"] for one in page["parties"] if one["id"] != page["for_id"]]
    return {"facts": [found for id in others if (found := facts_of(id, viewer)) is not None]}


def interest_page(about: Entry, viewer: Member, chosen: int) -> dict[str, Any]:
    """The form of the first words: for whom I write, to whom, and what is known of them."""
    receiver = receiver_of(about)
    own = queries.names_of(id for id in queries.own_organisations(viewer) if id != receiver)
    for_id = chosen if chosen in own else next(iter(sorted(own)), 0)
    kind = rooms().kinds[about.kind]
    return {
        "frame": frame("proposals"),
        "about": {"title": about.title, "language": about.language, "url": kind.page(about), "kind_label": kind.label},
        "is_posting": isinstance(about, Posting),
        "about_id": about.id,
        "for_id": for_id,
        "for_choices": [(entry.id, entry.title, entry.id == for_id) for entry in own.values()],
        "facts": facts_of(receiver, viewer) if receiver else None,
    }
