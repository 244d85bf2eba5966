"""The wiki's front page, all pages, and the lists of work."""

from __future__ import annotations

from flask import render_template, request

from commons.members.door import viewer
from commons.web.limits import TABLE, limiter
from wiki.documents import lists
from wiki.views.door import blueprint


@blueprint.get("/wiki")
def wiki() -> str:
    return render_template("wiki/wiki.html", **lists.front_page(viewer()))


@blueprint.get("/wiki/all")
def all_pages() -> str:
    letter, language = request.args.get("letter", "")[:1].lower(), request.args.get("language", "")
    return render_template("wiki/all_pages.html", **lists.all_pages(viewer(), letter, language))


@limiter.limit(TABLE["search"])
def work(name: str) -> str:
    return render_template("wiki/work.html", **lists.work_page(name, viewer()))


for one in lists.LISTS:  # words of their own, so that no page can take their addresses
    blueprint.add_url_rule(f"/wiki/{one}", "work", work, defaults={"name": one})
