"""What a crash or a lost disk left: orphans go after an hour, thumbnails are made again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from commons.db import db
from commons.files.intake import store
from commons.files.intake.bounds import PICTURE, WIDTHS
from commons.files.intake.formats import Refused
from commons.files.intake.taking import keep_thumbnails
from commons.files.intake.workshop import ask
from commons.files.models import Blob

OLD = 3600.0  # seconds: no upload takes so long


def sweep(tick: Callable[[int], None] = lambda many: None) -> dict[str, int]:
    """How many orphans went, how many pictures got thumbnails, and how many would not give any."""
    counts = {"orphans removed": 0, "pictures given thumbnails": 0, "pictures without": 0}
    with store.held(alone=True):
        for path in [*orphans(), *_left_over()]:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
            counts["orphans removed"] += 1
            tick(1)
    for digest, width in _pictures():
        if any(width > one and not store.path_of(digest, one).exists() for one in WIDTHS):
            counts["pictures given thumbnails" if _shrink(digest) else "pictures without"] += 1
            tick(1)
    return counts


def orphans(older_than: float = OLD) -> list[Path]:
    """Files in the store that no row names and that no upload can be about to name."""
    db.session.rollback()  # what was committed until now, not what this session saw first
    known = set(db.session.scalars(select(Blob.digest)))
    return [path for path in store.all_paths() if path.name[:64] not in known and _is_old(path, older_than)]


def _left_over() -> list[Path]:
    return [path for path in (store.root() / "incoming").glob("*") if _is_old(path, OLD)]


def _is_old(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime > seconds
    except FileNotFoundError:
        return False


def _pictures() -> list[tuple[str, int]]:
    rows = db.session.execute(select(Blob.digest, Blob.width).where(Blob.width.is_not(None)).order_by(Blob.digest))
    return [(digest, width or 0) for digest, width in rows]


def _shrink(digest: str) -> bool:
    try:
        with store.workbench() as bench:
            ask("pictures", "shrink", store.path_of(digest), bench, PICTURE)
            keep_thumbnails(bench, digest)
    except (Refused, OSError):
        return False
    return True
