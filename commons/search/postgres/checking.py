"""Is all there that the index says it has?"""

from __future__ import annotations

from sqlalchemy import Connection

from commons.search.index import Report
from commons.search.postgres import tables

DOCUMENTS = """
SELECT (SELECT count(*) FROM document), (SELECT coalesce(sum(size), 0) FROM segment), (SELECT count(*) FROM gone),
    (SELECT count(*) FROM segment), (SELECT coalesce(sum(terms), 0) FROM segment), (SELECT count(*) FROM posting),
    (SELECT count(*) FROM stream)
"""
SIZE = """
SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
WHERE relnamespace = %s::regnamespace AND relkind = 'r'
"""


def check(connection: Connection, position: int) -> Report:
    row = connection.exec_driver_sql(DOCUMENTS).one()
    documents, written, gone, segments, terms, lists, streams = map(int, row)
    size = int(connection.exec_driver_sql(SIZE, (tables.SCHEMA,)).scalar_one())
    faults = []
    if documents != written - gone:
        faults.append(f"{documents} documents are named, {written - gone} stand in the segments")
    if lists != terms:
        faults.append(f"{terms} posting lists were written, {lists} are there")
    if streams != written:
        faults.append(f"{written} streams were written, {streams} are there")
    return Report(documents, gone, segments, position, size, tuple(faults))
