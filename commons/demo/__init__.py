"""The demo community, so that a newcomer sees a living site."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from commons.demo.actions import load, load_if_empty
from commons.room import Room

group = AppGroup("demo", help="The demo community.")


@group.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is anything already.")
def load_command(if_empty: bool) -> None:
    """Real organisations from open directories, and a few invented ones marked as such."""
    if if_empty:
        load_if_empty(click.echo)
    else:
        load(click.echo)


room = Room(name="demo", commands=(group,))
