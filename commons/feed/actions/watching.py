"""Watching and no longer watching, and how far a member has read. Nobody else is told."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from commons.audience import may_see
from commons.db import db, transaction
from commons.entries.actions import take_log_lock
from commons.entries.models import Ask, Change, Entry
from commons.entries.queries import last_seq
from commons.feed.actions.pacing import expect_digest, put_off
from commons.feed.models import PACES, Seen, Watch, Wishes
from commons.members.models import Member
from commons.room import rooms
from commons.web import Forbidden, Invalid

PLACES = ("focus", "forum", "group", "profile")  # what others stand in: listed in the feed, and not told one by one
LEVELS = ("notices", "feed", "muted")


def watch(entry: Entry, *, actor: Member, how: str = "", mail: str | None = None) -> None:
    """Follows an entry; `how` is one of LEVELS, and empty for what fits its kind; `mail`, of a group, one of PACES, and empty for
    the member's general choice. A second time without them changes nothing. Raises Forbidden for what the member may not
    see, Invalid."""
    if not may_see(actor, entry) or not actor.is_active:
        raise Forbidden(_("You may not watch this."))
    if how != "muted" and (asks := rooms().kinds[entry.kind].may_watch) and not asks(actor, entry):
        raise Forbidden(_("Ask this person first: they decide who follows them."))
    if how not in ("", *LEVELS) or mail not in (None, "", *PACES):
        raise Invalid({"how": _("Choose one of the list.")})
    with transaction():
        take_log_lock()
        row = db.session.get(Watch, (actor.id, entry.id))
        if row is None:
            row = Watch(member_id=actor.id, entry_id=entry.id, since=last_seq())
            row.how = "feed" if entry.kind in PLACES else "notices"
            db.session.add(row)
            expect_digest(actor, entry.id if entry.kind == "group" else 0)
        row.how = how or row.how
        if mail is not None and mail != row.mail:
            row.mail = mail
            put_off(actor, entry.id)


def unwatch(entry: Entry, *, actor: Member) -> Watch | None:
    """Returns what was chosen, so that it can be taken back."""
    with transaction():
        row = db.session.get(Watch, (actor.id, entry.id))
        db.session.execute(delete(Watch).where(Watch.member_id == actor.id, Watch.entry_id == entry.id))
        if row is not None:
            db.session.expunge(row)
        return row


def mark_seen(thread: Entry, *, actor: Member, number: int = 0, upto: int | None = None) -> None:
    """This member has read the thread, in a topic up to this post: as it is now, or as it was when the log ended at `upto`,
    so that what came while they read is still new. Reading never goes backwards."""
    asked = select(func.max(Ask.seq)).join(Change, Change.seq == Ask.seq)
    last = asked.where(Ask.member_id == actor.id, Change.thread_id == thread.id)
    with transaction():
        row = db.session.get(Seen, (actor.id, thread.id)) or Seen(member_id=actor.id, entry_id=thread.id)
        reached = max(thread.stirred, db.session.scalar(last) or 0)
        row.seq = max(row.seq or 0, reached if upto is None else min(reached, upto))
        row.number = max(row.number or 0, number)
        db.session.add(row)


def mark_all_seen(upto: int, *, actor: Member) -> None:
    """Everything up to this line of the log is read: what the page showed when the button was pressed, and nothing since."""
    with transaction():
        row = db.session.get(Wishes, actor.id) or Wishes(member_id=actor.id, read_to=0)
        row.read_to = max(row.read_to, min(upto, last_seq()))
        db.session.add(row)
