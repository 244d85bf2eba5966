"""Content on the disk: `COMMONS_DATA/files/ab/cd/<SHA-256>`, beside it thumbnails, which can be made again.

Nothing of a request ever becomes part of a path: names are digests that we counted ourselves. Content is whole and on the disk before
a row names it, so that a crash leaves at most an orphan, which `sweeping` takes away after an hour.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from commons.disk import sync
from commons.files.intake.bounds import WIDTHS
from commons.files.intake.formats import Refused

PIECE = 2**18
_DIGEST = re.compile(r"[0-9a-f]{64}")


def root() -> Path:
    folder = Path(current_app.config["COMMONS_DATA"]) / "files"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def path_of(digest: str, width: int = 0) -> Path:
    """Where content lies, or its thumbnail of this width. Raises ValueError on what is no digest or no width of ours."""
    if not _DIGEST.fullmatch(digest) or width not in (0, *WIDTHS):
        raise ValueError("not a name that this store gives")
    return root() / digest[:2] / digest[2:4] / (f"{digest}.{width}.webp" if width else digest)


@contextmanager
def workbench() -> Iterator[Path]:
    """An empty folder on the same disk, for what is still being looked at; nothing of it stays."""
    place = root() / "incoming"
    place.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def copy(stream: BinaryIO, first: bytes, path: Path, limit: int, code: str) -> str:
    """Writes `first` and the rest of the stream, piece by piece; returns the SHA-256. Raises Refused beyond `limit` bytes."""
    digest, size, piece = hashlib.sha256(), 0, first
    with open(path, "xb", opener=_private) as file:
        while piece:
            size += len(piece)
            if size > limit:
                raise Refused(code)
            digest.update(piece)
            file.write(piece)
            piece = stream.read(PIECE)
    return digest.hexdigest()


def keep(path: Path, digest: str, width: int = 0) -> None:
    """Moves a finished file to its place, on the disk for good when this returns."""
    target = path_of(digest, width)
    if target.exists():
        os.utime(target)  # young again: the sweeper lets it be until a row names it
        return
    for folder in (target.parent.parent, target.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    os.chmod(path, 0o600)
    sync(path)
    path.replace(target)
    for folder in (target.parent, target.parent.parent, root()):
        sync(folder)


def keep_copy(path: Path, digest: str) -> None:
    """The same for a file that somebody else keeps, as an import does."""
    with workbench() as bench:
        shutil.copyfile(path, bench / "copy")
        keep(bench / "copy", digest)


@contextmanager
def held(*, alone: bool = False) -> Iterator[None]:
    """Those who bring content hold the store together until its row is committed; the sweeper holds it `alone`."""
    with open(root() / "lock", "a", opener=_private) as file:
        fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def all_paths() -> Iterator[Path]:
    """Everything in the store that is in its place; folders and half work left out."""
    for path in sorted(root().glob("??/??/*")):
        if path.is_file():
            yield path


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
