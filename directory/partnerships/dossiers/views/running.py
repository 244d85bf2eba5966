"""What happens after the signatures: promises, reports, the outcome, and a further organisation or a mediator."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from commons.entries import queries as entries
from commons.members.door import member_only
from commons.room import rooms
from commons.web import Invalid
from commons.web.limits import TABLE, limiter
from directory.partnerships.dossiers import actions, queries
from directory.partnerships.dossiers.documents.pages import actions_of, head
from directory.partnerships.dossiers.forms import DossierForm, NameForm, OutcomeForm, PromiseForm
from directory.partnerships.dossiers.models import Proposal
from directory.partnerships.dossiers.views.addresses import (
    Answer,
    acts_for,
    at_each,
    blueprint,
    dossier_at,
    me,
    page_of,
    seen,
    to_dossier,
)


@blueprint.route("/partnerships/proposals/<int:id>/promises", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def promise(id: int) -> Answer:
    found, form = dossier_at(id), PromiseForm()
    page = head(found, me(), acts_for(found))
    form.by.choices = [(one["id"], one["title"]) for one in page["parties"] if one["state"] == "in"]
    if form.validate_on_submit():
        try:
            mine = acts_for(found)
            actions.promise(found, form.values(), actor=me(), organisation_id=mine, by=form.by.data or 0)
            flash(_("Written down."))
            return to_dossier(found, "promises")
        except Invalid as fault:
            form.show_faults(fault.fields)
    shown = render_template("directory/partnerships/dossiers/promise.html", form=form, **page)
    return shown, 422 if form.errors else 200


@blueprint.post("/partnerships/proposals/<int:id>/promises/<int:number>/kept")
@limiter.limit(TABLE["write"])
@member_only
def kept(id: int, number: int) -> Answer:
    found, note = dossier_at(id), request.form.get("note", "")
    actions.keep_promise(found, number, note, actor=me(), organisation_id=acts_for(found))
    flash(_("Good. It counts as kept."))
    return to_dossier(found, "promises")


@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def tell(id: int, action: str) -> Answer:
    """How it goes, that it is done, or what came of it."""
    found, form = dossier_at(id), OutcomeForm()
    if form.validate_on_submit():
        try:
            who, mine, text = me(), acts_for(found), form.text.data or ""
            values = {"text": text, "result": form.result.data or ""}
            if action == "report":
                actions.report(found, text, actor=who, organisation_id=mine)
            elif action == "complete":
                actions.complete(found, values, actor=who, organisation_id=mine, seen=seen(form))
            else:
                actions.tell_outcome(found, values, actor=who, organisation_id=mine)
            flash(_("Thank you. The other side reads it, and answers."))
            return to_dossier(found, "accounts")
        except Invalid as fault:
            form.show_faults(fault.fields)
    elif request.method == "GET":
        form.seen.data = str(found.steps)
    page = head(found, me(), acts_for(found))
    shown = render_template("directory/partnerships/dossiers/tell.html", form=form, action=action, **page)
    return shown, 422 if form.errors else 200


@blueprint.post("/partnerships/proposals/<int:id>/accounts/<int:number>")
@limiter.limit(TABLE["write"])
@member_only
def judge(id: int, number: int) -> Answer:
    """Confirms or comments what the other side told."""
    found = dossier_at(id)
    how, text = request.form.get("how", ""), request.form.get("text", "")
    try:
        actions.judge(found, number, how, text, actor=me(), organisation_id=acts_for(found))
        flash(_("Thank you. It stands beside what they told."))
    except Invalid as fault:
        fault.flash()
    return to_dossier(found, "accounts")


@blueprint.post("/partnerships/proposals/<int:id>/renew")
@limiter.limit(TABLE["write"])
@member_only
def renew(id: int) -> Answer:
    """A new proposal with the same parties and the last terms."""
    found = dossier_at(id)
    made = actions.renew(found, actor=me(), organisation_id=acts_for(found))
    flash(_("A new proposal stands here, with the terms of the last one. Change what is different."))
    return to_dossier(made)


@blueprint.get("/partnerships/proposals/<int:id>/people")
@member_only
def people(id: int) -> str:
    """Who takes part, who answers, a further organisation, a mediator."""
    found = dossier_at(id)
    page = head(found, me(), acts_for(found))
    page |= {"actions": actions_of(found, page["mine"]), "form": NameForm(formdata=None)}
    page["observers"] = queries.observers_of(found.id)
    page["seated"] = [seat for seat in queries.seats_of(found) if seat.member.is_active]
    return render_template("directory/partnerships/dossiers/people.html", **page)


@limiter.limit(TABLE["write"])
@member_only
def change_people(id: int, what: str) -> Answer:
    found, form = dossier_at(id), NameForm()
    name, mine = form.username.data or "", acts_for(found)
    try:
        if what == "hand-over":
            actions.hand_over(found, name, actor=me(), organisation_id=mine)
        elif what == "mediator":
            actions.want_mediator(found, name, actor=me(), organisation_id=mine)
        elif what in ("observer", "show-out"):
            change = actions.want_observer if what == "observer" else actions.show_out
            change(found, name, actor=me(), organisation_id=mine)
        else:
            other = entries.find(rooms().kinds["organisation"], name.strip().rpartition("/")[2], me())
            actions.bring_in(found, other, actor=me(), organisation_id=mine)
        flash(_("Done. All sides are told."))
    except Invalid as fault:
        fault.flash()
    return redirect(page_of("dossiers.people", found.id), 303)


@blueprint.route("/partnerships/proposals/<int:id>/mediate", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def mediate(id: int) -> Answer:
    """For the moderator whom all sides want."""
    found = queries.mediated(id, me())
    words = {"title": _("Mediate"), "heading": _("You are asked to mediate")}
    words["means"] = _(
        "When you take the seat you read everything that stands there. The log tells all sides when you came and when you leave."
    )
    return _seat(id, words, actions.come_to_mediate, partial(actions.stop_mediating, found))


@blueprint.route("/partnerships/proposals/<int:id>/observe", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def observe(id: int) -> Answer:
    """For the member whom all sides want."""
    queries.observed(id, me())
    words = {"title": _("Observe"), "heading": _("You are asked to observe")}
    words["means"] = _(
        "As an observer you read everything that stands there, and you can write in the conversation. You decide nothing and sign"
        " nothing. The log tells all sides when you came and when you leave."
    )
    return _seat(id, words, actions.come_to_observe, partial(actions.stop_observing, id))


def _seat(id: int, words: dict[str, str], come: Callable[..., Proposal], leave: Callable[..., None]) -> Answer:
    """Nothing of the dossier is shown before the seat is taken, and that is logged."""
    form = DossierForm()
    if form.validate_on_submit():
        if request.form.get("how") == "leave":
            leave(actor=me())
            return redirect(url_for("dossiers.proposals"), 303)
        return to_dossier(come(id, actor=me()))
    parties = queries.names_of(one.organisation_id for one in queries.present(queries.parties_of(id)))
    shown = {"names": [entry.title for entry in parties.values()], "form": form, **words}
    return render_template("directory/partnerships/dossiers/seat.html", **shown)


at_each("", ("report", "complete", "account"), tell, ["GET", "POST"])
at_each("people/", ("hand-over", "bring-in", "mediator", "observer", "show-out"), change_people, ["POST"], "what")
