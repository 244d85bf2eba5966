"""Whoosh's directory of files, made durable and shared safely between threads.

New files reach the disk before the table of contents that names them is renamed into place, and the directory after
it. Files are read through one memory map each: no copy on opening, and no shared reading position that two threads
could move.
"""

from __future__ import annotations

import mmap
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile

from commons.disk import sync


class IndexBroken(Exception):
    """The index cannot be read: answer from the database, and rebuild."""


class IndexAway(IndexBroken):
    """It cannot be reached just now, or is too busy. Nothing is known to be wrong with it: nothing is rebuilt."""


@contextmanager
def broken_when_failing(what: str) -> Iterator[None]:
    """Damage shows as six kinds of exception and more; only this one leaves the index."""
    try:
        yield
    except (IndexBroken, MemoryError):
        raise
    except Exception as error:
        raise IndexBroken(f"{what}: {type(error).__name__}: {error}") from error


class MappedFile(BufferFile):  # type: ignore[misc]
    def __init__(self, path: str, name: str) -> None:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            self._buf = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else EmptyMap()
        self._name = name
        self.file = self._buf
        self.onclose = None
        self.is_real = False
        self.is_closed = False

    @property
    def buffer(self) -> Any:
        return self._buf


class EmptyMap(bytes):
    """A file of no bytes cannot be mapped."""

    def seek(self, *position: int) -> int:
        return 0

    def tell(self) -> int:
        return 0

    def read(self, size: int = -1) -> bytes:
        return b""

    def readline(self) -> bytes:
        return b""

    def close(self) -> None:
        return None


class DurableStorage(FileStorage):  # type: ignore[misc]
    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.unsynced: set[str] = set()

    def create_file(self, name: str, **options: Any) -> StructFile:
        self.unsynced.add(name)
        return super().create_file(name, **options)

    def open_file(self, name: str, **options: Any) -> MappedFile:
        return MappedFile(self._fpath(name), name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        for name in self.unsynced:
            path = self._fpath(name)
            if os.path.exists(path):
                sync(path)
        self.unsynced.clear()
        super().rename_file(oldname, newname, safe=safe)
        sync(self.folder)


def checksum(path: str) -> int:
    found = 0
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            found = zlib.crc32(block, found)
    return found
