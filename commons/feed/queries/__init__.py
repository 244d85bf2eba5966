"""What a member follows and how far they have read it."""

from commons.feed.queries.digesting import News, digest_news
from commons.feed.queries.following import CHOICES, Followed, followed, pace_of, wishes_of
from commons.feed.queries.keeping import is_kept, kept_page, kept_with
from commons.feed.queries.notices import Asked, asks_of, bell, unread_threads
from commons.feed.queries.reacting import answering_for, reactions
from commons.feed.queries.reading import EVER, Doing, Thread, Told, beyond, doings, threads, threads_by_id
from commons.feed.queries.tags import tag_state, tags_meaning
from commons.feed.queries.telling import (
    ASKED,
    DIGEST,
    FEED,
    HAILED,
    MAIL,
    NOTICES,
    TALK,
    TOLD,
    WAYS,
    shown_by_mail,
    ways,
)
from commons.feed.queries.watching import (
    feed_keys,
    key_owner,
    seen_of,
    watch_row,
    watched_page,
    watched_tags,
    watchers,
)

__all__ = [
    "ASKED",
    "Asked",
    "CHOICES",
    "DIGEST",
    "Doing",
    "EVER",
    "FEED",
    "Followed",
    "HAILED",
    "MAIL",
    "NOTICES",
    "News",
    "TALK",
    "TOLD",
    "Thread",
    "Told",
    "WAYS",
    "answering_for",
    "asks_of",
    "bell",
    "beyond",
    "digest_news",
    "doings",
    "feed_keys",
    "followed",
    "is_kept",
    "kept_page",
    "kept_with",
    "key_owner",
    "pace_of",
    "reactions",
    "seen_of",
    "shown_by_mail",
    "tag_state",
    "tags_meaning",
    "threads",
    "threads_by_id",
    "unread_threads",
    "watch_row",
    "watched_page",
    "watched_tags",
    "watchers",
    "ways",
    "wishes_of",
]
