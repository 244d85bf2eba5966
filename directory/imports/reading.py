"""Rows out of a file of any size, in constant memory: CSV or JSON Lines, plain, .gz or .xz.

Nothing in a file can stop the rows around it: what cannot be read comes as a `BadRow` with a sentence, and an archive
that breaks off ends with one. `note` is called for what concerns the file as a whole, such as an unusual encoding.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from commons.text.lines import Decoder, Note, split_lines
from commons.text.unpacking import Broken, in_utf8, unpacked
from directory.imports.csv_rows import csv_rows
from directory.imports.json_rows import json_rows
from directory.imports.raw import BadRow, RawRow

__all__ = ["BadRow", "RawRow", "read_rows"]

LINE = 1_000_000
NOT_TEXT = {
    b"PK\x03\x04": "This is a workbook or a ZIP archive: save the sheet as CSV first.",
    b"\xd0\xcf\x11\xe0": "This is an old Excel workbook: save the sheet as CSV first.",
    b"%PDF": "This is a PDF.",
    b"\x89PNG": "This is a picture.",
    b"GIF8": "This is a picture.",
    b"\xff\xd8\xff": "This is a picture.",
    b"SQLite format 3": "This is a database.",
    b"BZh": "This is a bzip2 archive; .gz and .xz are read.",
    b"\x28\xb5\x2f\xfd": "This is a Zstandard archive; .gz and .xz are read.",
    b"PAR1": "This is a Parquet file: save it as CSV or JSON Lines first.",
}


def _quietly(note: str) -> None:
    pass


def read_rows(path: Path, *, limit_line: int = LINE, note: Note = _quietly) -> Iterator[RawRow | BadRow]:
    last = 0
    try:
        with path.open("rb") as file:
            for row in _rows(in_utf8(unpacked(file)), path, limit_line, note):
                last = row.number
                yield row
    except Broken as broken:
        yield BadRow(last + 1, f"{broken} Row {last} was the last that could be read; it and all before it are good.")
    except OSError as error:
        yield BadRow(last + 1, f"The file cannot be read: {error.strerror or error}. {last} rows were read before.")


def _rows(blocks: Iterator[bytes], path: Path, limit: int, note: Note) -> Iterator[RawRow | BadRow]:
    start = b""
    for block in blocks:
        start += block
        if len(start) >= 16 and start.strip():
            break
        start = start[-16:] if not start.strip() else start
    for signature, sentence in NOT_TEXT.items():
        if start.startswith(signature):
            yield BadRow(0, sentence)
            return
    if start.lstrip()[:1] == b"<":
        yield BadRow(0, "This is a web page or XML, not a table.")
        return
    lines = split_lines(chain([start], blocks), limit)
    decoder = Decoder(note)
    names = {suffix.lower() for suffix in path.suffixes}
    if start.lstrip()[:1] in (b"{", b"[") or names & {".jsonl", ".ndjson", ".json"}:
        yield from json_rows(lines, decoder, limit)
    else:
        yield from csv_rows(lines, decoder, limit, note)
