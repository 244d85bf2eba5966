"""How often a member is written to, and the addresses of their own feeds.

Without a row in `wishes` the defaults hold: a mail at once where something asks for the member, and once a week a digest of what
they follow. Whoever follows nothing gets no digest, an empty one is never sent, and each mail ends with the button that stops
its kind.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from commons.db import db, now, transaction
from commons.entries.queries import last_seq
from commons.feed.models import PACES, Digest, FeedKey, Watch, Wishes
from commons.feed.queries import pace_of
from commons.members.door import digest
from commons.members.models import Member
from commons.text import clean_line
from commons.web import Invalid

EVERY = {"daily": timedelta(days=1), "weekly": timedelta(days=7), "never": timedelta(days=7)}
ASKS = ("now", "digest", "never")
MOST_KEYS = 20


def expect_digest(member: Member, place: int) -> None:
    """From now on this member may be told of a group (0: of all else) by digest. Called inside a transaction."""
    if db.session.get(Digest, (member.id, place)) is None:
        pace = db.session.scalar(select(Wishes.digest).where(Wishes.member_id == member.id)) or "weekly"
        db.session.add(Digest(member_id=member.id, place_id=place, seq=last_seq(), due=now() + EVERY[pace]))
        db.session.flush()  # whoever follows two things at once is asked for twice


def put_off(member: Member, place: int | None = None) -> None:
    """After another choice the next digest comes one such span from now; what is told in it stays the same."""
    rows = select(Digest).where(Digest.member_id == member.id)
    db.session.flush()
    for row in db.session.scalars(rows if place is None else rows.where(Digest.place_id == place)):
        row.due = now() + EVERY[pace_of(member.id, row.place_id)]


def change_wishes(values: Mapping[str, str], *, actor: Member) -> None:
    """`asks`, `digest`, `beyond` ("yes", ""): what is left out stays as it is. Raises Invalid."""
    if values.get("asks", "now") not in ASKS or values.get("digest", "weekly") not in PACES:
        raise Invalid({"digest": _("Choose one of the list.")})
    with transaction():
        row = db.session.get(Wishes, actor.id) or Wishes(member_id=actor.id)
        db.session.add(row)
        row.asks, before = values.get("asks", row.asks or "now"), row.digest or "weekly"
        row.digest = values.get("digest", before)
        row.beyond = values["beyond"] == "yes" if "beyond" in values else row.beyond is not False
        if row.digest != before:
            put_off(actor)


def stop(member: Member, source: str, entry_id: int = 0) -> None:
    """What the link in a mail stops: `asks`, `digests`, the mails of one `group`, or all of one `thread`. A second time
    changes nothing."""
    if source in ("asks", "digests"):
        change_wishes({"asks" if source == "asks" else "digest": "never"}, actor=member)
        return
    values = {"mail": "never"} if source == "group" else {"how": "muted"}
    mine = (Watch.member_id == member.id, Watch.entry_id == entry_id)
    with transaction():
        if db.session.scalar(select(func.count()).where(*mine)):
            db.session.execute(update(Watch).where(*mine).values(**values))
        elif source == "thread":
            db.session.add(Watch(member_id=member.id, entry_id=entry_id, since=last_seq(), how="muted"))


def make_feed_key(name: str, *, actor: Member) -> str:
    """The key of a private feed; shown this once, kept as its digest. Raises Invalid beyond MOST_KEYS."""
    key = secrets.token_urlsafe(32)
    with transaction():
        if (db.session.scalar(select(func.count()).where(FeedKey.member_id == actor.id)) or 0) >= MOST_KEYS:
            raise Invalid({"label": _("These are many addresses. Close one that you no longer use.")})
        words = clean_line(name)[:100] or _("A reader")
        db.session.add(FeedKey(member_id=actor.id, name=words, digest=digest(key)))
    return key


def close_feed_key(number: int, *, actor: Member) -> None:
    with transaction():
        db.session.execute(delete(FeedKey).where(FeedKey.id == number, FeedKey.member_id == actor.id))
