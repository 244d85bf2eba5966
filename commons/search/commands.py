"""`flask search rebuild | update | follow | status | check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from commons.cli import progress, summary
from commons.db import db
from commons.entries.followers import lease
from commons.entries.models import Entry
from commons.entries.queries import last_seq
from commons.search import follower
from commons.search.index import IndexBroken
from commons.search.queries import engine

group = AppGroup("search", help="The search index, which can always be made again from the database.")


@group.command("rebuild")
def rebuild() -> None:
    """Makes a new index beside the one in use and swaps them at the end."""
    with progress("entries") as bar:
        position = follower.rebuild(bar.step)
    summary({"entries": bar.done, "log position": position}, bar.seconds)


@group.command("update")
def update() -> None:
    """Follows the log to its end, as the worker does."""
    with progress("lines") as bar:
        position = follower.follow(0)
    summary({"log position": position}, bar.seconds)


@group.command("follow")
def follow() -> None:
    """Keeps the index of this machine up with the log, and nothing else: for a further web server with an index of its own,
    while the worker runs elsewhere. Ends with Ctrl+C, or with SIGTERM at any moment."""
    folder = Path(current_app.config["COMMONS_DATA"])
    with lease(folder / "search-follow.lock", lambda: False):
        follower.keep_up(lambda: False)


@group.command("status")
def status() -> None:
    """How far the index is behind."""
    index = engine()
    try:
        report = index.check()
    except IndexBroken as fault:
        click.echo(f"the index is broken or missing: {fault}. Make it again with: flask search rebuild")
        sys.exit(1)
    click.echo(
        f"documents {report.documents:,} · log position {report.position:,} of {last_seq():,} · {index.whereabouts}"
    )


@group.command("check")
def check() -> None:
    """Holds the index against the database; exit 1 where they differ."""
    faults = list(differences())
    for fault in faults[:20]:
        click.echo(fault)
    click.echo(f"{len(faults)} differences")
    sys.exit(1 if faults else 0)


def differences() -> list[str]:
    """What the index holds and the database does not, and the other way round, once both are at the same position."""
    index = engine()
    try:
        keys, report = index.keys(), index.check()
    except IndexBroken as fault:
        return [str(fault)]
    faults = list(report.faults)
    if report.position != last_seq():
        return [*faults, f"the index is at {report.position}, the log at {last_seq()}"]
    last = db.session.scalar(select(func.max(Entry.id))) or 0
    for start in range(0, last + 1, 1000):
        wanted = {document.id for document in follower.documents_of(range(start, start + 1000))}
        held = {key for key in keys if start <= key < start + 1000}
        faults += [f"entry {id} is missing in the index" for id in sorted(wanted - held)]
        faults += [f"entry {id} should not be in the index" for id in sorted(held - wanted)]
        db.session.expunge_all()
    return faults
