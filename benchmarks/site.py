"""The site that is measured: every organisation of org_ror, imported as an operator would.

COMMONS_BENCH names a folder in which it is kept for the next time; else it is made anew and thrown away.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask

import wsgi
from commons.config import ROOT
from commons.search.engine import whoosh
from commons.search.index import IndexBroken

SHARED = Path(os.environ.get("COMMONS_SHARED") or ROOT.parent / "shared")
REGISTER = SHARED / "data" / "org_ror" / "org_ror.jsonl.gz"


def missing() -> str:
    """Why nothing of size can be measured here; empty if it can."""
    if REGISTER.is_file():
        return ""
    return f"LOUD: the real organisations are not at {REGISTER}; set COMMONS_SHARED to the folder of the data sets"


def child(*arguments: str | Path) -> str:
    """A part of a measurement in a process of its own; answers with its last line."""
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip().rpartition("\n")[2]


def made(folder: Path) -> Path:
    """The folder with the whole site in it; imports it if it is not there yet."""
    if not _whole(folder):
        print("making the site that is measured …", file=sys.stderr, flush=True)
        child("benchmarks.importing", folder, REGISTER)
    return folder


def _whole(folder: Path) -> bool:
    if not (folder / "commons.sqlite").exists():
        return False
    with opened(folder).app_context():
        try:
            return whoosh().snapshot().size > 100_000
        except IndexBroken:
            return False


def opened(folder: Path, **more: object) -> Flask:
    """The application as it is served, but for the limits on how often one address may ask."""
    return wsgi.create_app({"COMMONS_DATA": folder, "RATELIMIT_ENABLED": False, "SITE_URL": "http://localhost", **more})
