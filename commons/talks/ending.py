"""What ends by itself: first messages that nobody answered, and the words of talks that nobody sits in any more.

Erasing is the one place where a history is written anew: the revisions of such a talk lose their values and notes, and the
chain of digests is built again over what is left, so that numbers, moments and authors still fit together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import Text, delete, select, update

from commons.db import db, lock, now, table, transaction
from commons.entries.actions import digest, take_log_lock
from commons.entries.models import Ask, Change, Entry, EntryLink, Redirect, Revision
from commons.entries.queries import last_seq
from commons.files.intake import store
from commons.files.models import Blob, File
from commons.forums.models import Post, Topic
from commons.members.models import Seat
from commons.people.models import Profile
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
        _take_files(list(db.session.scalars(select(File.id).where(File.within_id == topic.id).order_by(File.id))))
        db.session.expire_all()
        return True


def _take_files(ids: Sequence[int]) -> None:
    """Their words and names go at once. Their content has no row any more, unless another file shows the same; what no row
    names is swept from the disk."""
    if not ids:
        return
    file, entry = table(File), table(Entry)
    bare = {"name": NOTHING, "alt": "", "description": "", "credit": "", "digest": _no_content(), "size": 0}
    was = set(db.session.scalars(select(File.digest).where(File.id.in_(ids))))
    for changes in db.session.scalars(select(Revision.changes).where(Revision.entry_id.in_(ids))):
        was |= {one for one in changes.get("digest", ()) if one}
    for id in ids:
        _empty([id], id)
        db.session.execute(update(entry).where(entry.c.id == id).values(state="deleted", slug=f"erased-{id}"))
    db.session.execute(update(file).where(file.c.id.in_(ids)).values(**bare, width=None, height=None))
    db.session.execute(delete(Redirect).where(Redirect.entry_id.in_(ids)))
    db.session.execute(delete(Blob).where(Blob.digest.in_([one for one in was if not _is_shown(one)])))


def _no_content() -> str:
    """The digest of nothing, which has its row and its place on the disk like any other."""
    digest = hashlib.sha256(b"").hexdigest()
    if db.session.get(Blob, digest) is None:
        path = store.path_of(digest)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        db.session.add(Blob(digest=digest, media_type="application/octet-stream", size=0))
        db.session.flush()
    return digest


def _is_shown(content: str) -> bool:
    """By another file, in its history, or as somebody's picture."""
    past = select(Revision.id).join(Entry, Entry.id == Revision.entry_id).where(Entry.kind == "file")
    uses = (
        select(File.id).where(File.digest == content),
        select(Profile.id).where(Profile.photo == content),
        past.where(Revision.changes.cast(Text).contains(content)),
    )
    return any(db.session.scalar(one.limit(1)) is not None for one in uses)


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
