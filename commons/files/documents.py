"""How files leave: search documents, public records, and what their pages show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from babel.numbers import format_decimal
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from commons.db import db
from commons.entries import queries as entries
from commons.entries.documents import actor_name, actor_url, panels
from commons.entries.within import outer
from commons.files import queries
from commons.files.forms import WORDS
from commons.files.intake.bounds import WIDTHS
from commons.files.intake.formats import type_label
from commons.files.models import File
from commons.focus.queries import tree
from commons.members.models import Member
from commons.room import SearchDocument
from commons.text import excerpt, plain
from commons.web import reader


def search_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    """Files of private talks are found where the talk is, by nobody's search."""
    here = File.id.in_(ids), File.state == "live", ~File.audience.startswith("talk:")
    found = db.session.scalars(select(File).where(*here)).all()
    words = queries.words_of([file.digest for file in found])
    for file in found:
        yield _search_document(file, words.get(file.digest, ""))


def search_document(file: File) -> SearchDocument:
    return _search_document(file, queries.words_of([file.digest]).get(file.digest, ""))


def _search_document(file: File, words: str) -> SearchDocument:
    areas = tree().with_parents(file.focus)
    return SearchDocument(
        id=file.id,
        kind="file",
        audience=file.audience,
        language=file.language,
        title=file.title,
        labels=[word for area in areas if area in tree().nodes for word in tree().nodes[area].words],
        text="\n\n".join(filter(None, (file.alt, plain(file.description), file.credit, words))),
        areas=areas,
        updated=int(file.updated.timestamp()),
        boost=0.8,
    )


def record(file: File) -> dict[str, Any]:
    """The public record: API and open data."""
    nodes = tree().nodes
    return {
        "alt": file.alt,
        "purpose": file.purpose,
        "description": file.description,
        "credit": file.credit,
        "people": file.people,
        "media_type": file.media_type,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "sha256": file.digest,
        "download_url": url_for("files.download", slug=file.slug),
        "pictures": {str(width): picture_url(file, width) for width in _widths(file)},
        "focus": [nodes[area].slug for area in file.focus if area in nodes],
    }


def _widths(file: File) -> list[int]:
    return [width for width in WIDTHS if file.width and width < file.width]


def picture_url(file: File, width: int = 0) -> str:
    if not width:
        return url_for("files.full", slug=file.slug)
    return url_for("files.picture", slug=file.slug, width=width)


def card(file: File) -> dict[str, Any]:
    """A file in a list or on its page: its address, and for a picture what a browser needs to show it."""
    return {
        "file": file,
        "url": url_for("files.file", slug=file.slug),
        "type": type_label(file.media_type),
        "size": size_words(file.size),
        "licence": licence_words(file.licence),
        "sources": ", ".join(f"{picture_url(file, width)} {width}w" for width in _widths(file)),
        "src": picture_url(file, 320 if (file.width or 0) > 320 else 0) if file.is_picture else "",
    }


def licence_words(licence: str) -> str:
    return str(WORDS.get(licence, licence)).partition(":")[0].strip()


def size_words(size: int) -> str:
    """2.4 MB, in the reader's way of writing numbers."""
    for unit, name in ((2**20, "MB"), (2**10, "kB")):
        if size >= unit:
            return f"{format_decimal(round(size / unit, 1), locale=reader())} {name}"
    return _("%(number)s bytes", number=size)


def file_page(file: File, viewer: Member | None) -> dict[str, Any]:
    found = queries.blob(file.digest)
    nodes = tree().sorted(file.focus)
    first = entries.revision(file, 1)
    return {
        **card(file),
        "entry": file,
        "whole": outer(file.within_id, viewer),
        "areas": [(node.label, url_for("focus.area", slug=node.slug)) for node in nodes],
        "reading": found.state if found else "none",
        "markdown_line": markdown_line(file),
        "by": (actor_name(first.author), actor_url(first.author)) if not first.hidden else None,
        "panels": panels("file", file, viewer),
        "versions": queries.shown_versions(file, hidden=bool(viewer and viewer.is_moderator)),
        "tabs": tabs(file, "about"),
    }


def markdown_line(file: File) -> str:
    """What to write into a text so that the picture stands there, or a link to the document."""
    if not file.is_picture:
        return f"[{_escaped(file.title)}]({url_for('files.file', slug=file.slug)})"
    line = f"![{_escaped(file.alt)}]({picture_url(file, 800)})"
    credit = ", ".join(filter(None, (file.credit, licence_words(file.licence))))
    return f"{line}\n*{_escaped(credit)}*"


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\[]*_`<>" else sign for sign in text)


def tabs(file: File, current: str) -> list[dict[str, Any]]:
    shown = (
        ("about", _("About"), url_for("files.file", slug=file.slug)),
        ("edit", _("Edit"), url_for("files.edit", slug=file.slug)),
        ("replace", _("Replace"), url_for("files.replace", slug=file.slug)),
        ("history", _("History"), url_for("entries.history", collection="files", slug=file.slug)),
    )
    return [{"label": name, "url": url, "current": key == current, "count": None} for key, name, url in shown]


def filter_page(viewer: Member | None, kind: str, licence: str) -> dict[str, Any]:
    """What the list can be narrowed to."""
    known = [(name, licence_words(name), many, name == licence) for name, many in queries.licences(viewer)]
    return {
        "kinds": [
            (name, label, name == kind) for name, label in (("picture", _("Pictures")), ("document", _("Documents")))
        ],
        "licences": known,
        "without_alt": queries.count(queries.files(viewer, lacks_alt=True)),
    }


def about(file: File) -> str:
    """One line under its name on a card."""
    return " · ".join((type_label(file.media_type), size_words(file.size), licence_words(file.licence)))


def teasers(ids: Sequence[int], viewer: Member | None) -> dict[int, str]:
    """What a feed shows of each: its description, else what is to be seen in it."""
    rows = select(File.id, File.description, File.alt).where(File.id.in_(ids))
    return {id: words for id, description, alt in db.session.execute(rows) if (words := excerpt(description or alt))}
