from __future__ import annotations

import pytest
from flask import Flask

from tests.directory.partnerships.dossiers.makers import Two


@pytest.fixture
def two(app: Flask) -> Two:
    return Two()
