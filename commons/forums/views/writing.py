"""Answering and beginning a topic. What was typed comes back whatever happens: after a fault, without a session, with an old
form, under a topic that went away meanwhile."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from commons.entries.drafts import drop_draft, kept_draft
from commons.entries.within import place_in
from commons.forums import actions, queries
from commons.forums.addressing import place_of, topic_address
from commons.forums.documents import writing
from commons.forums.documents.panels import similar_rows
from commons.forums.forms import ReplyForm, TopicForm, begun
from commons.forums.models import Forum, Post, Topic
from commons.forums.queries.similar import similar
from commons.forums.views.addresses import blueprint
from commons.forums.views.reading import topic_shown
from commons.members.door import member_only, viewer
from commons.members.models import Member
from commons.web import Gone, Invalid, whole_number
from commons.web.limits import TABLE, limiter

Answer = str | Response | tuple[str, int]


@blueprint.post("/topics/<int:id>/reply")
@limiter.limit(TABLE["write"])
def reply(id: int) -> Answer:
    who, form = viewer(), ReplyForm()
    try:
        found = queries.topic_for(id, who)
    except (NotFound, Gone) as fault:
        return _lost(form, 410 if isinstance(fault, Gone) else 404)
    if who is None or not form.validate_on_submit():
        return topic_shown(found, form), 401 if who is None else 422
    if request.form.get("action") == "preview":
        return topic_shown(found, form, preview=writing.preview_of(form.words("text") or "", found, who))
    try:
        made = _answered(form, found, who)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return topic_shown(found, form), 422
    drop_draft(writing.reply_key(found), actor=who)
    return redirect(place_of(found, made.number), 303)


def _answered(form: ReplyForm, topic: Topic, who: Member) -> Post:
    """The answer, with what it answers if that still stands, and in whose name."""
    replied = queries.posts_by_id([whole_number(form.reply_to.data)], who)
    one = replied[0] if replied else None
    voice = writing.voice(form)
    return actions.add_post(topic, form.words("text") or "", actor=who, reply_to=one, voice_id=voice, once=True)


def _lost(form: ReplyForm, status: int) -> Answer:
    return render_template("commons/forums/lost.html", words=form.words("text") or ""), status


@blueprint.get("/forums/<slug>/new")
@member_only
def new_topic(slug: str) -> Answer:
    who = viewer()
    found = queries.forum_for(slug, who)
    form = begun(found, request.args, kept_draft(writing.new_key(found), who))
    return render_template("commons/forums/new.html", **writing.new_topic_page(form, found, who))


@blueprint.post("/forums/<slug>/new")
@limiter.limit(TABLE["write"])
def add_topic(slug: str) -> Answer:
    who, form = viewer(), TopicForm()
    found = queries.forum_for(slug, who)
    if who is None or not form.validate_on_submit():
        return _new_again(form, found, 401 if who is None else 422)
    if request.form.get("action") == "preview":
        near = similar_rows(similar(form.words("title") or "", who))
        shown = writing.preview_of(form.words("text") or "", None, who)
        return _new_again(form, found, 200, preview=shown, similar=near)
    try:
        made = _begin(form, found)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _new_again(form, found, 422)
    drop_draft(writing.new_key(found), actor=who)
    flash(_("Published. You are told when somebody answers."))
    return redirect(topic_address(made), 303)


def _begin(form: TopicForm, forum: Forum) -> Topic:
    who = viewer()
    assert who is not None
    values = form.values("title", "text", "language", "focus")
    sort = "question" if form.sort.data == "question" else "discussion"
    place = place_in(forum.id, "topic", who)
    voice, about = writing.voice(form), whole_number(form.about.data) or None
    return actions.add_topic(values, place=place, actor=who, sort=sort, voice_id=voice, about_id=about, once=True)


def _new_again(form: TopicForm, forum: Forum, status: int, **more: object) -> tuple[str, int]:
    shown = writing.new_topic_page(form, forum, viewer(), **more)
    return render_template("commons/forums/new.html", **shown), status
