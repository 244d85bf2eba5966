"""Search documents and public records of pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from commons.db import db
from commons.focus.queries import tree
from commons.members.models import Member
from commons.room import SearchDocument
from commons.text import excerpt, plain
from wiki.models import Page

SHOWN, BEGINNING = 200, 2000  # characters of a text


def search_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    for page in db.session.scalars(select(Page).where(Page.id.in_(ids), Page.state == "live")):
        yield search_document(page)


def search_document(page: Page) -> SearchDocument:
    areas = tree().with_parents(page.focus)
    return SearchDocument(
        id=page.id,
        kind="page",
        audience=page.audience,
        language=page.language,
        title=page.title,
        text="\n\n".join(filter(None, (page.summary, plain(page.text)))),
        areas=areas,
        sdgs=sorted({goal for area in page.focus if area in tree().nodes for goal in tree().nodes[area].sdgs}),
        languages=[page.language] if page.language else [],
        updated=int(page.updated.timestamp()),
        boost=1.0 if page.text else 0.5,
    )


def teasers(ids: Sequence[int], viewer: Member | None) -> dict[int, str]:
    """What a feed shows of each: its sentence, else how its text begins."""
    rows = select(Page.id, Page.summary, func.substr(Page.text, 1, BEGINNING)).where(Page.id.in_(ids))
    return {id: summary or excerpt(text, SHOWN) for id, summary, text in db.session.execute(rows)}


def record(page: Page) -> dict[str, Any]:
    """The public record: API and open data."""
    return {
        "text": page.text,
        "summary": page.summary,
        "outline": page.outline,
        "review_by": page.review_by,
        "translation_of": page.translation_of,
        "translated_version": page.translated_version,
        "sources_needed": page.sources,
    }
