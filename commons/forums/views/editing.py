"""Changing a topic's title and subject, a post, a forum. What was typed comes back whatever happens."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries.drafts import drop_draft, kept_draft
from commons.entries.models import Entry
from commons.forums import actions, queries
from commons.forums.documents import writing
from commons.forums.forms import ForumForm, PostForm, TopicForm, Writing, filled_forum, filled_post, filled_topic
from commons.forums.views.addresses import blueprint
from commons.members.door import member_only, viewer
from commons.room import rooms
from commons.web import Conflict, Forbidden, Invalid, whole_number
from commons.web.limits import TABLE, limiter

Answer = str | Response | tuple[str, int]
TOPIC, POST, FORUM = ("title", "sort", "language", "focus"), ("text",), ("title", "text", "focus")


def _mine(found: Entry) -> None:
    """A signed-out member's words are shown again; somebody else's form is refused."""
    may = rooms().kinds[found.kind].may_edit
    if viewer() is not None and may is not None and not may(viewer(), found):
        raise Forbidden(_("You may not change this."))


@blueprint.get("/topics/<int:id>/edit")
@member_only
def edit_topic(id: int) -> Answer:
    found = queries.topic_for(id, viewer())
    _mine(found)
    return _page(filled_topic(found), found, 200)


@blueprint.post("/topics/<int:id>/edit")
@limiter.limit(TABLE["write"])
def save_topic(id: int) -> Answer:
    return _saved(TopicForm(), queries.topic_for(id, viewer()), TOPIC)


@blueprint.get("/posts/<int:id>/edit")
@member_only
def edit_post(id: int) -> Answer:
    found = queries.post_for(id, viewer())
    _mine(found)
    draft = kept_draft(writing.edit_key(found), viewer()) if "draft" in request.args else None
    return _page(filled_post(found, draft), found, 200)


@blueprint.post("/posts/<int:id>/edit")
@limiter.limit(TABLE["write"])
def save_post(id: int) -> Answer:
    return _saved(PostForm(), queries.post_for(id, viewer()), POST)


@blueprint.get("/forums/<slug>/edit")
@member_only
def edit_forum(slug: str) -> Answer:
    found = queries.forum_for(slug, viewer())
    if request.args.get("section") == "topic":  # where the list of drafts leads
        return redirect(url_for("forums.new_topic", slug=slug, draft=1), 302)
    _mine(found)
    return _page(filled_forum(found), found, 200)


@blueprint.post("/forums/<slug>/edit")
@limiter.limit(TABLE["write"])
def save_forum(slug: str) -> Answer:
    return _saved(ForumForm(), queries.forum_for(slug, viewer()), FORUM)


def _saved(form: Writing, found: Entry, names: tuple[str, ...]) -> Answer:
    """One action, and back to what was changed; what somebody else changed meanwhile is shown beside it."""
    who = viewer()
    _mine(found)
    if who is None or not form.validate_on_submit():
        return _page(form, found, 401 if who is None else 422)
    if request.form.get("action") == "preview":
        return _page(form, found, 200, preview=writing.preview_of(form.words("text") or "", found, who))
    try:
        changed = _edited(form, found, names)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _page(form, found, 422)
    except Conflict as fault:
        form._fields["version"].data = str(fault.version)
        return _page(form, found, 409, theirs=[one.theirs for one in fault.collisions])
    drop_draft(writing.edit_key(found), actor=who)
    flash(_("Saved.") if changed else _("Nothing was different, so nothing was changed."))
    return redirect(rooms().kinds[found.kind].page(found), 303)


def _edited(form: Writing, found: Entry, names: tuple[str, ...]) -> dict[str, Any]:
    edit = rooms().kinds[found.kind].edit
    assert edit is not None
    values = {name: form.words(name) for name in names if form._fields[name].data is not None}
    note = form.words("note") or "" if "note" in form._fields else ""
    return edit(found, values, version=whole_number(form.words("version")), actor=viewer(), note=note)


def _page(form: Writing, found: Entry, status: int, **more: object) -> tuple[str, int]:
    shown = writing.edit_page(form, found, viewer(), **more)
    return render_template(f"commons/forums/edit_{found.kind}.html", **shown), status


@blueprint.get("/forums/new")
@member_only
def new_forum() -> Answer:
    return _opening(filled_forum(None), 200)


@blueprint.post("/forums/new")
@limiter.limit(TABLE["write"])
def add_forum() -> Answer:
    who, form = viewer(), ForumForm()
    if who is None or not form.validate_on_submit():
        return _opening(form, 401 if who is None else 422)
    try:
        made = actions.add_forum({name: form.words(name) for name in FORUM}, actor=who)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _opening(form, 422)
    return redirect(url_for("forums.forum", slug=made.slug), 303)


def _opening(form: ForumForm, status: int) -> Answer:
    who = viewer()
    if who is not None and not who.is_moderator:
        raise Forbidden(_("Only moderators open forums."))
    return render_template("commons/forums/edit_forum.html", **writing.new_forum_page(form, who)), status
