"""Areas of focus and goals: hub pages that fill themselves through the panels that rooms hand up."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.entries.documents import feed_entries, panels
from commons.entries.views import atom
from commons.focus import actions
from commons.focus.documents import area_tree, link
from commons.focus.forms import AreaForm, filled
from commons.focus.models import Area
from commons.focus.queries import Node, area_counts, entries_under, goal_words, tree
from commons.focus.subjects import area_subject, goal_subject
from commons.members.door import member_only, viewer
from commons.room import rooms
from commons.web import Conflict, Invalid, reader, whole_number
from commons.web.limits import TABLE, limiter

blueprint = Blueprint("focus", __name__)


def _area(slug: str) -> Area:
    return entries.find(rooms().kinds["focus"], slug, viewer())  # type: ignore[no-any-return]


@blueprint.get("/focus")
def focus_index() -> str:
    counts = area_counts(viewer())
    headings = [
        {**link(node, counts), "children": [link(child, counts) for child in tree().children_of(node.id)]}
        for node in tree().headings
    ]
    return render_template("commons/focus/focus_index.html", headings=headings, may_edit=viewer() is not None)


@blueprint.get("/focus/<slug>")
def area(slug: str) -> str:
    found = _area(slug)
    node = tree().nodes.get(found.id) or abort(404)
    counts = area_counts(viewer())
    edits, _people, _last = entries.editors(found)
    return render_template(
        "commons/focus/area.html",
        entry=found,
        area={"label": node.label, "slug": node.slug, "definition": node.definition_in(reader())},
        parents=[(one.label, url_for("focus.area", slug=one.slug)) for one in tree().sorted(node.parents)],
        children=[
            (row["label"], row["url"], row["count"])
            for row in (link(one, counts) for one in tree().children_of(node.id))
        ],
        goals=[goal_words(number) for number in node.sdgs],
        panels=panels("subject", area_subject(node), viewer()),
        editors={"edits": edits, "last_at": found.updated if edits else None},
        may_edit=actions.may_edit(viewer(), found),
    )


@blueprint.get("/focus/<slug>.atom")
def area_atom(slug: str) -> Response:
    """What changed lately under this area; what everybody may see."""
    found = _area(slug)
    node = tree().nodes.get(found.id) or abort(404)
    lines, _total = entries.recent(entries.changes(None, under=entries_under(node.id)), 1, 50)
    return atom(node.label, url_for("focus.area", slug=slug, _external=True), feed_entries(lines))


@blueprint.get("/sdg/<int:number>")
def goal(number: int) -> str:
    words, counts = goal_words(number) or abort(404), area_counts(viewer())
    areas = [
        link(node, counts) for node in tree().sorted([node.id for node in tree().nodes.values() if number in node.sdgs])
    ]
    rows = [(row["label"], row["url"], row["count"]) for row in areas]
    return render_template(
        "commons/focus/goal.html", goal=words, areas=rows, panels=panels("subject", goal_subject(number), viewer())
    )


@blueprint.route("/focus/<slug>/edit", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def edit(slug: str) -> str | Response | tuple[str, int]:
    found, who = _area(slug), viewer() or abort(404)
    form = filled(found) if request.method == "GET" else AreaForm()
    if form.validate_on_submit():
        try:
            actions.edit_area(
                found, form.values(), version=whole_number(form.version.data), actor=who, note=form.note.data or ""
            )
            flash(_("Saved. Thank you."))
            return redirect(url_for("focus.area", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
        except Conflict as fault:
            form.show_collisions(fault)
    return _form_page(form, tree().nodes.get(found.id))


@blueprint.route("/focus/new", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def new() -> str | Response | tuple[str, int]:
    form, who = AreaForm(), viewer() or abort(404)
    if form.validate_on_submit():
        try:
            made = actions.add_area(form.values(), actor=who, note=form.note.data or "")
            flash(_("Added. Thank you."))
            return redirect(url_for("focus.area", slug=made.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    return _form_page(form, None)


def _form_page(form: AreaForm, area: Node | None) -> tuple[str, int]:
    page = render_template("commons/focus/edit.html", form=form, area=area, areas_tree=area_tree())
    return page, 422 if form.errors else 200
