"""The forum of a group, as a page of the group: its address is one of the group's, and what stands in it is the forums'."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.entries.within import takes
from commons.forums import actions, queries
from commons.forums.documents.forums import forum_page
from commons.groups.documents.pages import tabs
from commons.groups.models import Group
from commons.groups.views.addresses import blueprint as groups
from commons.groups.views.addresses import group_at
from commons.groups.views.holding import in_use
from commons.members.door import member_only, viewer
from commons.web import Forbidden, page_number, pager
from commons.web.limits import TABLE, limiter

TOPICS = 30  # of a page


@groups.get("/groups/<slug>/forum")
def forum(slug: str) -> str:
    group, who = in_use(group_at(slug), "forum"), viewer()
    may_open = takes(group, "forum", who) is not None
    return render_template("commons/groups/forum.html", **_shown(group), may_open=may_open)


def _shown(group: Group) -> dict[str, object]:
    """The forum with its topics; nobody has opened it yet: only the group and its tabs."""
    who, over = viewer(), {"group": group, "tabs": tabs(group, "forum")}
    found = queries.forum_within(group, who)
    if found is None:
        return {**over, "forum": None}
    asked = request.args.get("sort", "")
    sorting = asked if asked in queries.SORTINGS else queries.SORTINGS[0]
    topics, total = entries.recent(queries.sorted_topics(found, who, sorting), page_number(), TOPICS)
    return forum_page(found, topics, sorting, who) | over | {"pager": pager(total, TOPICS)}


@groups.post("/groups/<slug>/forum")
@limiter.limit(TABLE["write"])
@member_only
def open_forum(slug: str) -> Response:
    """The first topic of a group opens its forum."""
    group, who = in_use(group_at(slug), "forum"), viewer() or abort(404)
    if takes(group, "forum", who) is None:
        raise Forbidden
    made = actions.forum_of(group, who)
    return redirect(url_for("forums.new_topic", slug=made.slug), 303)
