"""The API's addresses. Views know no kind by name, but for the matches: each is registered once per kind that hands up a public
record."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, request
from flask_babel import gettext as _

from commons.api import gate, writing
from commons.api.asking import ChangesQuery, ListQuery, Paged, asked
from commons.api.queries import log, one, page_of, rows
from commons.api.records import address, answer, answer_text, exposed, item, item_answer
from commons.api.replica import lines
from commons.api.searching import ASKING, question
from commons.api.searching import search as searched
from commons.entries.queries import last_seq
from commons.members.door import viewer
from commons.room import Kind
from commons.search.queries import find
from commons.web import Invalid, TooBusy, with_values
from directory.partnerships.matches.asking import matches_for, matches_of
from directory.partnerships.matches.documents import record as match_record


def _kind(collection: str) -> Kind:
    return exposed().get(collection) or abort(404)


def search() -> Response:
    given = asked(Paged)
    return answer(searched(request.args, viewer(), given["page"], given["per_page"]))


def listing(collection: str) -> Response:
    kind, given = _kind(collection), asked(ListQuery)
    by_question = any(request.args.get(name) for name in ASKING) and kind.documents is not None
    data = _found(kind, given) if by_question else _all(kind, given)
    response = answer(data)
    if data["next"]:
        response.headers["Link"] = f'<{data["next"]}>; rel="next"'
    return response


def _found(kind: Kind, given: dict[str, Any]) -> dict[str, Any]:
    if mixed := [name for name in ("source", "source_id", "after") if given[name]]:
        raise Invalid(
            {mixed[0]: _("Ask by source or in the order of ids, or with words and filters; not both at once.")}
        )
    page, per_page = given["page"], given["per_page"]
    found = find(question(request.args, kind.name), viewer(), per_page)
    shown = rows(kind, [entry.id for entry in found.entries], viewer())
    more = page * per_page < found.total
    return {
        **{"total": found.total, "page": page, "per_page": per_page, "items": [item(entry) for entry in shown]},
        "next": with_values(page=page + 1) if more else None,
    }


def _all(kind: Kind, given: dict[str, Any]) -> dict[str, Any]:
    seq = last_seq()  # read before the rows: what changes from now on comes after it
    page, per_page, after = given["page"], given["per_page"], given["after"]
    offset = 0 if after else (page - 1) * per_page
    chosen = {name: given[name] for name in ("after", "source", "source_id")}
    shown, total = page_of(kind, viewer(), offset=offset, limit=per_page, **chosen)
    return {
        **{"total": total, "page": page, "per_page": per_page, "items": [item(entry) for entry in shown], "seq": seq},
        "next": with_values(page="", after=shown[-1].id) if len(shown) == per_page else None,
    }


def entry(collection: str, id: int) -> Response:
    return item_answer(item(one(_kind(collection), id, viewer())))


def create(collection: str) -> Response:
    kind, caller = _kind(collection), gate.writer()
    body = gate.given_object()
    content = f"{collection}\n{request.get_data(as_text=True)}"
    note = gate.note_from(body)
    key = request.headers.get("Idempotency-Key")
    status, text = writing.once(key, content, caller, lambda: writing.add(kind, body, note, caller))
    made = writing.made(text)
    response = answer_text(text, status)
    response.headers["Location"] = address(collection, made)
    response.set_etag(f"{made['id']}-{made['version']}", weak=True)
    return response


def change(collection: str, id: int) -> Response:
    kind, caller = _kind(collection), gate.writer()
    found = one(kind, id, viewer())
    body = gate.given_object()
    version, note = gate.version_from(body), gate.note_from(body)
    return item_answer(writing.change(kind, found, body, version, note, caller))


def remove(collection: str, id: int) -> Response:
    kind, caller = _kind(collection), gate.writer()
    found = one(kind, id, viewer())
    body = {"note": request.args.get("note", "")} | gate.given_object(optional=True)
    note = gate.note_from(body)
    if body:
        raise Invalid(dict.fromkeys(body, _("This field does not exist.")))
    writing.remove(found, note, caller)
    return current_app.response_class(status=204)


def matches(collection: str, id: int) -> Response:
    """Raises TooBusy while the match index is being made."""
    found, who = one(_kind(collection), id, viewer()), viewer()
    matched = matches_of(found, who) if collection == "organisations" else matches_for(found, who)
    if not matched.ready:
        raise TooBusy
    return answer({"items": match_record(matched, who)})


def changes() -> Response:
    given, last = asked(ChangesQuery), last_seq()
    after, limit = given["after"], given["limit"]
    if after > last:
        raise Invalid({"after": _("The log ends at %(last)s. Begin again from a whole copy.", last=last)})
    found = log(after, last, limit)
    full = len(found) == limit
    reached = found[-1][0].seq if full else last
    return answer({"items": lines(found), "after": after, "next": reached, "more": full and reached < last})


def document() -> Response:
    return answer(current_app.extensions["api document"]())
