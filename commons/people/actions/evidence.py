"""Behind the log: what shows that somebody knows something, as the rooms say of their entries."""

from __future__ import annotations

from sqlalchemy import delete

from commons.db import db, table, transaction
from commons.entries.queries import log_after
from commons.people.models import Evidence
from commons.room import rooms

BATCH = 500  # lines of the log


def follow_evidence(after: int) -> int:
    """Of every entry that changed, its evidence anew."""
    while lines := log_after(after, BATCH):
        keep_evidence(sorted({entry for _seq, entry, _thread in lines}))
        after = lines[-1][0]
    return after


def keep_evidence(ids: list[int]) -> None:
    with transaction():
        db.session.execute(delete(Evidence).where(Evidence.entry_id.in_(ids)))
        rows = [known._asdict() for panel in rooms().panels("evidence") for known in panel.items(ids, None)]
        if rows:
            db.session.execute(table(Evidence).insert(), rows)
