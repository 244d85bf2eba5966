"""How statements leave: on the pages of both organisations, in lists and feeds, to the search and to programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from commons.entries.models import Entry
from commons.members.models import Member
from commons.room import SearchDocument, rooms
from commons.text import excerpt, plain
from directory.models import Organisation
from directory.statements.models import Statement
from directory.statements.queries import (
    Said,
    first,
    may_answer,
    may_edit,
    open_statements,
    statements,
    voices_of,
    why_not,
)

SHOWN = 5
TEASER = 200


def row(said: Said, viewer: Member | None) -> dict[str, Any]:
    one = said.statement
    mine = may_edit(viewer, one)
    return {
        "id": one.id,
        "text": one.text,
        "language": one.language,
        "link": one.link,
        "voice": _end(said.voice),
        "about": _end(said.about),
        "signer": said.signer,
        "at": one.created,
        "url": url_for("statements.statement", id=one.id),
        "edited_url": _history(one) if one.version > 1 and one.reworded else None,
        "answer": one.answer if one.answered else "",
        "answerer": said.answerer,
        "answered": one.answered,
        "reworded": one.was_reworded,
        "edit_url": url_for("statements.edit", id=one.id) if mine else None,
        "withdraw_url": url_for("statements.withdraw", id=one.id) if mine else None,
        "answer_url": url_for("statements.answer", id=one.id) if may_answer(viewer, one) else None,
    }


def _end(entry: Entry) -> dict[str, Any]:
    return {"title": entry.title, "language": entry.language, "url": rooms().kinds[entry.kind].page(entry)}


def _history(statement: Statement) -> str:
    return url_for("entries.history", collection="statements", slug=statement.slug)


def about_panel(organisation: Organisation, viewer: Member | None) -> dict[str, Any] | None:
    """What others say of it, and the way to say something."""
    found = first(statements(viewer).where(Statement.about_id == organisation.id), SHOWN + 1)
    new_url = _new_url(organisation, viewer)
    if not found and new_url is None:
        return None
    return {
        "rows": [row(one, viewer) for one in found[:SHOWN]],
        "new_url": new_url,
        "all_url": url_for("statements.about", slug=organisation.slug) if len(found) > SHOWN else None,
        "said_of_others": False,
    }


def _new_url(organisation: Organisation, viewer: Member | None) -> str | None:
    free = organisation.is_live and bool(voices_of(viewer, organisation.id))
    return url_for("statements.new", slug=organisation.slug) if free else None


def said_panel(organisation: Organisation, viewer: Member | None) -> dict[str, Any] | None:
    """What it says of others."""
    found = first(statements(viewer).where(Statement.voice_id == organisation.id), SHOWN + 1)
    all_url = url_for("statements.said", slug=organisation.slug) if len(found) > SHOWN else None
    shown = {
        "rows": [row(one, viewer) for one in found[:SHOWN]],
        "new_url": None,
        "all_url": all_url,
        "said_of_others": True,
    }
    return shown if found else None


def voices_to_choose(viewer: Member, organisation: Organisation) -> list[tuple[str, str]]:
    """(id, name) of those in whose name this viewer may say something of it; those that may do so now come first."""
    found = voices_of(viewer, organisation.id)
    return [(str(one.id), one.title) for one in sorted(found, key=lambda one: bool(why_not(viewer, one, organisation)))]


def search_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    return map(search_document, open_statements(ids))


def search_document(statement: Statement) -> SearchDocument:
    return SearchDocument(
        id=statement.id,
        kind="statement",
        audience=statement.audience,
        language=statement.language,
        title=statement.title,
        text=plain(f"{statement.text}\n\n{statement.answer}"),
        languages=[statement.language] if statement.language else [],
        updated=int(statement.updated.timestamp()),
        boost=0.8,
    )


def record(statement: Statement) -> dict[str, Any]:
    """The public record. `organisation` says it, `about` is the one that it is about."""
    return {
        "text": statement.text,
        "link": statement.link,
        "organisation": statement.voice_id,
        "about": statement.about_id,
        "answer": statement.answer,
        "answered": statement.answered.isoformat() if statement.answered else None,
    }


def teasers(ids: Sequence[int], viewer: Member | None) -> Mapping[int, str]:
    return {one.id: excerpt(one.text, TEASER) for one in open_statements(ids)}


def feed_rows(found: Sequence[Said]) -> list[dict[str, Any]]:
    site = str(current_app.config["SITE_URL"]).rstrip("/")
    return [
        {
            "id": f"{site}/e/{one.statement.id}",
            "title": one.statement.title,
            "language": one.statement.language,
            "link": f"{site}/e/{one.statement.id}",
            "updated": one.statement.updated.isoformat(),
            "verb_label": _("says"),
            "actor_name": one.voice.title,
            "note": "",
        }
        for one in found
    ]
