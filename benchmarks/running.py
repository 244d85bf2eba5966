"""`make run` on a machine that has never seen this: from the command to the first page, and once more.

    python -m benchmarks running

The checkout is copied without what is made in it (environment, packages, static files, data), so that everything is
made again; what the package managers keep outside of it stays, which is the warm cache that the figure is about.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.figures import Figure
from commons.config import ROOT

PATIENCE = 600.0
MADE = shutil.ignore_patterns(".venv", "node_modules", "var", "built", "__pycache__", ".git", ".*_cache", "*.mo")


def measure(_folder: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as temporary:
        checkout = Path(temporary) / "checkout"
        shutil.copytree(ROOT, checkout, ignore=MADE)
        yield Figure("make run, first time, to the first page", first_page(checkout), "s", 120)
        yield Figure("make run, second time", first_page(checkout), "s", 5)


def first_page(checkout: Path) -> float:
    """Seconds until the home page is there."""
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("COMMONS_", "VIRTUAL_ENV"))
    }
    environment |= {"PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"}
    began = time.monotonic()
    process = subprocess.Popen(["make", "run"], cwd=checkout, env=environment, start_new_session=True)
    try:
        while not answers(port):
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise RuntimeError(f"make run did not come to a page: {process.poll()}")
            time.sleep(0.05)
        return time.monotonic() - began
    finally:
        os.killpg(process.pid, signal.SIGINT)  # what Ctrl+C in a terminal does
        process.wait(30)
        time.sleep(1)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
            print("LOUD: Ctrl+C left a process of `make run` behind; it was ended", file=sys.stderr)


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            return bool(page.status == 200 and b"</html>" in page.read())
    except (URLError, OSError):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
