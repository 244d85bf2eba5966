"""Rows of a CSV file, with the heading row telling the fields.

The reader of the standard library decides what a record is. What it would do badly is watched from outside: a quotation
mark that is never closed would swallow the rest of the file, so the lines of the record at hand are remembered and,
once they pass the limit or the file ends, only the line with the open mark is refused and reading goes on behind it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator

from commons.text.lines import Decoder, Note
from directory.imports.raw import COLUMNS, BadRow, RawRow, Unreadable, digest, refuse_odd_text

DELIMITERS = ",;\t|"
FORMULA = ("'=", "'+", "'-", "'@", "'\t", "'\r")


class Overflow(Exception):
    pass


class Records:
    """Records with the number of the line on which each begins; a text in place of values is the reason against it."""

    def __init__(self, lines: Iterator[tuple[int, str | None]], delimiter: str, limit: int) -> None:
        self._source, self._delimiter, self._limit = lines, delimiter, limit
        self._again: list[tuple[int, str | None]] = []
        self.taken: list[tuple[int, str]] = []
        self._size, self._ended, self._too_long = 0, False, 0

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        reader = csv.reader(self._feed(), delimiter=self._delimiter)
        while True:
            self.taken, self._size = [], 0
            found: list[str] | str | None
            try:
                found = next(reader, None)
            except csv.Error as error:
                found = f"It is not valid CSV: {error}."
            except Overflow:
                found = self._recover()
                reader = csv.reader(self._feed(), delimiter=self._delimiter)
            if self._ended and self.taken:
                found = self._recover()
                reader = csv.reader(self._feed(), delimiter=self._delimiter)
            if self._too_long and not self.taken:
                yield self._too_long, f"The line is longer than {self._limit:,} bytes."
                self._too_long = 0
                reader = csv.reader(self._feed(), delimiter=self._delimiter)
            elif found is None:
                return
            elif found:
                yield self.taken[0][0], found

    def _feed(self) -> Iterator[str]:
        self._ended = False
        while True:
            number, line = self._again.pop() if self._again else next(self._source, (0, None))
            if line is None:
                self._too_long, self._ended = number, True
                return
            self._size += len(line)
            self.taken.append((number, line))
            if self._size > self._limit and len(self.taken) > 1:
                raise Overflow
            yield line + "\n"

    def _recover(self) -> str:
        """Give back all lines of the record but the first; the last given back is the first to be read again."""
        if self._too_long:
            self._again.append((self._too_long, None))
            self._too_long = 0
        self._again.extend(reversed(self.taken[1:]))
        del self.taken[1:]
        self._ended = False
        return "A quotation mark is opened in this line and never closed."


def csv_rows(lines: Iterator[bytes | None], decoder: Decoder, limit: int, note: Note) -> Iterator[RawRow | BadRow]:
    csv.field_size_limit(max(csv.field_size_limit(), 2 * limit))  # the longest record is watched by Records
    numbered = _decoded(lines, decoder)
    first = next(((at, line) for at, line in numbered if line is None or line.strip()), (0, ""))
    if first[1] and first[1].lower().startswith("sep=") and len(first[1].strip()) == 5:
        delimiter, first = first[1].strip()[-1], next(numbered, (0, ""))
    else:
        delimiter = sniffed(first[1] or "")
    try:
        headings = _headings(first[1], delimiter, limit, note)
    except Unreadable as refusal:
        yield BadRow(0, str(refusal), first[0], (first[1] or "")[:200])
        return
    records = Records(numbered, delimiter, limit)
    number = 0
    for at, record in records:
        if not isinstance(record, str) and not any(cell.strip() for cell in record):
            continue
        number += 1
        try:
            values = _values(record, headings)
            yield RawRow(number, values, digest(json.dumps(values, ensure_ascii=False).encode()), at)
        except Unreadable as refusal:
            yield BadRow(number, str(refusal), at, records.taken[0][1][:200] if records.taken else "")


def sniffed(line: str) -> str:
    """The delimiter that makes the most columns of the headings."""
    outside = "".join(line[:100_000].split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _decoded(lines: Iterator[bytes | None], decoder: Decoder) -> Iterator[tuple[int, str | None]]:
    for at, line in enumerate(lines, start=1):
        yield at, None if line is None else decoder.text(line.removesuffix(b"\r"), at)


def _headings(line: str | None, delimiter: str, limit: int, note: Note) -> list[str]:
    if line is None:
        raise Unreadable(f"The row of headings is longer than {limit:,} bytes; the file was not read.")
    if line.count(delimiter) >= COLUMNS:
        columns = f"{line.count(delimiter) + 1:,} columns"
        raise Unreadable(f"The row of headings has {columns}, at most {COLUMNS:,} are read; the file was not read.")
    refuse_odd_text(line)
    headings: list[str] = []
    for at, cell in enumerate(next(csv.reader([line], delimiter=delimiter), []), start=1):
        heading = cell.strip() or f"column {at}"
        if heading in headings:
            note(f"The heading “{heading[:60]}” stands twice; the second became “{heading[:60]} ({at})”.")
            heading = f"{heading} ({at})"
        headings.append(heading)
    return headings


def _values(record: list[str] | str, headings: list[str]) -> dict[str, str]:
    if isinstance(record, str):
        raise Unreadable(record)
    while len(record) > len(headings) and not record[-1].strip():
        record.pop()
    if len(record) > len(headings):
        raise Unreadable(f"It has {len(record)} values for {len(headings)} headings.")
    for cell in record:
        refuse_odd_text(cell)
    return {
        heading: cell[1:] if cell.startswith(FORMULA) else cell
        for heading, cell in zip(headings, record, strict=False)
        if cell.strip()
    }
