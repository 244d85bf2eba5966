"""How far a child process goes with what strangers send; known to it and to those who ask it, so it loads nothing."""

from __future__ import annotations

from dataclasses import dataclass

WIDTHS = (320, 800, 1600)  # a list, a text on a phone or a desk, a whole screen
MOST_PIXELS = 20_000_000  # decoded, 4 bytes each and three copies on the way: 240 MB
LONGEST_SIDE = 16_383  # WebP, which thumbnails are, knows no more
WORDS = 1_000_000  # characters of a document's text that are kept
MEMBERS = 1000  # files in an office document
UNPACKED = 50 * 2**20  # their bytes
HARMLESS = 10 * 2**20  # unpacked no more than this, a document may be packed as tightly as it likes
RATIO = 10  # beyond that, no more than ten times: XML of honest documents packs less well


@dataclass(frozen=True, slots=True)
class Bounds:
    memory: int  # bytes of address space
    processor: int  # seconds
    clock: int  # seconds
    written: int = 64 * 2**20  # bytes of any one file


PICTURE = Bounds(memory=768 * 2**20, processor=20, clock=60)
DOCUMENT = Bounds(memory=512 * 2**20, processor=10, clock=30)
EARLY = 7  # seconds of work after which a long document's remaining pages are left unread
