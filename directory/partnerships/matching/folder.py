"""The match index on disk: one process builds and records, many read.

    <folder>/current        the name of the generation in use, swapped by rename
    <folder>/matches-<n>/   arrays (.npy, mapped), cards.bin, about.json, changes.jsonl

A generation is complete and on the disk before `current` names it. What changes afterwards is appended to its
changes.jsonl, one line for each card with the position in the log; a last line that a crash cut short is not read.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commons.disk import sync, write_durably
from directory.partnerships.matching.cards import Card, card_of

CURRENT, ABOUT, CARDS, CHANGES = "current", "about.json", "cards.bin", "changes.jsonl"
FORM = 1  # of the files; another form is rebuilt
Arrays = dict[str, NDArray[Any]]


class IndexBroken(Exception):
    """There is no match index that can be read: rebuild it."""


@dataclass(frozen=True, slots=True)
class Change:
    card: Card | None  # None: the organisation is gone
    id: int
    position: int


def current(folder: Path) -> Path:
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise IndexBroken("there is no match index yet") from error
    if not name.startswith("matches-") or not name[8:].isdigit():
        raise IndexBroken("the pointer to the match index is damaged")
    return folder / name


def begin(folder: Path) -> Path:
    """An empty place for the next generation; what an earlier crash left half written goes."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        used = current(folder)
    except IndexBroken:
        used = folder / "matches-0"
    for other in folder.glob("matches-*"):
        if other != used:
            shutil.rmtree(other, ignore_errors=True)
    place = folder / f"matches-{int(used.name[8:]) + 1}"
    place.mkdir()
    return place


def finish(place: Path, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> None:
    """Write the arrays of a generation and make it the current one."""
    for name, array in arrays.items():
        np.save(place / f"{name}.npy", array, allow_pickle=False)
    sizes = {file.name: file.stat().st_size for file in place.iterdir()}
    write_durably(str(place / ABOUT), json.dumps({"form": FORM, **about, "files": sizes}))
    (place / CHANGES).touch()
    for file in place.iterdir():
        sync(str(file))
    sync(str(place))
    write_durably(str(place.parent / CURRENT), place.name)


def read(place: Path) -> tuple[Arrays, dict[str, Any]]:
    """The mapped arrays of a generation and what is said about it."""
    try:
        about: dict[str, Any] = json.loads((place / ABOUT).read_text(encoding="utf-8"))
        if about["form"] != FORM:
            raise IndexBroken("the match index has an older form")
        for name, size in about["files"].items():
            if (place / name).stat().st_size != size:
                raise IndexBroken(f"{name} of the match index was cut short")
        names = [name for name in about["files"] if name.endswith(".npy")]
        arrays = {name[:-4]: mapped(place / name) for name in names}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexBroken(f"the match index cannot be read: {type(error).__name__}") from error
    return arrays, about


def mapped(path: Path) -> NDArray[Any]:
    found: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.asarray(found)


def record(folder: Path, cards: Iterable[Card], gone: Iterable[int], position: int) -> None:
    """Append what changed since the build, durably. Called by the one process that follows the log."""
    lines = [json.dumps({"position": position, "card": json.loads(card.row())}, ensure_ascii=True) for card in cards]
    lines += [json.dumps({"position": position, "gone": id}) for id in gone]
    if not lines:
        lines = [json.dumps({"position": position})]
    with open(current(folder) / CHANGES, "r+b") as file:
        end = whole(file.read())
        file.seek(end)
        file.truncate()
        file.write("".join(f"{line}\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())


def whole(content: bytes) -> int:
    """Where the last whole line ends."""
    return content.rfind(b"\n") + 1


def changes(place: Path, start: int) -> tuple[list[Change], int, int | None]:
    """What was recorded from a place in the file on: the last of each organisation, where the file ends, the position."""
    try:
        with open(place / CHANGES, "rb") as file:
            file.seek(start)
            content = file.read()
        found: dict[int, Change] = {}
        position = None
        end = whole(content)
        for line in content[:end].splitlines():
            said = json.loads(line)
            position = int(said["position"])
            if "card" in said:
                card = card_of(said["card"])
                found[card.id] = Change(card, card.id, position)
            elif "gone" in said:
                found[said["gone"]] = Change(None, said["gone"], position)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexBroken(f"the changes of the match index cannot be read: {type(error).__name__}") from error
    return list(found.values()), start + end, position
