"""My organisations' proposals, and writing one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from commons.entries import queries as entries
from commons.entries.drafts import drop_draft, kept_draft
from commons.members.door import member_only
from commons.web import Invalid, page_number, pager, whole_number
from commons.web.limits import TABLE, limiter
from directory.partnerships.dossiers import actions, queries
from directory.partnerships.dossiers.documents.facts import interest_page
from directory.partnerships.dossiers.documents.pages import list_page
from directory.partnerships.dossiers.forms import InterestForm
from directory.partnerships.dossiers.views.addresses import Answer, blueprint, me

PER_PAGE = 20


@blueprint.get("/partnerships/proposals")
@member_only
def proposals() -> str:
    who = me()
    chosen = whole_number(request.args.get("for"))
    chosen = chosen if chosen in queries.own_organisations(who) else 0
    found, total = entries.recent(queries.proposals_of(who, chosen), page_number(), PER_PAGE)
    shown = list_page(found, who, chosen)
    return render_template("directory/partnerships/dossiers/proposals.html", pager=pager(total, PER_PAGE), **shown)


@blueprint.route("/partnerships/proposals/new", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def new() -> Answer:
    """`about`: the number of a need, an offer or an organisation."""
    who, form = me(), InterestForm()
    about = entries.by_id(whole_number(request.values.get("about")), who)
    page, key = interest_page(about, who, whole_number(request.values.get("for"))), f"proposal-{about.id}"
    draft = kept_draft(key, who)
    if draft and "draft" in request.args:
        form.text.process_formdata(draft.fields.get("text", []))
    if form.validate_on_submit():
        try:
            values = {"text": form.text.data or "", "language": who.language}
            made = actions.send_interest(about, values, actor=who, organisation_id=page["for_id"])
            drop_draft(key, actor=who)
            flash(_("Sent. You hear from them here; we remind them once if they do not answer."))
            return redirect(url_for("dossiers.proposal", id=made.id), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    shown = render_template("directory/partnerships/dossiers/new.html", form=form, draft=draft, draft_key=key, **page)
    return shown, 422 if form.errors else 200
