"""Editing a page, beginning one, and choosing between two people's words. What was typed comes back whatever happens:
after a fault, without a session, with an old form."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries.drafts import drop_draft, kept_draft
from commons.entries.within import place_in
from commons.members.door import member_only, viewer
from commons.members.models import Member
from commons.web import Conflict, Invalid, Waiting, whole_number
from commons.web.limits import TABLE, limiter
from wiki import actions, opening, resolving
from wiki.documents import writing
from wiki.forms import WHOLE, PageForm
from wiki.models import Page
from wiki.views.door import blueprint, page_at

Answer = str | Response | tuple[str, int]


def _sign_in_first() -> Response:
    return redirect(url_for("members.sign_in", next=request.full_path.rstrip("?")), 303)


@blueprint.get("/wiki/<slug>/edit")
def edit(slug: str) -> Answer:
    found, who = page_at(slug), viewer()
    if who is None:
        return _sign_in_first()
    section = opening.section_asked(found, request.args.get("section"))
    draft = kept_draft(writing.draft_key(found, section), who)
    form = opening.opened(found, section, draft, request.args, who)
    return render_template("wiki/edit.html", **writing.edit_page(form, found, who, section))


@blueprint.post("/wiki/<slug>/edit")
@limiter.limit(TABLE["write"])
def save(slug: str) -> Answer:
    found, who, form = page_at(slug), viewer(), PageForm()
    section = opening.section_asked(found, form.section.data)
    if who is None or not form.validate_on_submit():
        return _again(form, found, section, 401 if who is None else 200 if form.asks else 422)
    try:
        given = opening.given(form, found, section, who)
        if request.form.get("action") == "preview":
            return _again(form, found, section, 200, preview=writing.preview_of(form.text.data, found, who))
        return _saved(form, found, section, given, who)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _again(form, found, section, 422)


def _saved(form: PageForm, page: Page, section: int | None, given: dict[str, object], who: Member) -> Response | Answer:
    seen = whole_number(form.version.data)
    try:
        changed = actions.edit_page(
            page, given, version=seen, actor=who, note=form.note.data or "", minor=bool(form.minor.data)
        )
    except Conflict as fault:
        return _both(form, page, resolving.Two(page, given, seen, fault.version))
    except Waiting:
        drop_draft(writing.draft_key(page, section), actor=who)
        raise
    drop_draft(writing.draft_key(page, section), actor=who)
    flash(_said(bool(changed), page, seen))
    return redirect(url_for("wiki.page", slug=page.slug), 303)


def _said(changed: bool, page: Page, seen: int) -> str:
    if not changed:
        return _("Nothing was different, so nothing was changed.")
    if page.version > seen + 1:
        return _("Published. Somebody else had changed other parts while you were writing; both are kept.")
    return _("Published. Thank you.")


def _again(form: PageForm, page: Page, section: int | None, status: int, **more: object) -> tuple[str, int]:
    shown = writing.edit_page(form, page, viewer(), section, draft=None, **more)
    return render_template("wiki/edit.html", **shown), status


def _both(form: PageForm, page: Page, two: resolving.Two, **more: object) -> tuple[str, int]:
    return render_template("wiki/conflict.html", **writing.conflict_page(form, page, two, request.form), **more), 409


@blueprint.post("/wiki/<slug>/resolve")
@limiter.limit(TABLE["write"])
def resolve(slug: str) -> Answer:
    """The answer to two people's words: mine, theirs or both for each place, or a text written by hand."""
    found, who, form = page_at(slug), viewer(), PageForm()
    seen = resolving.readable_version(found, whole_number(form.version.data), who)
    two = resolving.Two(found, form.values(WHOLE), whole_number(request.form.get("base")), seen)
    chosen, is_stale = two.chosen(request.form), seen != whole_number(form.version.data)
    if who is None or is_stale or not form.validate_on_submit() or request.form.get("action") == "preview":
        return _both(form, found, two, preview=writing.preview_of(chosen["text"], found, who), signed_out=who is None)
    try:
        return _saved(form, found, opening.section_asked(found, form.section.data), chosen, who)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _both(form, found, two)


@blueprint.get("/wiki/new")
@member_only
def new() -> Answer:
    who = viewer()
    form = opening.begun(request.args, kept_draft(opening.new_key(request.args), who), who)
    return render_template("wiki/new.html", **writing.new_page(form, who, opening.new_key(request.args)))


@blueprint.post("/wiki/new")
@limiter.limit(TABLE["write"])
def add() -> Answer:
    who, form = viewer(), PageForm()
    if who is None or not form.validate_on_submit():
        return _new_again(form, 401 if who is None else 200 if form.asks else 422)
    if request.form.get("action") == "preview":
        return _new_again(form, 200, preview=writing.preview_of(form.text.data, None, who))
    try:
        place = place_in(whole_number(form.within.data), "page", who)
        made = opening.made_before(form, who) or actions.add_page(
            opening.given_new(form), actor=who, note=form.note.data or "", place=place
        )
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _new_again(form, 422)
    drop_draft(opening.new_key(request.args), actor=who)
    flash(_said_new(made))
    return redirect(url_for("wiki.page", slug=made.slug), 303)


def _said_new(page: Page) -> str:
    if page.state == "pending":
        return _("Thank you. It is kept, and it is shown to others as soon as somebody has looked at it.")
    return _("Published. Thank you. It can be found by search in a moment.")


def _new_again(form: PageForm, status: int, **more: object) -> tuple[str, int]:
    shown = writing.new_page(form, viewer(), opening.new_key(request.args), draft=None, **more)
    return render_template("wiki/new.html", **shown), status
