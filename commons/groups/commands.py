"""`flask groups appoint`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from commons.db import db
from commons.groups import actions
from commons.groups.models import Group
from commons.members.queries import member_named
from commons.web import Invalid

group = AppGroup("groups", help="Groups of members.")


@group.command("appoint")
@click.argument("number", type=int)
@click.argument("username")
@click.option("--reason", default="All admins have left the site.", help="Stands in the log.")
def appoint(number: int, username: str, reason: str) -> None:
    """Makes one of its members the admin of a group whose admins have all gone. Nothing of the group is shown."""
    found, person = db.session.get(Group, number), member_named(username)
    if found is None or person is None:
        raise click.ClickException("there is no group of this number, or no member of this name")
    try:
        actions.appoint(found, person, reason, actor=None)
    except Invalid as fault:
        raise click.ClickException(" ".join(fault.fields.values())) from None
    click.echo(f"{person.username} is admin of group {found.id}")


@group.command("bring-back")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Stands in the log.")
def bring_back(number: int, reason: str) -> None:
    """Brings a removed group back with what stood in it. Nothing of the group is shown."""
    found = db.session.get(Group, number)
    if found is None or found.state != "deleted":
        raise click.ClickException("there is no removed group of this number")
    try:
        actions.bring_back_group(found, actor=None, note=reason)
    except Invalid as fault:
        raise click.ClickException(" ".join(fault.fields.values())) from None
    click.echo(f"group {found.id} is back")
