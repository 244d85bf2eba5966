"""Where a topic about something is begun, what is said about it already, and what is like a title that is typed."""

from __future__ import annotations

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from commons.entries import queries as entries
from commons.entries.models import Entry
from commons.forums import queries
from commons.forums.documents.panels import places_to_begin, similar_rows
from commons.forums.documents.topics import topic_rows
from commons.forums.queries.similar import similar
from commons.forums.views.addresses import blueprint
from commons.members.door import member_only, viewer
from commons.web import page_number, pager, whole_number
from commons.web.limits import TABLE, limiter

TOPICS = 30  # of a page


@blueprint.get("/topics/similar")
@limiter.limit(TABLE["search"])
def similar_topics() -> Response:
    """[{title, url, kind, kind_label, language}] of what is like `title`, at most five topics and three pages."""
    response = jsonify(similar_rows(similar(request.args.get("title", "")[:200], viewer())))
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


@blueprint.get("/topics/new")
@member_only
def begin() -> str | AnyResponse:
    """Chooses a forum, where there is a choice; `about` is the number of an entry, `title` goes along."""
    subject = _subject(whole_number(request.args.get("about")))
    places = places_to_begin(subject, viewer(), request.args.get("title", "")[:200])
    if len(places) == 1:
        return redirect(places[0]["url"], 302)
    return render_template("commons/forums/begin.html", subject=subject, places=places)


def _subject(id: int) -> Entry | None:
    return entries.by_id(id, viewer()) if id else None


@blueprint.get("/topics/about/<int:id>")
def about(id: int) -> str:
    who = viewer()
    subject: Entry = entries.by_id(id, who)
    topics, total = entries.recent(queries.topics_about(subject, who), page_number(), TOPICS)
    return render_template(
        "commons/forums/about.html",
        subject=subject,
        rows=topic_rows(topics, who),
        ask_url=url_for("forums.begin", about=id),
        pager=pager(total, TOPICS),
    )
