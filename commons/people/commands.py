"""`flask people words`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from commons.people import actions, queries

group = AppGroup("people", help="Profiles of members.")


@group.command("words")
def words() -> None:
    """Writes again the words by which people are found: after an import, or an update that brought their table."""
    done = 0
    for some in queries.all_profiles():
        actions.rewrite_words(some)
        done += len(some)
    click.echo(f"{done} profiles can be found by their words")
