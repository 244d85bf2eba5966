"""The register as a page, and to take away as CSV and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from commons.entries.models import Entry
from commons.entries.queries import heads_by_id
from commons.focus.queries import tree
from commons.members.models import Member
from commons.places.gazetteer import country_name
from commons.room import rooms
from commons.text import csv_cell, excerpt, markdown
from commons.web import reader, whole_number
from directory.partnerships.board.documents.pages import frame
from directory.partnerships.dossiers.documents.records import RESULT_WORDS, STANDING_WORDS, partnerships_of
from directory.partnerships.dossiers.models import STANDINGS, Partnership
from directory.partnerships.dossiers.queries.register import Filters, choices

SHOWN = 5  # on the page of an organisation
COLUMNS = ("id", "url", "title", "organisations", "goal", "focus", "sdgs", "country", "since", "until", "standing")
OUTCOME = ("result", "outcome")


def filters_from(args: Mapping[str, str]) -> Filters:
    """What the address asks for; what it says wrongly is left out."""
    node = tree().by_slug.get(args.get("focus", ""))
    year = args.get("year", "")
    goal = whole_number(args.get("sdg"))
    return Filters(
        areas=tuple(tree().with_children(node.id)) if node else (),
        goal=goal if 1 <= goal <= 17 else 0,
        country=args.get("country", "")[:2].upper(),
        standing=args.get("standing", ""),
        year=year if year.isascii() and year.isdigit() and len(year) == 4 else "",
        organisation_id=min(whole_number(args.get("organisation")), 2**31 - 1),
    )


def register_page(
    rows: Sequence[Partnership], total: int, args: Mapping[str, str], viewer: Member | None
) -> dict[str, Any]:
    chosen, known = filters_from(args), choices()
    asked: dict[str, Any] = {
        name: args[name] for name in ("focus", "sdg", "country", "standing", "year", "organisation") if args.get(name)
    }
    return {
        "frame": frame("register"),
        "rows": partnership_rows(rows, viewer),
        "total": total,
        "narrowed": any(chosen),
        "areas": [(node.slug, node.label, node.slug == args.get("focus")) for node in tree().headings],
        "goals": [(number, number == chosen.goal) for number in range(1, 18)],
        "countries": [(code, country_name(code, reader()), code == chosen.country) for code in known["countries"]],
        "standings": [(name, str(STANDING_WORDS[name]), name == chosen.standing) for name in STANDINGS],
        "years": [(year, year == chosen.year) for year in known["years"]],
        "organisation_id": chosen.organisation_id,
        "csv_url": url_for("dossiers.register_csv", **asked),
        "json_url": url_for("dossiers.register_json", **asked),
    }


def partnership_rows(rows: Sequence[Partnership], viewer: Member | None) -> list[dict[str, Any]]:
    names = _names(rows, viewer)
    return [_row(row, names) | {"excerpt": excerpt(row.text)} for row in rows]


def _names(rows: Sequence[Partnership], viewer: Member | None) -> dict[int, Entry]:
    return {one.id: one for one in heads_by_id(sorted({id for row in rows for id in row.organisations}), viewer)}


def _row(row: Partnership, names: Mapping[int, Entry]) -> dict[str, Any]:
    page = rooms().kinds["organisation"].page
    shown = [names[id] for id in row.organisations if id in names]
    return {
        "title": row.title,
        "language": row.language,
        "url": url_for("dossiers.partnership", slug=row.slug),
        "standing": row.standing,
        "standing_words": str(STANDING_WORDS[row.standing]),
        "begun": row.begun,
        "over": row.over,
        "country": row.country,
        "partners": [{"title": one.title, "language": one.language, "url": page(one)} for one in shown],
    }


def partnership_page(row: Partnership, viewer: Member | None) -> dict[str, Any]:
    nodes = tree().sorted(tuple(row.focus))
    return _row(row, _names([row], viewer)) | {
        "partnership": row,
        "entry": row,
        "frame": frame("register"),
        "html": markdown(row.text),
        "outcome": markdown(row.outcome) if row.outcome else "",
        "result": str(RESULT_WORDS[row.result]) if row.result in RESULT_WORDS else "",
        "areas": [(node.label, url_for("focus.area", slug=node.slug)) for node in nodes],
        "sdgs": row.sdgs,
    }


def dump(rows: Sequence[Partnership], site: str) -> list[dict[str, Any]]:
    """Plain data, as the public may read it."""
    names, nodes = _names(rows, None), tree().nodes
    return [
        {
            "id": row.id,
            "url": site.rstrip("/") + url_for("dossiers.partnership", slug=row.slug),
            "title": row.title,
            "organisations": [{"id": id, "title": names[id].title} for id in row.organisations if id in names],
            "goal": row.text,
            "focus": [nodes[area].slug for area in row.focus if area in nodes],
            "sdgs": row.sdgs,
            "country": row.country,
            "since": row.begun,
            "until": row.over,
            "standing": row.standing,
            "result": row.result,
            "outcome": row.outcome,
        }
        for row in rows
    ]


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Lists in one cell, with semicolons; cells that a spreadsheet would take for a formula are made harmless."""
    made = io.StringIO()
    table = csv.DictWriter(made, (*COLUMNS, *OUTCOME), lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    table.writeheader()
    for row in rows:
        titles = "; ".join(one["title"] for one in row["organisations"])
        flat = row | {"organisations": titles, "focus": "; ".join(row["focus"])}
        flat |= {"sdgs": "; ".join(map(str, row["sdgs"]))}
        table.writerow({name: csv_cell(str(value)) for name, value in flat.items()})
    return made.getvalue()


def partnerships_panel(organisation: Any, viewer: Member | None) -> dict[str, Any] | None:
    """On the page of an organisation: what stands in the register of it."""
    rows = partnerships_of(organisation.id, viewer)
    if not rows:
        return None
    return {
        "rows": partnership_rows(rows[:SHOWN], viewer),
        "all_url": _all(organisation.id) if len(rows) > SHOWN else None,
    }


def _all(organisation_id: int) -> str:
    return url_for("dossiers.register", organisation=organisation_id)
