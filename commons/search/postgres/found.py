"""Everything that a question found in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from commons.search.postgres.asking import Where


class RowHits:
    """What a question found, asked for once more where it is needed."""

    def __init__(self, reading: Callable[[], AbstractContextManager[Connection]], where: Where) -> None:
        self.reading, self.where = reading, where

    def ids(self) -> NDArray[np.int64]:
        return self._packed("int8send(id)", ">i8", "true").astype(np.int64)

    def points(self) -> NDArray[Any]:
        return self._packed("float4send(lat) || float4send(lon)", ">f4", "lat IS NOT NULL").astype("f4").reshape(-1, 2)

    def confirmed(self, after: int) -> int:
        return int(self._value("count(*)", "confirmed >= %(after)s", after=after))

    def _packed(self, value: str, kind: str, condition: str) -> NDArray[Any]:
        found = self._value(f"string_agg({value}, ''::bytea ORDER BY id)", condition)
        return np.frombuffer(found or b"", kind)

    def _value(self, value: str, condition: str, **values: Any) -> Any:
        statement = f"SELECT {value} FROM entry WHERE {self.where} AND {condition}"
        with self.reading() as connection:
            return connection.exec_driver_sql(statement, self.where.values | values).scalar()
