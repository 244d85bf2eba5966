"""What the wiki shows on other rooms' pages: the pages of an area, and the pages that name an organisation."""

from __future__ import annotations

from typing import Any

from commons.entries import links
from commons.entries.models import Entry
from commons.entries.queries import recent
from commons.members.models import Member
from wiki.documents.lists import page_rows, pages_about

SHOWN = 8


def pages_of_focus(subject: Any, viewer: Member | None) -> dict[str, Any] | None:
    """`subject`: the ids of an area and of everything below it, or a Goal."""
    return pages_about(subject, viewer)


def pages_naming(entry: Any, viewer: Member | None) -> dict[str, Any] | None:
    query = links.pointing_to(entry, viewer)
    found, total = recent(query.where(Entry.kind == "page"), 1, SHOWN)
    return {"pages": page_rows(found), "total": total} if total else None
