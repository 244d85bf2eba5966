"""Pages to take away, as the viewer may read them: Markdown, and one HTML file; printing is the browser's."""

from __future__ import annotations

from flask import Response, abort, make_response, render_template

from commons.focus.queries import Node, tree
from commons.members.door import viewer
from commons.web.limits import TABLE, limiter
from wiki.documents import takeout
from wiki.views.door import blueprint, page_at


def _file(text: str, name: str, kind: str) -> Response:
    answer = make_response(text)
    answer.headers["Content-Type"] = f"{kind}; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


@blueprint.get("/wiki/<slug>.md")
@limiter.limit(TABLE["search"])
def as_markdown(slug: str) -> Response:
    found = page_at(slug)
    return _file(takeout.as_text(found), f"{found.slug}.md", "text/markdown")


@blueprint.get("/wiki/<slug>.html")
@limiter.limit(TABLE["search"])
def as_html(slug: str) -> Response:
    found = page_at(slug)
    html = render_template("wiki/takeout.html", **takeout.book(found.title, [found], viewer()))
    return _file(html, f"{found.slug}.html", "text/html")


@blueprint.get("/focus/<slug>/pages.md")
@limiter.limit(TABLE["write"])
def area_as_markdown(slug: str) -> Response:
    node = _area(slug)
    pages = takeout.pages_under(tree().with_children(node.id), viewer())
    return _file("\n\n".join(map(takeout.as_text, pages)), f"{slug}.md", "text/markdown")


@blueprint.get("/focus/<slug>/pages.html")
@limiter.limit(TABLE["write"])
def area_as_html(slug: str) -> Response:
    node = _area(slug)
    pages = takeout.pages_under(tree().with_children(node.id), viewer())
    return _file(
        render_template("wiki/takeout.html", **takeout.book(node.label, pages, viewer())), f"{slug}.html", "text/html"
    )


def _area(slug: str) -> Node:
    return tree().by_slug.get(slug) or abort(404)
