"""Every write to a file. Forms, the API and history's restore all come through here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

from flask_babel import gettext as _

from commons.db import db, transaction
from commons.entries.actions import create_entry, edit_entry, take_log_lock
from commons.entries.within import ANYWHERE, Place
from commons.files.intake import taking
from commons.files.intake.formats import PICTURES, TEXTS, Refused
from commons.files.intake.taking import Content, shown_name
from commons.files.models import PEOPLE, PURPOSES, Blob, File
from commons.files.queries import same_content, shown_versions
from commons.focus.queries import tree
from commons.members.models import Member
from commons.text import clean_line, clean_text, problems
from commons.web import Forbidden, Invalid

LICENCES = ("CC BY-SA 4.0", "CC BY 4.0", "CC0 1.0", "shown with permission", "public domain")
LINES = {"title": 200, "alt": 500, "credit": 300, "licence": 60, "language": 16, "name": 120}
CONTENT = ("digest", "media_type", "size", "width", "height")
ONLY_PICTURES = {"alt": "", "purpose": "", "people": ""}  # what is not asked about a document
_LANGUAGE = re.compile(r"([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?")


class AlreadyHere(Exception):
    """The same content is here, in files that the one who brought it may see."""

    def __init__(self, found: list[File]) -> None:
        super().__init__(", ".join(file.slug for file in found))
        self.files = found


def may_edit(viewer: Member | None, file: File) -> bool:
    return viewer is not None and viewer.may_write


def add_file(
    stream: BinaryIO | None,
    name: str,
    values: Mapping[str, Any],
    *,
    actor: Member,
    note: str = "",
    via: str = "",
    again: bool = False,
    place: Place = ANYWHERE,
) -> File:
    """A new file. Raises Invalid, Forbidden, and AlreadyHere unless it may be here `again`."""
    _may_bring(actor)
    faults, given = _checked({"title": "", "licence": "", **values})
    with _content(stream, faults) as content:
        if content.is_picture and not given.get("people"):
            raise Invalid({"people": _("Say whether people can be recognised in it.")})
        if not again and (found := same_content(content.digest, actor)):
            raise AlreadyHere(found)
        with transaction():
            given |= _shown(content, name) | ({} if content.is_picture else ONLY_PICTURES)
            file = File(within_id=place.within_id, audience=place.audience)
            create_entry(file, given, actor=actor, note=note, via=via)
            return file


def replace_file(
    file: File, stream: BinaryIO | None, name: str, *, version: int, actor: Member, note: str = "", via: str = ""
) -> dict[str, list[Any]]:
    """Other content for the same file; the old stays in its history. Raises Conflict, Invalid or Forbidden."""
    _may_bring(actor)
    with _content(stream, {}) as content, transaction():
        if content.is_picture != file.is_picture:
            raise Invalid({"file": _("A picture is replaced by a picture, and a document by a document.")})
        given = _shown(content, name)
        return edit_entry(file, given, version=version, actor=actor, note=note, verb="replaced", via=via)


def edit_file(
    file: File,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member,
    note: str = "",
    verb: str = "edited",
    via: str = "",
) -> dict[str, list[Any]]:
    """What changed, field by field. Of content, only what this file showed before can come back."""
    if not may_edit(actor, file):
        raise Forbidden(_("You may not change this."))
    faults, given = _checked(values)
    if faults:
        raise Invalid(faults)
    digest = given.get("digest", file.digest)
    given = {field: value for field, value in given.items() if field not in CONTENT}
    if digest != file.digest:
        given |= _earlier(file, digest, actor)
    return edit_entry(file, given, version=version, actor=actor, note=note, verb=verb, via=via)


def _earlier(file: File, digest: str, actor: Member) -> dict[str, Any]:
    """The content of an older version, as fields."""
    known = [shown for _number, _at, shown in shown_versions(file, hidden=actor.is_moderator)]
    found = db.session.get(Blob, digest) if digest in known else None
    if found is None:
        raise Invalid({"digest": _("This file never had such content.")})
    return {field: getattr(found, field) for field in CONTENT}


def _may_bring(actor: Member) -> None:
    if not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))


@contextmanager
def _content(stream: BinaryIO | None, faults: dict[str, str]) -> Iterator[Content]:
    """The stream's content, kept and with its row ready, once everything else is right. Raises Invalid."""
    if stream is None:
        raise Invalid({"file": _("Choose a file."), **faults})
    if faults:
        raise Invalid(faults)
    try:
        with taking.taken(stream) as content:
            yield content
    except Refused as fault:
        raise Invalid({"file": fault.sentence}) from None


def _shown(content: Content, name: str) -> dict[str, Any]:
    """The fields that speak of content; its row is there when this returns. Called inside the transaction."""
    take_log_lock()  # two who bring the same at once: the second finds the row of the first
    if db.session.get(Blob, content.digest) is None:
        state = "none" if content.is_picture else "waiting"
        db.session.add(Blob(state=state, words="", **{field: getattr(content, field) for field in CONTENT}))
        db.session.flush()
    stem, ending = shown_name(name)
    if content.media_type not in PICTURES and ending in TEXTS:
        stem = f"{stem or 'file'}.{ending}"
    return {"name": stem, **{field: getattr(content, field) for field in CONTENT}}


def _checked(values: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """(a sentence for each field that does not fit, the cleaned values)"""
    faults: dict[str, str] = {}
    given = dict(values)
    for field, value in values.items():
        if sentence := _form_fault(field, value):
            faults[field] = sentence
        elif field in LINES or field == "description":
            given[field] = clean_text(value).strip() if field == "description" else clean_line(value)
    if "title" not in faults and given.get("title") == "":
        faults["title"] = _("Give it a title, so that people find it.")
    if "licence" not in faults and given.get("licence") == "":
        faults["licence"] = _("Choose a licence: it says what others may do with it.")
    return faults, given


def _form_fault(field: str, value: Any) -> str | None:
    if field in CONTENT:
        return None  # taken from the content itself, whatever stands here
    if field == "focus":
        known = isinstance(value, list) and all(isinstance(area, int) and area in tree().nodes for area in value)
        return None if known else _("One of these areas does not exist.")
    if not isinstance(value, str):
        return _("This has to be text.")
    if field in LINES:
        if field == "language" and not _LANGUAGE.fullmatch(value.strip()):
            return _("Write the language as its code, like fr.")
        return problems(value, lines=False, limit=LINES[field])
    if field == "description":
        return problems(value, lines=True, limit=20_000)
    if field == "people":
        return None if value in PEOPLE else _("Ask the people in it first. Without their yes, please do not add it.")
    if field == "purpose":
        return None if value in PURPOSES else _("This does not have the right form.")
    return _("This field does not exist.")
