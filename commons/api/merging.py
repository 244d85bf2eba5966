"""Two records of one organisation, for programs of those who decide: the queue, both records side by side, merging, and the way back.
For everybody else these addresses do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _
from marshmallow import fields

from commons.api import gate, writing
from commons.api.asking import Paged, asked, one_of
from commons.api.document import NOTE, NUMBER, READ_FAULTS, TOKEN, WRITE_FAULTS, body, gives, query, several, thing
from commons.api.records import answer, answer_text
from commons.api.shapes import Json
from commons.members.door import viewer
from commons.members.models import Member
from commons.room import rooms
from commons.web import Conflict, Invalid, with_values
from directory.documents import reason_words
from directory.merging import documents, queries
from directory.merging.actions import merge_organisations, undo_merge
from directory.merging.choosing import CHOSEN, values_for
from directory.merging.models import STATES, Merge, Suspect
from directory.models import Organisation

GIVEN = ("stays", "goes", "stays_version", "goes_version")


class DuplicatesQuery(Paged):
    state: fields.String = one_of(STATES, "only pairs of which this is so")


def _judge(caller: gate.Caller | None = None) -> Member:
    who = writing.sight(caller) if caller else viewer()
    return who if who is not None and queries.may_judge(who) else abort(404)


def duplicates() -> Response:
    who, given = _judge(), asked(DuplicatesQuery)
    found, total = queries.page_of(queries.suspects(given["state"], who), given["page"], given["per_page"])
    return answer(_page([_suspect(*row) for row in found], total, given))


def _page(items: list[Json], total: int, given: Mapping[str, Any]) -> Json:
    page, per_page = given["page"], given["per_page"]
    following = with_values(page=page + 1) if page * per_page < total else None
    return {"total": total, "page": page, "per_page": per_page, "items": items, "next": following}


def _suspect(suspect: Suspect, one: Organisation, other: Organisation) -> Json:
    return {
        "id": suspect.id,
        "state": suspect.state,
        "score": round(suspect.score, 3),
        "reasons": [reason_words(reason) for reason in suspect.reasons],
        "records": [_record(one), _record(other)],
    }


def _record(organisation: Any) -> Json:
    url = rooms().kinds["organisation"].page(organisation)
    return {"id": organisation.id, "title": organisation.title, "url": url, "version": organisation.version}


def duplicate(id: int) -> Response:
    """One pair: what the two say differently, what would go along, and what stands against it."""
    who = _judge()
    suspect, one, other = queries.suspect_at(id, who)
    page = documents.pair_page(one, other, who)
    choices = [
        {"field": row["name"], "stays": row["values"][0], "goes": row["values"][1], "kept": row["keep"]}
        for row in page["choices"]
    ]
    more = {"choices": choices, "along": page["along"], "faults": page["faults"], "may_merge": page["may_merge"]}
    return answer({**_suspect(suspect, one, other), **more})


def merges() -> Response:
    who, given = _judge(), asked(Paged)
    found, total = queries.page_of(queries.merges(who), given["page"], given["per_page"])
    return answer(_page([_merged(merge, winner, loser, who) for merge, winner, loser in found], total, given))


def _merged(merge: Merge, winner: Any, loser: Any, viewer: Member) -> Json:
    row = documents.merge_row(merge, winner, loser, viewer)
    return {
        "id": merge.id,
        "stays": _record(winner),
        "goes": {"id": loser.id, "title": loser.title},
        "at": merge.at.isoformat(),
        "note": merge.note,
        "undone": merge.undone.isoformat() if merge.undone else None,
        "can_be_undone": row["can_be_undone"],
        "until": row["until"].isoformat(),
    }


def merge() -> Response:
    """Raises Clash where somebody changed the same field of the record that stays."""
    caller = gate.writer()
    who, content = _judge(caller), f"merges\n{request.get_data(as_text=True)}"
    given = gate.given_object()
    note, choices = gate.note_from(given), _choices(given.pop("choices", {}))
    numbers = _numbers(given)
    key = request.headers.get("Idempotency-Key")
    return answer_text(
        *writing.once(key, content, caller, lambda: _merge(numbers, choices, note, who, caller.via))[::-1]
    )


def _merge(numbers: Mapping[str, int], choices: Mapping[str, str], note: str, who: Member, via: str) -> Json:
    stays, goes = (queries.organisation_now(numbers[name], who) for name in ("stays", "goes"))
    seen = numbers["stays_version"], numbers["goes_version"]
    values = values_for(stays, goes, choices)
    try:
        made = merge_organisations(stays, goes, values, seen=seen, actor=who, note=note, via=via)
    except Conflict as fault:
        raise writing.clash_of(writing.shape_of(rooms().kinds["organisation"]), fault, ()) from None
    return _merged(made, stays, goes, who)


def _numbers(given: Mapping[str, Any]) -> dict[str, int]:
    if strange := [name for name in given if name not in GIVEN]:
        raise Invalid(dict.fromkeys(strange, _("This field does not exist.")))
    good = {
        name: value
        for name, value in given.items()
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
    }
    if wrong := [name for name in GIVEN if name not in good]:
        raise Invalid(dict.fromkeys(wrong, _("Enter a whole number.")))
    return good


def _choices(given: Any) -> dict[str, str]:
    """field: which side's value stays, in the words of `values_for`."""
    sides = {"stays": "winner", "goes": "loser", "both": "both"}
    if not isinstance(given, dict):
        raise Invalid({"choices": _("This does not have the right form.")})
    for name, side in given.items():
        if (
            name not in CHOSEN
            or not isinstance(side, str)
            or side not in sides
            or (side == "both") > (name == "description")
        ):
            raise Invalid({"choices": _("This does not have the right form.")})
    return {name: sides[side] for name, side in given.items()}


