"""What proposals show on other rooms' pages: who is interested, the way to write, what waits in the inbox,
the partnerships about a subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from commons.db import db
from commons.entries.asks import has_voice
from commons.focus.subjects import Box, Subject
from commons.members.models import Member
from directory.partnerships.board.queries import is_answerable
from directory.partnerships.dossiers import queries
from directory.partnerships.dossiers.documents.pages import list_rows

INBOX = 20


def interests(ids: Sequence[int], viewer: Member | None) -> Mapping[int, int]:
    """How many organisations answered each of these postings."""
    return queries.interests_of(ids, viewer)


def answer_posting(posting: Any, viewer: Member | None) -> dict[str, Any] | None:
    """On the page of a need or an offer: the way to the first words; for its own people nothing."""
    if not is_answerable(posting) or has_voice(viewer, posting.within_id or 0):
        return None
    return {"url": url_for("dossiers.new", about=posting.id)}


def inbox(organisation: Any, viewer: Member | None) -> dict[str, Any] | None:
    """The proposals of an organisation that are not closed: what waits for it first."""
    if viewer is None or not has_voice(viewer, organisation.id):
        return None
    query = queries.open_proposals(viewer, organisation.id).limit(INBOX)
    rows = list_rows(list(db.session.scalars(query)), viewer, organisation.id)
    chosen: dict[str, Any] = {"for": organisation.id}
    more = url_for("dossiers.proposals", **chosen)
    return {"rows": rows, "count": sum(row["is_mine"] for row in rows), "more_url": more} if rows else None


def partnerships_box(subject: Subject, _viewer: Member | None) -> Box:
    """Those of the public register."""
    return Box(
        kinds=("partnership",),
        asked=subject.address,
        empty=_("No partnership about this stands in the register yet."),
        begin=(_("See who is open to partnership"), url_for("board.open_organisations")),
    )
