"""The countries that a text is about: those that it names in any language, and those of the public organisations that it links to.

Their names in the site's languages are added to the words by which it is found, so that a text belongs to the country in whatever
language it was written. Nothing is said that the text does not say: where it lies is left to what has a place of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select

from commons.audience import PUBLIC
from commons.config import LANGUAGES
from commons.db import db
from commons.entries.models import EntryLink
from commons.places.countries import country_name
from commons.places.mentions import countries_in
from commons.room import SearchDocument, rooms

ABOUT = ("page", "topic", "group", "file")  # kinds that have no place and may be about one
MOST = 8  # countries of one text, those first that are named most often
LINKED = "organisation"  # a kind of which each entry says in which country it is


def with_countries(documents: Iterable[SearchDocument]) -> list[SearchDocument]:
    found = list(documents)
    linked = _linked([one.id for one in found if one.kind in ABOUT])
    return [_labelled(one, linked.get(one.id, ())) if one.kind in ABOUT else one for one in found]


def named(document: SearchDocument) -> dict[str, tuple[str, int]]:
    """The countries that a text names, each as it stands there, and how often."""
    return countries_in(f"{document.title}\n{document.text}")


def _labelled(document: SearchDocument, linked: Sequence[str]) -> SearchDocument:
    here = named(document)
    codes = sorted(here, key=lambda code: -here[code][1])
    names = [country_name(code, one) for code in [*codes, *linked][:MOST] for one in LANGUAGES]
    return replace(document, labels=(*document.labels, *dict.fromkeys(names))) if names else document


def _linked(ids: Sequence[int]) -> dict[int, list[str]]:
    """entry: countries of the public organisations that its text links to, each once."""
    kind = rooms().kinds.get(LINKED)
    if kind is None or not ids:
        return {}
    at = kind.model
    query = select(EntryLink.source_id, at.country).join(at, at.slug == EntryLink.slug)
    here = EntryLink.source_id.in_(ids), EntryLink.kind == LINKED, at.kind == LINKED
    open_to_all = at.state == "live", at.audience == PUBLIC, at.country != ""
    found: dict[int, list[str]] = {}
    for id, code in db.session.execute(query.where(*here, *open_to_all).distinct().order_by(at.country)):
        found.setdefault(id, []).append(code)
    return found
