"""Reporting, the queue of reports, and what a reporter was answered."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.members.door import member_only, moderator_only, viewer
from commons.moderation import actions, documents, reports
from commons.moderation.forms import DecideForm, ReportForm
from commons.moderation.queries import member_called
from commons.moderation.views.addresses import Page, blueprint, me, told
from commons.web import Forbidden, Invalid, page_number, pager
from commons.web.limits import TABLE, limiter

PER_PAGE = 50


@blueprint.route("/report/<int:entry_id>", methods=["GET", "POST"])
@limiter.limit(TABLE["join"], methods=["POST"])
def report(entry_id: int) -> Page:
    entry, who, form = entries.by_id(entry_id, viewer()), viewer(), ReportForm()
    if form.validate_on_submit():
        try:
            if not form.website.data:
                actions.report(entry, form.reason.data, form.words.data or "", actor=who, email=form.address(who))
            return redirect(url_for("moderation.reported"), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    shown = documents.report_page(entry, who)
    return render_template("commons/moderation/report.html", form=form, **shown), 422 if form.errors else 200


@blueprint.get("/report/thanks")
def reported() -> str:
    return render_template("commons/moderation/report_thanks.html")


@blueprint.get("/reports")
@member_only
def own_reports() -> str:
    found, total = entries.recent(reports.own_reports(me()), page_number(), PER_PAGE)
    rows = documents.own_report_rows(found, me())
    return render_template("commons/moderation/report_own.html", reports=rows, pager=pager(total, PER_PAGE))


@blueprint.get("/moderation/reports")
@moderator_only
def report_queue() -> str:
    found = reports.cases(me())
    page = page_number()
    return render_template(
        "commons/moderation/report_queue.html",
        cases=documents.case_rows(found[(page - 1) * PER_PAGE : page * PER_PAGE]),
        total=len(found),
        pager=pager(len(found), PER_PAGE),
        suspended=reports.suspended(me()),
    )


@blueprint.get("/moderation/reports/<int:entry_id>")
@moderator_only
def report_case(entry_id: int) -> Page:
    return _case_page(entry_id, DecideForm())


def _case_page(entry_id: int, form: Any) -> Page:
    case = reports.case_of(entry_id, me())
    form.offer(case.is_open_to_me)
    shown = documents.case_row(case)
    page = render_template("commons/moderation/report_case.html", form=form, case=shown)
    return page, 422 if form.errors else 200


@blueprint.post("/moderation/reports/<int:entry_id>")
@limiter.limit(TABLE["write"])
@moderator_only
def decide(entry_id: int) -> Page:
    form, case = DecideForm(), reports.case_of(entry_id, me())
    form.offer(case.is_open_to_me)
    if not form.validate_on_submit():
        return _case_page(entry_id, form)
    try:
        decided = actions.decide(case, actor=me(), **form.decision())
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _case_page(entry_id, form)
    except Forbidden as fault:
        flash(told(fault), "error")
        return redirect(url_for("moderation.report_case", entry_id=entry_id), 303)
    flash(_("Decided. Those who reported it are told.") if decided else _("Somebody has decided this already."))
    return redirect(url_for("moderation.report_queue"), 303)


@blueprint.post("/moderation/members/<username>/let-back")
@limiter.limit(TABLE["write"])
@moderator_only
def let_back(username: str) -> Response:
    actions.let_back(member_called(username), actor=me())
    flash(_("Let in again."))
    return redirect(url_for("moderation.report_queue"), 303)
