"""The invariants of files: `flask site check` reads them, after every fault and every restore."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from commons.db import db
from commons.entries.models import Entry, Revision
from commons.files.intake import store
from commons.files.models import Blob
from commons.files.sweeping import orphans
from commons.room import Check


def whole() -> Iterable[str]:
    """Every row has its content on the disk, and it is what its name says."""
    for digest in db.session.scalars(select(Blob.digest).order_by(Blob.digest)):
        path = store.path_of(digest)
        if not path.is_file():
            yield f"{digest} is not on the disk"
        elif store.digest_of(path) != digest:
            yield f"{digest} is not what it was"


def remembered() -> Iterable[str]:
    """Every content that a history names has its row."""
    known = set(db.session.scalars(select(Blob.digest)))
    rows = select(Revision.entry_id, Revision.number, Revision.changes).join(Entry, Entry.id == Revision.entry_id)
    for entry, number, changes in db.session.execute(rows.where(Entry.kind == "file").execution_options(yield_per=500)):
        if (pair := changes.get("digest")) and pair[1] not in known:
            yield f"file {entry}: the content of version {number} has no row"


def wanted() -> Iterable[str]:
    """Nothing lies there that no row names; `flask files sweep` takes it away."""
    for path in orphans():
        yield f"{path.name} belongs to no row"


checks = (
    Check("files: every row has its content, with the right digest", whole),
    Check("files: every content of a history has its row", remembered),
    Check("files: no orphan older than an hour", wanted),
)
