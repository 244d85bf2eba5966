"""My talks, beginning one, and what can be done with one. A talk itself is read and answered on its topic's page."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries.drafts import drop_draft, kept_draft
from commons.entries.queries import recent
from commons.forums.models import Topic
from commons.members.door import member_only, viewer
from commons.members.models import Member
from commons.talks import actions, documents, queries
from commons.talks.forms import TalkForm, names_in
from commons.talks.models import ASKED, MEMBER
from commons.talks.views.addresses import Answer, blueprint
from commons.web import Invalid, page_number, pager
from commons.web.limits import TABLE, limiter

PER_PAGE = 30
REQUESTS = 50  # shown above the list


def me() -> Member:
    return viewer() or abort(404)


@blueprint.get("/messages")
@limiter.limit(TABLE["search"])
@member_only
def messages() -> str:
    who, words = me(), request.args.get("q", "").strip()[:100]
    if words:
        found, total = recent(queries.found_words(who, words), page_number(), PER_PAGE)
        rows = documents.found_rows(found, who)
        shown: dict[str, Any] = {"found": rows, "total": total, "requests": []}
    else:
        talks, total = queries.talks_of(who, MEMBER, page_number(), PER_PAGE)
        asked, _many = queries.talks_of(who, ASKED, 1, REQUESTS)
        shown = {"talks": documents.talk_rows(talks, who), "requests": documents.talk_rows(asked, who)}
    return render_template("commons/talks/messages.html", words=words, pager=pager(total, PER_PAGE), **shown)


def _key(names: list[str]) -> str:
    return f"talk-{'-'.join(names)}"[:120]


@blueprint.get("/messages/new")
@member_only
def new() -> str:
    names = names_in(request.args.get("to", ""))
    form, draft = TalkForm(data={"to": ", ".join(names)}), kept_draft(_key(names), me())
    if draft and "draft" in request.args:
        for name in ("title", "text"):
            form[name].process_formdata(draft.fields.get(name, []))
    return _form_page(form, names, draft)


def _form_page(form: TalkForm, names: list[str], draft: Any = None) -> str:
    shown = documents.new_page(names, viewer())
    return render_template("commons/talks/new.html", form=form, draft=draft, draft_key=_key(names), **shown)


@blueprint.post("/messages/new")
@limiter.limit(TABLE["write"])
def send() -> Answer:
    who, form = viewer(), TalkForm()
    if who is None or not form.validate_on_submit():
        return _form_page(form, form.names()), 401 if who is None else 422
    try:
        topic = actions.begin(form.values(), _people(form, who), actor=who)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _form_page(form, form.names()), 422
    drop_draft(_key(names_in(request.args.get("to", ""))), actor=who)
    asked = queries.request_of(topic)
    flash(_("Sent. It waits until they say that they want to talk.") if asked else _("Sent."))
    return redirect(url_for("forums.topic", id=topic.id, words="talk"), 303)


def _people(form: TalkForm, who: Member) -> list[Member]:
    names = form.names()
    known = queries.called(names, who)
    if missing := [name for name in names if name not in known]:
        raise Invalid({"to": _("Nobody here has the user name %(name)s.", name=missing[0])})
    return [known[name] for name in names]


def _talk(id: int) -> Topic:
    return queries.talk_for(id, me())


@blueprint.post("/messages/<int:id>/accept")
@limiter.limit(TABLE["write"])
@member_only
def accept(id: int) -> Response:
    actions.accept(_talk(id), actor=me())
    flash(_("You can both write now."))
    return redirect(url_for("forums.topic", id=id, words="talk"), 303)


@blueprint.post("/messages/<int:id>/decline")
@limiter.limit(TABLE["write"])
@member_only
def decline(id: int) -> Response:
    actions.decline(_talk(id), actor=me())
    flash(_("Declined. Nobody is told."))
    return redirect(url_for("talks.messages"), 303)


@blueprint.post("/messages/<int:id>/block")
@limiter.limit(TABLE["write"])
@member_only
def block_asker(id: int) -> Response:
    """Declines a first message and blocks whoever wrote it."""
    actions.decline_and_block(_talk(id), actor=me())
    flash(_("Declined and blocked. Nobody is told."))
    return redirect(url_for("talks.messages"), 303)


@blueprint.post("/messages/<int:id>/leave")
@limiter.limit(TABLE["write"])
@member_only
def leave(id: int) -> Response:
    actions.leave(_talk(id), actor=me())
    flash(_("You left the talk."))
    return redirect(url_for("talks.messages"), 303)


@blueprint.post("/messages/<int:id>/mute")
@limiter.limit(TABLE["write"])
@member_only
def mute(id: int) -> Response:
    topic = _talk(id)
    (actions.unmute if queries.is_muted(topic, me()) else actions.mute)(topic, actor=me())
    return redirect(url_for("forums.topic", id=id, words="talk"), 303)
