"""Following, reading and reacting. Nobody else is told what a member reads."""

from commons.feed.actions.keeping import drop, keep
from commons.feed.actions.pacing import change_wishes, close_feed_key, expect_digest, make_feed_key, stop
from commons.feed.actions.posting import follow_asks, follow_digests
from commons.feed.actions.reacting import react, take_back
from commons.feed.actions.tags import place_tag, unwatch_tag, watch_tag
from commons.feed.actions.watching import mark_all_seen, mark_seen, unwatch, watch

__all__ = [
    "change_wishes",
    "close_feed_key",
    "drop",
    "expect_digest",
    "follow_asks",
    "follow_digests",
    "keep",
    "make_feed_key",
    "mark_all_seen",
    "mark_seen",
    "place_tag",
    "react",
    "stop",
    "take_back",
    "unwatch",
    "unwatch_tag",
    "watch",
    "watch_tag",
]
