"""The bytes of a file, unpacked and in UTF-8, a block at a time.

Packing is told by the first bytes and not by the file's name. Blocks are bounded on both sides, so that a small archive
that unpacks to many gigabytes costs time but no memory. An archive that breaks off in the middle raises `Broken` only
after everything in front of the break has been handed out.
"""

from __future__ import annotations

import codecs
import lzma
import zlib
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = 64 * 1024
XZ_MEMORY = 128 * 1024 * 1024
GZIP = b"\x1f\x8b"
XZ = b"\xfd7zXZ\x00"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Broken(Exception):
    """What follows cannot be unpacked; the message is a sentence."""


def unpacked(file: BinaryIO) -> Iterator[bytes]:
    start = file.read(6)
    file.seek(0)
    if start.startswith(GZIP):
        return _from_gzip(file)
    if start.startswith(XZ):
        return _from_xz(file)
    return iter(lambda: file.read(BLOCK), b"")


def _from_gzip(file: BinaryIO) -> Iterator[bytes]:
    unpack = zlib.decompressobj(31)
    pending = file.read(BLOCK)
    while pending:
        try:
            block = unpack.decompress(pending, BLOCK)
        except zlib.error as error:
            raise Broken("The gzip archive is damaged here.") from error
        if block:
            yield block
        pending = unpack.unused_data.lstrip(b"\0") if unpack.eof else unpack.unconsumed_tail
        pending = pending or file.read(BLOCK)
        if unpack.eof and pending:
            unpack = zlib.decompressobj(31)
    while not unpack.eof and (block := unpack.decompress(unpack.unconsumed_tail, BLOCK)):
        yield block
    if not unpack.eof:
        raise Broken("The gzip archive breaks off here.")


def _from_xz(file: BinaryIO) -> Iterator[bytes]:
    unpack = lzma.LZMADecompressor(memlimit=XZ_MEMORY)
    pending = file.read(BLOCK)
    while pending or not (unpack.eof or unpack.needs_input):
        try:
            block = unpack.decompress(pending, BLOCK)
        except lzma.LZMAError as error:
            raise Broken("The xz archive is damaged here, or asks for too much memory.") from error
        if block:
            yield block
        pending = b""
        if unpack.eof:
            pending = unpack.unused_data.lstrip(b"\0") or file.read(BLOCK)
            unpack = lzma.LZMADecompressor(memlimit=XZ_MEMORY) if pending else unpack
        elif unpack.needs_input:
            pending = file.read(BLOCK)
    if not unpack.eof:
        raise Broken("The xz archive breaks off here.")


def in_utf8(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Without the byte order mark; UTF-16 and UTF-32 are told by theirs. Old Mac line ends become ordinary ones."""
    first = next(blocks, b"")
    while len(first) < 4 and (more := next(blocks, b"")):
        first += more
    mark, encoding = next(((mark, name) for mark, name in BYTE_ORDER_MARKS if first.startswith(mark)), (b"", "utf-8"))
    first = first[len(mark) :]
    if encoding == "utf-8":
        return _with_line_ends(first, blocks)
    return _recoded(first, blocks, encoding)


def _with_line_ends(first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    bare = b"\r" in first[:-1] and b"\n" not in first
    yield first.replace(b"\r", b"\n") if bare else first
    for block in blocks:
        yield block.replace(b"\r", b"\n") if bare else block


def _recoded(first: bytes, blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    yield decoder.decode(first).encode()
    for block in blocks:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()
