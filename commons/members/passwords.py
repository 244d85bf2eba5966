"""Passwords: argon2id with 19 MiB, two passes, one lane (the OWASP minimum), at most one hash at a time per core.

More than thirty waiting is an attack or a stampede: the next one is told to come back in a moment instead of starving readers.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from commons.web import TooBusy

SHORTEST, LONGEST = 10, 200
LONGEST_QUEUE = 30
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_cores = threading.BoundedSemaphore(os.cpu_count() or 1)
_waiting = threading.BoundedSemaphore(LONGEST_QUEUE)
NOBODY = hasher.hash(
    "a password that nobody has"
)  # checked when the account does not exist, so that both answers take as long


@contextmanager
def _turn() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise TooBusy(_("Many people are signing in just now. Try again in a few seconds."))
    try:
        with _cores:
            yield
    finally:
        _waiting.release()


def hashed(password: str) -> str:
    with _turn():
        return hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    with _turn():
        try:
            return hasher.verify(stored or NOBODY, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def fault(password: str, *own: str) -> str | None:
    """Why this password will not do, as a sentence."""
    if len(password) < SHORTEST:
        return _("Use at least %(number)s characters. Three or four words in a row are good.", number=SHORTEST)
    if len(password) > LONGEST:
        return _("Use at most %(number)s characters.", number=LONGEST)
    plain = password.casefold()
    if len(set(plain)) < 4 or any(
        word and len(word) > 3 and word.casefold() in plain and len(plain) - len(word) < 7 for word in own
    ):
        return _("That is too easy to guess. Three or four words in a row are good.")
    return None
