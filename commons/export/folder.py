"""The folder of an export: written under another name and renamed when whole, so that no half export ever has its name.

Every gzip file has the same header whenever and wherever it is made (no name, no time, one level): equal rows make
equal files.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from commons.disk import sync
from commons.export.tables import Refused

LEVEL = 6
SUMS, MADE = "SHA256SUMS", "made.txt"
OURS = re.compile(
    r".*(\.jsonl\.gz|\.json|\.md|\.txt)|SHA256SUMS|[0-9a-f]{64}"
)  # what a folder that was left half may hold


@dataclass(frozen=True, slots=True)
class Written:
    rows: int
    bytes: int
    sha256: str  # of the file
    content: str  # of the lines in it: equal wherever and by whichever zlib the file was packed


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the files go. `closed`: only the owner may read them."""

    path: Path
    closed: bool

    def write(self, name: str, text: str) -> None:
        with self._open(name) as file:
            file.write(text.encode())

    def write_lines(self, name: str, batches: Iterable[list[str]]) -> Written:
        content, rows = hashlib.sha256(), 0
        with self._open(name) as file, gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packed:
            for batch in batches:
                block = "".join(f"{one}\n" for one in batch).encode()
                packed.write(block)
                content.update(block)
                rows += len(batch)
        path = self.path / name
        return Written(rows, path.stat().st_size, sha256(path), content.hexdigest())

    def copy(self, name: str, source: Path) -> None:
        with self._open(name) as file, source.open("rb") as content:
            shutil.copyfileobj(content, file)

    def seal(self) -> None:
        """The sums of all files so far, in the form that `sha256sum --check` reads."""
        names = sorted(str(path.relative_to(self.path)) for path in self.path.rglob("*") if path.is_file())
        self.write(SUMS, "".join(f"{sha256(self.path / name)}  {name}\n" for name in names))

    @contextmanager
    def _open(self, name: str) -> Iterator[BinaryIO]:
        path = self.path / name
        path.parent.mkdir(exist_ok=True, mode=0o700 if self.closed else 0o755)
        mode = 0o600 if self.closed else 0o644
        with open(path, "xb", opener=lambda what, flags: os.open(what, flags, mode)) as file:
            yield cast(BinaryIO, file)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def new_folder(target: Path, *, closed: bool) -> Iterator[Folder]:
    """A folder to write in; it becomes `target` at the end, or nothing is left of it."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(f"{target} is there already and not empty. Name a new folder.")
    part = target.with_name(f"{target.name}.part")
    _clear(part)
    part.mkdir(parents=True, mode=0o700 if closed else 0o755)
    try:
        yield Folder(part, closed)
        sync(part)
        part.rename(target)
        sync(target.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _clear(part: Path) -> None:
    """Takes away what an export that was killed has left; a folder with anything else in it is not ours."""
    if not part.exists():
        return
    files = [path for path in part.rglob("*") if not path.is_dir()] if part.is_dir() else [part]
    if any(not OURS.fullmatch(path.name) for path in files):
        raise Refused(f"{part} is in the way: it holds files that no export wrote. Move it away first.")
    shutil.rmtree(part)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_sums(folder: Path) -> set[str]:
    """The names of all files that are as they were written; Refused if one is not."""
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except OSError:
        raise Refused(f"{folder} is not an export: it has no {SUMS}.") from None
    names = set()
    for one in lines:
        expected, _, name = one.partition("  ")
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise Refused(f"{name} is missing in {folder}: the export is not whole.")
        if sha256(path) != expected:
            raise Refused(f"{name} is not as it was written: its checksum differs. Nothing was imported.")
        names.add(name)
    return names
