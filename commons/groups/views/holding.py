"""What a group holds: its pages, its files, and a search in all of it. Its forum is a view of the forums."""

from __future__ import annotations

from flask import abort, render_template, request

from commons.groups.documents.holding import held_page
from commons.groups.documents.pages import tabs
from commons.groups.models import Group
from commons.groups.views.addresses import blueprint, group_at
from commons.members.door import viewer
from commons.search import pages as results
from commons.search.asking import asked_from
from commons.search.queries import find
from commons.web.limits import TABLE, limiter

FOUND = 20  # of a page
FACETS = ("kind", "focus", "country", "sdg", "language")


def in_use(group: Group, module: str) -> Group:
    """A module that is switched off has no pages; what is in it stays."""
    return group if module in group.modules else abort(404)


@blueprint.get("/groups/<slug>/pages")
def pages(slug: str) -> str:
    shown = held_page(in_use(group_at(slug), "pages"), "pages", "page", viewer())
    return render_template("commons/groups/pages.html", **shown)


@blueprint.get("/groups/<slug>/files")
def files(slug: str) -> str:
    shown = held_page(in_use(group_at(slug), "files"), "files", "file", viewer())
    return render_template("commons/groups/files.html", **shown)


@blueprint.get("/groups/<slug>/search")
@limiter.limit(TABLE["search"])
def search(slug: str) -> str:
    group = group_at(slug)
    asked = asked_from(request.args, within=group.id)
    answer = find(asked, viewer(), FOUND, facets=FACETS)
    shown = results.result_page(asked, answer, FOUND, "groups.search")
    shown["facets"] = [facet for facet in shown["facets"] if facet["name"] != "kind"]
    return render_template(
        "commons/groups/search.html",
        group=group,
        tabs=tabs(group, "search"),
        kinds=results.tabs(answer, asked),
        **shown,
    )
