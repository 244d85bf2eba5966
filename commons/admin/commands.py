"""What an operator runs: `flask serve` (web server and worker together), `flask worker`, `flask site check`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
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
GRACE = 10.0  # seconds that a process gets to end before it is killed


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Follows the log of changes: search index, mail, schedules. One at a time per data folder; a second one waits."""
    stopping: list[int] = []
    parent = os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: stopping.append(received))
    run(lambda: bool(stopping) or ("COMMONS_SERVED" in os.environ and os.getppid() != parent))


@click.command("serve")
@click.option(
    "--prepare", is_flag=True, help="First migrate the database and, into an empty site, load the demo community."
)
@with_appcontext
def serve(prepare: bool) -> None:
    """Starts the web server and the worker, and ends both when it is ended."""
    config = current_app.config
    if prepare:
        upgrade()
        if config["DEMO"] == "1":
            load_if_empty(click.echo)
    processes = [subprocess.Popen(one, cwd=ROOT, env={**os.environ, "COMMONS_SERVED": "1"}) for one in programs(config)]
    click.echo(f"\n  {config['SITE_NAME']} is at http://{config['HOST']}:{config['PORT']}")
    if shown := demo_sign_in(Path(config["COMMONS_DATA"])):
        click.echo(f"  Sign in as {shown[0]} with the password {shown[1]}")
    click.echo("  Ctrl+C ends it.\n")
    sys.exit(_watch(processes))


def programs(config: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The command lines of the web server and of the worker."""
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "wsgi:create_app"]
    web += ["--host", str(config["HOST"]), "--port", str(config["PORT"]), "--workers", str(config["WEB_WORKERS"])]
    web += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning", "--respawn-failed-workers"]
    return web, [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]


def _watch(processes: list[subprocess.Popen[bytes]]) -> int:
    """Waits until one of them ends or we are told to; then ends the others."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: told.append(received))
    while not told and all(process.poll() is None for process in processes):
        time.sleep(0.2)
    for process in processes:
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return 0 if told else 1


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
