"""The pages of countries. Areas of focus and goals have theirs in `commons.focus`; what fills them is the same."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from commons.entries.documents import panels
from commons.focus.subjects import country_subject
from commons.members.door import viewer
from commons.places.tables import countries
from commons.subjects import documents

blueprint = Blueprint("subjects", __name__)


@blueprint.get("/places")
def places() -> str:
    return render_template("commons/subjects/places.html", countries=documents.country_rows(viewer()))


@blueprint.get("/places/<code>")
def country(code: str) -> str | Response:
    if code.upper() not in countries():
        abort(404)
    if code != code.upper():
        return redirect(url_for("subjects.country", code=code.upper()), 301)
    subject = country_subject(code)
    return render_template(
        "commons/subjects/country.html", subject=subject, panels=panels("subject", subject, viewer())
    )
