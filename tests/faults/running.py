"""The site as an operator runs it: web processes and workers on this machine, each in a process group of its own, to be killed."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from flask import Flask

from commons.config import ROOT
from tests.services import free_port

WEB = ("-m", "granian", "--interface", "wsgi", "--factory", "tests.faults.served:create_app", "--host", "127.0.0.1")
FEW = ("--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning")
UNREACHED = (OSError, HTTPException)


def wait_until(ready: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@dataclass
class Process:
    command: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> Process:
        with self.log.open("ab") as out:
            self.child = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=ROOT,
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        return self

    def signal(self, number: signal.Signals) -> None:
        """To the whole group: granian's own child, too."""
        if self.child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.child.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        if self.child is not None:
            self.child.wait(20)
            self.child = None

    def wait(self, seconds: float) -> int:
        assert self.child is not None
        return self.child.wait(seconds)


@dataclass
class Web(Process):
    port: int = 0

    def answers(self) -> bool:
        with suppress(*UNREACHED):
            line = HTTPConnection("127.0.0.1", self.port, timeout=2)
            try:
                line.request("GET", "/sign-in")
                return line.getresponse().status == 200
            finally:
                line.close()
        return False


@dataclass
class Site:
    """One data folder and what runs on it."""

    folder: Path
    database: str
    processes: list[Process] = field(default_factory=list)

    @classmethod
    def of(cls, app: Flask) -> Site:
        return cls(Path(app.config["COMMONS_DATA"]), str(app.config["DATABASE_URL"]))

    @property
    def environment(self) -> dict[str, str]:
        own = {"COMMONS_DATA": str(self.folder), "DATABASE_URL": self.database, "SECRET_KEY": "only for tests"}
        return {**os.environ, **own, "SITE_URL": "http://127.0.0.1", "DEMO": "0", "FLASK_APP": "wsgi"}

    def web(self) -> Web:
        port = free_port()
        made = Web((*WEB, "--port", str(port), *FEW), self.environment, self.folder / f"web-{port}.log", port=port)
        self.processes.append(made.start())
        return made

    def flask(self, *arguments: str) -> Process:
        made = Process(
            ("-m", "flask", *arguments), self.environment, self.folder / f"{arguments[0]}-{len(self.processes)}.log"
        )
        self.processes.append(made.start())
        return made

    def run(self, *arguments: str, seconds: float = 90) -> tuple[int, str]:
        """A command to its end: its exit code and what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        return done.returncode, done.stdout + done.stderr

    def has_worker(self) -> bool:
        """Whether somebody holds the lease."""
        with (self.folder / "worker.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def end(self) -> None:
        for process in self.processes:
            process.signal(signal.SIGCONT)
            process.kill()
