"""Keys of mails: once, for one thing, until a day; of many who try at the same moment one wins."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db, now, table, transaction
from commons.members.door import digest
from directory.representing.keys import forget_keys, make_key, open_key, use_key
from directory.representing.models import MailKey
from tests.directory.representing.makers import solar

WEEK = timedelta(days=7)


def made(app: Flask, **more: object) -> str:
    return make_key("claim", organisation_id=solar().id, good_for=WEEK, about={"claim": 7}, **more)  # type: ignore[arg-type]


def test_a_key_works_once_and_only_for_its_purpose(app: Flask) -> None:
    key = made(app)
    assert open_key(key, "claim") is not None and open_key(key, "claim") is not None, "looking spends nothing"
    assert open_key(key, "reminder") is None and use_key(key, "reminder") is None
    found = use_key(key, "claim")
    assert found is not None and found.about == {"claim": 7}
    assert use_key(key, "claim") is None and open_key(key, "claim") is None


@pytest.mark.parametrize("key", ["", "null", "None", "[]", "x" * 5000, "\x00", "ключ"])
def test_what_is_no_key_opens_nothing(app: Flask, key: str) -> None:
    made(app)
    assert open_key(key, "claim") is None and use_key(key, "claim") is None


def test_only_the_digest_is_kept(app: Flask) -> None:
    key = made(app)
    row = str(db.session.execute(select(table(MailKey))).one())
    assert key not in row and digest(key) in row


def test_a_key_ends_and_is_forgotten(app: Flask) -> None:
    key = made(app)
    row = db.session.scalars(select(MailKey)).one()
    with transaction():
        row.expires = now() - timedelta(seconds=1)
    assert use_key(key, "claim") is None
    assert forget_keys(7) == 7 and db.session.scalar(select(MailKey.id)) is not None
    with transaction():
        row.expires = now() - timedelta(days=61)
    forget_keys(7)
    assert db.session.scalar(select(MailKey.id)) is None


def test_what_is_undone_spends_no_key(app: Flask) -> None:
    key = made(app)
    with pytest.raises(RuntimeError), transaction():
        assert use_key(key, "claim") is not None
        raise RuntimeError
    assert use_key(key, "claim") is not None


def test_of_fifty_at_the_same_moment_one_wins(app: Flask) -> None:
    key, won, start = made(app), list[int](), threading.Barrier(50)
    db.session.rollback()

    def take(number: int) -> None:
        with app.app_context():
            start.wait(20)
            try:
                if use_key(key, "claim") is not None:
                    won.append(number)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(50)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert len(won) == 1
