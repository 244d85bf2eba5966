"""What organisations say of each other, as a viewer may see it: a statement is shown where both of them are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import abort
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import aliased

from commons.audience import PUBLIC
from commons.db import db, now
from commons.entries.asks import has_voice, speaks_for, voices
from commons.entries.models import Change, Entry
from commons.entries.queries import cards_by_id, find, visible
from commons.members.models import Member, Seat
from commons.members.queries import apart
from commons.people.models import Affiliation
from commons.room import rooms
from directory.models import Organisation
from directory.statements.models import Statement

YOUNG = timedelta(days=7)  # for so long after it is represented an organisation says nothing of others
OPEN = ("active", "unconfirmed", "in discussion", "closed")  # of which something can be said
GONE = "went along"  # the verb of what was taken away with one of the two
_VOICE, _ABOUT = aliased(Entry, name="voice"), aliased(Entry, name="about")
_SIGNER, _ANSWERER = aliased(Member, name="signer"), aliased(Member, name="answerer")


class Said(NamedTuple):
    statement: Statement
    voice: Any  # who says it: enough for a title and an address
    about: Any
    signer: str  # the names of the people
    answerer: str


def statements(viewer: Member | None) -> Select[Statement, Entry, Entry, str, str]:
    """Newest first."""
    query = select(Statement, _VOICE, _ABOUT, _SIGNER.name, _ANSWERER.name)
    query = query.join(_VOICE, _VOICE.id == Statement.voice_id).join(_ABOUT, _ABOUT.id == Statement.about_id)
    query = query.outerjoin(_SIGNER, _SIGNER.id == Statement.signer_id)
    query = query.outerjoin(_ANSWERER, _ANSWERER.id == Statement.answerer_id).where(*_shown(viewer))
    return query.order_by(Statement.created.desc(), Statement.id.desc())


def _shown(viewer: Member | None) -> tuple[ColumnElement[bool], ...]:
    return visible(viewer, Statement), visible(viewer, _VOICE), visible(viewer, _ABOUT)


def page_of(query: Select[Statement, Entry, Entry, str, str], page: int, per_page: int) -> tuple[list[Said], int]:
    """One page of a list, and how many there are in all."""
    total = db.session.scalar(query.with_only_columns(func.count()).order_by(None)) or 0
    return first(query.offset((page - 1) * per_page), per_page) if total else [], int(total)


def first(query: Select[Statement, Entry, Entry, str, str], many: int) -> list[Said]:
    rows = db.session.execute(query.limit(many))
    return [Said(row[0], row[1], row[2], row[3] or "", row[4] or "") for row in rows]


def statement_at(id: int, viewer: Member | None) -> Said:
    """Raises 404, and Gone with the reason where it was removed."""
    found = find(rooms().kinds["statement"], str(id), viewer)
    return next(iter(first(statements(viewer).where(Statement.id == found.id), 1)), None) or abort(404)


def pair(voice_id: int, about_id: int) -> Statement | None:
    """The one statement of these two, also one that was taken away."""
    return db.session.scalar(select(Statement).where(Statement.voice_id == voice_id, Statement.about_id == about_id))


def last_removal(statement: Statement) -> str:
    """The verb with which it was last taken away: by the organisation itself, by a moderator, or along with one of the two."""
    taken = Change.verb.in_(("withdrew", "removed", GONE))
    query = select(Change.verb).where(Change.entry_id == statement.id, taken).order_by(Change.seq.desc()).limit(1)
    return db.session.scalar(query) or ""


def of_touched(after: int, last: int) -> list[tuple[int, bool]]:
    """(statement, may it stand) of those whose organisations these lines of the log are about, where that is not so."""
    lines = select(Change.entry_id).where(Change.seq > after, Change.seq <= last)
    there = and_(_VOICE.state == "live", _ABOUT.state == "live")
    stands = and_(there, or_(_VOICE.audience == PUBLIC, _VOICE.audience == _ABOUT.audience))
    query = select(Statement.id, stands.label("stands"))
    query = query.join(_VOICE, _VOICE.id == Statement.voice_id).join(_ABOUT, _ABOUT.id == Statement.about_id)
    query = query.where(or_(Statement.voice_id.in_(lines), Statement.about_id.in_(lines)))
    wrong = or_(and_(Statement.state == "live", not_(stands)), and_(Statement.state == "deleted", stands))
    return [(id, bool(fine)) for id, fine in db.session.execute(query.where(wrong).order_by(Statement.id))]


def represented_since(organisation_id: int) -> datetime | None:
    """When the first of those was confirmed who speak for it today; none: nobody was."""
    sits = select(Seat.member_id).where(Seat.audience == speaks_for(organisation_id))
    query = select(func.min(Affiliation.decided)).where(
        Affiliation.organisation_id == organisation_id,
        Affiliation.state == "confirmed",
        Affiliation.represents,
        Affiliation.member_id.in_(sits),
    )
    return db.session.scalar(query)


def speakers(organisation_id: int) -> list[int]:
    return list(db.session.scalars(select(Seat.member_id).where(Seat.audience == speaks_for(organisation_id))))


def voices_of(member: Member | None, about_id: int) -> list[Organisation]:
    """The organisations in whose name this member may say something of others."""
    ids = sorted(id for id in voices(member) if id != about_id and has_voice(member, id, "steward"))
    return cards_by_id(ids, member)


def why_not(actor: Member, voice: Organisation, about: Organisation) -> str:
    """Why this organisation says nothing of that one now, as a sentence; empty: it may. A block is told in the words for
    every other hindrance, so that nobody learns of it."""
    if voice.id == about.id:
        return _("An organisation says nothing of itself here. Its own words stand in its description.")
    since = represented_since(voice.id)
    if since is None or since > now() - YOUNG:
        return _("Your organisation can write about others when it has been represented here for seven days.")
    narrow = voice.audience not in (PUBLIC, about.audience)
    if narrow or about.status not in OPEN or voice.status not in OPEN or apart(actor) & set(speakers(about.id)):
        return _("Your organisation cannot write about this one at the moment.")
    there = pair(voice.id, about.id)
    if there is not None and there.is_live:
        return _("Your organisation has said something of this one already. You can change that.")
    if there is not None and last_removal(there) != "withdrew":
        return _("Your organisation cannot write about this one at the moment.")
    return ""


def may_edit(viewer: Member | None, statement: Statement) -> bool:
    return statement.is_live and has_voice(viewer, statement.voice_id, "steward")


def may_answer(viewer: Member | None, statement: Statement) -> bool:
    """Once; anew, when the words were changed since."""
    return statement.is_live and not statement.is_answered and has_voice(viewer, statement.about_id, "steward")


def open_statements(ids: Sequence[int]) -> list[Statement]:
    """Those of these that stand, between two organisations that stand."""
    query = (
        select(Statement).join(_VOICE, _VOICE.id == Statement.voice_id).join(_ABOUT, _ABOUT.id == Statement.about_id)
    )
    live = (Statement.state == "live", _VOICE.state == "live", _ABOUT.state == "live")
    return list(db.session.scalars(query.where(Statement.id.in_(ids), *live)))
