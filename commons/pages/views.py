"""Pages that belong to no room: home, the pages every site owes its readers, health, robots and the sitemap."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, redirect, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from commons.config import LANGUAGES
from commons.entries.queries import last_seq
from commons.focus.queries import goal_words
from commons.members.door import viewer
from commons.pages.documents import home_page
from commons.pages.queries import sitemap_chunks, sitemap_rows
from commons.web import back

blueprint = Blueprint("pages", __name__)
YEAR = 365 * 24 * 3600


@blueprint.get("/")
def home() -> str:
    return render_template(
        "commons/pages/home.html", goals=[goal_words(number) for number in range(1, 18)], **home_page(viewer())
    )


def _page() -> str:
    return render_template(f"commons/pages/{(request.endpoint or '').rpartition('.')[2]}.html")


for _name in ("about", "charter", "privacy", "accessibility", "open_data", "help"):
    blueprint.add_url_rule(f"/{_name.replace('_', '-')}", _name, _page)


@blueprint.post("/language")
def language() -> AnyResponse:
    return _choice("language", request.form.get("language", ""), LANGUAGES)


@blueprint.post("/theme")
def theme() -> AnyResponse:
    return _choice("theme", request.form.get("theme", ""), ("", "light", "dark"))


def _choice(name: str, value: str, choices: tuple[str, ...]) -> AnyResponse:
    if value not in choices:
        abort(400)
    response = redirect(back("pages.home"), 303)
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    return response


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    try:
        return jsonify(status="ok", log=last_seq()), 200
    except SQLAlchemyError:
        return jsonify(status="the database does not answer"), 503


@blueprint.get("/robots.txt")
def robots() -> Response:
    site = current_app.config["SITE_URL"].rstrip("/")
    response = make_response(render_template("commons/pages/robots.txt", site=site))
    response.content_type = "text/plain; charset=utf-8"
    return response


@blueprint.get("/sitemap.xml")
@blueprint.get("/sitemap-<int:chunk>.xml")
def sitemap(chunk: int | None = None) -> Response:
    """An index, then up to 20,000 addresses a file: public entries and nothing else."""
    site = current_app.config["SITE_URL"].rstrip("/")
    rows = sitemap_rows(chunk) if chunk is not None else []
    chunks = sitemap_chunks() if chunk is None else 0
    if chunk is not None and not rows:
        abort(404)
    response = make_response(render_template("commons/pages/sitemap.xml", site=site, rows=rows, chunks=chunks))
    response.content_type = "application/xml; charset=utf-8"
    return response
