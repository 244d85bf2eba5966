"""Lines of bounded length out of blocks of bytes, decoded.

A line over the limit is never held: its bytes are dropped as they come and `None` stands in its place. A line that is
not UTF-8 is read as Windows-1252, the usual superset of Latin-1, and the caller is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

Note = Callable[[str], None]


def split_lines(blocks: Iterator[bytes], limit: int) -> Iterator[bytes | None]:
    """Lines without their line feed."""
    rest, dropping = b"", False
    for block in blocks:
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        if dropping and lines:
            lines.pop(0)
            dropping = False
            yield None
        for line in lines:
            yield line if len(line) <= limit else None
        if dropping or len(rest) > limit:
            rest, dropping = b"", True
    if dropping:
        yield None
    elif rest:
        yield rest


class Decoder:
    def __init__(self, note: Note) -> None:
        self._note: Note | None = note

    def text(self, line: bytes, number: int) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError:
            if self._note:
                self._note(f"Line {number} is not UTF-8; it and others like it were read as Windows-1252 (Latin-1).")
                self._note = None
        try:
            return line.decode("cp1252")
        except UnicodeDecodeError:
            return line.decode("latin-1")
