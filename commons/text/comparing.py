"""What changed between two texts, and putting two people's changes together.

Lines first, words only inside lines that changed; texts of any shape in bounded time (commons.text.aligning).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from merge3 import Merge3

from commons.text import gate
from commons.text.aligning import WORK, Block, Run, matching, runs

Kind = Literal["same", "ins", "del"]
Part = tuple[Kind, str]

_START = 1000
_ROWS = 60_000
_Three = tuple[list[str], list[str], list[str]]

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|⟦U\+\w+⟧|\w+|\s+|[^\w\s]")
_UNSEEN = re.compile(
    "|".join(p.pattern for p in (gate._DIRECTION, gate.INVISIBLE, gate._JOINER, gate._ZWJ, gate._TAGS, gate._CONTROL))
    + "|[\u2028\u2029\u2800]|(?<=[A-Za-z\\s\ufe00-\ufe0f])[\ufe00-\ufe0f]"
)
_FENCE = re.compile(r" {0,3}(`{3}|~{3})")
_ITEM = re.compile(r"\s*(?:[-*+]\s|\d{1,9}[.)]\s|[>|])|\s{4}")


class Paragraph(NamedTuple):
    """`same`, `ins` or `del` as a whole, or `changed` inside; `parts` in reading order. Blank lines are left out."""

    kind: Literal["same", "ins", "del", "changed"]
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.parts)


@dataclass(frozen=True, slots=True)
class Collision:
    """Lines that both changed, each in their own way."""

    base: str
    mine: str
    theirs: str


@dataclass(slots=True)
class _Aligner:
    """The shape in which merge3 wants to be told."""

    isjunk: object
    a: Sequence[str]
    b: Sequence[str]

    def get_matching_blocks(self) -> list[Block]:
        return matching(self.a, self.b, [WORK])


def words_diff(old: str, new: str) -> list[Paragraph]:
    """The new text paragraph by paragraph, with what was added and what is gone. Where the texts are too large or too odd
    for words, lines are shown whole; of some 60,000 lines on, whole runs of lines."""
    found: list[Paragraph] = []
    before, after = _lines(old), _lines(new)
    if len(before) + len(after) > _ROWS:
        return [
            _row([(kind, "\n".join(rows))]) for run in runs(before, after, [0]) for kind, rows in _told(run) if rows
        ]
    purse = [WORK]
    for gone, come, same in runs(before, after, purse):
        if gone and come:
            found += _changed("\n".join(gone), "\n".join(come), purse)
            gone, come = [], []
        found += [_row([(kind, row)]) for kind, rows in _told((gone, come, same)) for row in rows]
    return found


def visible(text: str) -> str:
    """The text with marks like ⟦U+202E⟧ for direction controls and signs without a shape, so that a reader sees what a
    change hides. Joiners and selectors stay where scripts and emoji need them."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub(lambda m: f"⟦U+{ord(m[0]):04X}⟧", text)


def _told(run: Run) -> tuple[tuple[Kind, list[str]], ...]:
    gone, come, same = run
    return ("del", gone), ("ins", come), ("same", same)


def _changed(old: str, new: str, purse: list[int]) -> list[Paragraph]:
    told: list[Run] = []
    if purse[0] > 0:
        purse[0] -= _START
        told = list(phrases(_WORD.findall(old), _WORD.findall(new), purse))
    alike = sum(len(word) for *_, same in told for word in same if not word.isspace())
    if not told or 4 * alike < min(len(old), len(new)):
        whole: list[Part] = [("del", old), ("ins", new)]
        return [Paragraph(kind, ((kind, line),)) for kind, text in whole for line in text.split("\n")]
    rows: list[list[Part]] = [[]]
    for run in told:
        for kind, words in _told(run):
            first, *rest = "".join(words).split("\n")
            rows[-1] += [(kind, first)] if first else []
            rows += [[(kind, line)] if line else [] for line in rest]
    return [_row(row) for row in rows if row]


def phrases(old: Sequence[str], new: Sequence[str], purse: list[int]) -> Iterator[Run]:
    """As `runs` of words, but words replaced one after the other are one phrase replaced: the space between them is no
    common ground."""
    held_gone: list[str] = []
    held_come: list[str] = []
    held_same: list[str] = []
    for gone, come, same in runs(old, new, purse):
        if gone and come and held_gone and held_come and held_same == [" "]:
            held_gone, held_come = [*held_gone, " ", *gone], [*held_come, " ", *come]
        else:
            yield held_gone, held_come, held_same
            held_gone, held_come = gone, come
        held_same = same
    yield held_gone, held_come, held_same


def _row(row: list[Part]) -> Paragraph:
    kinds = {kind for kind, _ in row}
    return Paragraph(kinds.pop() if len(kinds) == 1 else "changed", tuple(row))


