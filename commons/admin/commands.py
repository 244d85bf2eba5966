"""What an operator runs: `flask serve` (web server and worker together), `flask worker`, `flask site check`."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from commons.cli import site
from commons.config import ROOT
from commons.demo.actions import load_if_empty
from commons.demo.actions import sign_in as demo_sign_in
from commons.entries.followers import run
from commons.room import rooms

__all__ = ["serve", "site", "worker"]
GRACE = 10.0  # seconds that the web server gets to answer what it has begun
PR_SET_PDEATHSIG = 1  # from linux/prctl.h
MEMORY = {
    "MALLOC_ARENA_MAX": "1"
}  # glibc: a heap for each thread held a quarter more, and one thread at a time computes


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Follows the log of changes: search index, mail, schedules. One at a time per data folder; a second one waits."""
    told = told_to_end()
    run(lambda: bool(told))


@click.command("serve")
@click.option(
    "--prepare", is_flag=True, help="First migrate the database and, into an empty site, load the demo community."
)
@with_appcontext
def serve(prepare: bool) -> None:
    """Starts the web server, works as its worker, and ends both when it is told to or the web server ends."""
    config, told = current_app.config, told_to_end()
    if prepare:
        upgrade()
        if config["DEMO"] == "1":
            load_if_empty(click.echo)
    told_so = {**os.environ, **{name: value for name, value in MEMORY.items() if name not in os.environ}}
    web = subprocess.Popen(
        web_server(config), cwd=ROOT, env=told_so, start_new_session=True, preexec_fn=end_with_parent
    )
    click.echo(f"\n  {config['SITE_NAME']} is at http://{config['HOST']}:{config['PORT']}")
    if shown := demo_sign_in(Path(config["COMMONS_DATA"])):
        click.echo(f"  Sign in as {shown[0]} with the password {shown[1]}")
    click.echo("  Ctrl+C ends it.\n")
    try:
        run(lambda: bool(told) or web.poll() is not None)
    finally:
        end(web)
    sys.exit(0 if told else 1)


def told_to_end() -> list[int]:
    """Fills with the first signal that asks for an end."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: told.append(received))
    return told


def web_server(config: Mapping[str, Any]) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "wsgi:create_app"]
    command += ["--host", str(config["HOST"]), "--port", str(config["PORT"]), "--workers", str(config["WEB_WORKERS"])]
    return [*command, "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "--respawn-failed-workers"]


def end_with_parent() -> None:
    """On Linux a web server whose `serve` was killed ends too, and frees the port for the next one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end(web: subprocess.Popen[bytes]) -> None:
    """Ends the web server with all its processes; they stand in a group of their own, so that Ctrl+C reaches only us."""
    if web.poll() is None:
        web.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            web.wait(GRACE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(web.pid, signal.SIGKILL)
    web.wait()


@site.command("check")
def check() -> None:
    """Every invariant, one line each; exit 1 if any fails."""
    failed = 0
    for room in rooms().all:
        for one in room.checks:
            faults = list(_some(one.faults()))
            failed += bool(faults)
            click.echo(f"{'FAIL' if faults else 'ok  '}  {one.name}")
            for fault in faults:
                click.echo(f"      {fault}")
    sys.exit(1 if failed else 0)


def _some(faults: Iterable[str], most: int = 20) -> Iterable[str]:
    for number, fault in enumerate(faults):
        if number == most:
            yield "… and more"
            return
        yield fault
