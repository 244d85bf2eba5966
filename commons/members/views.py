"""Joining, signing in and out, and the links sent by mail. A link's GET shows a button; only its POST does something."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members import actions, passwords, queries
from commons.members.door import close_session, member_only, open_session, this_sign_in, viewer
from commons.members.forms import (
    EmptyForm,
    ForgotForm,
    JoinForm,
    PasswordForm,
    ResetForm,
    SettingsForm,
    SignInForm,
    TokenForm,
)
from commons.web import Forbidden, Invalid, back
from commons.web.limits import TABLE, limiter

blueprint = Blueprint("members", __name__)
YEAR = 365 * 24 * 3600


@blueprint.route("/join", methods=["GET", "POST"])
@limiter.limit(TABLE["join"], methods=["POST"])
def join() -> str | Response | tuple[str, int]:
    form = JoinForm(language=str(get_locale() or "en"))
    key = str(session.get("invitation", ""))  # the page of an invitation puts it there
    closed = current_app.config["REGISTRATION"] == "invited" and actions.invited(key) is None
    if closed or request.method == "GET" or not form.validate_on_submit():
        return render_template("commons/members/join.html", form=form, closed=closed), 422 if form.errors else 200
    try:
        if not form.website.data:
            actions.join(*form.account(), language=form.language.data, invitation=key)
            session.pop("invitation", None)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return render_template("commons/members/join.html", form=form, closed=False), 422
    return redirect(url_for("members.sent"), 303)


@blueprint.get("/join/sent")
def sent() -> str:
    return render_template("commons/members/sent.html")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(TABLE["sign in"], methods=["POST"])
def sign_in() -> str | Response | tuple[str, int]:
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("commons/members/sign_in.html", form=form), 422 if form.errors else 200
    member = queries.by_name_or_email((form.who.data or "")[:254])
    right = passwords.matches(member.password if member else None, (form.password.data or "")[:1000])
    if member is None or not right or not member.is_active:
        waits = member is not None and right and member.state == "waiting"
        form.show_faults(
            {
                "who": _("A moderator will let you in soon.")
                if waits
                else _("User name, e-mail or password is not right.")
            }
        )
        return render_template("commons/members/sign_in.html", form=form), 422
    open_session(member)
    return with_choices(redirect(back("pages.home"), 303), member.language, member.theme)


def with_choices(response: Response, language: str, theme: str) -> Response:
    """The browser remembers language and colours, so that the first paint is right."""
    for name, value in (("language", language), ("theme", theme)):
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    return response


@blueprint.post("/sign-out")
def sign_out() -> Response:
    close_session()
    flash(_("You are signed out."))
    return redirect(url_for("pages.home"), 303)


@blueprint.route("/verify/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
def verify(key: str) -> str | Response | tuple[str, int]:
    ticket = queries.ticket(key, "verify")
    if ticket is None:
        return render_template("commons/members/verify.html", form=None), 410
    if not EmptyForm().validate_on_submit():
        return render_template("commons/members/verify.html", form=EmptyForm())
    member = actions.verify(ticket)
    if member.is_active:
        open_session(member)  # it begins a new session, so that the sentence has to come after it
    flash(_("Your address is proved. Welcome!"))
    return redirect(url_for("pages.home"), 303)


@blueprint.route("/forgot", methods=["GET", "POST"])
@limiter.limit(TABLE["forgot"], methods=["POST"])
def forgot() -> str | Response:
    form = ForgotForm()
    if not form.validate_on_submit():
        return render_template("commons/members/forgot.html", form=form)
    actions.forgot((form.who.data or "")[:254])
    return redirect(url_for("members.sent"), 303)


@blueprint.route("/reset/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
def reset(key: str) -> str | Response | tuple[str, int]:
    ticket, form = queries.ticket(key, "reset"), ResetForm()
    if ticket is None:
        return render_template("commons/members/reset.html", form=None), 410
    if form.validate_on_submit():
        try:
            open_session(actions.reset(ticket, form.password.data or ""))
            flash(_("Your new password works. You are signed out everywhere else."))
            return redirect(url_for("pages.home"), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    return render_template("commons/members/reset.html", form=form), 422 if form.errors else 200


@blueprint.route("/settings", methods=["GET", "POST"])
@member_only
def settings() -> str | Response | tuple[str, int]:
    who = viewer() or abort(404)
    form = SettingsForm(obj=who)
    if form.validate_on_submit():
        try:
            actions.change_settings(who, name=form.name.data or "", language=form.language.data, theme=form.theme.data)
            flash(_("Saved."))
            return with_choices(redirect(url_for("members.settings"), 303), who.language, who.theme)
        except Invalid as fault:
            form.show_faults(fault.fields)
    return render_template("commons/members/settings.html", form=form), 422 if form.errors else 200


@blueprint.route("/settings/password", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"], methods=["POST"])
@member_only
def password() -> str | Response | tuple[str, int]:
    who, form = viewer() or abort(404), PasswordForm()
    if form.validate_on_submit():
        try:
            actions.change_password(who, form.old.data or "", form.password.data or "", this=this_sign_in())
            flash(_("Your new password works. You are signed out everywhere else."))
            return redirect(url_for("members.settings"), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    return render_template("commons/members/password.html", form=form), 422 if form.errors else 200


@blueprint.route("/settings/sessions", methods=["GET", "POST"])
@member_only
def sessions() -> str | Response:
    who, form = viewer() or abort(404), EmptyForm()
    if form.validate_on_submit():
        number = request.form.get("end", 0, int)
        actions.end_sign_in(who, number) if number else actions.end_other_sign_ins(who, this_sign_in())
        flash(_("Signed out there."))
        return redirect(url_for("members.sessions"), 303)
    rows = [{"row": row, "current": row.id == this_sign_in()} for row in queries.sign_ins(who)]
    return render_template("commons/members/sessions.html", form=form, sessions=rows)


@blueprint.route("/settings/tokens", methods=["GET", "POST"])
@member_only
def tokens() -> str | Response | tuple[str, int]:
    who, form, made = viewer() or abort(404), TokenForm(), None
    if number := request.form.get("revoke", 0, int):
        actions.revoke_token(who, number)
        return redirect(url_for("members.tokens"), 303)
    if form.validate_on_submit():
        try:
            made = actions.make_token(who, form.label.data or "", form.scopes.data or [])
        except Invalid as fault:
            form.show_faults(fault.fields)
    return render_template(
        "commons/members/tokens.html", form=form, made=made, tokens=queries.tokens(who)
    ), 422 if form.errors else 200


@blueprint.post("/verify/again")
@limiter.limit(TABLE["forgot"])
@member_only
def verify_again() -> Response:
    who = viewer()
    if who is None:
        raise Forbidden
    actions.verify_again(who)
    return redirect(url_for("members.sent"), 303)
