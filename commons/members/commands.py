"""`flask members create` and `flask members token`."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from commons.members import actions, queries
from commons.web import Invalid

group = AppGroup("members", help="Accounts of members.")


@group.command("create")
@click.argument("name")
@click.argument("email")
@click.option("--role", type=click.Choice(["member", "moderator", "administrator"]), default="member")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(name: str, email: str, role: str, password_stdin: bool) -> None:
    """Makes an account whose address counts as proved. Without a password it signs in by "forgot my password"."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    try:
        member = actions.make_member(name, email, role=role, password=password)
    except Invalid as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"made {member.role} {member.username} (account {member.id})")


@group.command("token")
@click.argument("name")
@click.option("--scopes", default="read", help="Comma-separated: read,write.")
def token(name: str, scopes: str) -> None:
    """Prints a bearer token on the last line. It is shown this once."""
    try:
        member = queries.by_name_or_email(name)
        if member is None:
            raise click.ClickException(f"there is no member {name}")
        key = actions.make_token(member, "command line", [scope.strip() for scope in scopes.split(",")])
    except Invalid as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(key)
