"""A dossier, its terms and agreement, its log, and a copy of all of it."""

from __future__ import annotations

from flask import Response as Page
from flask import abort, current_app, render_template
from werkzeug.wrappers import Response

from commons.entries.queries import recent
from commons.entries.within import takes
from commons.members.door import member_only
from commons.web import page_number, pager
from directory.partnerships.dossiers import queries
from directory.partnerships.dossiers.documents.copy import copy_of
from directory.partnerships.dossiers.documents.facts import partners_page
from directory.partnerships.dossiers.documents.pages import dossier_page, head, thing_rows
from directory.partnerships.dossiers.documents.steps import chain, step_rows
from directory.partnerships.dossiers.documents.terms import agreement_text, compared, terms_shown
from directory.partnerships.dossiers.forms import MessageForm
from directory.partnerships.dossiers.models import Proposal, Terms
from directory.partnerships.dossiers.views.addresses import Answer, acts_for, blueprint, dossier_at, me

PER_PAGE = 30
ADDED = ("page", "file")


@blueprint.get("/partnerships/proposals/<int:id>")
@member_only
def proposal(id: int) -> str:
    return dossier_shown(dossier_at(id), MessageForm(formdata=None))


def dossier_shown(found: Proposal, form: MessageForm) -> str:
    parties = queries.parties_of(found.id)
    page = dossier_page(found, me(), acts_for(found, parties), parties)
    return render_template("directory/partnerships/dossiers/proposal.html", form=form, **page)


@blueprint.get("/partnerships/proposals/<int:id>/terms/<int:number>")
@member_only
def version(id: int, number: int) -> Answer:
    """One version of the terms, and what is different from the one before it."""
    found = dossier_at(id)
    terms, page = _terms(found, number), head(found, me(), acts_for(found))
    before = queries.terms_numbered(found, number - 1) if number > 1 else None
    page |= {"terms": terms_shown(terms, page["names"]), "changes": compared(before, terms) if before else None}
    return render_template("directory/partnerships/dossiers/version.html", **page, versions=found.terms)


def _terms(found: Proposal, number: int) -> Terms:
    return (queries.terms_numbered(found, number) if number < 2**31 else None) or abort(404)


@blueprint.get("/partnerships/proposals/<int:id>/terms/<int:number>.txt")
@member_only
def agreement(id: int, number: int) -> Response:
    return _plain(agreement_text(_terms(dossier_at(id), number)))


def _plain(text: str) -> Response:
    return Page(text, mimetype="text/plain")


@blueprint.get("/partnerships/proposals/<int:id>/log")
@member_only
def log(id: int) -> str:
    found = dossier_at(id)
    page = head(found, me(), acts_for(found))
    rows = step_rows(queries.steps_of(found), page["names"])
    return render_template("directory/partnerships/dossiers/log.html", rows=rows, **page)


@blueprint.get("/partnerships/proposals/<int:id>/log.json")
@member_only
def log_json(id: int) -> Page:
    found = dossier_at(id)
    names = queries.names_of(one.organisation_id for one in queries.parties_of(found.id))
    text = current_app.json.dumps(chain(found, queries.steps_of(found), names))
    return Page(text, mimetype="application/json")


@blueprint.get("/partnerships/proposals/<int:id>/copy.zip")
@member_only
def copy(id: int) -> Response:
    """All that stands in it, to take away."""
    response = Page(copy_of(dossier_at(id), me()), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="proposal-{id}.zip"'
    return response


@blueprint.get("/partnerships/proposals/<int:id>/things")
@member_only
def things(id: int) -> str:
    """The pages, files and topics that stand in the dossier, and where one is added."""
    found, who = dossier_at(id), me()
    page = head(found, who, acts_for(found))
    rows, total = recent(queries.standing_in(found, who), page_number(), PER_PAGE)
    page |= {"rows": thing_rows(rows), "may_add": [kind for kind in ADDED if takes(found, kind, who)]}
    return render_template("directory/partnerships/dossiers/things.html", pager=pager(total, PER_PAGE), **page)


@blueprint.get("/partnerships/proposals/<int:id>/partners")
@member_only
def partners(id: int) -> str:
    """What is known of the other side, each with where it stands."""
    found = dossier_at(id)
    page = head(found, me(), acts_for(found))
    return render_template("directory/partnerships/dossiers/partners.html", **page, **partners_page(page, me()))
