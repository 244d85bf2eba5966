"""The database: SQLite in WAL mode with synchronous=FULL, or PostgreSQL by DATABASE_URL.

`transaction()` is the only road to a write. On SQLite it takes the write lock at once (BEGIN IMMEDIATE), so that what it reads is
what it changes; on PostgreSQL rows that will change are locked by `lock(row)`. Actions may call each other: the outermost
transaction commits, and any exception undoes everything. After a commit the log's followers are woken (`on_commit`).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, MetaData, Table, event, inspect, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

BUSY = 5  # seconds that a write waits for another one, before it is refused
_turn = threading.Lock()  # SQLite lets those who wait try at random: within a process they queue instead
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": False})
if TYPE_CHECKING:
    Model = Base  # what db.Model is, said so that a type checker understands it
else:
    Model = db.Model


class Moment(TypeDecorator[datetime]):
    """A point in time, always aware and in UTC; SQLite keeps it naive, so the zone is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    return datetime.now(UTC)


def start(app: Flask) -> None:
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        options: dict[str, Any] = {"connect_args": {"timeout": BUSY, "check_same_thread": False}}
    else:
        options = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20}
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options | {"json_serializer": _to_json})
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _set_up_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = (
        None  # BEGIN is ours: the driver would start transactions late and commit behind our back
    )
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-32000",
        "mmap_size=268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")


@contextmanager
def transaction() -> Iterator[None]:
    """All or nothing. Nested calls join the outermost one, which commits."""
    info = db.session().info
    if info.get("writing"):
        yield
        return
    db.session.commit()  # ends the read transaction, whose snapshot may be older than the last write
    info["writing"], info["after"] = True, []
    mine = not is_postgresql() and _turn.acquire(timeout=BUSY)
    try:
        db.session.connection(execution_options={"begin": "IMMEDIATE"})
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        db.session.expire_all()  # nothing that was undone may be read from memory
        raise
    finally:
        info["writing"], after = False, info.pop("after")
        info.pop("recorded", None)
        if mine:
            _turn.release()
    for call in after:
        call()


def writing() -> bool:
    return bool(db.session().info.get("writing"))


def on_commit(call: Callable[[], None]) -> None:
    """Runs `call` after the running transaction has been committed, once."""
    after = db.session().info["after"]
    if call not in after:
        after.append(call)


def lock(row: Any) -> None:
    """Reads the row again and, on PostgreSQL, keeps others from changing it until the transaction ends. They may go on to name it:
    a lock that forbids that too (`key_share=False`) makes two who write beside each other wait for each other without end."""
    if is_postgresql():  # its own statement: a row with others joined to it cannot be locked as a whole
        first = inspect(type(row)).base_mapper.local_table
        keys = inspect(row).identity
        same = [column == key for column, key in zip(first.primary_key.columns, keys, strict=True)]
        db.session.execute(select(*first.primary_key.columns).where(*same).with_for_update(key_share=True))
    db.session.refresh(row)


def lock_all(model: type[Any], ids: Iterable[int]) -> Sequence[Any]:
    """The same for many rows, in the order of their ids, so that two who do it never wait for each other."""
    rows = select(model).where(model.id.in_(sorted(ids))).order_by(model.id).with_for_update(key_share=True)
    return db.session.scalars(rows, execution_options={"populate_existing": True}).all()


def table(model: type[Base]) -> Table:
    """The table itself, for writing many rows at once without the session."""
    return cast(Table, model.__table__)


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"
