"""What the site itself hashes passwords with; the tests use less (tests/shared_work.py)."""

from __future__ import annotations

from tests.shared_work import SHIPPED


def test_a_password_is_hashed_as_owasp_asks() -> None:
    assert SHIPPED.type.name == "ID"
    assert (SHIPPED.memory_cost, SHIPPED.time_cost, SHIPPED.parallelism) == (19 * 1024, 2, 1)
