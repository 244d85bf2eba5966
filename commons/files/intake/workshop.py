"""A child process for what strangers send: it may die of a bomb, and takes nothing with it.

One child for one piece of work: bounded memory, processor time, time on the clock and size of what it writes, no secret in its
environment. It reads the content from its standard input and writes into the folder it was given; `answer.json` says what it
found. It loads neither Flask nor the database, so that it starts fast and knows nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from commons.files.intake.bounds import Bounds
from commons.files.intake.formats import Refused
from commons.web import TooBusy

CHILDREN = 2  # at once, per process
PATIENCE = 10  # seconds that an upload waits for one of them
ANSWER = 8 * 2**20  # bytes of an answer: a million characters, most written as one byte, many as six
_ROOT = str(Path(__file__).resolve().parents[3])
_CHILD = """
import sys, types
for name in ("commons.files", "commons.files.intake"):  # not the whole ones: they load Flask
    package = sys.modules[name] = types.ModuleType(name)
    package.__path__ = [sys.argv[1]]
from commons.files.intake.{part} import main
main()
"""
_places = threading.BoundedSemaphore(CHILDREN)


def ask(part: str, task: str, source: Path, folder: Path, bounds: Bounds, word: str = "") -> dict[str, Any]:
    """What a child of `part` (pictures, papers, pdfs) found out. Raises Refused with the child's code, or with `too much work`
    when it was ended; TooBusy when others are before us for too long."""
    if not _places.acquire(timeout=PATIENCE):
        raise TooBusy
    try:
        with source.open("rb") as content:
            ended = _run(part, [task, str(folder)], content.fileno(), bounds, word)
    finally:
        _places.release()
    try:
        with (folder / "answer.json").open("rb") as file:
            found: dict[str, Any] = json.loads(file.read(ANSWER))
    except (OSError, ValueError):
        raise Refused("too much work") from None
    if "fault" in found or not ended:
        raise Refused(str(found.get("fault", "too much work")))
    return found


def _run(part: str, task: list[str], content: int, bounds: Bounds, word: str) -> bool:
    """True when the child came to its own end."""
    limits = [str(bounds.memory), str(bounds.processor), str(bounds.written)]
    command = [sys.executable, "-c", _CHILD.replace("{part}", part), str(Path(__file__).parent), *task, *limits, word]
    try:
        done = subprocess.run(
            command,
            stdin=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={"PYTHONPATH": _ROOT, "PYTHONUTF8": "1", "PATH": os.defpath},
            start_new_session=True,
            timeout=bounds.clock,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
