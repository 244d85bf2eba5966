"""All segments at one moment. What a question needs of them is fetched in as few statements as can be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from commons.search import layout
from commons.search.analysis import forms, readings
from commons.search.codes import Codes
from commons.search.grammar import Query
from commons.search.postgres.view import Asks, RowView, beginning, lists
from commons.search.reading import NOTHING, Postings
from commons.search.snapshot import Ints, Snapshot

STREAMS = """
SELECT segment, number, words FROM stream WHERE (segment, number) IN (
    SELECT unnest(%(segments)s::bigint[]), unnest(%(numbers)s::integer[]))
"""


class RowSnapshot(Snapshot):
    def __init__(
        self, asks: Asks, views: list[RowView], deleted: list[list[int]], codes: Codes, generation: tuple[int, ...]
    ) -> None:
        super().__init__(list(views), deleted, codes, generation)
        self.asks, self.rows = asks, views

    def prepare(self, query: Query, audiences: Collection[str] | None) -> None:
        """Fetch what the words of a question stand under, all of it at once."""
        scope = self.scope(audiences)
        texts = [*query.terms, *query.phrases, *query.excluded, *(word for group in query.any_of for word in group)]
        found = [reading for text in texts for reading in readings(text)]
        words = {word for reading in found for word in (*reading.forms, *reading.sequence)}
        terms = {form for word in words for form in forms(word, scope.languages)}
        name = layout.NAME + layout.name_key(" ".join(query.terms))
        self.fetch(scope.fields, sorted(terms | {name}) if terms else ())
        self.fetch_beginnings(scope.fields, {*query.prefixes, *(one.prefix for one in found if one.prefix)})

    def fetch(self, fields: Sequence[str], terms: Sequence[str]) -> None:
        wanted = {(field, term) for field in fields for term in terms}
        lacking = [view for view in self.rows if not wanted <= view.warm.keys()]
        if not lacking:
            return
        found = lists(self.asks, lacking, fields, terms)
        for view in lacking:
            for key in wanted:
                view.keep(key, found.get((view.id, *key), NOTHING))

    def fetch_beginnings(self, fields: Sequence[str], prefixes: Collection[str]) -> None:
        wanted = {(field, prefix) for field in fields for prefix in prefixes}
        lacking = [view for view in self.rows if not wanted <= view.begun.keys()]
        if not lacking:
            return
        found = beginning(self.asks, lacking, fields, sorted(prefixes))
        for view in lacking:
            for key in wanted:
                view.keep_beginning(key, found.get((view.id, *key), []))

    def postings(self, fields: tuple[str, ...], forms: tuple[str, ...]) -> Postings:
        self.fetch(fields, forms)
        return super().postings(fields, forms)

    def streams(self, numbers: Ints) -> list[bytes]:
        at = np.searchsorted(self.bases, numbers, side="right") - 1
        wanted = [
            (self.rows[view].id, number - self.bases[view]) for view, number in zip(at, numbers.tolist(), strict=True)
        ]
        asked: dict[str, Any] = {
            "segments": [segment for segment, _ in wanted],
            "numbers": [number for _, number in wanted],
        }
        rows = self.asks(STREAMS, asked, set(asked["segments"]))
        found = {(segment, number): bytes(words) for segment, number, words in rows}
        return [found.get(key, b"") for key in wanted]
