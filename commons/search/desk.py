"""Moderators' pages about searches: what was looked for in vain, what became of it, and searches that they judge."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from commons.config import LANGUAGES
from commons.entries.queries import recent
from commons.members.door import moderator_only, viewer
from commons.members.models import Member
from commons.search import documents, judging, ruling
from commons.search.failed import ASKERS, DAYS, KEPT, by_day, page_of, unruled
from commons.search.forms import RulingForm
from commons.search.grammar import LONGEST, parse
from commons.web import Invalid, page_number, pager, reader
from commons.web.limits import TABLE, limiter

blueprint = Blueprint("search_desk", __name__)
PER_PAGE = 20
DECIDED = 10  # rulings below the list of words
MOST = 60  # grades of one form
GRADES = [
    (0, _l("Has nothing to do with it")),
    (1, _l("Touches it")),
    (2, _l("Fits")),
    (3, _l("Is just what was looked for")),
]
Page = str | Response | tuple[str, int]


def me() -> Member:
    return viewer() or abort(404)


@blueprint.get("/moderation/searches")
@moderator_only
def failed_searches() -> str:
    found, total = page_of(unruled(), page_number(), PER_PAGE)
    decided, _many = recent(ruling.rulings(), 1, DECIDED)
    return render_template(
        "commons/search/failed_searches.html",
        terms=documents.term_rows(found),
        total=total,
        pager=pager(total, PER_PAGE),
        decided=documents.ruling_rows(decided),
        rule={"askers": ASKERS, "days": DAYS, "kept": KEPT.days},
    )


@blueprint.get("/moderation/searches/decided")
@moderator_only
def decided_searches() -> str:
    found, total = recent(ruling.rulings(), page_number(), PER_PAGE)
    shown = {"decided": documents.ruling_rows(found), "pager": pager(total, PER_PAGE)}
    return render_template("commons/search/decided_searches.html", **shown)


@blueprint.route("/moderation/searches/term", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@moderator_only
def failed_search() -> Page:
    words, language = request.args.get("words", ""), request.args.get("language", "")
    counts = ruling.term_counts(words, language)
    if counts is None or ruling.standing(words, language):
        abort(404)
    form = RulingForm(data={"title": words, "area": 0} if request.method == "GET" else None)
    if form.validate_on_submit():
        try:
            flash(_decide(form, words, language))
            return redirect(url_for("search_desk.failed_searches"), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    shown = {"words": words, "language": language, "counts": counts, "days": by_day(words, language)}
    page = render_template("commons/search/failed_search.html", form=form, **shown, **_now(words))
    return page, 422 if form.errors else 200


def _now(words: str) -> dict[str, Any]:
    answer = documents.now_found(words)
    return {"now": documents.found_words(answer), "hits": documents.judge_rows(answer, {})}


def _decide(form: RulingForm, words: str, language: str) -> str:
    title, reason = form.title.data or "", form.reason.data or ""
    if form.act.data == "wanted":
        ruling.want_page(words, language, title, actor=me(), reason=reason)
        return _("Done. The wiki shows it among the wanted pages.")
    if form.act.data == "synonym":
        ruling.name_area(words, language, form.area.data or 0, title, actor=me(), reason=reason)
        return _("Done. The search knows the new name in a moment.")
    ruling.dismiss(words, language, actor=me(), reason=reason)
    return _("Done. These words are not shown any more.")


@blueprint.post("/moderation/searches/rulings/<int:number>/end")
@limiter.limit(TABLE["write"])
@moderator_only
def end_ruling(number: int) -> Response:
    found = ruling.by_id(number) or abort(404)
    if ruling.take_back(found, actor=me()):
        flash(_("Taken back. The words are open again, as long as enough people look for them."))
    return redirect(url_for("search_desk.failed_searches"), 303)


@blueprint.get("/moderation/searches/judged")
@moderator_only
def judged_searches() -> str:
    found, total = page_of(judging.judged_queries(), page_number(), PER_PAGE)
    measured = judging.evaluations()
    return render_template(
        "commons/search/judged_searches.html",
        judged=documents.judged_rows(found),
        pager=pager(total, PER_PAGE),
        figures=documents.figure_rows(measured),
        latest=measured[0] if measured else None,
        before=measured[1] if len(measured) > 1 else None,
    )


@blueprint.route("/moderation/searches/judge", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@moderator_only
def judge() -> Page:
    query = request.args.get("q", "").strip()
    language = asked if (asked := request.args.get("language", "")) in LANGUAGES else reader()
    if parse(query).empty or len(query) > LONGEST:
        return redirect(url_for("search_desk.judged_searches"), 303)
    if request.method == "POST":
        judging.judge(query, language, _typed_grades(), actor=me())
        flash(_("Kept. The next measurement counts it."))
        return redirect(url_for("search_desk.judged_searches"), 303)
    rows = documents.judge_rows(documents.now_found(query), judging.grades_of(query, language))
    return render_template("commons/search/judge.html", words=query, language=language, rows=rows, grades=GRADES)


def _typed_grades() -> dict[int, int | None]:
    """`grade-12=3`; what is not 0 to 3 is no judgement."""
    names = [name for name in request.form if name.startswith("grade-") and name[6:].isdecimal() and len(name) < 16]
    typed = {int(name[6:]): request.form[name] for name in names[:MOST]}
    return {entry: int(grade) if grade in {"0", "1", "2", "3"} else None for entry, grade in typed.items()}
