"""Saying something of another organisation, changing it, answering it, taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from commons.db import db, lock, now, transaction
from commons.entries.actions import create_entry, edit_entry, record, remove_entry
from commons.entries.asks import has_voice
from commons.entries.bulk import new_ids
from commons.entries.models import Change
from commons.entries.queries import line_of
from commons.members.models import Member
from commons.moderation.newcomers import modest
from commons.text import excerpt
from commons.web import Forbidden, Invalid
from directory.actions import ask_anew
from directory.models import Organisation
from directory.statements.fields import checked
from directory.statements.models import Statement
from directory.statements.queries import may_answer, may_edit, pair, speakers, why_not

TITLE = 100  # characters


def add_statement(
    about: Organisation, voice: Organisation, values: Mapping[str, Any], *, actor: Member, note: str = "", via: str = ""
) -> Statement:
    """`values`: text, link, language. One for each pair of organisations; one that was taken back comes back with these words,
    without its answer. Raises Invalid, and Forbidden for who is no steward of `voice`."""
    if not has_voice(actor, voice.id, "steward"):
        raise Forbidden(_("Only a steward of the organisation signs in its name."))
    given = checked({"link": "", "language": "", **values})
    modest(actor, given["text"])
    try:
        with transaction():
            if sentence := why_not(actor, voice, about):
                raise Invalid({"text": sentence})
            there = pair(voice.id, about.id)
            made = _said_again(there, given, actor, via) if there else _said(about, voice, given, actor, note, via)
            line = db.session.get_one(Change, line_of(made, made.version))
            ask_anew(made, speakers(about.id), "statement", line)
            return made
    except IntegrityError:  # two of them signed at the same moment
        raise Invalid(
            {"text": _("Your organisation has said something of this one already. You can change that.")}
        ) from None


def _said(
    about: Organisation, voice: Organisation, given: dict[str, Any], actor: Member, note: str, via: str
) -> Statement:
    id = new_ids(1)[0]
    made = Statement(id=id, slug=str(id), within_id=about.id, audience=about.audience, about_id=about.id)
    made.voice_id, made.signer_id = voice.id, actor.id
    create_entry(made, {"title": excerpt(given["text"], TITLE), **given}, actor=actor, note=note, via=via)
    return made


def _said_again(statement: Statement, given: dict[str, Any], actor: Member, via: str) -> Statement:
    lock(statement)
    statement.state, statement.answered, statement.answerer_id = "live", None, None
    record(statement, "brought back", None, actor=actor, via=via)
    _reword(statement, {**given, "answer": ""}, statement.version, actor, via=via)
    return statement


def edit_statement(
    statement: Statement,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member,
    note: str = "",
    minor: bool = False,
    verb: str = "edited",
    via: str = "",
) -> dict[str, list[Any]]:
    """What changed; the one who edits signs. The answer to it is changed by nobody here. Raises Conflict, Invalid, Forbidden."""
    if not may_edit(actor, statement):
        raise Forbidden(_("Only a steward of the organisation signs in its name."))
    given = checked({name: value for name, value in values.items() if name != "answer"})
    modest(actor, given.get("text", ""))
    with transaction():
        return _reword(statement, given, version, actor, note=note, minor=minor, verb=verb, via=via)


def _reword(
    statement: Statement, given: dict[str, Any], version: int, actor: Member, **more: Any
) -> dict[str, list[Any]]:
    changes = edit_entry(statement, given, version=version, actor=actor, **more)
    if changes:
        statement.signer_id = actor.id
    if "text" in changes:
        statement.title, statement.reworded = excerpt(statement.text, TITLE), now()
    db.session.flush()
    return changes


def answer_statement(statement: Statement, text: str, *, actor: Member) -> None:
    """The word of the organisation that it is about. Raises Invalid and Forbidden."""
    words = checked({"answer": text})["answer"]
    modest(actor, words)
    with transaction():
        lock(statement)
        if not may_answer(actor, statement):
            raise Forbidden(_("It was answered already, or you do not speak for the organisation that it is about."))
        changes = {"answer": [statement.answer, words]}
        statement.answer, statement.answered, statement.answerer_id = words, now(), actor.id
        statement.version, statement.updated = statement.version + 1, now()
        line = record(statement, "replied", changes, actor=actor)
        ask_anew(statement, speakers(statement.voice_id), "answered", line)


def remove_statement(statement: Statement, *, actor: Member | None, note: str, via: str = "") -> None:
    """The organisation takes back what it said; anybody else's is removed by moderators, who say why."""
    if actor is None or not has_voice(actor, statement.voice_id, "steward"):
        remove_entry(statement, actor=actor, note=note, via=via)
        return
    with transaction():
        lock(statement)
        if not statement.is_live:
            raise Forbidden(_("You may not change this."))
        statement.state, statement.updated = "deleted", now()
        record(statement, "withdrew", None, actor=actor, note=note, via=via)
