"""After a crash there is at most an orphan, which the sweeper takes; thumbnails are made again; checks see what is missing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from commons.db import db
from commons.files.checks import checks
from commons.files.intake import store
from commons.files.models import Blob, File
from commons.files.sweeping import OLD, orphans, sweep
from tests.cast import Cast
from tests.commons.files.conftest import Add
from tests.commons.files.samples import picture, striped
from tests.conftest import ON_POSTGRESQL

KILLED = """
import io, os, signal, sys
import wsgi
from commons.files import actions
from tests.commons.files.conftest import SAID
from tests.cast import Cast
from tests.commons.files.samples import picture

app = wsgi.create_app({"COMMONS_DATA": sys.argv[1]})
actions.create_entry = lambda *some, **more: os.kill(os.getpid(), signal.SIGKILL)
with app.app_context():
    actions.add_file(io.BytesIO(picture()), "x.jpg", SAID, actor=Cast().ana)
"""


def faults() -> list[str]:
    return [fault for check in checks for fault in check.faults()]


def grow_old() -> None:
    past = time.time() - OLD - 60
    for path in [*store.all_paths(), *(store.root() / "incoming").glob("*")]:
        os.utime(path, (past, past))


@pytest.mark.skipif(ON_POSTGRESQL, reason="the child has the folder of this site and not its server")
def test_kill_9_between_content_and_row_leaves_an_orphan_that_the_sweeper_takes(app: Flask) -> None:
    command = [sys.executable, "-c", KILLED, str(app.config["COMMONS_DATA"])]
    ended = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, timeout=120, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert db.session.query(File).count() == db.session.query(Blob).count() == 0
    assert len(list(store.all_paths())) == 1 and faults() == []
    assert sweep()["orphans removed"] == 0, "it may be an upload that is going on"
    grow_old()
    assert len(faults()) == 1
    assert sweep()["orphans removed"] == 2, "the content and what lay on the workbench"
    assert list(store.all_paths()) == [] and faults() == []


def test_what_a_row_names_is_never_swept(add: Add) -> None:
    made = add(striped((900, 300)), "x.png")
    grow_old()
    sweep()
    assert store.path_of(made.digest).exists() and store.path_of(made.digest, 320).exists()


def test_thumbnails_are_made_again_and_are_what_they_were(add: Add) -> None:
    made = add(striped((2000, 300)), "x.png")
    before = {width: store.path_of(made.digest, width).read_bytes() for width in (320, 800, 1600)}
    for width in before:
        store.path_of(made.digest, width).unlink()
    assert sweep()["pictures given thumbnails"] == 1
    assert {width: store.path_of(made.digest, width).read_bytes() for width in before} == before
    assert sweep()["pictures given thumbnails"] == 0


def test_content_that_is_brought_again_is_young_again(add: Add, cast: Cast) -> None:
    content = picture(colour="olive")
    with store.workbench() as bench:
        (bench / "x").write_bytes(content)
        digest = store.digest_of(bench / "x")
        store.keep(bench / "x", digest)
    grow_old()
    assert [path.name for path in orphans()] == [digest]
    with store.workbench() as bench:
        (bench / "x").write_bytes(content)
        store.keep(bench / "x", digest)
    assert orphans() == []


def test_checks_see_lost_changed_and_forgotten_content(add: Add) -> None:
    lost, changed = add(picture(colour="red")), add(picture(colour="blue"), title="Other")
    assert faults() == []
    store.path_of(lost.digest).unlink()
    store.path_of(changed.digest).write_bytes(b"something else")
    assert sorted(faults()) == sorted([f"{lost.digest} is not on the disk", f"{changed.digest} is not what it was"])


def test_the_command_says_what_it_did(app: Flask, add: Add) -> None:
    add(picture())
    (store.root() / "incoming").mkdir(exist_ok=True)
    (store.root() / "incoming" / "left").mkdir()
    grow_old()
    result = app.test_cli_runner().invoke(args=["files", "sweep"])
    assert result.exit_code == 0 and "orphans removed 1" in result.output
