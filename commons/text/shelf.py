"""Where renderings are kept: in memory for this process, and on disk for all of them and for the next start.

Both are bounded in bytes, both may lose anything at any moment: what is not there is rendered again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import threading
import time
from collections import OrderedDict
from pathlib import Path

DAYS = 30
_SUFFIXES = (".html", ".new")


class Memory:
    """The last used texts, in at most `room` bytes as Python stores them at worst."""

    def __init__(self, room: int) -> None:
        self.room, self.used, self.lock = room, 0, threading.Lock()
        self.kept: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    def find(self, key: bytes) -> str | None:
        with self.lock:
            text, until = self.kept.get(key, ("", 0.0))
            if until <= time.monotonic():
                return None
            self.kept.move_to_end(key)
            return text

    def keep(self, key: bytes, text: str, seconds: float = float("inf")) -> None:
        size = 4 * len(text)
        if not seconds or size > self.room // 4:
            return
        with self.lock:
            old, _ = self.kept.pop(key, ("", 0.0))
            self.used += size - 4 * len(old)
            self.kept[key] = (text, time.monotonic() + seconds)
            while self.used > self.room:
                _, (gone, _) = self.kept.popitem(last=False)
                self.used -= 4 * len(gone)


class Shelf:
    """Files in a folder that is ours alone. Several processes may share it, and any file may vanish; a disk that is full
    or cannot be written keeps nothing, and nobody hears of it.

    A file holds a digest of its name and text, a line end, the text. At most `room` bytes and DAYS days; the oldest go
    first, looked for whenever this process has written a sixteenth of the room. Raises nothing."""

    def __init__(self, folder: Path, room: int) -> None:
        self.folder, self.room = folder, room
        self.written = room  # look at the first occasion: who ran here before may have left much
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)

    def find(self, key: bytes) -> str | None:
        path = self._path(key)
        try:
            if path.stat().st_mtime < time.time() - DAYS * 86_400:
                return None
            check, _, content = path.read_bytes().partition(b"\n")
            if check == _check(key, content):
                return content.decode()
            path.unlink()
        except (OSError, UnicodeDecodeError):
            pass
        return None

    def keep(self, key: bytes, text: str) -> None:
        content = text.encode()
        path = self._path(key)
        new = path.with_suffix(f".{secrets.token_hex(4)}.new")
        try:
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(_check(key, content) + b"\n" + content)
            new.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                new.unlink()
            return
        self.written += len(content)
        if self.written > self.room // 16:
            self.written = 0
            self.tidy()

    def tidy(self) -> None:
        """Takes away what is too old, and the oldest until the rest fits."""
        files, used, now = self._files(), 0, time.time()
        for made, size, path in sorted(files, reverse=True):
            used += size
            if used > self.room or made < now - DAYS * 86_400:
                with contextlib.suppress(OSError):
                    os.unlink(path)

    def _files(self) -> list[tuple[float, int, str]]:
        found = []
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.endswith(_SUFFIXES):
                    with contextlib.suppress(OSError):
                        state = entry.stat(follow_symlinks=False)
                        found.append((state.st_mtime, state.st_size, entry.path))
        return found

    def _path(self, key: bytes) -> Path:
        return self.folder / f"{key.hex()}.html"


def _check(key: bytes, content: bytes) -> bytes:
    return hashlib.blake2b(content, key=key[:64], digest_size=16).hexdigest().encode()
