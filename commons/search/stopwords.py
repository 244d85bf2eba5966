"""Words that a question may contain and a document need not: they add to the score and are never required."""

from __future__ import annotations

from functools import cache

from whoosh.lang.stopwords import stoplists

from commons.search.analysis import words

# Asked in questions, missing from the lists because documents seldom hold them.
ASKED = (
    "who what which where when why how does near find looking help need want about there any also us am "
    "can could would should"
)


@cache
def stopwords(languages: tuple[str, ...]) -> frozenset[str]:
    """Of every language that the readable documents are written in, folded."""
    found = {word for language in languages for listed in stoplists.get(language, ()) for word in words(listed)}
    if "en" in languages:
        found.update(ASKED.split())
    return frozenset(found)
