"""`flask duplicates find`."""

from __future__ import annotations

from flask.cli import AppGroup

from commons.cli import progress, summary
from directory.merging.actions import find_all

group = AppGroup("duplicates", help="Organisations that may be the same.")


@group.command("find")
def find_command() -> None:
    """Compares every organisation with all others and fills the queue; what was judged stays judged."""
    with progress("organisations") as bar:
        many = find_all(tick=bar.step)
    summary({"pairs to look at": many}, bar.seconds)
