"""Finding talks and those in them, always from the seats of one member: nobody else finds any."""

from commons.talks.queries.reading import (
    Talk,
    doors_of,
    first_post,
    found_words,
    is_muted,
    people_in,
    request_of,
    same_talk,
    talk_between,
    talk_for,
    talks_of,
)
from commons.talks.queries.rules import (
    ASKS,
    FREE,
    OFF,
    blocks_of,
    called,
    chosen_between,
    how_to_reach,
    owner_of,
    wish_of,
)

__all__ = [
    "ASKS",
    "FREE",
    "OFF",
    "Talk",
    "blocks_of",
    "called",
    "chosen_between",
    "doors_of",
    "first_post",
    "found_words",
    "how_to_reach",
    "is_muted",
    "owner_of",
    "people_in",
    "request_of",
    "same_talk",
    "talk_between",
    "talk_for",
    "talks_of",
    "wish_of",
]
