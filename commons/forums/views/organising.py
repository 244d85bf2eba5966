"""Putting a topic in order, on one page of small forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from commons.entries.queries import Moved, heads_by_id
from commons.forums import queries
from commons.forums.actions import organising
from commons.forums.addressing import topic_address
from commons.forums.documents.organising import organise_page
from commons.forums.models import PER_PAGE, Forum, Topic
from commons.forums.views.addresses import blueprint
from commons.members.door import member_only, viewer
from commons.members.models import Member
from commons.web import Forbidden, Gone, Invalid, page_number, pager, whole_number
from commons.web.limits import TABLE, limiter

Answer = str | Response | tuple[str, int]


@blueprint.get("/topics/<int:id>/organise")
@member_only
def organise(id: int) -> Answer:
    return _page(_found(id), {}, 200)


@blueprint.post("/topics/<int:id>/organise")
@limiter.limit(TABLE["write"])
@member_only
def organised(id: int) -> Answer:
    found, who = _found(id), viewer() or abort(404)
    act = ACTS.get(request.form.get("do", "")) or abort(404)
    try:
        there = act(found, who, request.form.get("note", ""))
    except Invalid as fault:
        return _page(found, fault.fields, 422)
    flash(_("Done. The log says who did it."))
    return redirect(topic_address(there), 303)


def _found(id: int) -> Topic:
    topic = queries.topic_for(id, viewer())
    if not queries.may_moderate(viewer(), topic):
        raise Forbidden(_("Only those who moderate this topic can do that."))
    return topic


def _page(topic: Topic, faults: Mapping[str, str], status: int) -> tuple[str, int]:
    """With the posts of one page, to choose from."""
    pages = pager(topic.last_number, PER_PAGE)
    posts = queries.posts_of(topic, min(pages.page, pages.pages), viewer())
    shown = organise_page(topic, posts, viewer())
    given = {"faults": faults, "typed": request.form, "chosen": request.form.getlist("posts")}
    return render_template("commons/forums/organise.html", pager=pages, number=page_number(), **shown, **given), status


def _is_confirmed() -> bool:
    return bool(request.form.get("confirmed"))


def _pin(topic: Topic, who: Member, _note: str) -> Topic:
    organising.pin(topic, actor=who, on=not topic.pinned)
    return topic


def _close(topic: Topic, who: Member, note: str) -> Topic:
    organising.close(topic, actor=who, note=note)
    return topic


def _reopen(topic: Topic, who: Member, note: str) -> Topic:
    organising.reopen(topic, actor=who, note=note)
    return topic


def _move(topic: Topic, who: Member, note: str) -> Topic:
    forums = heads_by_id([whole_number(request.form.get("forum"))], who)
    if not forums or not isinstance(forums[0], Forum):
        raise Invalid({"forum": _("Choose one of the list.")})
    organising.move(topic, forums[0], actor=who, note=note, confirmed=_is_confirmed())
    return topic


def _split(topic: Topic, who: Member, note: str) -> Topic:
    numbers = [whole_number(number) for number in request.form.getlist("posts")]
    return organising.split(topic, numbers, request.form.get("title", ""), actor=who, note=note)


def _merge(topic: Topic, who: Member, note: str) -> Topic:
    """Into a topic by its number, or by its address as it stands in the bar of the browser."""
    words = request.form.get("into", "").strip()
    id = whole_number(words.partition("/topics/")[2].partition("/")[0] or words.removeprefix("#"))
    try:
        into = queries.topic_for(id, who)
    except (NotFound, Gone, Moved):
        raise Invalid({"into": _("There is no such topic. Give its number or its address.")}) from None
    return organising.merge(topic, into, actor=who, note=note, confirmed=_is_confirmed())


ACTS: Mapping[str, Callable[[Topic, Member, str], Any]] = {
    "pin": _pin,
    "close": _close,
    "reopen": _reopen,
    "move": _move,
    "split": _split,
    "merge": _merge,
}