def _lines(text: str) -> list[str]:
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def merge_texts(base: str, mine: str, theirs: str) -> tuple[str | None, list[Collision]]:
    """Both people's changes in one text; or None and every place where they changed the same lines differently."""
    parts = merge_parts(base, mine, theirs)
    sides = [(part.base, part.mine, part.theirs) for part in parts if isinstance(part, Collision)]
    if sides:
        return None, [Collision(*(side.removesuffix("\n") for side in three)) for three in sides]
    return resolved(parts, ()), []


def merge_parts(base: str, mine: str, theirs: str) -> list[str | Collision]:
    """The merged text in order: what is agreed or was changed by one alone, and what both changed. A collision is as wide
    as the paragraph it happened in. Lines end in newlines; at the end of the text all sides are taken to end as `mine`."""
    found: list[str | Collision] = []
    quiet: list[str] = []
    for agreed, three in _stretches(*(_rows(text) for text in (base, mine, theirs))):
        if agreed is None:
            found += [_ended(quiet), Collision(*map(_ended, three))]
            quiet = []
        else:
            quiet += agreed
    parts = [part for part in (*found, _ended(quiet)) if part]
    if parts and mine and not mine.endswith("\n"):
        parts[-1] = _unended(parts[-1])
    return parts


def resolved(parts: Sequence[str | Collision], choices: Sequence[str]) -> str:
    """The text that comes of `mine`, `theirs` or `both` for each collision, in order. What is not chosen, or is called
    anything else, is both: nothing is lost by leaving a choice open."""
    waiting = iter(choices)
    return "".join(part if isinstance(part, str) else _chosen(part, next(waiting, "both")) for part in parts)


def _rows(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").rstrip("\n")
    return text.split("\n") if text else []


def _stretches(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[list[str] | None, _Three]]:
    """Pieces of the three texts that belong together, each with what is agreed, or None where that is nothing. Whatever
    stands between two blank lines that nobody touched is one piece if there is a collision in it."""
    held: list[tuple[list[str] | None, _Three]] = []
    for three in _steps(base, mine, theirs):
        agreed = _agreed(*three)
        if three[0] == three[1] == three[2] and not three[0][0].strip():
            yield from _together(held)
            yield agreed, three
            held = []
        else:
            held.append((agreed, three))
    yield from _together(held)


def _steps(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[_Three]:
    """Line by line where all three are the same; else what stands between such lines, in one."""
    here = (0, 0, 0)
    for start, end, start_mine, end_mine, start_theirs, end_theirs in Merge3(
        base, mine, theirs, sequence_matcher=_Aligner
    ).find_sync_regions():
        between = (base[here[0] : start], mine[here[1] : start_mine], theirs[here[2] : start_theirs])
        if any(between):
            yield between
        for row in base[start:end]:
            yield [row], [row], [row]
        here = (end, end_mine, end_theirs)


def _agreed(base: list[str], mine: list[str], theirs: list[str]) -> list[str] | None:
    if mine in (theirs, base):
        return theirs
    return mine if theirs == base else None


def _together(held: list[tuple[list[str] | None, _Three]]) -> list[tuple[list[str] | None, _Three]]:
    if all(agreed is not None for agreed, _ in held):
        return held
    base, mine, theirs = ([row for _, three in held for row in three[side]] for side in range(3))
    return [(None, (base, mine, theirs))]


def _ended(rows: list[str]) -> str:
    return "".join(f"{row}\n" for row in rows)


def _unended(part: str | Collision) -> str | Collision:
    if isinstance(part, str):
        return part.removesuffix("\n")
    return Collision(*(text.removesuffix("\n") for text in (part.base, part.mine, part.theirs)))


def _chosen(collision: Collision, choice: str) -> str:
    if choice in ("mine", "theirs"):
        return collision.mine if choice == "mine" else collision.theirs
    if not collision.mine or not collision.theirs:
        return collision.mine or collision.theirs
    end = "\n" if collision.mine.endswith("\n") else ""
    mine, theirs = (text.removesuffix("\n").split("\n") for text in (collision.mine, collision.theirs))
    return "\n".join(_both(mine, theirs)) + end


def _both(mine: list[str], theirs: list[str]) -> list[str]:
    """Mine, then theirs, what is the same on both sides once. New paragraphs stay paragraphs: a blank line between."""
    found = list(runs(mine, theirs, [WORK]))
    if any(_FENCE.match(row) for gone, come, _ in found for row in (*gone, *come)):
        return [*mine, "", *theirs]
    rows: list[str] = []
    for gone, come, same in found:
        whole = not "".join(rows[-1:]).strip() and not "".join(same[:1]).strip()
        apart = whole and gone and come and gone[-1].strip() and come[0].strip()
        rows += gone
        if apart and not (_ITEM.match(gone[-1]) and _ITEM.match(come[0])):
            rows.append("")
        rows += [*come, *same]
    return rows
