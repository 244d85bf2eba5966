"""Forums, a forum, a topic page by page, and where a post stands."""

from __future__ import annotations

from flask import Response as Page
from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.entries.models import Entry
from commons.entries.views.log import atom
from commons.forums import queries
from commons.forums.addressing import place_of, topic_address
from commons.forums.documents import topic_page
from commons.forums.documents.forums import forum_page, forums_page, post_entries, topic_entries
from commons.forums.documents.writing import begun_reply, reply_page
from commons.forums.forms import ReplyForm
from commons.forums.models import PER_PAGE, Topic
from commons.forums.views.addresses import blueprint
from commons.members.door import viewer
from commons.web import page_number, pager

TOPICS = 30  # of a page
IN_FEED = 50


@blueprint.get("/forums")
def forums() -> str:
    who = viewer()
    return render_template("commons/forums/forums.html", **forums_page(queries.site_forums(who), who))


@blueprint.get("/forums/<slug>")
def forum(slug: str) -> str:
    who, asked = viewer(), request.args.get("sort", "")
    found = queries.forum_for(slug, who)
    sorting = asked if asked in queries.SORTINGS else queries.SORTINGS[0]
    topics, total = queries.page_of_topics(found, who, sorting, page_number(), TOPICS)
    shown = forum_page(found, topics, sorting, who)
    return render_template("commons/forums/forum.html", total=total, pager=pager(total, TOPICS), **shown)


@blueprint.get("/topics/<int:id>")
def topic_number(id: int) -> Response:
    return redirect(topic_address(queries.topic_for(id, viewer())), 301)


@blueprint.get("/topics/<int:id>/<words:words>")
def topic(id: int, words: str) -> str | Response:
    """The words are for people: wrong ones lead to the right ones."""
    who = viewer()
    found, whole = queries.topic_with_place(id, who)
    right = topic_address(found)
    if request.path != right:
        asked = request.query_string.decode("ascii", "ignore")
        return redirect(f"{right}?{asked}" if asked else right, 301)
    return topic_shown(found, begun_reply(found, request.args, who), whole)


def topic_shown(found: Topic, form: ReplyForm, whole: Entry | None = None, **more: object) -> str:
    """One page of the topic with the form to answer it; the accepted answer comes along wherever it stands."""
    who, pages = viewer(), pager(found.last_number, PER_PAGE)
    page = min(pages.page, pages.pages)
    posts = queries.posts_of(found, page, who)
    far = found.answer_id if page == 1 and found.answer_id not in [post.id for post in posts] else None
    posts += queries.posts_by_id([far], who) if far else []
    shown = topic_page(found, posts, page, who, whole)
    return render_template(
        "commons/forums/topic.html",
        pager=pager(found.last_number, PER_PAGE, page),
        **shown,
        **reply_page(form, found, who, **more),
    )


@blueprint.get("/topics/<int:id>/<words:words>/edit")
def topic_draft(id: int, words: str) -> Response:
    """Where the list of drafts leads: to the form in which it was typed."""
    found = queries.topic_for(id, viewer())
    if request.args.get("section") == "reply":
        return redirect(topic_address(found, draft=1, _anchor="reply"), 302)
    return redirect(url_for("forums.edit_topic", id=id, draft=1), 302)


@blueprint.get("/posts/<int:id>")
def post(id: int) -> Response:
    found = queries.post_for(id, viewer())
    return redirect(place_of(queries.topic_for(found.topic_id, viewer()), found.number), 302)


@blueprint.get("/topics/<int:id>/posts/<int:number>")
def numbered(id: int, number: int) -> Response:
    """A post by its number, also where it was moved to another topic since."""
    moved = queries.moved_to(id, number, viewer())  # also of a topic that is part of another one now
    if moved is not None:
        return redirect(url_for("forums.post", id=moved.id), 301)
    found = queries.topic_for(id, viewer())
    return redirect(place_of(found, number), 302) if number <= found.last_number else abort(404)


@blueprint.get("/forums.atom")
def forums_atom() -> Page:
    """What everybody may read, also for a signed-in reader: a feed's address travels."""
    found = queries.latest_topics(None, IN_FEED)
    return atom(_("Forum"), url_for("forums.forums", _external=True), topic_entries(found))


@blueprint.get("/forums/<slug>.atom")
def forum_atom(slug: str) -> Page:
    found = queries.forum_for(slug, None)
    topics = entries.latest(queries.sorted_topics(found, None, "active"), IN_FEED)
    return atom(found.title, url_for("forums.forum", slug=slug, _external=True), topic_entries(topics))


@blueprint.get("/topics/<int:id>.atom")
def topic_atom(id: int) -> Page:
    found = queries.topic_for(id, None)
    posts = queries.latest_posts(found, None, IN_FEED)
    return atom(found.title, topic_address(found, _external=True), post_entries(posts))
