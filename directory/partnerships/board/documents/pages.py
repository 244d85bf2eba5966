"""What the pages of the board show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from flask import current_app, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from commons.entries import links
from commons.entries.documents import panels
from commons.entries.models import Entry
from commons.focus.documents import area_tree
from commons.focus.queries import tree
from commons.members.models import Member
from commons.places.gazetteer import country_name
from commons.room import rooms
from commons.search import pages as searching
from commons.search.asking import Asked
from commons.search.queries import Answer
from commons.text import PAGE, excerpt, markdown, plain
from commons.web import pager, reader, with_values
from directory.documents import row_of
from directory.partnerships.board import queries
from directory.partnerships.board.actions import MODELS, located, may_edit, may_publish
from directory.partnerships.board.documents.records import (
    COLLECTIONS,
    address,
    dates_line,
    place_line,
    sort_words,
    state_line,
    tabs,
)
from directory.partnerships.board.forms import STEPS, PostingForm
from directory.partnerships.board.models import SORTS, Posting

FACETS = ("type", "focus", "country", "sdg", "language")
ABOUT = 210  # characters of its text on a card
OTHERS = 3  # of the same organisation on the page of one


class Preview(NamedTuple):
    """A need or an offer that is not published yet: never added to a session, nothing of it is written."""

    posting: Posting
    organisation_id: int


def frame(current: str) -> list[dict[str, Any]]:
    """The tabs over all pages of /partnerships; those of rooms above appear when they are there."""
    doors = (
        ("needs", _("Needs"), "board.needs"),
        ("offers", _("Offers"), "board.offers"),
        ("open", _("Open to partnership"), "board.open_organisations"),
        ("proposals", _("Proposals"), "dossiers.proposals"),
        ("register", _("Register"), "dossiers.register"),
    )
    here = [one for one in doors if one[2] in current_app.view_functions]
    return [{"label": label, "url": url_for(door), "current": name == current} for name, label, door in here]


def only_open(asked: Asked) -> Asked:
    """The same question about what can be answered, unless the address asks for more or for less."""
    if asked.chosen.get("type") or request.args.get("closed") == "1":
        return asked
    return replace(asked, chosen={**asked.chosen, "type": list(SORTS)})


def cards(postings: Sequence[Posting], viewer: Member | None) -> list[dict[str, Any]]:
    """In one statement for all their organisations, and one for the numbers of those who are interested."""
    names = queries.names_of([one.within_id for one in postings], viewer)
    counted = queries.interests([one.id for one in postings], viewer)
    return [_card(one, names.get(one.within_id or 0), counted.get(one.id, 0)) for one in postings]


def _card(posting: Posting, organisation: Entry | None, interested: int) -> dict[str, Any]:
    return {
        "kind": posting.kind,
        "kind_label": rooms().kinds[posting.kind].label,
        "title": posting.title,
        "language": posting.language,
        "url": address(posting),
        "organisation": organisation,
        "sort": sort_words(posting.sort),
        "quantity": posting.quantity,
        "place": place_line(posting),
        "languages": posting.languages,
        "state": state_line(posting),
        "is_open": posting.is_open,
        "interested": interested,
        "about": excerpt(plain(posting.text), ABOUT),
        "areas": [(node.label, url_for("focus.area", slug=node.slug)) for node in tree().sorted(posting.focus)[:3]],
    }


def _found(asked: Asked, answer: Answer, viewer: Member | None) -> list[dict[str, Any]]:
    """Cards with what the search adds: why each is shown, and how far away it is."""
    rows = searching.rows(asked, answer)
    both = zip(cards(answer.entries, viewer), rows, strict=True)
    return [card | {name: row[name] for name in ("snippet", "reasons", "distance_km")} for card, row in both]


def list_page(kind: str, asked: Asked, answer: Answer, per_page: int, viewer: Member | None) -> dict[str, Any]:
    """All needs, or all offers, that the filters leave."""
    return {
        **_state(kind, asked, answer),
        "cards": _found(asked, answer, viewer),
        "total": answer.total,
        "pager": pager(answer.total, per_page, asked.page),
        "sorts": _sorts(asked),
        "closed": request.args.get("closed") == "1",
    }


def _sorts(asked: Asked) -> list[dict[str, Any]]:
    ways = {"relevance": not asked.query.empty, "distance": asked.near is not None, "updated": True, "title": True}
    return [
        {"label": searching.sort_label(way), "url": with_values(sort=way, page=""), "current": asked.order == way}
        for way, fits in ways.items()
        if fits
    ]


def _state(kind: str, asked: Asked, answer: Answer) -> dict[str, Any]:
    found = searching.facets(asked, answer)
    for facet in found:
        if facet["name"] == "type":
            facet |= {"label": _("What kind of thing"), "open": True}
    return {
        "kind": kind,
        "frame": frame(COLLECTIONS.get(kind, "")),
        "facets": found,
        "query": _query(),
        "applied": searching.chips(asked),
        "words": request.args.get("q", ""),
        "search_notice": answer.notice,
        "filters_url": f"{url_for('board.filters', of=COLLECTIONS.get(kind, 'board'))}&{_asked()}",
    }


def _query() -> dict[str, Any]:
    """What the address says, as forms and links repeat it."""
    return {name: many if len(many) > 1 else many[0] for name, many in request.args.lists() if name != "of"}


def _asked() -> str:
    return request.query_string.decode(errors="replace")


def board_page(asked: Asked, answers: Mapping[str, Answer], viewer: Member | None) -> dict[str, Any]:
    """Needs and offers beside each other, under the same filters."""
    both = _together(list(answers.values()))
    shown = {kind: {"cards": _found(asked, one, viewer), "total": one.total} for kind, one in answers.items()}
    more = _asked()
    for kind, one in shown.items():
        one["url"] = url_for(f"board.{COLLECTIONS[kind]}") + (f"?{more}" if more else "")
    return {**_state("", asked, both), "shown": shown, "total": both.total}


def _together(answers: Sequence[Answer]) -> Answer:
    """One answer whose numbers beside the filters are those of all of them."""
    first, whole = answers[0], sum(one.total for one in answers)
    found = [one.found for one in answers if one.found is not None]
    if len(found) < len(answers):
        return replace(first, found=None, total=whole)
    facets = {}
    for name in found[0].facets:
        counted: Counter[Any] = Counter()
        for one in found:
            counted.update(one.facets[name])
        facets[name] = dict(sorted(counted.items(), key=lambda pair: (-pair[1], str(pair[0]))))
    return replace(first, total=whole, found=replace(found[0], facets=facets))


def posting_page(posting: Posting, viewer: Member | None) -> dict[str, Any]:
    known = links.shown(links.of(posting, viewer), viewer)
    organisation = queries.organisation_of(posting, viewer)
    others = queries.others_of(posting, viewer, OTHERS) if organisation else []
    own = may_publish(viewer, posting.within_id)
    return {
        "posting": posting,
        "card": _card(posting, organisation, queries.interests([posting.id], viewer).get(posting.id, 0)),
        "html": markdown(posting.text, links=lambda _names: known, limit=PAGE),
        "dates": dates_line(posting),
        "areas": [(node.label, url_for("focus.area", slug=node.slug)) for node in tree().sorted(posting.focus)],
        "others": [(one.title, one.language, address(one), rooms().kinds[one.kind].label) for one in others],
        "tabs": tabs(posting, "about") if may_edit(viewer, posting) else [],
        "answerable": posting.is_open and organisation is not None and organisation.status in queries.THERE,
        "own": own,
        "panels": panels(posting.kind, posting, viewer),
        "board_url": url_for(f"board.{COLLECTIONS[posting.kind]}"),
    }


def new_page(kind: str, step: str, form: PostingForm, own: Sequence[Entry], viewer: Member) -> dict[str, Any]:
    """One of the four steps; the last one with what readers will see."""
    numbered = list(STEPS)
    shown = {
        "kind": kind,
        "step": step,
        "steps": [(name, _step_label(name), numbered.index(name) < numbered.index(step)) for name in numbered],
        "number": numbered.index(step) + 1,
        "form": form,
        "own": own,
        "areas_tree": area_tree() if step == "detail" else [],
        "preview_url": url_for("entries.preview"),
        "board_url": url_for(f"board.{COLLECTIONS[kind]}"),
    }
    return shown


def _step_label(step: str) -> str:
    return {"what": _("What"), "detail": _("Detail"), "where": _("Where and when"), "preview": _("Look at it")}[step]


def preview(kind: str, organisation: Entry, values: Mapping[str, Any], viewer: Member) -> dict[str, Any]:
    """What readers will see, who would see it today, and what publishing does besides."""
    posting = MODELS[kind](id=0, slug="0", within_id=organisation.id, state="live", closed="", quantity="")
    whole = located(dict(values), None)
    for name, value in whole.items():
        posting.set_value(name, value)
    said = queries.openness_of([organisation.id]).get(organisation.id)
    return {
        "card": _card(posting, organisation, 0),
        "dates": dates_line(posting),
        "in_return": posting.in_return,
        "html": _words(str(values.get("text", "")), viewer),
        "opens": said is None,
        "waits": not viewer.is_moderator and not queries.has_published(organisation.id),
        "panels": panels("posting preview", Preview(posting, organisation.id), viewer),
    }


def _words(text: str, viewer: Member) -> Markup:
    return markdown(text, links=links.resolver(None, viewer), limit=PAGE)


def open_page(country: str, found: Sequence[Any], total: int, per_page: int) -> dict[str, Any]:
    return {
        "frame": frame("open"),
        "rows": [row_of(one) | {"said": said} for one, said in found],
        "countries": [(code, country_name(code, reader()), code == country) for code in queries.countries()],
        "country": country,
        "pager": pager(total, per_page),
    }
