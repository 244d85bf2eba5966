"""What is on the disk for good: a file or a folder that has reached it, and a small file replaced whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: str | Path) -> None:
    """A file's content, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: str | Path, content: str) -> None:
    """Replace a small file: the old content or the new, never a part of it."""
    beside = f"{path}.new"
    with open(beside, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.rename(beside, path)
    sync(os.path.dirname(path))
