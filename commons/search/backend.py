"""What the site asks of a search engine, in plain values: two engines answer it, and one set of tests holds them
together.

`audiences` are the names of what the viewer may read; None only for work that shows nothing to anyone. Nothing that
is answered, down to an order or a spelling, may depend on a document outside of them. Every method that reads raises
`IndexBroken` while the index is away: the database answers then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import Protocol, TypeVar

from commons.room import SearchDocument
from commons.search.answer import Found, Match
from commons.search.facets import Box, Filters, Near
from commons.search.grammar import Query
from commons.search.index import Report
from commons.search.leaning import Leaning
from commons.search.order import Sort
from commons.search.suggest import Correction, Name

T = TypeVar("T")


class Backend(Protocol):
    # Asking

    def search(
        self,
        query: Query,
        *,
        audiences: Collection[str] | None,
        filters: Filters | None = None,
        near: Near | None = None,
        bounds: Box | None = None,
        confirmed_after: int = 0,
        among: Sequence[int] | None = None,
        besides: Sequence[int] = (),
        sort: Sort = "relevance",
        offset: int = 0,
        limit: int = 20,
        facets: Sequence[str] = (),
        match: Match = "auto",
        leanings: Sequence[Leaning] = (),
    ) -> Found:
        """One page of what was found, with the numbers of the facets. `among`: ids, where only these are asked about; `besides`: not about these.
        `leanings`: what comes first where relevance orders; nothing is left out for it."""

    def names_like(self, typed: str, limit: int = 8) -> list[Name]:
        """Public documents whose names begin so, for the list that opens while one types."""

    def did_you_mean(self, query: Query) -> Correction | None:
        """A likelier spelling, from public documents."""

    def related(
        self,
        entry: int,
        kind: str,
        areas: Sequence[int],
        place: tuple[float, float] | None,
        *,
        audiences: Collection[str],
        limit: int,
    ) -> list[int]:
        """Others of the kind that share areas, the rarer the better; nearness counts too."""

    # Its state

    @property
    def position(self) -> int:
        """How far in the log the index has come."""

    @property
    def seen(self) -> int:
        """How far in the log the answers of this process have come: a moment behind the index."""

    def reached(self) -> int:
        """How far in the log a search of this process finds everything, now."""

    def generation(self) -> Hashable:
        """Another one after every change of the index."""

    def remembered(self, question: Hashable, make: Callable[[], T], *, large: bool = False) -> T:
        """What `make` made for the same question in this generation: counts, maps, lists without words. `large`: it holds a
        number for every document, so fewer are kept."""

    def documents(self) -> int: ...

    def keys(self) -> set[int]:
        """Every document in the index, for comparing with the database."""

    @property
    def whereabouts(self) -> str:
        """For an operator: which index is in use."""

    # Following the log

    def apply(self, changed: Iterable[SearchDocument], removed: Iterable[int], position: int) -> int:
        """Bring a batch in, whole or not at all; repeating one changes nothing. Answers with the number of documents
        written. Raises IndexBusy while another process writes."""

    def rebuild(
        self, documents: Iterable[SearchDocument], position: int, progress: Callable[[int], None] | None = None
    ) -> int:
        """A new index beside the one in use, swapped in at the end: nobody's question fails meanwhile. `position`: where
        the log ended before reading began."""

    def tidy(self) -> None:
        """What is done at quiet moments, outside any request."""

    def doubt(self) -> None:
        """A reader met a fault: the writer shall look."""

    def look(self) -> None:
        """Where a reader had doubts: raises IndexBroken if they were right."""

    def check(self) -> Report:
        """Read everything once: counts, and a sentence for each fault."""
