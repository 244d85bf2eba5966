"""Links in mails that act without signing in: kept as digests, for one purpose, until a day, once.

Opening such a link changes nothing: its page shows a button (`open_key`), and the button uses the key up (`use_key`). Whoever
uses it writes what it does in the same transaction, so that a key is spent only by what was done.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from commons.db import db, now, transaction
from commons.members.door import digest
from directory.representing.models import MailKey

LONGEST = 100  # characters of what can be a key
KEPT = timedelta(days=60)  # after its end


def make_key(
    purpose: str,
    *,
    organisation_id: int,
    good_for: timedelta,
    entry_id: int | None = None,
    member_id: int | None = None,
    about: Mapping[str, Any] | None = None,
) -> str:
    """A new key, which is nowhere but in what this returns. `about`: plain JSON, for whoever uses it."""
    key = secrets.token_urlsafe(24)
    made = MailKey(digest=digest(key), purpose=purpose, organisation_id=organisation_id, entry_id=entry_id)
    made.member_id, made.about, made.expires = member_id, dict(about or {}), now() + good_for
    with transaction():
        db.session.add(made)
    return key


def open_key(key: str, purpose: str) -> MailKey | None:
    """What the key would do; None for one that is spent, too old, made for something else, or not ours."""
    if not 0 < len(key) <= LONGEST:
        return None
    good = MailKey.digest == digest(key), MailKey.purpose == purpose, MailKey.used.is_(None), MailKey.expires > now()
    return db.session.scalar(select(MailKey).where(*good))


def use_key(key: str, purpose: str) -> MailKey | None:
    """Spends the key: of many who try at the same moment one gets it, all others None. Call it inside the transaction that does
    what the key is for."""
    with transaction():
        found = open_key(key, purpose)
        if found is None:
            return None
        spent = update(MailKey).where(MailKey.id == found.id, MailKey.used.is_(None)).values(used=now())
        won = db.session.execute(spent.returning(MailKey.id), execution_options={"synchronize_session": False})
        return found if won.scalar() is not None else None


def forget_keys(after: int) -> int:
    """A follower whose position never moves: keys go 60 days after their end."""
    late = MailKey.expires < now() - KEPT
    if db.session.scalar(select(MailKey.id).where(late).limit(1)) is not None:
        with transaction():
            db.session.execute(delete(MailKey).where(late))
    return after
