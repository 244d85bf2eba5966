"""The pages of #tags: all that are in use, and what carries one."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from commons.entries import tagged
from commons.entries.documents import panels
from commons.entries.views.addresses import blueprint
from commons.entries.views.log import atom
from commons.members.door import viewer
from commons.room import rooms
from commons.text import tag_key
from commons.web import page_number, pager, with_values
from commons.web.limits import TABLE, limiter

PER_PAGE, TAGS_PER_PAGE, FEED = 30, 300, 50


@blueprint.get("/tags")
@limiter.limit(TABLE["search"])
def tags() -> str:
    who, letter = viewer(), request.args.get("letter", "")[:1].lower()
    found, total = tagged.tags_in_use(who, letter, page_number(), TAGS_PER_PAGE)
    known = [
        {"label": one.upper(), "url": with_values(letter=one, page=""), "current": one == letter}
        for one in tagged.letters(who)
    ]
    shown = {"letters": known, "letter": letter, "parts": tagged.by_letter(found), "total": total}
    return render_template("commons/entries/tags.html", **shown, pager=pager(total, TAGS_PER_PAGE))


@blueprint.get("/tags/<tag>")
@limiter.limit(TABLE["search"])
def tag(tag: str) -> str | AnyResponse:
    key = tag_key(tag) or abort(404)
    if key != tag:
        return redirect(url_for("entries.tag", tag=key), 301)
    who, kinds = viewer(), tagged.kinds_with(key, viewer())
    kind = wanted if (wanted := request.args.get("kind", "")) in kinds else ""
    total = kinds[kind] if kind else sum(kinds.values())
    return render_template(
        "commons/entries/tag.html",
        tag=key,
        rows=tagged.carrying(key, who, kind, page_number(), PER_PAGE),
        tabs=_tabs(kinds, kind),
        total=sum(kinds.values()),
        pager=pager(total, PER_PAGE),
        panels=panels("tag", key, who),
    )


def _tabs(kinds: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    """One for everything and one for each kind that carries it; none where there is only one kind."""
    rows = [(_("Everything"), "", sum(kinds.values()))]
    rows += [(str(rooms().kinds[kind].plural), kind, many) for kind, many in kinds.items()]
    return [
        {"label": label, "url": with_values(kind=kind, page=""), "count": many, "current": kind == chosen}
        for label, kind, many in (rows if len(kinds) > 1 else ())
    ]


@blueprint.get("/tags/<tag>.atom")
def tag_atom(tag: str) -> Response:
    """What everybody may see, also for a signed-in reader."""
    key = tag_key(tag) or abort(404)
    return atom(f"#{key}", url_for("entries.tag", tag=key, _external=True), tagged.feed_rows(key, FEED))
