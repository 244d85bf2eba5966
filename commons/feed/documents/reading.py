"""How the feed leaves: one row for each thread, with what happened and why it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from commons.feed.documents.sentences import happened
from commons.feed.queries import EVER, Doing, Followed, Thread, Told, doings
from commons.focus.queries import tree
from commons.room import rooms
from commons.web import with_values

REASONS = 2  # shown of one thread


def feed_rows(who: Followed, found: Sequence[Thread], told: Told = EVER) -> list[dict[str, Any]]:
    """Rows in the order of `found`; the words that each kind shows are asked for once for each kind."""
    did, words = doings(who, found, told), teasers(who, found)
    return [_row(who, one, did.get(one.entry.id, []), words.get(one.entry.id, "")) for one in found]


def _row(who: Followed, one: Thread, did: Sequence[Doing], words: str) -> dict[str, Any]:
    kind = rooms().kinds[one.entry.kind]
    return {
        "id": one.entry.id,
        "key": one.found.key,
        "kind": one.entry.kind,
        "kind_label": kind.label,
        "title": name_of(one.entry),
        "language": one.entry.language if one.entry.kind != "focus" else "",
        "audience": one.entry.audience,
        "url": kind.page(one.entry),
        "at": max((row.at for row in did), default=None),
        "last": max((row.seq for row in did), default=0),
        "happened": happened(did),
        "words": words,
        "reasons": reasons(who, one)[:REASONS],
    }


def teasers(who: Followed, found: Sequence[Thread]) -> Mapping[int, str]:
    words: dict[int, str] = {}
    for name in dict.fromkeys(one.entry.kind for one in found):
        if ask := rooms().kinds[name].teasers:
            words |= ask([one.entry.id for one in found if one.entry.kind == name], who.member)
    return words


def name_of(entry: Any) -> str:
    """Its title; of an area of focus, the name in the reader's language."""
    node = tree().nodes.get(entry.id) if entry.kind == "focus" else None
    return node.label if node else str(entry.title)


def reasons(who: Followed, one: Thread) -> list[dict[str, Any]]:
    """Why a thread is in the feed: a sentence, the address that stops this, and since when it holds (a line of the log)."""
    entry, found = one.entry, one.found
    places = (place for place in (entry.within_id, entry.outer) if place)
    wanted = [entry.id, *places, *one.areas, *([who.people[found.person]] if found.person in who.people else [])]
    rows = (who.rows[id] for id in dict.fromkeys(wanted) if id in who.rows and who.rows[id].how != "muted")
    found_reasons = [_reason(who, row, row.id == entry.id) for row in rows]
    if found.tag:
        tag = {"sentence": _("because you follow #%(tag)s", tag=found.tag), "since": 0, "name": f"#{found.tag}"}
        found_reasons.append(tag | {"stop_url": url_of("feed.unwatch_tag", tag=found.tag)})
    return found_reasons


def _reason(who: Followed, row: Any, itself: bool) -> dict[str, Any]:
    name = name_of(row)
    if itself:
        sentence = _("because you watch it")
    elif who.sits_in(row.id):
        sentence = _("because you are in %(name)s", name=name)
    else:
        sentence = _("because you follow %(name)s", name=name)
    collection = rooms().kinds[row.kind].collection
    stop = url_of("feed.unwatch", collection=collection, slug=row.slug)
    return {"sentence": sentence, "since": row.since, "name": name, "stop_url": stop}


def url_of(endpoint: str, **values: Any) -> str:
    """An address of this site, also where no request is: in a mail."""
    known = current_app.extensions
    if "addresses of the feed" not in known:
        known["addresses of the feed"] = current_app.url_map.bind("site")
    return str(known["addresses of the feed"].build(endpoint, values))


def next_areas(who: Followed) -> list[int]:
    """Areas that stand beside a followed one, under the same heading, and are not followed."""
    nodes, children = tree().nodes, tree().children
    mine = {area for area in who.areas.values() if area in nodes}
    beside = {child for area in mine for parent in nodes[area].parents for child in children.get(parent, ())}
    return sorted(beside - set(who.areas))


def choices(chosen: str) -> list[dict[str, Any]]:
    """The filters of the feed: nothing of them is kept but in the address."""
    names = {"": _("Everything"), "groups": _("Groups"), "areas": _("Areas and tags")}
    names |= {"people": _("People"), "organisations": _("Organisations")}
    return [
        {"label": label, "url": with_values(only=name, page=""), "current": name == chosen}
        for name, label in names.items()
    ]
