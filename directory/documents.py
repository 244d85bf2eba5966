"""How organisations leave: search documents, public records, and what their pages show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from commons.db import db
from commons.entries import links
from commons.entries import queries as entries
from commons.entries.documents import actor_name, panels, readable
from commons.focus.documents import area_tree
from commons.focus.queries import Node, tree
from commons.members.models import Member
from commons.places.gazetteer import country_name, names_of_country
from commons.room import SearchDocument
from commons.search import pages as searching
from commons.search.asking import Asked
from commons.search.maps import local_map
from commons.search.queries import Answer
from commons.search.related import related
from commons.text import plain
from commons.web import reader
from directory import queries
from directory.fields import FIELDS, PRIVATE
from directory.forms import OrganisationForm, label
from directory.models import Organisation
from directory.suspects import suspects
from directory.ties import relation_rows

CONTACT = re.compile(
    r"@|mail|phone|\btel|fax|mobile|contact", re.IGNORECASE
)  # an unknown field that may hold a person's contact
QUALITY = {
    "active": 1.0,
    "unconfirmed": 0.9,
    "in discussion": 0.8,
    "closed": 0.6,
    "out of scope": 0.5,
    "duplicate": 0.3,
    "spam": 0.1,
}


UNANSWERED = 0.9  # how much weight is left to a record for which nobody answers


def search_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    query = select(Organisation).where(Organisation.id.in_(ids), Organisation.state == "live")
    silent = queries.silent_since(ids)
    for organisation in db.session.scalars(query):
        if organisation.status not in ("removed", "spam"):
            found = search_document(organisation)
            unanswered = organisation.id in silent and organisation.confirmed <= silent[organisation.id]
            yield replace(found, confirmed=0, boost=found.boost * UNANSWERED) if unanswered else found


def search_document(organisation: Organisation) -> SearchDocument:
    areas = tree().with_parents(organisation.focus)
    return SearchDocument(
        id=organisation.id,
        kind="organisation",
        audience=organisation.audience,
        language=organisation.language,
        title=organisation.title,
        names=organisation.aliases,
        place=" ".join((organisation.city, organisation.region, *names_of_country(organisation.country))),
        text=plain(organisation.description),
        areas=areas,
        sdgs=organisation.sdgs,
        country=organisation.country,
        type=organisation.type,
        languages=organisation.languages,
        lat=organisation.lat,
        lon=organisation.lon,
        updated=int(organisation.updated.timestamp()),
        confirmed=_seconds(organisation.confirmed),
        boost=QUALITY.get(organisation.status, 1.0),
    )


def _seconds(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) if day else 0


def record(organisation: Organisation) -> dict[str, Any]:
    """The public record: API and open data. Contacts that are not shown are not in it."""
    nodes = tree().nodes
    hidden = PRIVATE | {"title", "focus", "relations", "licence", "language"}
    fields = {field.name: organisation.value(field.name) for field in FIELDS if field.name not in hidden}
    return {
        "name": organisation.title,
        "aliases": organisation.aliases,
        "represented": organisation.id in queries.represented(),
        **fields,
        "extra": {name: value for name, value in organisation.extra.items() if not CONTACT.search(f"{name} {value}")},
        "focus": [nodes[area].slug for area in organisation.focus if area in nodes],
        "relations": [
            {"type": link.type, "id": link.other_id, "external_id": link.external_id or None, "name": link.name}
            for link in organisation.relation_links
        ],
        "contested": [
            {"type": link.type, "id": link.other_id, "since": link.contest.at.isoformat(), "why": link.contest.why}
            for link in organisation.relation_links
            if link.contest is not None
        ],
    }


def areas_of(organisation: Organisation) -> list[Node]:
    return tree().sorted(organisation.focus)


def list_page(asked: Asked, answer: Answer, per_page: int) -> dict[str, Any]:
    """What the list and the filter page show."""
    page = searching.result_page(asked, answer, per_page, "directory.organisations")
    for row in page["found"].items:
        row["organisation"] = row["entry"]
    page["stale"] = answer.stale
    if answer.found is not None:
        page["facets"][2:2] = [freshness_facet(asked, answer), *searching.narrowing_facets(asked, answer)]
    return page


def freshness_facet(asked: Asked, answer: Answer) -> dict[str, Any]:
    row = {
        "value": "12",
        "label": _("Confirmed in the last 12 months"),
        "count": answer.total - answer.stale,
        "chosen": bool(asked.since),
        "url": "",
        "children": [],
    }
    return {"name": "confirmed", "label": _("Freshness"), "open": True, "choices": [row], "all_url": None}


def profile_page(organisation: Organisation, viewer: Member | None) -> dict[str, Any]:
    edits, people, last_at = entries.editors(organisation)
    drawn, near = local_map(organisation, viewer)
    may_edit = bool(viewer and viewer.may_write and (organisation.status != "removed" or viewer.is_moderator))
    return {
        "organisation": organisation,
        "entry": organisation,
        "areas": [(node.label, url_for("focus.area", slug=node.slug), None) for node in areas_of(organisation)],
        "type_label": label(organisation.type) if organisation.type else "",
        "relations": relation_rows(organisation, viewer),
        "map": drawn,
        "nearby": (near, url_for("directory.organisations", near=organisation.city, km=50))
        if near and organisation.city
        else None,
        "similar": related(organisation, viewer),
        "named": lambda _names: links.shown(links.of(organisation, viewer), viewer),
        "scope_label": label(organisation.scope) if organisation.scope else "",
        "sources": source_rows(organisation),
        "editors": {"edits": edits, "people": people, "last_at": last_at},
        "next_step": next_step(organisation) if may_edit or viewer is None else None,
        "banners": panels("organisation banner", organisation, viewer),
        "panels": panels("organisation", organisation, viewer),
        "may_edit": may_edit,
        "is_candidate": organisation.is_candidate,
        "successor": next(
            iter(entries.heads_by_id([one for one in (organisation.successor_id,) if one], viewer)), None
        ),
        "tabs": tabs(organisation, "about"),
    }


def row_of(organisation: Organisation) -> dict[str, Any]:
    """A row of a list that no search made."""
    return {
        "organisation": organisation,
        "url": url_for("directory.organisation", slug=organisation.slug),
        "areas": [(node.label, url_for("focus.area", slug=node.slug)) for node in areas_of(organisation)],
        "snippet": None,
        "reasons": [],
        "distance_km": None,
    }


def duplicates_of(values: dict[str, Any], viewer: Member | None) -> list[dict[str, Any]]:
    """Records that may be the same, with what speaks for it."""
    return [
        {
            "title": row.title,
            "url": url_for("directory.organisation", slug=row.slug),
            "place": ", ".join(filter(None, (row.city, row.country))),
            "reasons": [reason_words(reason) for reason in suspect.reasons],
        }
        for row, suspect in suspects(values, viewer)
    ]


def reason_words(reason: str) -> str:
    code, _colon, value = reason.partition(":")
    words = {
        "same_name": _("the same name"),
        "similar_name": _("a similar name"),
        "acronym": _("the same short name"),
        "alias": _("also called so"),
        "same_domain": _("the same website"),
        "same_place": _("the same place"),
        "same_register_id": _("the same register number"),
        "similar_text": _("a similar description"),
    }
    said = value.strip() if code != "similar_text" else ""  # a bare number there
    return words.get(code, code) + (_(": ") + said if said else "")


def place_line(organisation: Organisation) -> str:
    country = country_name(organisation.country, reader()) if organisation.country else ""
    return ", ".join(filter(None, (organisation.city, country)))


def tabs(organisation: Organisation, current: str) -> list[dict[str, Any]]:
    shown = (
        ("about", _("About"), url_for("directory.organisation", slug=organisation.slug)),
        ("edit", _("Edit"), url_for("directory.edit", slug=organisation.slug)),
        ("history", _("History"), url_for("entries.history", collection="organisations", slug=organisation.slug)),
    )
    return [{"label": name, "url": url, "current": key == current, "count": None} for key, name, url in shown]


def source_rows(organisation: Organisation) -> list[dict[str, Any]]:
    """Every field with where it came from; a field that people wrote is in the history."""
    runs = queries.imports_of(organisation)
    labels = {field.name: field.label for field in FIELDS}
    return [
        {"field": labels[name], "source": runs[run].source, "licence": runs[run].licence, "at": runs[run].started}
        for name, run in organisation.provenance.items()
        if run in runs and name in labels and name not in PRIVATE
    ]


def next_step(organisation: Organisation) -> dict[str, Any] | None:
    """The one thing that would help this record most."""
    missing = (
        ("focus", not organisation.focus, _("Say what it works on, so that people find it by subject (1 minute).")),
        ("contact", not organisation.city, _("Add the town, so that it stands on the map (1 minute).")),
        ("basics", not organisation.description, _("Write two sentences about what it does (2 minutes).")),
        ("contact", not organisation.website, _("Add a website, so that partners can read more (1 minute).")),
        ("focus", not organisation.languages, _("Add the languages it works in (1 minute).")),
    )
    for section, is_missing, sentence in missing:
        if is_missing:
            return {"sentence": sentence, "url": url_for("directory.edit", slug=organisation.slug, section=section)}
    return None


def form_page(form: OrganisationForm, organisation: Organisation | None, section: str, **more: Any) -> dict[str, Any]:
    """What the edit form shows beside its fields: the tree of areas, possible duplicates, and both sides of a collision."""
    rows = []
    for one in more.pop("conflict", None) or ():
        field = next(field for field in FIELDS if field.name == one.field)
        shown = {side: readable(one.field, getattr(one, side)) for side in ("base", "mine", "theirs")}
        mine = form[one.field].data if isinstance(form[one.field].data, str) else shown["mine"]
        rows.append({"name": one.field, "label": field.label, "who": last_editor(organisation), **shown, "mine": mine})
    return {
        "areas_tree": area_tree(),
        "preview_url": url_for("entries.preview"),
        "conflict": rows or None,
        "tabs": tabs(organisation, "edit") if organisation else [],
        **more,
    }


def last_editor(organisation: Organisation | None) -> str:
    line = entries.revision(organisation, organisation.version) if organisation else None
    return actor_name(line.author) if line else ""


def chosen(values: dict[str, Any], form: Mapping[str, str], organisation: Organisation) -> dict[str, Any]:
    """After a collision: for each field mine (as it stands in the form), theirs, or both one after the other."""
    for name in list(values):
        choice, theirs = form.get(f"choice-{name}"), organisation.value(name)
        if choice == "theirs":
            values[name] = theirs
        elif choice == "both" and isinstance(theirs, str):
            values[name] = "\n\n".join(filter(None, (theirs, values[name])))
        elif choice == "both" and isinstance(theirs, list):
            values[name] = theirs + [one for one in values[name] if one not in theirs]
    return values
