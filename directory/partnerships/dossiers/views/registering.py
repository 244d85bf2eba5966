"""The public register, one partnership of it, and what people take away."""

from __future__ import annotations

from typing import cast

from flask import Response as Page
from flask import current_app, render_template, request

from commons.entries import queries as entries
from commons.members.door import viewer
from commons.room import rooms
from commons.web import page_number, pager
from commons.web.limits import TABLE, limiter
from directory.partnerships.dossiers.documents.register import (
    as_csv,
    dump,
    filters_from,
    partnership_page,
    register_page,
)
from directory.partnerships.dossiers.models import Partnership
from directory.partnerships.dossiers.queries.register import found
from directory.partnerships.dossiers.views.addresses import blueprint

PER_PAGE = 20


@blueprint.get("/partnerships/register")
@limiter.limit(TABLE["search"])
def register() -> str:
    rows, page = found(filters_from(request.args)), page_number()
    some = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    shown = register_page(some, len(rows), request.args, viewer())
    return render_template("directory/partnerships/dossiers/register.html", pager=pager(len(rows), PER_PAGE), **shown)


@blueprint.get("/partnerships/register/<slug>")
def partnership(slug: str) -> str:
    row = cast(Partnership, entries.find(rooms().kinds["partnership"], slug, viewer()))
    return render_template("directory/partnerships/dossiers/partnership.html", **partnership_page(row, viewer()))


@blueprint.get("/partnerships/register.csv")
@limiter.limit(TABLE["search"])
def register_csv() -> Page:
    """The same filters as the page."""
    rows = dump(found(filters_from(request.args)), current_app.config["SITE_URL"])
    response = Page(as_csv(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="partnerships.csv"'
    return response


@blueprint.get("/partnerships/register.json")
@limiter.limit(TABLE["search"])
def register_json() -> Page:
    rows = dump(found(filters_from(request.args)), current_app.config["SITE_URL"])
    return Page(current_app.json.dumps({"total": len(rows), "items": rows}), mimetype="application/json")
