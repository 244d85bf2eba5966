"""Versions of a page: who wrote which paragraph, and two versions as they look."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.db import db
from commons.entries import links
from commons.entries.documents import actor_name, actor_url
from commons.entries.models import Revision
from commons.entries.queries import revision, state_at
from commons.focus.subjects import Known
from commons.members.models import Member
from commons.text import HUGE, hunks, markdown, origins, rendered_diff
from commons.text import paragraphs as paragraphs_of
from commons.text.aligning import lines_of
from commons.web import Gone
from wiki.documents.reading import highest, lifted
from wiki.models import Page

LEAST = 0.1  # of a page's letters, to be named as one of those who wrote it
FARTHEST = 2000  # revisions that are looked through for who wrote a paragraph
_FOOTNOTE = re.compile(r"^\[\^([^\[\]\n]{1,80})\]:", re.M)
_MARK = re.compile(r"<code>[^<]*</code>|<[^>]*>|\[\^([^\[\]\n]{1,80})\]")


def written_by(page: Page) -> list[Known]:
    """Who wrote what stands there today: the share of its letters, of versions that nobody hid. Who wrote less than a tenth is
    not named."""
    letters: Counter[int] = Counter()
    for line, number in zip(lines_of(page.text), _origins(page), strict=True):
        letters[number] += len(line.strip())
    shares: Counter[int] = Counter()
    last: dict[int, datetime] = {}
    for number, made in sorted(_revisions(page, set(letters)).items()):
        if made.author_id is not None and not made.hidden:
            shares[made.author_id] += letters[number]
            last[made.author_id] = made.at
    total = letters.total() or 1
    return [
        Known(page.id, member, "wrote", many / total, last[member])
        for member, many in shares.items()
        if many >= total * LEAST
    ]


def _origins(page: Page) -> list[int]:
    """For each line the number of the revision that it comes from."""
    changes = db.session.execute(
        select(Revision.number, Revision.changes)
        .where(Revision.entry_id == page.id)
        .order_by(Revision.number.desc())
        .limit(FARTHEST)
    )
    return origins(page.text, ((number, _hunks(one)) for number, one in changes))


def paragraph_rows(page: Page, viewer: Member | None) -> list[dict[str, Any]]:
    found = paragraphs_of(page.text, _origins(page))
    made = _revisions(page, {number for _text, number in found})
    known = links.shown(links.of(page, viewer), viewer)
    parts = [
        _alone(markdown(text, links=lambda _names: known, limit=HUGE, anchor=f"p{place}"), page.text)
        for place, (text, _number) in enumerate(found)
    ]
    top = highest(parts)
    return [
        {"html": lifted(html, top), **_who(page, made[number], viewer)}
        for html, (_text, number) in zip(parts, found, strict=True)
        if number in made
    ]


def _alone(html: Markup, text: str) -> Markup:
    """A part of a text, rendered without the rest: its marks of footnotes get their numbers, but lead nowhere."""
    numbers = {name: place for place, name in enumerate(dict.fromkeys(_FOOTNOTE.findall(text)), 1)}
    return Markup(_MARK.sub(lambda mark: f"<sup>{numbers[mark[1]]}</sup>" if mark[1] in numbers else mark[0], html))


def _hunks(changes: dict[str, Any]) -> Any:
    change = changes.get("text")
    if change is None:
        return None
    return change["hunks"] if isinstance(change, dict) else hunks(change[0] or "", change[1] or "")


def _revisions(page: Page, numbers: set[int]) -> dict[int, Revision]:
    rows = select(Revision).where(Revision.entry_id == page.id, Revision.number.in_(numbers))
    return {row.number: row for row in db.session.scalars(rows.options(joinedload(Revision.author)))}


def _who(page: Page, one: Revision, viewer: Member | None) -> dict[str, Any]:
    if one.hidden and not (viewer and viewer.is_moderator):
        return {
            "number": one.number,
            "at": one.at,
            "actor_name": _("hidden"),
            "actor_url": None,
            "note": "",
            "diff_url": None,
        }
    return {
        "number": one.number,
        "at": one.at,
        "actor_name": actor_name(one.author),
        "actor_url": actor_url(one.author),
        "note": one.note,
        "diff_url": _diff_url(page, one.number - 1, one.number) if one.number > 1 else None,
    }


def _diff_url(page: Page, a: int, b: int) -> str:
    return url_for("entries.diff", collection="wiki", slug=page.slug, a=a, b=b)


def rendered_page(page: Page, a: int, b: int, viewer: Member | None) -> dict[str, Any]:
    """Two versions as they look, with what is gone and what came marked; raises Gone where a moderator hid one."""
    old, new = revision(page, a), revision(page, b)
    if (old.hidden or new.hidden) and not (viewer and viewer.is_moderator):
        raise Gone(_("A moderator hid this version"), _("The log of changes says why."))
    before, after = state_at(page, a)["text"] or "", state_at(page, b)["text"] or ""
    resolver = links.resolver(page, viewer)
    both = f"{after}\n{before}"
    pieces = rendered_diff(before, after, lambda text: _alone(markdown(text, links=resolver, limit=HUGE), both))
    top = highest(piece.html for piece in pieces or ())
    return {
        "page": page,
        "old": _side(old),
        "new": _side(new),
        "pieces": [{"kind": piece.kind, "html": lifted(piece.html, top)} for piece in pieces or ()],
        "too_large": pieces is None,
        "words_url": _diff_url(page, a, b),
    }


def _side(one: Revision) -> dict[str, Any]:
    return {"number": one.number, "at": one.at, "actor_name": actor_name(one.author), "note": one.note}
