"""What moderators left on lines of the log: looked at and right, or hidden."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, tuple_

from commons.db import db
from commons.entries.models import Change, Checked, Entry, Revision
from commons.members.models import Member


def checked_lines(seqs: Sequence[int]) -> dict[int, str]:
    """line: the name of who looked at it and found it right."""
    query = select(Checked.seq, Member.name).join(Member, Member.id == Checked.by_id).where(Checked.seq.in_(seqs))
    return {row.seq: row.name for row in db.session.execute(query)} if seqs else {}


def checked_revisions(entry: Entry, numbers: Sequence[int]) -> dict[int, str]:
    """number: the same for revisions of one entry."""
    query = (
        select(Change.revision, Member.name)
        .join(Checked, Checked.seq == Change.seq)
        .join(Member, Member.id == Checked.by_id)
        .where(Change.entry_id == entry.id, Change.revision.in_(numbers))
    )
    return {number: name for number, name in db.session.execute(query) if number is not None} if numbers else {}


def hidden_revisions(lines: Sequence[Change]) -> set[int]:
    """The lines among these whose version is hidden: marked for moderators."""
    marks = {(line.entry_id, line.revision): line.seq for line in lines if line.revision is not None}
    query = select(Revision.entry_id, Revision.number).where(
        tuple_(Revision.entry_id, Revision.number).in_(marks), Revision.hidden
    )
    return {marks[row.entry_id, row.number] for row in db.session.execute(query)} if marks else set()
