"""How a child works: its limits first, then one piece of work, then `answer.json`. It knows neither Flask nor the database."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

from commons.files.intake.bounds import EARLY, WORDS

Work = Callable[[BinaryIO, Path, str], dict[str, Any]]


class Fault(Exception):
    """The content is not taken; the message is a code that the parent has a sentence for."""


def work(tasks: dict[str, Work]) -> None:
    """From the command line: task, folder, memory, processor seconds, most bytes of a file, and a word for the task."""
    task, folder, *numbers, word = sys.argv[2:]
    memory, processor, written = map(int, numbers)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    try:
        answer = tasks[task](sys.stdin.buffer, Path(folder), word)
    except Fault as fault:
        answer = {"fault": str(fault)}
    except MemoryError:
        answer = {"fault": "too much work"}
    except (Exception, RecursionError):  # whatever a library makes of a stranger's bytes
        answer = {"fault": "broken"}
    Path(folder, "answer.json").write_text(json.dumps(answer), encoding="ascii")


def enough(pieces: Iterable[str]) -> str:
    """Line after line, until there are WORDS characters or EARLY seconds of work are done."""
    kept: list[str] = []
    size = 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece) + 1
        if size >= WORDS or time.process_time() > EARLY:
            break
    return "\n".join(kept)[:WORDS]
