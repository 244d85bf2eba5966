"""`flask site export DIR [--public]` and `flask site import DIR`."""

from __future__ import annotations

from pathlib import Path

import click

from commons.cli import progress, site, summary
from commons.export.reading import import_site
from commons.export.tables import Refused
from commons.export.writing import export_site
from commons.search.follower import IndexBusy, rebuild


@site.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--public", is_flag=True, help="Only what every visitor may have: open data, without anything private.")
def export_command(folder: Path, public: bool) -> None:
    """The whole commons as documented open data, into the new folder DIR."""
    with progress("rows") as bar:
        try:
            counts = export_site(folder, public=public, tick=bar.step)
        except Refused as fault:
            raise click.ClickException(str(fault)) from None
    if not public:
        click.echo("It holds e-mail addresses and password hashes: keep it where only you can read it.")
    summary({"tables": len(counts), "entries": counts["entry"], "rows": sum(counts.values())}, bar.seconds)


@site.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_command(folder: Path) -> None:
    """Makes an empty site into the one that was exported to DIR: same numbers, addresses, histories."""
    with progress("rows") as bar:
        try:
            counts = import_site(folder, bar.step)
        except Refused as fault:
            raise click.ClickException(str(fault)) from None
    with progress("entries for the search"):
        try:
            rebuild()
        except IndexBusy:
            click.echo(
                "All is imported, but the search index is in use; make it again with: flask search rebuild", err=True
            )
    summary({"tables": len(counts), "entries": counts["entry"], "rows": sum(counts.values())}, bar.seconds)
