"""Is it here already? Asked before a new organisation is saved, answered within milliseconds from memory.

Pure: it knows no table, no page and no request. The directory feeds it cards (`build`, then `add` and `remove` as a
follower of the log) and asks `suspects(card)`; whatever scores `SUSPECT` or more is worth showing to a person, who
decides. The parts, from below: words and spelling, names and websites, prints (what is kept of a card), places,
likeness of names, evidence (the sum of it all), keys (who shares what), index.
"""

from __future__ import annotations

from directory.duplicates.cards import Card, Suspect
from directory.duplicates.index import SUSPECT, DuplicateIndex

__all__ = ["SUSPECT", "Card", "DuplicateIndex", "Suspect"]
