"""Who might work with whom: the match index, as published in weights.py, with reasons made from the parts of the score.

Pure: it knows no table, no page and no request. Whoever joins it to the site makes cards of organisations, builds the
index (`build`), records what changes (`record`) and asks `matches`; web processes keep an `opened` index and look now
and then whether it is `refreshed`. The parts, from below: cards, weights, fillers, words, postings, layout, folder, index,
building, sought, candidates, scores, choice, reasons, asking.
"""

from __future__ import annotations

from directory.partnerships.matching.asking import SHOWN, matches, ranking
from directory.partnerships.matching.building import build, opened, refreshed
from directory.partnerships.matching.cards import Asked, Card, Match, Reason
from directory.partnerships.matching.folder import IndexBroken, record
from directory.partnerships.matching.index import Index
from directory.partnerships.matching.weights import WEIGHTS

__all__ = [
    "SHOWN",
    "WEIGHTS",
    "Asked",
    "Card",
    "Index",
    "IndexBroken",
    "Match",
    "Reason",
    "build",
    "matches",
    "opened",
    "ranking",
    "record",
    "refreshed",
]
