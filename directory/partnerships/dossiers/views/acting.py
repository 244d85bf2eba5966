"""The buttons of a dossier: each sends one form, and leads back to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.members.door import member_only
from commons.members.models import Member
from commons.web import Invalid
from commons.web.limits import TABLE, limiter
from directory.partnerships.dossiers import actions
from directory.partnerships.dossiers.documents.pages import head
from directory.partnerships.dossiers.forms import ClosingForm, DossierForm, MessageForm
from directory.partnerships.dossiers.models import Proposal
from directory.partnerships.dossiers.views.addresses import (
    Answer,
    acts_for,
    at_each,
    blueprint,
    dossier_at,
    me,
    seen,
    to_dossier,
)
from directory.partnerships.dossiers.views.reading import dossier_shown

PRESSED: dict[str, tuple[Callable[..., Any], Any]] = {
    "talk": (actions.talk, _l("Good. Find out together whether it fits.")),
    "archive": (actions.put_away, _l("Put away. Either side can open it again.")),
    "reopen": (actions.reopen, _l("It is open again.")),
    "extend": (actions.extend, _l("There are two weeks more to answer.")),
    "refuse": (actions.refuse, _l("It is not signed. All sides are told.")),
    "pause": (actions.pause, _l("Paused. Either side goes on with it.")),
    "resume": (actions.resume, _l("It goes on.")),
    "keep": (actions.keep_on, _l("The notice is taken back.")),
    "publish": (actions.publish, _l("Noted. It stands in the public register when all sides want it.")),
    "unpublish": (actions.unpublish, _l("Noted. It does not stand in the public register.")),
    "accept": (actions.accept, _l("Accepted for your organisation.")),
    "come-in": (actions.come_in, _l("Your organisation takes part now.")),
    "leave": (actions.leave, _l("Your organisation left.")),
}
NUMBERED = ("accept",)  # with the version that the page showed
UNSEEN = ("come-in", "leave")  # hang on nothing that may have happened meanwhile


@limiter.limit(TABLE["write"])
@member_only
def act(id: int, action: str) -> Answer:
    found, form = dossier_at(id), DossierForm()
    do, said = PRESSED[action]
    given = [request.form.get("number", 0, int)] if action in NUMBERED else []
    more = {} if action in UNSEEN else {"seen": seen(form)}
    try:
        do(found, *given, actor=me(), organisation_id=acts_for(found), **more)
        flash(str(said))
    except Invalid as fault:
        fault.flash()
    return to_dossier(found) if action != "leave" else redirect(url_for("dossiers.proposals"), 303)


@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def close(id: int, action: str) -> Answer:
    """A no, or an end, with a reason that the other side reads."""
    found, form = dossier_at(id), ClosingForm()
    if form.validate_on_submit():
        try:
            _close(found, action, form, me())
            flash(_("Done. The other side is told, with your reason."))
            return to_dossier(found)
        except Invalid as fault:
            form.show_faults(fault.fields)
    elif request.method == "GET":
        form.seen.data = str(found.steps)
    page = head(found, me(), acts_for(found))
    shown = render_template("directory/partnerships/dossiers/close.html", form=form, action=action, **page)
    return shown, 422 if form.errors else 200


def _close(found: Proposal, action: str, form: ClosingForm, who: Member) -> None:
    reason, note, mine = form.reason.data or "", form.note.data or "", acts_for(found)
    if action == "end":
        actions.give_notice(found, reason, note, actor=who, organisation_id=mine, seen=seen(form))
        return
    shut = bool(form.shut.data)
    actions.close(found, action, reason, note, actor=who, organisation_id=mine, shut=shut, seen=seen(form))


@blueprint.post("/partnerships/proposals/<int:id>/say")
@limiter.limit(TABLE["write"])
@member_only
def say(id: int) -> Answer:
    """A message in the conversation; before they decide, a question or its answer."""
    found, form = dossier_at(id), MessageForm()
    words, mine = form.text.data or "", acts_for(found)
    try:
        if form.validate_on_submit():
            asks = request.form.get("how") in ("ask", "answer")
            do = actions.ask_question if asks else actions.say
            do(found, words, actor=me(), organisation_id=mine, **({"seen": seen(form)} if asks else {}))
            flash(_("Sent."))
            return to_dossier(found, "conversation")
    except Invalid as fault:
        form.show_faults(fault.fields)
    return dossier_shown(found, form), 422


at_each("", PRESSED, act, ["POST"])
at_each("", ("decline", "withdraw", "end"), close, ["GET", "POST"])
