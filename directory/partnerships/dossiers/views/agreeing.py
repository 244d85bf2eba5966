"""Writing terms, and signing them."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext as _

from commons.focus.documents import area_tree
from commons.members.door import member_only
from commons.web import Invalid
from commons.web.limits import TABLE, limiter
from directory.partnerships.dossiers import actions, queries
from directory.partnerships.dossiers.documents.pages import head
from directory.partnerships.dossiers.documents.terms import terms_shown
from directory.partnerships.dossiers.forms import SignForm, TermsForm, terms_filled
from directory.partnerships.dossiers.models import Proposal
from directory.partnerships.dossiers.views.addresses import (
    Answer,
    acts_for,
    blueprint,
    dossier_at,
    me,
    seen,
    to_dossier,
)


@blueprint.route("/partnerships/proposals/<int:id>/terms", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def terms(id: int) -> Answer:
    found = dossier_at(id)
    last = queries.last_terms(found)
    form = terms_filled(last, found.title) if request.method == "GET" else TermsForm()
    here = [str(one.organisation_id) for one in queries.present(queries.parties_of(found.id))]
    gives = {one: request.form.get(f"gives-{one}", "").replace("\r\n", "\n") for one in here}
    if request.method == "GET":
        form.seen.data = str(found.steps)
        gives = {one: last.values["gives"].get(one, "") if last else "" for one in here}
    elif form.validate():
        try:
            mine, note = acts_for(found), form.note.data or ""
            actions.write_terms(found, form.values(gives), note, actor=me(), organisation_id=mine, seen=seen(form))
            flash(_("Sent. The other side accepts this version, or writes another one."))
            return to_dossier(found)
        except Invalid as fault:
            form.show_faults(fault.fields)
    return _terms_page(found, form, gives), 422 if form.errors else 200


def _terms_page(found: Proposal, form: TermsForm, gives: dict[str, str]) -> str:
    page = head(found, me(), acts_for(found))
    fault = next((one for one in form.form_errors if one), "")
    page |= {"form": form, "gives": gives, "gives_fault": fault, "areas_tree": area_tree()}
    return render_template("directory/partnerships/dossiers/terms.html", **page)


@blueprint.route("/partnerships/proposals/<int:id>/sign", methods=["GET", "POST"])
@limiter.limit(TABLE["sign in"], methods=["POST"])
@member_only
def sign(id: int) -> Answer:
    """Read the frozen text, type the name, and the password again."""
    found, form = dossier_at(id), SignForm()
    if form.validate_on_submit():
        if not form.read.data:
            form.show_faults({"read": _("Read it first, and say so here.")})
        elif _signs(found, form):
            flash(_("Signed. When all organisations have signed, it begins."))
            return to_dossier(found)
    page, last = head(found, me(), acts_for(found)), queries.last_terms(found)
    page |= {"form": form, "terms": terms_shown(last, page["names"]) if last else None}
    shown = render_template("directory/partnerships/dossiers/sign.html", **page)
    return shown, 422 if form.errors else 200


def _signs(found: Proposal, form: SignForm) -> bool:
    name, password, mine = form.name.data or "", form.password.data or "", acts_for(found)
    try:
        number = request.form.get("number", 0, int)
        actions.sign(found, number, name, password, actor=me(), organisation_id=mine, seen=seen(form))
    except Invalid as fault:
        form.show_faults(fault.fields)
        return False
    return True
