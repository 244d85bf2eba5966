"""The list of groups, and a group's own page."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries.queries import latest
from commons.entries.views import atom
from commons.focus.queries import tree
from commons.groups.documents.pages import group_page, list_page
from commons.groups.documents.records import feed_rows
from commons.groups.models import Group
from commons.groups.queries import is_member, newest
from commons.groups.views.addresses import blueprint, group_at
from commons.members.door import viewer

FEED = 50


@blueprint.get("/groups")
def groups() -> str:
    asked = [request.args.get(name, "")[:80] for name in ("area", "language", "joining")]
    shown = list_page(viewer(), asked[0], asked[1], asked[2], request.args.get("mine") == "1")
    return render_template("commons/groups/groups.html", **shown)


@blueprint.get("/groups.atom")
def groups_atom() -> Response:
    """The newest that everybody may see, also for a signed-in reader: a feed's address travels."""
    node = tree().by_slug.get(request.args.get("area", ""))
    found: list[Group] = latest(newest(tree().with_children(node.id) if node else []), FEED)
    return atom(_("Groups"), url_for("groups.groups", _external=True), feed_rows(found))


@blueprint.get("/groups/<slug>")
def group(slug: str) -> str:
    found, who = group_at(slug), viewer()
    welcomed = is_member(who, found) and request.args.get("welcome") == "1"
    return render_template("commons/groups/group.html", welcomed=welcomed, **group_page(found, who))
