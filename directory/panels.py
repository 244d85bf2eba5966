"""What the directory shows on other rooms' pages: the organisations of a subject, and small things to mend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from commons.audience import visible_to
from commons.db import db
from commons.entries.models import Entry
from commons.focus.subjects import Box, Subject
from commons.members.models import Member
from commons.text import excerpt
from directory.models import Organisation

TASKS = 3


def organisations_box(subject: Subject, _viewer: Member | None) -> Box:
    """Those that were confirmed last come first."""
    return Box(
        kinds=("organisation",),
        asked=subject.address,
        empty=_("No organisation is known here yet. If you know one, add it."),
        begin=(_("Add an organisation"), url_for("directory.new")),
        sort="confirmed",
        endpoint="directory.organisations",
    )


def to_place(profile: Any, viewer: Member | None) -> dict[str, Any] | None:
    """Small things to mend for a newcomer: organisations of their country of which nobody says in which town they are."""
    country = profile.country if profile is not None else ""
    wanted = (Organisation.country == country, Organisation.city == "", Organisation.status == "active")
    query = select(Organisation.title, Organisation.slug, Organisation.language).where(
        visible_to(viewer, Entry.audience), Organisation.state == "live", *wanted
    )
    rows = db.session.execute(query.order_by(Organisation.updated).limit(TASKS)).all() if country else []
    found = [{"title": row.title, "language": row.language, "url": _edit(row.slug)} for row in rows]
    return {"organisations": found} if found else None


def _edit(slug: str) -> str:
    return url_for("directory.edit", slug=slug)


def teasers(ids: Sequence[int], viewer: Member | None) -> dict[int, str]:
    """What a feed shows of each: how its description begins."""
    rows = select(Organisation.id, func.substr(Organisation.description, 1, 2000)).where(Organisation.id.in_(ids))
    return {id: excerpt(text) for id, text in db.session.execute(rows) if text}
