"""What stands beside the posts of a page and the topics of a list: one statement each for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from commons.audience import keys, through
from commons.db import db, table
from commons.entries import links
from commons.entries.models import Change, Entry, EntryLink, Redirect
from commons.entries.queries import heads_by_id, visible
from commons.feed.models import Wishes
from commons.forums.models import Post
from commons.members.models import Member
from commons.text import Link


def links_of(posts: Sequence[Post], viewer: Member | None) -> dict[int, dict[str, Link]]:
    """post: where the names in its text lead, for this viewer."""
    asked = {"sources": [post.id for post in posts], **keys(viewer)}
    rows = db.session.execute(_links(), asked).all() if posts else []
    named: dict[int, list[links.Named]] = {}
    for source, *row in rows:
        named.setdefault(source, []).append(links.Named(*row))
    known = links.shown([one for some in named.values() for one in some], viewer) if named else {}
    return {id: {one.name: known[one.name] for one in some if one.name in known} for id, some in named.items()}


@cache
def _links() -> Select[Any]:
    """Every name in the texts of several entries with where it leads: what stands there now, or stood there once."""
    link, there, old, moved = table(EntryLink), table(Entry).alias(), table(Redirect), table(Entry).alias()
    now = (there.c.kind == link.c.kind) & (there.c.slug == link.c.slug) & (there.c.state == "live")
    once = (old.c.kind == link.c.kind) & (old.c.slug == link.c.slug) & there.c.id.is_(None)
    then = (moved.c.id == old.c.entry_id) & (moved.c.state == "live") & through(moved.c.audience)
    return (
        select(link.c.source_id, link.c.name, link.c.kind, link.c.slug)
        .add_columns(func.coalesce(there.c.id, moved.c.id))
        .add_columns(*(func.coalesce(there.c[name], moved.c[name], "") for name in ("slug", "title")))
        .select_from(link)
        .outerjoin(there, now & through(there.c.audience))
        .outerjoin(old, once)
        .outerjoin(moved, then)
        .where(link.c.source_id.in_(bindparam("sources", expanding=True)))
    )


def reasons_of(posts: Sequence[Post]) -> dict[int, str]:
    """removed post: why, as the log says."""
    ids = [post.id for post in posts if not post.is_live]
    if not ids:
        return {}
    query = select(Change.entry_id, Change.note).where(Change.entry_id.in_(ids), Change.verb.in_(("removed", "undid")))
    return {row.entry_id: row.note for row in db.session.execute(query.order_by(Change.seq))}


def numbers_of(ids: Sequence[int], viewer: Member | None) -> dict[int, int]:
    """post: its number, of those that stand."""
    if not ids:
        return {}
    query = select(Post.id, Post.number).where(Post.id.in_(ids), visible(viewer, Post))
    return {row.id: row.number for row in db.session.execute(query)}


def heads(ids: Sequence[int | None], viewer: Member | None) -> dict[int, Entry]:
    """Titles and addresses of what is named beside: forums, organisations that speak, what a topic is about."""
    return {one.id: one for one in heads_by_id(sorted({id for id in ids if id is not None}), viewer)}


def read_to(viewer: Member | None) -> int:
    """The line of the log up to which this member said that all is read."""
    if viewer is None:
        return 0
    return db.session.scalar(select(Wishes.read_to).where(Wishes.member_id == viewer.id)) or 0


def first_posts(topics: Sequence[int], viewer: Member | None) -> dict[int, str]:
    """topic: how its first post begins."""
    query = select(Post.topic_id, Post.text).where(Post.topic_id.in_(topics), Post.number == 1, visible(viewer, Post))
    return {row.topic_id: row.text for row in db.session.execute(query)} if topics else {}
