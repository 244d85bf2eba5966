"""Coming in and going: the button, the questions, the word of a member; and what admins decide."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries.queries import recent
from commons.groups import actions, queries
from commons.groups.documents.pages import door, tabs
from commons.groups.forms import ReferralForm, answers, questions_form
from commons.groups.models import Application, Group
from commons.groups.views.addresses import blueprint, group_at, led_group, own_group
from commons.members.door import member_only, viewer
from commons.web import Invalid, page_number, pager
from commons.web.forms import FaultsForm
from commons.web.limits import TABLE, limiter

PER_PAGE = 20
Answer = str | Response | tuple[str, int]


@blueprint.post("/groups/<slug>/join")
@limiter.limit(TABLE["write"])
@member_only
def join(slug: str) -> Response:
    found, who = group_at(slug), viewer() or abort(404)
    actions.join(found, actor=who)
    flash(_("You belong to the group now."))
    return redirect(url_for("groups.group", slug=found.slug, welcome=1), 303)


@blueprint.post("/groups/<slug>/leave")
@limiter.limit(TABLE["write"])
@member_only
def leave(slug: str) -> Response:
    found, who = own_group(slug), viewer() or abort(404)
    try:
        actions.leave(found, actor=who)
    except Invalid as fault:
        fault.flash()
        return redirect(url_for("groups.members", slug=found.slug), 303)
    flash(_("You have left the group."))
    return redirect(url_for("groups.groups"), 303)


@blueprint.route("/groups/<slug>/apply", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def apply(slug: str) -> Answer:
    """The questions of the group, or the name of who speaks for the applicant."""
    found, who = group_at(slug), viewer() or abort(404)
    way = door(found, who)["how"]
    if way not in ("apply", "refer"):
        return redirect(url_for("groups.group", slug=found.slug), 303)
    form = questions_form(found) if way == "apply" else ReferralForm()
    if form.validate_on_submit():
        try:
            send(found, form)
            return redirect(url_for("groups.group", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    return _apply(found, form)


def _apply(group: Group, form: FaultsForm) -> tuple[str, int]:
    back = url_for("groups.group", slug=group.slug)
    page = render_template(
        "commons/groups/apply.html", title=group.title, language=group.language, form=form, back=back
    )
    return page, 422 if form.errors else 200


def send(group: Group, form: FaultsForm, **more: object) -> None:
    who, by_word = viewer() or abort(404), isinstance(form, ReferralForm)
    given = [] if by_word else answers(form, group)
    named = (form["referred_by"].data or "") if by_word else ""
    actions.apply(group, given, actor=who, referred_by=named, **more)  # type: ignore[arg-type]
    flash(_("Thank you. You hear from the group as soon as somebody has read it."))


@blueprint.post("/groups/<slug>/withdraw")
@limiter.limit(TABLE["write"])
@member_only
def withdraw(slug: str) -> Response:
    found, who = group_at(slug), viewer() or abort(404)
    mine = queries.application_of(found, who) or abort(404)
    actions.withdraw(mine, actor=who)
    flash(_("Your application is taken back."))
    return redirect(url_for("groups.group", slug=found.slug), 303)


@blueprint.get("/groups/<slug>/applications")
@member_only
def applications(slug: str) -> str:
    return _applications(led_group(slug))


def _applications(group: Group, faults: dict[str, str] | None = None) -> str:
    rows, total = recent(queries.waiting(group), page_number(), PER_PAGE)
    return render_template(
        "commons/groups/applications.html",
        group=group,
        tabs=tabs(group, "applications"),
        rows=rows,
        pager=pager(total, PER_PAGE),
        faults=faults,
        at=request.form.get("number", 0, int),
    )


@blueprint.post("/groups/<slug>/applications")
@limiter.limit(TABLE["write"])
@member_only
def decide(slug: str) -> Answer:
    found, who = led_group(slug), viewer() or abort(404)
    one = _of(found, request.form.get("number", 0, int))
    yes, reason = request.form.get("answer") == "yes", request.form.get("reason", "")
    try:
        actions.decide(one, accept=yes, reason=reason, actor=who)
    except Invalid as fault:
        return _applications(found, fault.fields), 422
    flash(_("They belong to the group now, and are told.") if yes else _("They are told, with your reason."))
    return redirect(url_for("groups.applications", slug=found.slug), 303)


@blueprint.post("/groups/<slug>/vouch")
@limiter.limit(TABLE["write"])
@member_only
def vouch(slug: str) -> Response:
    found, who = own_group(slug), viewer() or abort(404)
    one, yes = _of(found, request.form.get("number", 0, int)), request.form.get("answer") == "yes"
    try:
        actions.vouch(one, yes=yes, actor=who)
        flash(
            _("They belong to the group now, and are told.") if yes else _("Thank you. They are told that it was a no.")
        )
    except Invalid as fault:
        fault.flash()
    return redirect(url_for("groups.members", slug=found.slug), 303)


def _of(group: Group, number: int) -> Application:
    return queries.application(group, number) or abort(404)
