"""A page, who wrote which paragraph, its links, and two versions as they look."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from commons.entries import links
from commons.entries import queries as entries
from commons.members.door import member_only, viewer
from commons.text import clean_line
from commons.web import page_number, pager
from commons.web.limits import TABLE, limiter
from wiki import actions
from wiki.documents import comparing, reading
from wiki.documents.writing import missing_page
from wiki.views.door import blueprint, page_at

PER_PAGE = 100


@blueprint.get("/wiki/<slug>")
def page(slug: str) -> str | Response:
    try:
        found = page_at(slug)
    except NotFound:
        return _missing(slug)
    return render_template("wiki/page.html", **reading.reading_page(found, viewer()))


def _missing(slug: str) -> Response:
    title = clean_line(slug.replace("-", " "))[:200].capitalize()
    answer = make_response(render_template("wiki/missing.html", **missing_page(title, slug, viewer())), 404)
    return answer


@blueprint.get("/wiki/<slug>/paragraphs")
@limiter.limit(TABLE["search"])
def paragraphs(slug: str) -> str:
    found = page_at(slug)
    rows = comparing.paragraph_rows(found, viewer())
    return render_template("wiki/paragraphs.html", page=found, rows=rows, tabs=reading.tabs(found, "paragraphs"))


@blueprint.get("/wiki/<slug>/links")
def page_links(slug: str) -> str:
    found, who = page_at(slug), viewer()
    inward, total = entries.recent(links.pointing_to(found, who), page_number(), PER_PAGE)
    return render_template(
        "wiki/links.html",
        page=found,
        tabs=reading.tabs(found, "links"),
        inward=[reading.link_row(entry) for entry in inward],
        outward=reading.outward_rows(found, who),
        total=total,
        pager=pager(total, PER_PAGE),
    )


@blueprint.get("/wiki/<slug>/compare/<int:a>/<int:b>")
@limiter.limit(TABLE["search"])
def compare(slug: str, a: int, b: int) -> str:
    found = page_at(slug)
    if not 0 < a < b <= found.version:
        abort(404)
    return render_template("wiki/rendered.html", **comparing.rendered_page(found, a, b, viewer()))


@blueprint.post("/wiki/<slug>/still-right")
@limiter.limit(TABLE["write"])
@member_only
def still_right(slug: str) -> Response:
    found, who = page_at(slug), viewer() or abort(404)
    actions.look_at_page(found, request.form.get("review_by", ""), version=found.version, actor=who)
    flash(_("Thank you. The history now says that you looked at it today."))
    return redirect(url_for("wiki.page", slug=found.slug), 303)
