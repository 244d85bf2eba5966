"""`flask files sweep`."""

from __future__ import annotations

from flask.cli import AppGroup

from commons.cli import progress, summary
from commons.files.sweeping import sweep

group = AppGroup("files", help="Pictures and documents.")


@group.command("sweep")
def sweep_command() -> None:
    """Takes away what no row names (after an hour), and makes thumbnails that are missing, as after an import."""
    with progress("files") as bar:
        counts = sweep(bar.step)
    summary(dict(counts), bar.seconds)
