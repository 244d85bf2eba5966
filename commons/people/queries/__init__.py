"""Finding people, what they share, and whom they know: always as a viewer."""

from commons.people.queries.contacts import know_each_other, may_follow
from commons.people.queries.profiles import all_profiles, profile_of, reach, seen, words_that_differ
from commons.people.queries.words import key_of, tokens, word_rows

__all__ = [
    "all_profiles",
    "key_of",
    "know_each_other",
    "may_follow",
    "profile_of",
    "reach",
    "seen",
    "tokens",
    "word_rows",
    "words_that_differ",
]