def undo(id: int) -> Response:
    caller = gate.writer()
    who, given = _judge(caller), gate.given_object(optional=True)
    note, anyway = gate.note_from(given), given.pop("anyway", False)
    if given:
        raise Invalid(dict.fromkeys(given, _("This field does not exist.")))
    if not isinstance(anyway, bool):
        raise Invalid({"anyway": _("This does not have the right form.")})
    found, winner, loser = queries.merge_at(id, who)
    undo_merge(found, actor=who, note=note, via=caller.via, anyway=anyway)
    return answer(_merged(found, winner, loser, who))


WORD: Json = {"type": "string"}
RECORD = thing({"id": NUMBER, "title": WORD, "url": WORD, "version": NUMBER})
SUSPECT: Json = {"id": NUMBER, "state": {"type": "string", "enum": list(STATES)}, "score": {"type": "number"}}
SUSPECT |= {"reasons": several(WORD), "records": several(RECORD)}
CHOICE = thing({"field": WORD, "stays": WORD, "goes": WORD, "kept": {"type": "string", "enum": ["winner", "loser"]}})
MERGED: Json = {"id": NUMBER, "stays": RECORD, "goes": thing({"id": NUMBER, "title": WORD}), "at": WORD, "note": WORD}
MERGED |= {"undone": {"type": ["string", "null"]}, "can_be_undone": {"type": "boolean"}, "until": WORD}
NUMBERS: Json = {
    "stays": NUMBER | {"minimum": 1, "description": "the id of the record that stays"},
    "goes": NUMBER
    | {"minimum": 1, "description": "the id of the record that becomes part of it; its address leads on"},
    "stays_version": NUMBER | {"minimum": 1, "description": "the version that you read"},
    "goes_version": NUMBER | {"minimum": 1, "description": "the same of the other"},
}


def _listed(item: Json) -> Json:
    page = {"total": NUMBER, "page": NUMBER, "per_page": NUMBER, "items": several(thing(item))}
    return thing(page | {"next": {"type": ["string", "null"]}})


def duplicates_words() -> Json:
    return {
        "summary": "Organisations that may be the same",
        "description": "For those who decide: moderators, and members whose edits show at once. The likeliest first.",
        "security": TOKEN,
        "parameters": query(DuplicatesQuery),
        "responses": gives(200, _listed(SUSPECT), "Pairs", (*READ_FAULTS, 404)),
    }


def duplicate_words() -> Json:
    along = several(thing({"label": WORD, "number": NUMBER}))
    more = {"choices": several(CHOICE), "along": along, "faults": several(WORD), "may_merge": {"type": "boolean"}}
    return {
        "summary": "One pair: what the two say differently, and what would go along",
        "security": TOKEN,
        "responses": gives(200, thing(SUSPECT | more), "The pair", (400, 401, 404, 429, 503)),
    }


def merges_words() -> Json:
    return {
        "summary": "What was merged, the latest first",
        "security": TOKEN,
        "parameters": query(Paged),
        "responses": gives(200, _listed(MERGED), "Merges", (*READ_FAULTS, 404)),
    }


def merge_words() -> Json:
    key = {"in": "header", "name": "Idempotency-Key", "schema": {"type": "string", "minLength": 1, "maxLength": 200}}
    side = {"type": "string", "enum": ["stays", "goes", "both"], "description": "both: only for the description"}
    choices = thing(dict.fromkeys(sorted(CHOSEN), side), additionalProperties=False)
    example = {"stays": 1, "goes": 2, "stays_version": 1, "goes_version": 1, "choices": {"title": "stays"}}
    return {
        "summary": "Make two records of one organisation one",
        "description": "Lists are joined; of the other fields that value stays which is chosen, else that of the record that stays. "
        "It can be taken back for thirty days.",
        "security": TOKEN,
        "parameters": [key],
        "requestBody": body(NUMBERS | {"choices": choices, "note": NOTE}, list(GIVEN), example),
        "responses": gives(201, thing(MERGED), "Merged", (*WRITE_FAULTS, 404, 409, 410)),
    }


def undo_words() -> Json:
    anyway = {"type": "boolean", "description": "a moderator puts back the rest where something was changed since"}
    return {
        "summary": "Take a merge back",
        "security": TOKEN,
        "requestBody": body({"anyway": anyway, "note": NOTE}, [], {"note": "They are two after all"}),
        "responses": gives(200, thing(MERGED), "Both records are as they were", (*WRITE_FAULTS, 404)),
    }
