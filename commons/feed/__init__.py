"""What a member follows: watching, the feed, notices and mails; reactions, what they kept, tags."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons.feed.actions import follow_asks, follow_digests
from commons.feed.documents import (
    bell_of,
    keep_of,
    reactions_of,
    tag_door,
    tags_of_area,
    watch_of,
    write_ask,
    write_digest,
)
from commons.feed.models import Digest, FeedKey, Kept, Reaction, Seen, TagArea, TagWatch, Watch, Wishes
from commons.feed.views import blueprint
from commons.feed.views.settings import stop_mails
from commons.room import Follower, Panel, Room, Table


def start(app: Flask) -> None:
    app.jinja_env.globals |= {"watch_of": watch_of, "keep_of": keep_of, "reactions_of": reactions_of}
    app.context_processor(bell_of)
    app.extensions["csrf"].exempt(stop_mails)  # mail programs press it: the signed address is the proof


room = Room(
    name="feed",
    blueprints=(blueprint,),
    panels={
        "tag": (Panel("", "commons/feed/_tag.html", tag_door),),
        "subject": (Panel(_l("Also tagged"), "commons/feed/_area_tags.html", tags_of_area, 90),),
    },
    followers=(Follower("asks", follow_asks), Follower("digests", follow_digests)),
    letters={"ask": write_ask, "digest": write_digest},
    tables=(
        Table(Watch, public=False),
        Table(TagWatch, public=False),
        Table(TagArea),
        Table(Seen, public=False),
        Table(Reaction, public=False),
        Table(Kept, public=False),
        Table(Wishes, public=False),
        Table(Digest, public=False),
    ),
    start=start,
)
__all__ = ["FeedKey", "room"]
