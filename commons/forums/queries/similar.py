"""What was said already about what somebody begins to write: one question to the index, as this viewer."""

from __future__ import annotations

from commons.audience import index_filter
from commons.entries.models import Entry
from commons.entries.queries import heads_by_id
from commons.members.models import Member
from commons.search.facets import Filters
from commons.search.grammar import MOST_TERMS, Query, clean, from_words
from commons.search.index import IndexBroken
from commons.search.order import EXACT
from commons.search.queries import engine

KINDS = {"topic": 5, "page": 3}  # how many of each
LOOKED_AT = 60  # best answers among which these are chosen
NEAR = 0.4  # of the score of the best one
SHORTEST = 3  # letters, signs of other scripts count the same


def similar(title: str, viewer: Member | None) -> list[Entry]:
    """Topics, then pages, that this viewer may read, the likeliest first; nothing while the index is away. Any of the words
    will do, and labels of areas count in every language."""
    words = clean(title)
    terms = tuple(dict.fromkeys(from_words(words).terms))[:MOST_TERMS]
    if len(words) < SHORTEST or not terms:
        return []
    try:
        found = engine().search(
            Query(terms=terms, text=words),
            audiences=index_filter(viewer),
            filters=Filters(kind=frozenset(KINDS)),
            limit=LOOKED_AT,
            match="any",
        )
    except IndexBroken:
        return []
    scores = [score % EXACT for score in found.scores]  # what comes first in any case is measured by its words too
    least = NEAR * max(scores, default=0.0)
    ids = [id for id, score in zip(found.ids, scores, strict=True) if score >= least]
    entries = heads_by_id(ids, viewer)
    return [one for kind, many in KINDS.items() for one in [each for each in entries if each.kind == kind][:many]]
