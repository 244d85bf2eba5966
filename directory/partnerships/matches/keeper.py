"""The match index of this process: mapped from COMMONS_DATA, looked at again with every question."""

from __future__ import annotations

import threading
from pathlib import Path

from flask import current_app

from directory.partnerships.matching import Index, opened, refreshed

_opening = threading.Lock()


def folder() -> Path:
    return Path(current_app.config["COMMONS_DATA"]) / "matches"


def index() -> Index:
    """Raises IndexBroken where there is none, or it is damaged."""
    held: Index | None = current_app.extensions.get("matches")
    fresh = refreshed(held) if held is not None else _first()
    current_app.extensions["matches"] = fresh
    return fresh


def _first() -> Index:
    with _opening:
        return current_app.extensions.get("matches") or opened(folder())


def forget() -> None:
    """A new one was built, or it is damaged."""
    current_app.extensions.pop("matches", None)
