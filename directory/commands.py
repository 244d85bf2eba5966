"""`flask organisations import | undo | imports`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from commons.cli import import_summary, progress, summary
from commons.db import db
from directory.importing import AlreadyRunning, import_file
from directory.imports.mapping import BadMapping
from directory.landing import undo_import
from directory.models import ImportRun

group = AppGroup("organisations", help="The directory of organisations.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="", help="Where the rows come from; rows are known again by it and their id.")
@click.option("--licence", default="", help="The licence of the rows.")
@click.option(
    "--mapping", default="", help="A mapping file by name or path; else it is chosen by the source or the fields."
)
@click.option(
    "--rejected",
    default="rejected.csv",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rejected rows go.",
)
@click.option("--dry-run", is_flag=True, help="Read everything, change nothing.")
def import_command(file: Path, source: str, licence: str, mapping: str, rejected: Path, dry_run: bool) -> None:
    """Brings in organisations from CSV or JSON Lines, also .gz and .xz. Bad rows never stop the good ones."""
    rejected.unlink(missing_ok=True)
    with progress("rows") as bar:
        try:
            job = import_file(
                file, source=source, licence=licence, mapping=mapping, dry_run=dry_run, rejected=rejected, tick=bar.step
            )
        except (BadMapping, AlreadyRunning) as fault:
            raise click.ClickException(str(fault)) from None
    if not dry_run:
        click.echo(f"import {job.run.id}: {job.run.source} ({job.run.licence})")
    import_summary(job.counts, rejected, bar.seconds)


@group.command("undo")
@click.argument("number", type=int)
def undo_command(number: int) -> None:
    """Takes away what import NUMBER brought; records that people have edited since stay."""
    run = db.session.get(ImportRun, number)
    if run is None:
        raise click.ClickException(f"there is no import {number}")
    with progress("records") as bar:
        counts = undo_import(run, tick=bar.step)
    summary(dict(counts), bar.seconds)


@group.command("imports")
def imports_command() -> None:
    """Lists the imports of this site."""
    for run in db.session.scalars(select(ImportRun).order_by(ImportRun.id)):
        counts = ", ".join(f"{name} {many:,}" for name, many in run.counts.items() if many)
        click.echo(f"{run.id}  {run.started:%Y-%m-%d %H:%M}  {run.state:8}  {run.source} ({run.licence})  {counts}")
