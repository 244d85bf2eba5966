"""The directory's pages: list with facets, page of an organisation, and the forms that change one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from commons.members.door import member_only, moderator_only, viewer
from commons.members.forms import EmptyForm
from commons.members.models import Member
from commons.search.asking import asked_from
from commons.search.queries import find
from commons.search.views import result_feed
from commons.web import Conflict, Invalid, whole_number
from commons.web.limits import TABLE, limiter
from directory import actions, relating
from directory.documents import chosen, duplicates_of, form_page, list_page, profile_page
from directory.forms import SECTIONS, ContestForm, OrganisationForm, RelationForm, filled, label
from directory.models import Organisation
from directory.queries import by_ids, organisation_at
from directory.relations import own_relation, said_of
from directory.suspects import warm
from directory.ties import relations_page

blueprint = Blueprint("directory", __name__)
Page = str | Response | tuple[str, int]
PER_PAGE = 20
HITS = 12
ALL_FIELDS = tuple(name for names in SECTIONS.values() for name in names)
NEW_FIELDS = tuple(name for name in ALL_FIELDS if name not in SECTIONS["status"])
FACETS = ("focus", "country", "sdg", "type", "language")


@blueprint.get("/organisations")
@limiter.limit(TABLE["search"])
def organisations() -> str:
    asked = asked_from(request.args, kind="organisation")
    answer = find(asked, viewer(), PER_PAGE, facets=FACETS)
    return render_template("directory/organisations.html", **list_page(asked, answer, PER_PAGE))


@blueprint.get("/organisations.atom")
@limiter.limit(TABLE["search"])
def organisations_atom() -> Response:
    """The same filters as the list, latest change first; what everybody may read."""
    return result_feed(asked_from(request.args, kind="organisation"), _("Organisations"), "directory.organisations")


@blueprint.get("/organisations/filters")
def filters() -> str:
    asked = asked_from(request.args, kind="organisation")
    answer = find(asked, viewer(), 1, facets=FACETS)
    return render_template("directory/filters.html", **list_page(asked, answer, PER_PAGE))


@blueprint.get("/organisations/<slug>")
def organisation(slug: str) -> str:
    found = organisation_at(slug, viewer())
    return render_template("directory/organisation.html", **profile_page(found, viewer()))


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def new() -> str | Response | tuple[str, int]:
    form, who, similar = OrganisationForm(), viewer() or abort(404), []
    warm()
    if form.validate_on_submit():
        try:
            values = form.values(NEW_FIELDS)
            similar = [] if form.really_new.data else duplicates_of(values, who)
            if not similar:
                made = actions.add_organisation(values, actor=who, note=form.note.data or "")
                flash(_("Published. Thank you. It can be found by search in a moment."))
                return redirect(url_for("directory.organisation", slug=made.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    return _form_page("directory/new.html", form, None, "all", similar=similar)


@blueprint.route("/organisations/<slug>/edit", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def edit(slug: str) -> str | Response | tuple[str, int]:
    found, who = organisation_at(slug, viewer()), viewer() or abort(404)
    section = request.values.get("section", "all")
    form, seen = (filled(found) if request.method == "GET" else OrganisationForm()), found.version
    conflict = None
    if form.validate_on_submit():
        try:
            seen = whole_number(form.version.data)
            values = chosen(form.values(SECTIONS.get(section, ALL_FIELDS)), request.form, found)
            changed = actions.edit_organisation(found, values, version=seen, actor=who, note=form.note.data or "")
            flash(_said(changed, found, seen))
            return redirect(url_for("directory.organisation", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
        except Conflict as fault:
            conflict, form.version.data = fault.collisions, str(fault.version)
    return _form_page("directory/edit.html", form, found, section, conflict=conflict)


def _form_page(
    template: str, form: OrganisationForm, found: Organisation | None, section: str, **more: object
) -> tuple[str, int]:
    status = 409 if more.get("conflict") else 422 if form.errors else 200
    page = form_page(form, found, section, **more)
    return render_template(template, form=form, organisation=found, section=section, sections=SECTIONS, **page), status


def _said(changed: dict[str, list[object]], found: Organisation, seen: int) -> str:
    if not changed:
        return _("Nothing was different, so nothing was changed.")
    if found.version > seen + 1:
        return _("Saved. Somebody else had changed other parts while you were writing; both are kept.")
    return _("Published. Thank you.")


@blueprint.post("/organisations/<slug>/confirm")
@limiter.limit(TABLE["write"])
@member_only
def confirm(slug: str) -> Response:
    found, who = organisation_at(slug, viewer()), viewer() or abort(404)
    actions.confirm_organisation(found, version=found.version, actor=who)
    flash(_("Thank you. The page now says that it was looked at today."))
    return redirect(url_for("directory.organisation", slug=found.slug), 303)


@blueprint.get("/organisations/<slug>/relations")
@limiter.limit(TABLE["search"])
@member_only
def relations(slug: str) -> str:
    """What it says of others, what others say of it, and the search for another one."""
    found, who, words = organisation_at(slug, viewer()), viewer() or abort(404), request.args.get("q", "").strip()[:200]
    hits = find(asked_from(MultiDict({"q": words}), kind="organisation"), who, HITS).entries if words else []
    return render_template(
        "directory/relations.html",
        organisation=found,
        words=words,
        hits=[one for one in hits if one.id != found.id],
        may_edit=actions.may_edit(who, found),
        form=EmptyForm(),
        **relations_page(found, who),
    )


@blueprint.route("/organisations/<slug>/relations/new", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def new_relation(slug: str) -> Page:
    found, who, form = organisation_at(slug, viewer()), viewer() or abort(404), RelationForm()
    other = _other(whole_number(request.values.get("to")), who)
    if request.method == "GET":
        form.name.data = request.args.get("name", "")[:300]
    if form.validate_on_submit():
        try:
            name, note = form.name.data or "", form.note.data or ""
            relating.add_relation(found, form.type.data, other, name, actor=who, note=note)
            flash(_("Published. It stands on the pages of both."))
            return redirect(url_for("directory.relations", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = render_template("directory/new_relation.html", organisation=found, other=other, form=form)
    return page, 422 if form.errors else 200


def _other(id: int, who: Member) -> Organisation | None:
    """The organisation with this number; 0: one that is not here. Raises 404."""
    return next(iter(by_ids([id], who)), None) or abort(404) if id else None


@blueprint.post("/organisations/<slug>/relations/<int:id>/drop")
@limiter.limit(TABLE["write"])
@member_only
def drop_relation(slug: str, id: int) -> Response:
    found, who = organisation_at(slug, viewer()), viewer() or abort(404)
    relating.drop_relation(found, own_relation(found, id), actor=who)
    flash(_("Taken out. The history keeps it."))
    return redirect(url_for("directory.relations", slug=found.slug), 303)


@blueprint.route("/organisations/<slug>/relations/<int:id>/contest", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def contest(slug: str, id: int) -> Page:
    """For those who speak for an organisation of which another one says something."""
    own, who, form = organisation_at(slug, viewer()), viewer() or abort(404), ContestForm()
    relation, other = said_of(own, id, who)
    if form.validate_on_submit():
        try:
            relating.contest_relation(other, relation, form.why.data or "", actor=who)
            flash(_("Contested. Both pages say so, and it counts for nothing until it is settled."))
            return redirect(url_for("directory.relations", slug=own.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    shown = {"organisation": own, "other": other, "type_label": label(relation.type), "form": form}
    return render_template("directory/contest.html", **shown), 422 if form.errors else 200


@blueprint.post("/organisations/<slug>/relations/<int:id>/settle")
@limiter.limit(TABLE["write"])
@member_only
def end_contest(slug: str, id: int) -> Response:
    """Who contested it takes that back."""
    own, who = organisation_at(slug, viewer()), viewer() or abort(404)
    relation, other = said_of(own, id, who)
    with faults_flashed():
        relating.take_back(other, relation, actor=who)
        flash(_("Taken back. It counts again."))
    return redirect(url_for("directory.relations", slug=own.slug), 303)


@blueprint.post("/organisations/<slug>/relations/<int:id>/decide")
@limiter.limit(TABLE["write"])
@moderator_only
def decide_contest(slug: str, id: int) -> Response:
    found, who, stands = organisation_at(slug, viewer()), viewer() or abort(404), request.form.get("stands") == "yes"
    with faults_flashed():
        note = request.form.get("note", "")
        relating.decide_contest(found, own_relation(found, id), stands, actor=who, note=note)
        flash(_("Decided. Both sides are told."))
    return redirect(url_for("directory.relations", slug=found.slug), 303)


@contextmanager
def faults_flashed() -> Iterator[None]:
    """What the action finds wrong with a form of one button is said on the next page."""
    try:
        yield
    except Invalid as fault:
        fault.flash()
