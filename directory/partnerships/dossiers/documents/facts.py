"""What is known of an organisation before one works with it: facts, each with where it stands. No score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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
from directory.partnerships.dossiers.documents.steps import ROLE_WORDS
from directory.partnerships.dossiers.models import Partner, Partnership

FEWEST = 3  # answers before anything is said of how long they take


def facts_of(organisation_ids: Iterable[int], viewer: Member | None) -> list[dict[str, Any]]:
    """Of each organisation that the viewer may see, in the order given: lines of (label, words, address of the evidence)."""
    ids = list(organisation_ids)
    seen = select(Organisation).where(Organisation.id.in_(ids), visible(viewer))
    found = {one.id: one for one in db.session.scalars(seen)}
    voices, known, asked = _voices(found), _partnerships(found, viewer), _open_questions(found, viewer)
    answered = queries.answer_days(found) if found else {}
    told = []
    for one in (found[id] for id in ids if id in found):
        page = rooms().kinds["organisation"].page(one)
        rows = [_registered(one, page), _confirmed(one, page), _represented(voices[one.id], page)]
        many = ngettext("%(num)s in the register", "%(num)s in the register", known[one.id])
        register = url_for("dossiers.register", organisation=one.id)
        rows.append((_("Confirmed partnerships"), many if known[one.id] else _("None in the register"), register))
        open_ones = ngettext("%(num)s without an accepted answer", "%(num)s without an accepted answer", asked[one.id])
        about = url_for("forums.about", id=one.id)
        rows.append((_("Open questions"), open_ones if asked[one.id] else _("None that we know of"), about))
        answers, days = answered.get(one.id, (0, 0))
        if answers >= FEWEST:
            rows.append((_("Usually answers"), ngettext("after %(num)s day", "after %(num)s days", days), page))
        told.append({"title": one.title, "language": one.language, "url": page, "rows": rows})
    return told


def _registered(found: Organisation, page: str) -> tuple[str, str, str]:
    ids = ", ".join(f"{scheme} {number}" for scheme, number in sorted(found.external_ids.items()))
    return _("Numbers in registers"), ids or _("None that we know of"), page


def _confirmed(found: Organisation, page: str) -> tuple[str, str, str]:
    day = found.confirmed_on
    history = url_for("entries.history", collection="organisations", slug=found.slug)
    return _("Confirmed by itself"), date_words(day) if day else _("Not confirmed yet"), history


def _represented(many: Counter[str], page: str) -> tuple[str, str, str]:
    """How many, and in which roles; nobody is named."""
    words = ", ".join(f"{ROLE_WORDS[role]} {many[role]}" for role in VOICES[::-1] if many[role])
    return _("Represented here by"), words or _("Nobody yet"), page


def _voices(ids: Iterable[int]) -> dict[int, Counter[str]]:
    """How many speak for each, by role."""
    at = {speaks_for(id): id for id in ids}
    here = (Seat.audience.in_(sorted(at)), Seat.role.in_(VOICES), Member.state == "active")
    counts = select(Seat.audience, Seat.role, func.count().label("many")).join(Member, Member.id == Seat.member_id)
    found: dict[int, Counter[str]] = {id: Counter() for id in at.values()}
    for row in db.session.execute(counts.where(*here).group_by(Seat.audience, Seat.role)):
        found[at[row.audience]][row.role] = row.many
    return found


def _partnerships(ids: Iterable[int], viewer: Member | None) -> Counter[int]:
    """How many stand in the register, as far as the viewer sees."""
    query = select(Partner.organisation_id).join(Partnership, Partnership.id == Partner.partnership_id)
    here = (Partner.organisation_id.in_(sorted(ids)), visible(viewer, Partnership))
    return Counter(db.session.scalars(query.where(*here)))


def _open_questions(ids: Iterable[int], viewer: Member | None) -> Counter[int]:
    asked = (Topic.about_id.in_(sorted(ids)), Topic.sort == "question", Topic.answer_id.is_(None))
    return Counter(
        db.session.scalars(select(Topic.about_id).where(*asked, Topic.closed.is_(False), visible(viewer, Topic)))
    )


def partners_page(page: dict[str, Any], viewer: Member) -> dict[str, Any]:
    others = [one["id"] for one in page["parties"] if one["id"] != page["for_id"]]
    return {"facts": facts_of(others, viewer)}


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
        "facts": next(iter(facts_of([receiver], viewer)), None) if receiver else None,
    }
