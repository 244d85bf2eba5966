"""`flask wiki import | imports | links`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from commons.cli import import_summary, progress, summary
from commons.db import db
from commons.entries.models import Entry
from wiki.importing import AlreadyRunning, import_file
from wiki.linking import rebuild_links
from wiki.models import PageImport

group = AppGroup("wiki", help="The wiki: pages from elsewhere, and the links between pages.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Where the pages come from; they are known again by it and their names.")
@click.option("--licence", default="", help="The licence of the texts, as CC BY-SA 4.0.")
@click.option("--url", default="", help="Where the source can be seen; shown on each page.")
@click.option(
    "--rejected",
    default="rejected.csv",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rejected rows go.",
)
@click.option("--dry-run", is_flag=True, help="Read everything, change nothing.")
def import_command(file: Path, source: str, licence: str, url: str, rejected: Path, dry_run: bool) -> None:
    """Brings in pages with their histories from JSON Lines, also .gz and .xz. Bad rows never stop the good ones."""
    rejected.unlink(missing_ok=True)
    with progress("rows") as bar:
        try:
            job = import_file(
                file, source=source, licence=licence, url=url, dry_run=dry_run, rejected=rejected, tick=bar.step
            )
        except AlreadyRunning as fault:
            raise click.ClickException(str(fault)) from None
    if job.unknown_areas:
        click.echo(f"areas that are not known here: {', '.join(sorted(job.unknown_areas)[:20])}")
    import_summary(job.counts, rejected, bar.seconds)


@group.command("imports")
def imports_command() -> None:
    """Lists where imported pages come from."""
    many = select(func.count()).where(Entry.kind == "page", Entry.source == PageImport.source).scalar_subquery()
    for row, pages in db.session.execute(select(PageImport, many).order_by(PageImport.source)):
        click.echo(f"{row.source} ({row.licence})  {pages:,} pages  {row.url}".rstrip())


@group.command("links")
def links_command() -> None:
    """Writes the links of all texts again, and says how many texts had other links than they say."""
    with progress("texts") as bar:
        seen, differed = rebuild_links(bar.step)
    summary({"looked at": seen, "differed": differed}, bar.seconds)
