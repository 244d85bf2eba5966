"""What ends by itself: first messages that nobody answered, and the words of talks that nobody sits in any more.

Erasing is the one place where a history is written anew: the revisions of such a talk lose their values and notes, and the
chain of digests is built again over what is left, so that numbers, moments and authors still fit together.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from commons.db import db, lock, now, table, transaction
from commons.entries.actions import digest, take_log_lock
from commons.entries.models import Ask, Change, Entry, EntryLink, Revision
from commons.entries.queries import last_seq
from commons.forums.models import Post, Topic
from commons.members.models import Seat
from commons.talks.actions.talking import LASTS
from commons.talks.models import ASKED, Request

NOTHING = "–"  # the title of what was erased


def end_requests(after: int) -> int:
    """A follower whose position never moves: what is due stands in the table. An unanswered message and a declined one end
    the same way, so that their writer cannot tell which it was."""
    due = select(Request).where(Request.state.in_(("waiting", "declined")), Request.at < now() - LASTS)
    if db.session.scalar(due.with_only_columns(Request.topic_id).limit(1)) is None:
        return after
    with transaction():
        for request in db.session.scalars(due.limit(500)).all():
            request.state = "ended"
            door = f"talk:{request.topic_id}"
            db.session.execute(delete(Seat).where(Seat.audience == door, Seat.role == ASKED))
    return after


def erase_left(after: int) -> int:
    """Follows the log: where somebody left and nobody is left, the words go."""
    end = last_seq()
    left = select(Change.entry_id).where(Change.seq > after, Change.seq <= end, Change.verb == "left").distinct()
    for topic_id in db.session.scalars(left).all():
        topic = db.session.get(Topic, topic_id)
        if topic is not None and topic.is_private:
            erase(topic)
    return end


def erase(topic: Topic) -> bool:
    """Takes all words out of a talk that has no seats; says whether it had to. A second time changes nothing."""
    with transaction():
        lock(topic)
        seated = db.session.scalar(select(Seat.id).where(Seat.audience == topic.audience).limit(1))
        if seated is not None or topic.title == NOTHING:
            return False
        ids = [topic.id, *db.session.scalars(select(Post.id).where(Post.topic_id == topic.id).order_by(Post.id))]
        db.session.execute(update(table(Post)).where(table(Post).c.topic_id == topic.id).values(text=""))
        for start in range(0, len(ids), 500):
            _empty(ids[start : start + 500], topic.id)
        db.session.expire_all()
        return True


def _empty(ids: Sequence[int], topic_id: int) -> None:
    take_log_lock()
    entry, line = table(Entry), {"at": now(), "verb": "erased", "revision": None, "note": "", "via": ""}
    db.session.execute(update(entry).where(entry.c.id.in_(ids)).values(title=NOTHING))
    db.session.execute(update(Change).where(Change.entry_id.in_(ids)).values(note=""))
    for model, column in ((EntryLink, EntryLink.source_id), (Ask, Ask.entry_id)):
        db.session.execute(delete(model).where(column.in_(ids)))
    rows = select(Revision).where(Revision.entry_id.in_(ids)).order_by(Revision.entry_id, Revision.number)
    before: tuple[int, str] = (0, "")
    for row in db.session.scalars(rows):
        last = before[1] if before[0] == row.entry_id else ""
        row.changes, row.note = {}, ""
        row.digest = digest(last, row.number, {})
        before = (row.entry_id, row.digest)
    db.session.flush()
    db.session.execute(
        table(Change).insert(), [line | {"actor_id": None, "entry_id": id, "thread_id": topic_id} for id in ids]
    )
