"""`flask matches rebuild | status`."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from commons.cli import progress, summary
from commons.entries.queries import last_seq
from directory.partnerships.matches import follower, keeper
from directory.partnerships.matching import IndexBroken

group = AppGroup("matches", help="The match index, which can always be made again from the database.")


@group.command("rebuild")
def rebuild() -> None:
    """Makes a new index beside the one in use and swaps them at the end."""
    with progress("organisations") as bar:
        position = follower.rebuild(bar.step)
    summary({"organisations": bar.done, "log position": position}, bar.seconds)


@group.command("status")
def status() -> None:
    """How far the index is behind."""
    try:
        index = keeper.index()
    except IndexBroken as fault:
        click.echo(f"the match index is broken or missing: {fault}. Make it again with: flask matches rebuild")
        sys.exit(1)
    click.echo(
        f"organisations {index.size:,} · changed since it was built {index.waiting:,}"
        f" · log position {index.position:,} of {last_seq():,}"
    )
