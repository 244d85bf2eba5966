"""Content of files beside the tables: `files/<SHA-256>`, so that each file's name says what has to be in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from commons.export.folder import Folder
from commons.export.tables import Refused
from commons.files.intake import store
from commons.files.models import Blob

FOLDER = "files"
BLOB = cast(sa.Table, Blob.__table__)


def write_blobs(folder: Folder, digests: Iterator[str]) -> int:
    """Copies this content into the export; returns how many. Raises Refused where the disk has lost some."""
    many = 0
    for digest in digests:
        path = store.path_of(digest)
        if not path.is_file():
            raise Refused(f"The content {digest} is not on the disk. Run flask site check; nothing was exported.")
        folder.copy(f"{FOLDER}/{digest}", path)
        many += 1
    return many


def read_blobs(connection: Connection, folder: Path, names: set[str]) -> int:
    """Brings the content of every row of `blob` that was just filled. Raises Refused where the export lacks some."""
    many = 0
    for digest in connection.scalars(sa.select(BLOB.c.digest).order_by(BLOB.c.digest)):
        if f"{FOLDER}/{digest}" not in names:
            raise Refused(f"The content {digest} is missing in {folder}: the export is not whole.")
        path = folder / FOLDER / digest
        if store.digest_of(path) != digest:
            raise Refused(f"{FOLDER}/{digest} is not what its name says. Nothing was imported.")
        store.keep_copy(path, digest)
        many += 1
    return many
