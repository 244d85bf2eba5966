"""Keeping a search, changing how it tells, and the worker's turn that writes its mails.

A mail has no words while it waits: it names the searches and the lines of the log between which something was new. What it may
tell is asked again when it is sent. The mail and how far it tells are written in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from commons.db import db, lock_all, now, transaction
from commons.members.models import Member, Outgoing
from commons.search.index import IndexBroken
from commons.searches.models import LONGEST_ADDRESS, LONGEST_NAME, RHYTHMS, SavedSearch
from commons.searches.queries import canonical, due_members, end, news_of, reach, saved_searches
from commons.text import clean_line, problems
from commons.web import Invalid

EVERY = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
MOST = 50  # saved searches of one member
MANY = 20  # members of one turn of the worker: mails of others do not wait for all of them


def save_search(address: str, name: str, rhythm: str, *, actor: Member) -> SavedSearch:
    """The same list a second time gets the new name and rhythm. Raises Invalid."""
    kept, words = canonical(address), _named(name)
    if not kept or len(kept) > LONGEST_ADDRESS:
        raise Invalid({"address": _("This list cannot be saved. Search for something, then save what you see.")})
    if kept == "/search":
        raise Invalid({"address": _("Search for something first, then save it.")})
    with transaction():
        mine = SavedSearch.member_id == actor.id
        found = db.session.scalar(select(SavedSearch).where(mine, SavedSearch.address == kept))
        if found is None:
            if (db.session.scalar(select(func.count()).where(mine)) or 0) >= MOST:
                raise Invalid({"name": _("These are many searches. Delete one that you no longer need.")})
            found = SavedSearch(member_id=actor.id, address=kept, seen=end(), rhythm="never")
            db.session.add(found)
        found.name = words
        _pace(found, rhythm)
        db.session.flush()
        return found


def change_search(search: SavedSearch, name: str, rhythm: str) -> None:
    """Raises Invalid."""
    words = _named(name)
    with transaction():
        search.name = words
        _pace(search, rhythm)


def _named(name: str) -> str:
    words = clean_line(name)
    sentence = problems(name, lines=False, limit=LONGEST_NAME)
    if sentence or not words:
        raise Invalid({"name": sentence or _("Give it a name, so that you find it again.")})
    return words


def _pace(search: SavedSearch, rhythm: str) -> None:
    """After another choice the next mail comes one such span from now, and tells of what came since."""
    if rhythm not in RHYTHMS:
        raise Invalid({"rhythm": _("Choose one of the list.")})
    if rhythm == search.rhythm:
        return
    if search.rhythm == "never":
        search.told = end()
    search.rhythm = rhythm
    search.due = now() + EVERY[rhythm] if rhythm in EVERY else None


def mark_searches_seen(searches: Sequence[SavedSearch], upto: int) -> None:
    """The member has looked at what these showed, up to this line of the log."""
    with transaction():
        upto = min(upto, end())
        for search in searches:
            if upto > search.seen:
                search.seen, search.since = upto, now()


def delete_search(search: SavedSearch) -> None:
    with transaction():
        db.session.execute(delete(SavedSearch).where(SavedSearch.id == search.id))


def stop_searches(member: Member, number: int) -> None:
    """No more mails about one saved search; 0: about any. A second time changes nothing."""
    with transaction():
        for search in saved_searches(member):
            if number in (0, search.id):
                _pace(search, "never")


def follow_searches(after: int) -> int:
    """Writes the mails that are due; the position is of no use, each search has its own."""
    moment = now()
    for member_id in due_members(moment, MANY):
        try:
            _tell(db.session.get_one(Member, member_id), moment)
        except IndexBroken:  # while it is made again nothing is found: what is due stays due
            return after
    return after


def _tell(member: Member, moment: datetime) -> None:
    """One mail for all of a member's searches that are due, or none. What was found is written down only if the searches
    are still as they were."""
    due = [one for one in saved_searches(member) if one.due is not None and one.due <= moment]
    after, upto = {one.id: max(one.told, one.seen) for one in due}, reach()
    news = news_of(after, due, member, upto) if member.may_write and member.email else {}
    told = {one.id: one.told for one in due}
    with transaction():
        rows = [row for row in lock_all(SavedSearch, after) if row.told == told[row.id] and row.due is not None]
        some = [[row.id, after[row.id]] for row in rows if row.id in news and news[row.id].ids]
        if some:
            key, about = f"searches-{member.id}-{some[0][0]}-{upto}", {"searches": some, "upto": upto}
            mail = Outgoing(recipient=member.email or "", member_id=member.id, letter="searches", about=about, key=key)
            db.session.add(mail)
        for row in rows:
            row.told, row.due = max(upto, row.told), moment + EVERY[row.rhythm]
