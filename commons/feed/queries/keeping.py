"""What a member put aside, and the words in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from commons.audience import index_filter
from commons.db import db
from commons.entries.models import Entry
from commons.entries.queries import cards_by_id, visible
from commons.feed.models import Kept
from commons.feed.queries.following import ENTRY, ME, built
from commons.members.models import Member
from commons.room import rooms
from commons.search.folding import fold
from commons.search.grammar import parse
from commons.search.index import IndexBroken
from commons.search.queries import engine

MOST = 2000  # of what was kept, the latest are looked through for words


def is_kept(entry: Entry, viewer: Member) -> bool:
    query = built("kept", make=lambda: select(Kept.at).where(Kept.member_id == ME, Kept.entry_id == ENTRY))
    return db.session.scalar(query, {"me": viewer.id, "entry": entry.id}) is not None


def kept_page(member: Member, page: int, per_page: int) -> tuple[list[Kept], int]:
    """One page of what a member kept, the latest first, with what is gone, and how many there are."""
    query = select(Kept).where(Kept.member_id == member.id).order_by(Kept.at.desc(), Kept.entry_id.desc())
    total = db.session.scalar(select(func.count()).where(Kept.member_id == member.id)) or 0
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page))), int(total)


def kept_with(words: str, member: Member) -> list[Kept]:
    """What a member kept and may still see in which all these words stand: in its own texts, or where the search finds
    them in it (in the posts of a topic, in the pages of a document)."""
    query = select(Kept).join(Entry, Entry.id == Kept.entry_id).where(Kept.member_id == member.id, visible(member))
    rows = list(db.session.scalars(query.order_by(Kept.at.desc(), Kept.entry_id.desc()).limit(MOST)))
    wanted = fold(words).split()
    cards = cards_by_id([row.entry_id for row in rows], member)
    found = {entry.id for entry in cards if all(word in text for text in [_words_of(entry)] for word in wanted)}
    found |= _in_index(words, member)
    return [row for row in rows if row.entry_id in found]


def _words_of(entry: Any) -> str:
    fields = [
        field for field in rooms().kinds[entry.kind].fields if field.how in ("line", "text") and not field.private
    ]
    values = [entry.title, *(entry.value(field.name) for field in fields)]
    return fold("\n".join(value for value in values if isinstance(value, str)))


def _in_index(words: str, member: Member) -> set[int]:
    try:
        found = engine().search(parse(words), audiences=index_filter(member), limit=0, match="all")
    except IndexBroken:
        return set()
    return set(found.hits.ids().tolist())
