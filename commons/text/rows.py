"""Which rows of a text are code, and which are quotes of somebody else, wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence

from commons.text.blocks import DEEPEST, Kind, blocks, line_of

_CODE = ("    ", "```", "~~~")


def coded(rows: Sequence[str]) -> list[bool]:
    """Which rows of a text, as they were written, are code or a fence around it, at every depth of lists and quotes."""
    return _marked([line_of(row.rstrip("\r\n")) for row in rows], ("fence", "code"), _CODE)


def cited(rows: Sequence[str]) -> list[bool]:
    """The same for quotes."""
    return _marked([line_of(row) for row in rows], ("quote",), (">",))


def _marked(lines: Sequence[str], kinds: tuple[Kind, ...], signs: tuple[str, ...], depth: int = 0) -> list[bool]:
    """`signs`: without any of these there is no such block."""
    found = [False] * len(lines)
    text = "\n".join(lines)
    if not any(sign in text for sign in signs):
        return found
    for block in blocks(lines):
        if block.kind in kinds:
            found[block.start : block.end] = [True] * (block.end - block.start)
        elif block.kind in ("list", "quote") and depth < DEEPEST:
            at = block.start
            for inner in block.inner:
                while not lines[at]:
                    at += 1
                found[at : at + len(inner)] = _marked(inner, kinds, signs, depth + 1)
                at += len(inner)
    return found
