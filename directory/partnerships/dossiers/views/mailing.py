"""The page behind the link of a mail: what one may do now, without signing in. Opening it changes nothing."""

from __future__ import annotations

from flask import render_template, request

from commons.web import Invalid
from commons.web.limits import TABLE, limiter
from directory.partnerships.dossiers import actions, queries
from directory.partnerships.dossiers.documents.mailing import mail_page
from directory.partnerships.dossiers.forms import MailForm
from directory.partnerships.dossiers.views.addresses import Answer, blueprint


@blueprint.route("/partnerships/answers/proposal/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
def by_mail(key: str) -> Answer:
    waits, form, done = queries.answer_of_key(key), MailForm(), False
    wanted = request.values.get("do", "")
    if waits is not None and form.validate_on_submit():
        try:
            actions.answer_by_key(key, wanted, actions.Given(**form.values()))
            done = True
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = {"done": done, "found": waits[0] if waits else None}
    if waits is not None and not done:
        page |= mail_page(*waits, wanted, form)
    status = 410 if waits is None else 422 if form.errors else 200
    return render_template("directory/partnerships/dossiers/by_mail.html", form=form, **page), status
