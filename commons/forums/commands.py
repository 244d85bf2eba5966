"""`flask forums import`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from commons.cli import progress, summary
from commons.forums.importing import AlreadyRunning, import_file

group = AppGroup("forums", help="Forums: topics from elsewhere.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Where the topics come from; they are known again by it and their ids.")
@click.option("--licence", default="", help="The licence of the texts, as CC BY-SA 4.0.")
@click.option(
    "--rejected",
    default="rejected.csv",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rejected rows go.",
)
@click.option("--dry-run", is_flag=True, help="Read everything, change nothing.")
def import_command(file: Path, source: str, licence: str, rejected: Path, dry_run: bool) -> None:
    """Brings in topics with their posts from JSON Lines, also .gz and .xz. Bad rows never stop the good ones."""
    rejected.unlink(missing_ok=True)
    with progress("topics") as bar:
        try:
            job = import_file(file, source=source, licence=licence, dry_run=dry_run, rejected=rejected, tick=bar.step)
        except AlreadyRunning as fault:
            raise click.ClickException(str(fault)) from None
    counts: dict[str, int | str] = {name: many for name, many in job.counts.items() if name != "rejected"}
    see = f"(see {rejected})" if job.counts["rejected"] else ""
    counts["rejected"] = f"{job.counts['rejected']:,} {see}".strip()
    summary(counts, bar.seconds)
