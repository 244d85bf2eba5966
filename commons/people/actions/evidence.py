"""Behind the log: what shows that somebody knows something, as the rooms say of their entries. It is put together only of those
who want to be named."""

from __future__ import annotations

from sqlalchemy import delete, select

from commons.db import db, table, transaction
from commons.entries.models import Change
from commons.entries.queries import log_after
from commons.people.models import Evidence, Profile
from commons.room import rooms

BATCH = 500  # lines of the log


def follow_evidence(after: int) -> int:
    """Of every entry that changed, its evidence anew; of whoever wants to be named from now on, that of all they had a hand in."""
    while lines := log_after(after, BATCH):
        ids = {entry for _seq, entry, _thread in lines}
        keep_evidence(sorted(ids))
        for member, wanted in _profiles(ids):
            if not wanted:
                _forget(member)
            elif not db.session.scalar(select(Evidence.entry_id).where(Evidence.member_id == member).limit(1)):
                touched = sorted(_touched_by(member))
                for at in range(0, len(touched), BATCH):
                    keep_evidence(touched[at : at + BATCH])
        after = lines[-1][0]
    return after


def _profiles(ids: set[int]) -> list[tuple[int, bool]]:
    query = select(Profile.member_id, Profile.named_for).where(Profile.id.in_(ids))
    return [(member, wanted) for member, wanted in db.session.execute(query)]


def _touched_by(member: int) -> set[int]:
    query = select(Change.entry_id, Change.thread_id).where(Change.actor_id == member)
    return {id for row in db.session.execute(query) for id in row if id is not None}


def _forget(member: int) -> None:
    with transaction():
        db.session.execute(delete(Evidence).where(Evidence.member_id == member))


def keep_evidence(ids: list[int]) -> None:
    with transaction():
        db.session.execute(delete(Evidence).where(Evidence.entry_id.in_(ids)))
        rows = [known._asdict() for panel in rooms().panels("evidence") for known in panel.items(ids, None)]
        named = set(db.session.scalars(select(Profile.member_id).where(Profile.named_for)))
        if rows := [row for row in rows if row["member_id"] in named]:
            db.session.execute(table(Evidence).insert(), rows)
