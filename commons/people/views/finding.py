"""Finding people by skill, area, language, place and words."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from commons.entries import queries as entries
from commons.focus.queries import area_from, tree
from commons.members.door import viewer
from commons.people.documents.profiles import person_row
from commons.people.queries import reach
from commons.people.queries.finding import Sought, choices, members_of, people
from commons.people.views.addresses import blueprint
from commons.places.gazetteer import countries, country_name
from commons.web import language_name, page_number, pager, reader
from commons.web.limits import TABLE, limiter

PER_PAGE = 30
SHOWN = 12  # choices of one filter


@blueprint.get("/members", endpoint="people")
@limiter.limit(TABLE["search"])
def people_list() -> str:
    who, sought = viewer(), _sought()
    found, total = entries.recent(people(sought, who), page_number(), PER_PAGE)
    members = members_of(found)
    rows = [person_row(one, members[one.member_id], reach(who, members[one.member_id])) for one in found]
    return render_template(
        "commons/people/people.html",
        people=rows,
        total=total,
        pager=pager(total, PER_PAGE),
        sought=sought,
        filters=_filters(sought, choices(sought, who)),
        applied=_applied(sought),
        countries=countries(reader()),
    )


def _sought() -> Sought:
    given = {name: request.args.get(name, "").strip()[:100] for name in ("skill", "area", "language", "country")}
    return Sought(
        words=request.args.get("q", "").strip()[:200], place=request.args.get("place", "").strip()[:100], **given
    )


def _label(field: str, key: str, words: str) -> str:
    if field == "areas":
        node = tree().nodes.get(int(key))
        return node.label if node else ""
    if field == "languages":
        return language_name(key)
    return country_name(key, reader()) if field == "country" else words


def _filters(sought: Sought, found: dict[str, list[tuple[str, str, int]]]) -> list[dict[str, Any]]:
    """Per filter its most shared values, each with the address that adds it."""
    names = {"skills": "skill", "help_with": "skill", "languages": "language", "country": "country", "areas": "area"}
    rows = []
    for field, values in found.items():
        name = names[field]
        links = []
        for key, words, many in values[:SHOWN]:
            value = tree().nodes[int(key)].slug if field == "areas" and int(key) in tree().nodes else key
            if label := _label(field, key, words):
                links.append({"label": label, "url": _address(sought, **{name: value}), "count": many})
        rows.append({"field": field, "links": links if not getattr(sought, name) else []})
    return [row for row in rows if row["links"]]


def _address(sought: Sought, **values: str) -> str:
    now = {"q": sought.words, "place": sought.place}
    now |= {name: getattr(sought, name) for name in ("skill", "area", "language", "country")}
    kept: dict[str, Any] = {name: value for name, value in {**now, **values}.items() if value}
    return url_for("people.people", **kept)


def _applied(sought: Sought) -> list[dict[str, str]]:
    """What was asked, each with the address without it."""
    node = area_from(sought.area) if sought.area else None
    labels = {
        "q": sought.words,
        "skill": sought.skill,
        "area": node.label if node else sought.area,
        "language": language_name(sought.language) if sought.language else "",
        "country": country_name(sought.country, reader()) if sought.country else "",
        "place": sought.place,
    }
    return [{"label": label, "url": _address(sought, **{name: ""})} for name, label in labels.items() if label]
