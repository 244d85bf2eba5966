"""What members typed and have not sent: kept on the server too, so that a lost phone or a new browser loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from commons.db import db, now, transaction
from commons.entries.models import Draft
from commons.members.models import Member
from commons.text import clean_text
from commons.web import Invalid

KEPT = timedelta(days=180)
MOST = 100  # drafts of one member; the oldest go first
LARGEST = 1_200_000  # characters of one draft: more than the largest page


def kept_draft(key: str, viewer: Member | None) -> Draft | None:
    if viewer is None:
        return None
    return db.session.scalar(select(Draft).where(Draft.member_id == viewer.id, Draft.key == key[:120]))


def drafts_of(member: Member) -> list[Draft]:
    return list(db.session.scalars(select(Draft).where(Draft.member_id == member.id).order_by(Draft.at.desc())))


def keep_draft(key: str, fields: Mapping[str, list[str]], *, actor: Member) -> Draft:
    """Raises Invalid where it is too large to be kept."""
    cleaned = {name[:80]: [clean_text(value) for value in values] for name, values in fields.items()}
    if sum(len(value) for values in cleaned.values() for value in values) > LARGEST or len(cleaned) > 200:
        raise Invalid({"text": _("This is too large to be kept as a draft.")})
    with transaction():
        draft = kept_draft(key, actor) or Draft(member_id=actor.id, key=key[:120])
        draft.fields, draft.at = cleaned, now()
        db.session.add(draft)
        db.session.flush()
        db.session.execute(delete(Draft).where(Draft.at < now() - KEPT))
        if (db.session.scalar(select(func.count()).where(Draft.member_id == actor.id)) or 0) > MOST:
            kept = select(Draft.id).where(Draft.member_id == actor.id).order_by(Draft.at.desc()).limit(MOST)
            db.session.execute(delete(Draft).where(Draft.member_id == actor.id, Draft.id.not_in(kept)))
        return draft


def drop_draft(key: str, *, actor: Member) -> None:
    """Sent or thrown away."""
    with transaction():
        db.session.execute(delete(Draft).where(Draft.member_id == actor.id, Draft.key == key[:120]))
