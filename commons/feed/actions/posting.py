"""Two followers of the log that write no words: what asks for somebody becomes a mail at once, what moved in what they follow a digest
when it is due. The words are written when the mail is sent, as its reader may see things then.

Each mail and how far it tells are written in one transaction: whenever the worker is killed, nobody is told twice and nobody
is left out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from commons.db import db, lock, now, transaction
from commons.entries.followers import keep_position
from commons.entries.models import Ask, Change
from commons.entries.queries import last_seq
from commons.feed.actions.pacing import EVERY
from commons.feed.models import Digest, Wishes
from commons.feed.queries import digest_news, pace_of
from commons.members.models import Member, Outgoing

BATCH = 500
MANY = 20  # digests of one turn: mails of others do not wait for all of them
TOO_LATE = timedelta(days=7)  # older asks, of a log that was brought here with its past, stay notices


def follow_asks(after: int) -> int:
    """The position is written with the mails."""
    end, reached = last_seq(), after
    while rows := _asks(reached, end):
        with transaction():
            reached = rows[-1].seq
            db.session.add_all(_ask_mail(row) for row in rows if row.asks == "now" and row.at > now() - TOO_LATE)
            keep_position("asks", reached)
    return max(reached, end)


def _asks(after: int, end: int) -> list[Any]:
    """The next asks; those of one line are never parted."""
    asks = func.coalesce(Wishes.asks, "now").label("asks")
    query = (
        select(Ask.seq, Ask.entry_id, Ask.member_id, Ask.why, Change.at, Member.email, asks)
        .join(Change, Change.seq == Ask.seq)
        .join(Member, Member.id == Ask.member_id)
        .outerjoin(Wishes, Wishes.member_id == Ask.member_id)
        .where(Ask.seq > after, Ask.seq <= end, Member.state == "active", Member.email.is_not(None))
        .order_by(Ask.seq, Ask.member_id)
    )
    rows = list(db.session.execute(query.limit(BATCH)))
    if len(rows) < BATCH:
        return rows
    first, last = rows[0].seq, rows[-1].seq
    if first == last:
        return list(db.session.execute(query.where(Ask.seq == first)))
    return [row for row in rows if row.seq != last]


def _ask_mail(row: Any) -> Outgoing:
    about = {"entry": row.entry_id, "member": row.member_id, "why": row.why, "seq": row.seq}
    key = f"ask-{row.seq}-{row.member_id}-{row.why}-{row.entry_id}"
    return Outgoing(recipient=row.email, member_id=row.member_id, letter="ask", about=about, key=key)


def follow_digests(after: int) -> int:
    """Writes the digests that are due; the position is of no use, each member has their own."""
    due = select(Digest).where(Digest.due <= now()).order_by(Digest.due, Digest.member_id).limit(MANY)
    for row in db.session.scalars(due).all():
        _digest(row)
    return after


def _digest(row: Digest) -> None:
    """One member and one place: the mail, and how far it tells."""
    with transaction():
        lock(row)
        if row.due > now():
            return
        upto, pace = last_seq(), pace_of(row.member_id, row.place_id)
        member = db.session.get_one(Member, row.member_id)
        about = {"place": row.place_id, "after": row.seq, "upto": upto}
        if pace != "never" and member.may_write and member.email and digest_news(member, **about):
            key = f"digest-{member.id}-{row.place_id}-{upto}"
            db.session.add(Outgoing(recipient=member.email, member_id=member.id, letter="digest", about=about, key=key))
        row.seq, row.due = upto, now() + EVERY[pace]
