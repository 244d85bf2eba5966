"""What organisations say of each other: lists, one statement, and the forms that write, change and answer one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.entries.actions import take_away
from commons.entries.views import atom
from commons.members.door import member_only, viewer
from commons.members.forms import EmptyForm
from commons.room import rooms
from commons.web import Conflict, Forbidden, Invalid, page_number, pager, whole_number
from commons.web.limits import TABLE, limiter
from directory.models import Organisation
from directory.queries import by_ids, organisation_at
from directory.statements import actions, documents, queries
from directory.statements.forms import AnswerForm, StatementForm
from directory.statements.models import Statement

blueprint = Blueprint("statements", __name__)
Page = str | Response | tuple[str, int]
PER_PAGE, FEED = 20, 50


@blueprint.get("/organisations/<slug>/statements")
def about(slug: str) -> str:
    """What others say of it."""
    found = organisation_at(slug, viewer())
    return _listed(found, Statement.about_id == found.id, said_of_others=False)


@blueprint.get("/organisations/<slug>/said")
def said(slug: str) -> str:
    """What it says of others."""
    found = organisation_at(slug, viewer())
    return _listed(found, Statement.voice_id == found.id, said_of_others=True)


def _listed(organisation: Organisation, which: Any, said_of_others: bool) -> str:
    found, total = queries.page_of(queries.statements(viewer()).where(which), page_number(), PER_PAGE)
    rows = [documents.row(one, viewer()) for one in found]
    shown = {"rows": rows, "total": total, "pager": pager(total, PER_PAGE), "said_of_others": said_of_others}
    return render_template("directory/statements/list.html", organisation=organisation, form=EmptyForm(), **shown)


@blueprint.get("/organisations/<slug>/statements.atom")
def about_atom(slug: str) -> Response:
    """What everybody may see, also for a signed-in reader."""
    found = entries.find(rooms().kinds["organisation"], slug, None)
    rows = queries.first(queries.statements(None).where(Statement.about_id == found.id), FEED)
    return atom(found.title, url_for("statements.about", slug=slug, _external=True), documents.feed_rows(rows))


@blueprint.get("/statements/<int:id>")
def statement(id: int) -> str:
    found = queries.statement_at(id, viewer())
    row = documents.row(found, viewer())
    return render_template("directory/statements/statement.html", row=row, entry=found.statement, form=EmptyForm())


@blueprint.route("/organisations/<slug>/statements/new", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
def new(slug: str) -> Page:
    found, who = organisation_at(slug, viewer()), viewer()
    if who is None and request.method == "GET":
        return _sign_in_first()
    voices = documents.voices_to_choose(who, found) if who else []
    form = StatementForm(voices=voices)
    if who is not None and form.validate_on_submit():
        try:
            voice = next(iter(by_ids([whole_number(form.voice.data)], who)), None) or abort(404)
            actions.add_statement(found, voice, form.values(), actor=who)
            flash(_("Published. The organisation is told, and can answer once."))
            return redirect(url_for("statements.about", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    return _form_page("new", form, organisation=found, voices=voices)


@blueprint.route("/statements/<int:id>/edit", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
def edit(id: int) -> Page:
    found, who = queries.statement_at(id, viewer()), viewer()
    if who is None and request.method == "GET":
        return _sign_in_first()
    form = StatementForm(obj=found.statement)
    if who is not None and not queries.may_edit(who, found.statement):
        raise Forbidden(_("Only a steward of the organisation signs in its name."))
    if who is not None and form.validate_on_submit():
        try:
            return _saved(found.statement, form)
        except Invalid as fault:
            form.show_faults(fault.fields)
        except Conflict as fault:
            form.show_faults(
                {"text": _("Somebody else changed it meanwhile. Their words stand on its page; yours stand below.")}
            )
            form.version.data = str(fault.version)
    return _form_page("edit", form, said=found)


def _saved(statement: Statement, form: StatementForm) -> Response:
    version, note = whole_number(form.version.data), form.note.data or ""
    actions.edit_statement(statement, form.values(), version=version, actor=viewer() or abort(404), note=note)
    flash(_("Published. Your name stands under it now."))
    return redirect(url_for("statements.statement", id=statement.id), 303)


@blueprint.route("/statements/<int:id>/answer", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
def answer(id: int) -> Page:
    found, who, form = queries.statement_at(id, viewer()), viewer(), AnswerForm()
    if who is None and request.method == "GET":
        return _sign_in_first()
    if who is not None and not queries.may_answer(who, found.statement):
        raise Forbidden(_("It was answered already, or you do not speak for the organisation that it is about."))
    if who is not None and form.validate_on_submit():
        try:
            actions.answer_statement(found.statement, form.text.data or "", actor=who)
            flash(_("Your answer stands below it."))
            return redirect(url_for("statements.statement", id=id), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    return _form_page("answer", form, said=found)


@blueprint.post("/statements/<int:id>/withdraw")
@limiter.limit(TABLE["write"])
@member_only
def withdraw(id: int) -> Response:
    found, who = queries.statement_at(id, viewer()), viewer() or abort(404)
    if not queries.may_edit(who, found.statement):
        raise Forbidden(_("Only a steward of the organisation signs in its name."))
    take_away(found.statement, actor=who, note=_("The organisation took it back."))
    flash(_("Taken back. You can say something else later."))
    return redirect(rooms().kinds["organisation"].page(found.about), 303)


def _sign_in_first() -> Response:
    return redirect(url_for("members.sign_in", next=request.path), 303)


def _form_page(name: str, form: StatementForm | AnswerForm, **shown: object) -> tuple[str, int]:
    signed_out = viewer() is None
    page = render_template(f"directory/statements/{name}.html", form=form, signed_out=signed_out, **shown)
    return page, 401 if signed_out else 422 if form.errors else 200
