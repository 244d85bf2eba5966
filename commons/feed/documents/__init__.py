"""How what is followed leaves: rows for lists, and what the button beside an entry shows."""

from commons.feed.documents.keeping import keep_of, kept_rows
from commons.feed.documents.letters import stopped_by, write_ask, write_digest
from commons.feed.documents.notices import bell_of, notices_of
from commons.feed.documents.reacting import reactions_of
from commons.feed.documents.reading import choices, feed_rows, next_areas
from commons.feed.documents.sentences import WHYS
from commons.feed.documents.tags import tag_door, tags_of_area
from commons.feed.documents.watching import watch_of, watched_rows, watched_tabs

__all__ = [
    "WHYS",
    "bell_of",
    "choices",
    "feed_rows",
    "keep_of",
    "kept_rows",
    "next_areas",
    "notices_of",
    "reactions_of",
    "stopped_by",
    "tag_door",
    "tags_of_area",
    "watch_of",
    "watched_rows",
    "watched_tabs",
    "write_ask",
    "write_digest",
]
