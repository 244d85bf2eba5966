"""How announcements leave: the strip above every page, lists, search documents, public records and feeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from commons.announcements import queries
from commons.announcements.models import Announcement
from commons.db import db
from commons.members.door import viewer
from commons.members.models import Member
from commons.room import SearchDocument
from commons.text import excerpt, markdown, plain
from commons.web import reader

COOKIE = "announcements"  # of a visitor's browser: the numbers of those that were put away, and nothing else
MOST_KEPT = 30
LONGEST_ABOUT = 160


def announcements_now() -> list[dict[str, Any]]:
    """What the frame of this page shows above its content."""
    return [_shown(one) for one in queries.strip(viewer(), put_away())]


def put_away() -> list[int]:
    """The announcements that this visitor's browser put away."""
    given = request.cookies.get(COOKIE, "").split(".")
    return [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 10][-MOST_KEPT:]


def _shown(one: Any) -> dict[str, Any]:
    code = reader() if one.titles.get(reader()) else one.language
    return {
        "slug": one.slug,
        "title": one.titles.get(code, ""),
        "html": markdown(one.texts.get(code, "")),
        "language": code,
        "until": one.until,
        "asks": one.asks,
        "url": url_for("announcements.announcement", slug=one.slug),
    }


def rows(found: Sequence[Announcement], viewer: Member | None) -> list[dict[str, Any]]:
    """For a list. Whoever may change them is told how many members confirmed."""
    may_edit = viewer is not None and viewer.is_moderator
    counts, members = queries.confirmations([one.id for one in found if one.asks]) if may_edit else ({}, 0)
    return [
        {
            **_shown(one),
            "begins": one.begins,
            "public": one.audience == "public",
            "is_over": one.ended,
            "confirmed": counts.get(one.id, 0) if may_edit and one.asks else None,
            "members": members,
        }
        for one in found
    ]


def search_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    """One that is over is found no more."""
    wanted = select(Announcement).where(Announcement.id.in_(ids), Announcement.state == "live", ~Announcement.ended)
    for announcement in db.session.scalars(wanted):
        yield search_document(announcement)


def search_document(announcement: Announcement) -> SearchDocument:
    return SearchDocument(
        id=announcement.id,
        kind="announcement",
        audience=announcement.audience,
        language=announcement.language,
        title=announcement.title,
        names=[title for title in announcement.titles.values() if title and title != announcement.title],
        text="\n\n".join(plain(text) for text in announcement.texts.values() if text),
        languages=[code for code, title in announcement.titles.items() if title],
        updated=int(announcement.updated.timestamp()),
    )


def record(announcement: Announcement) -> dict[str, Any]:
    """The public record: API and open data. Nothing about who read it."""
    return {
        "titles": {code: title for code, title in announcement.titles.items() if title},
        "texts": {code: text for code, text in announcement.texts.items() if text},
        "begins": announcement.begins.isoformat(),
        "until": announcement.until.isoformat(),
        "asks": announcement.asks,
        "ended": announcement.ended,
    }


def about(announcement: Announcement) -> str:
    """One line for its card."""
    return excerpt(plain(announcement.words_in(reader())[1]), LONGEST_ABOUT)


def feed_rows(found: Sequence[Announcement]) -> list[dict[str, Any]]:
    site = str(current_app.config["SITE_URL"]).rstrip("/")
    return [
        {
            "title": one.words_in(reader())[0],
            "id": f"{site}/e/{one.id}#{one.version}",
            "link": f"{site}/e/{one.id}",
            "updated": one.updated.isoformat(),
            "actor_name": current_app.config["SITE_NAME"],
            "verb_label": _("announces"),
            "note": plain(one.words_in(reader())[1]),
        }
        for one in found
    ]
