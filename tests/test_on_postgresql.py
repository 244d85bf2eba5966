"""The heart of the tests once more on a real PostgreSQL: what they promise holds on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEART = [
    "tests/commons/entries",
    "tests/commons/members",
    "tests/commons/test_audience.py",
    "tests/directory/test_views.py",
    "tests/directory/test_importing.py",
    "tests/commons/files/test_actions.py",
    "tests/commons/moderation",
    "tests/wiki/test_actions.py",
    "tests/wiki/test_views.py",
]


@pytest.mark.timeout(900)
@pytest.mark.skipif("COMMONS_TEST_DATABASE" in os.environ, reason="this is that run")
def test_the_same_tests_pass_on_postgresql() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *HEART],
        cwd=ROOT,
        env={**environment, "COMMONS_TEST_DATABASE": "postgresql"},
        capture_output=True,
        text=True,
        timeout=880,
    )
    assert run.returncode == 0, run.stdout[-6000:]
