"""What moderators make of words that were looked for in vain: a page that is wanted, another name of an area, or nothing.

Who decided what, when and why stays in `search_ruling`; a new name of an area stands in the area's history besides.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from commons.config import LANGUAGES
from commons.db import db, lock, now, transaction
from commons.focus.actions import edit_area
from commons.focus.models import Area
from commons.members.models import Member
from commons.search.failed import sought
from commons.search.models import FailedSearch, SearchRuling
from commons.text import clean_line, problems
from commons.web import Forbidden, Invalid


def term_counts(words: str, language: str) -> dict[str, int] | None:
    """times, askers and days; None where too few asked for a moderator to see it."""
    row = db.session.execute(sought().where(FailedSearch.words == words, FailedSearch.language == language)).first()
    return {"times": row.times, "askers": row.askers, "days": row.days} if row else None


def standing(words: str, language: str) -> SearchRuling | None:
    same = SearchRuling.words == words, SearchRuling.language == language
    return db.session.scalar(select(SearchRuling).where(*same, SearchRuling.ended.is_(None)))


def by_id(number: int) -> SearchRuling | None:
    return db.session.get(SearchRuling, number) if number < 2**31 else None


def rulings() -> Select[SearchRuling]:
    """All of them with their people, the latest first."""
    people = joinedload(SearchRuling.by), joinedload(SearchRuling.ended_by)
    query = select(SearchRuling).options(*people, joinedload(SearchRuling.area))
    return query.order_by(SearchRuling.id.desc())


def wanted_titles() -> Sequence[tuple[str, str]]:
    """(title, language of who searched) of the pages that searches want, the latest first; also of those that are there
    by now, which the room of the pages leaves out."""
    query = select(SearchRuling.title, SearchRuling.language).where(
        SearchRuling.act == "wanted", SearchRuling.ended.is_(None)
    )
    return [(title, language) for title, language in db.session.execute(query.order_by(SearchRuling.id.desc()))]


def want_page(words: str, language: str, title: str, *, actor: Member, reason: str = "") -> SearchRuling:
    if sentence := problems(title, lines=False, limit=200):
        raise Invalid({"title": sentence})
    if not (clean := clean_line(title)):
        raise Invalid({"title": _("Enter a title for the page.")})
    return _rule(SearchRuling(words=words, language=language, act="wanted", title=clean), reason, actor)


def name_area(words: str, language: str, area_id: int, name: str, *, actor: Member, reason: str = "") -> SearchRuling:
    """Adds `name` to the area's other words in that language, as the area's next version."""
    area = db.session.get(Area, area_id)
    if area is None or not area.is_live:
        raise Invalid({"area": _("Choose an area of focus.")})
    if sentence := problems(name, lines=False, limit=120):
        raise Invalid({"title": sentence})
    if not (clean := clean_line(name)):
        raise Invalid({"title": _("Enter the words under which people look for it.")})
    with transaction():
        made = _rule(SearchRuling(words=words, language=language, act="synonym", area_id=area.id), reason, actor)
        field = f"synonyms_{language if language in LANGUAGES else 'en'}"
        names = list(dict.fromkeys([*area.value(field), clean]))
        note = _("Looked for by these words and not found")
        edit_area(area, {field: names}, version=area.version, actor=actor, note=note)
        return made


def dismiss(words: str, language: str, *, actor: Member, reason: str) -> SearchRuling:
    if not clean_line(reason):
        raise Invalid({"reason": _("Say why, so that others understand it later.")})
    return _rule(SearchRuling(words=words, language=language, act="dismissed"), reason, actor)


def _rule(ruling: SearchRuling, reason: str, actor: Member) -> SearchRuling:
    if not actor.is_moderator:
        raise Forbidden(_("Only moderators decide about this."))
    if sentence := problems(reason, lines=False, limit=300):
        raise Invalid({"reason": sentence})
    with transaction():
        if standing(ruling.words, ruling.language):
            raise Invalid({"act": _("Somebody has decided about these words already.")})
        if term_counts(ruling.words, ruling.language) is None:
            raise Invalid({"act": _("Too few people looked for these words.")})
        ruling.reason, ruling.by_id = clean_line(reason), actor.id
        db.session.add(ruling)
        db.session.flush()
        return ruling


def take_back(ruling: SearchRuling, *, actor: Member) -> bool:
    """Ends a ruling, so that its words are open again; False where somebody did so before. A name that an area was given is
    taken away in the area's history."""
    if not actor.is_moderator:
        raise Forbidden(_("Only moderators decide about this."))
    with transaction():
        lock(ruling)
        if ruling.ended is not None:
            return False
        ruling.ended, ruling.ended_by_id = now(), actor.id
        return True
