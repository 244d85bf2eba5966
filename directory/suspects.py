"""Is it here already? The duplicate index of this process, filled in the background and kept up to date by the log.

It is asked before a new record is saved. The first visit of the form starts filling it; a site of 100,000 organisations takes some
seconds, a new process of a small site none. If it is not ready when the form comes in, the form waits a little and then goes on without.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from commons.audience import may_see
from commons.db import db
from commons.entries.queries import last_seq, log_after
from commons.members.models import Member
from directory.duplicates.cards import Card, Suspect
from directory.duplicates.index import DuplicateIndex
from directory.models import Organisation

PATIENCE = 8.0  # seconds that a form waits for the index
TEXT = 400  # characters of a description that are compared


class Watch:
    """One process's index and the position of the log it stands for."""

    def __init__(self) -> None:
        self.index = DuplicateIndex()
        self.position = 0
        self.ready = threading.Event()
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None


def start(app: Flask) -> None:
    app.extensions["suspects"] = Watch()


def warm() -> None:
    """Begins filling, if nobody has."""
    watch: Watch = current_app.extensions["suspects"]
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with watch.lock:
        if watch.thread is None:
            watch.thread = threading.Thread(target=_fill, args=(app, watch), name="suspects", daemon=True)
            watch.thread.start()


def _fill(app: Flask, watch: Watch) -> None:
    if sys.platform == "linux":  # half a minute of work for 150,000 organisations: pages go before
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
    with app.app_context():
        position = last_seq()
        watch.index.build(_cards())
        watch.position = position
        watch.ready.set()


def suspects(values: Mapping[str, Any], viewer: Member | None, limit: int = 5) -> list[tuple[Organisation, Suspect]]:
    """Records that may be the same as these values, most likely first."""
    warm()
    watch: Watch = current_app.extensions["suspects"]
    if not watch.ready.wait(PATIENCE):
        return []
    with watch.lock:
        _catch_up(watch)
        found = watch.index.suspects(card_of(0, values), limit)
    rows = {
        row.id: row
        for row in db.session.scalars(select(Organisation).where(Organisation.id.in_([one.id for one in found])))
    }
    return [
        (rows[one.id], one)
        for one in found
        if one.id in rows and rows[one.id].state == "live" and may_see(viewer, rows[one.id])
    ]


def likenesses(ids: Iterable[int], limit: int) -> dict[int, list[Suspect]] | None:
    """What each of these organisations may be the same as, nothing for one that is gone; None while the index is being filled."""
    wanted = sorted(ids)
    warm()
    watch: Watch = current_app.extensions["suspects"]
    if not watch.ready.wait(PATIENCE):
        return None
    with watch.lock:
        _catch_up(watch)
        here = {card.id: watch.index.suspects(card, limit) for card in _cards(wanted)}
    return {id: here.get(id, []) for id in wanted}


def every_card(ids: Iterable[int] | None = None) -> Iterator[Card]:
    """The organisations that are there, or those of `ids` that are, one after the other."""
    return _cards(ids)


def _catch_up(watch: Watch) -> None:
    while lines := log_after(watch.position, 1000):
        ids = {entry_id for _seq, entry_id, _thread in lines}
        present = {card.id: card for card in _cards(ids)}
        for id in ids:
            watch.index.remove(id)
            if id in present:
                watch.index.add(present[id])
        watch.position = lines[-1][0]


def _cards(ids: Iterable[int] | None = None) -> Iterator[Card]:
    query = select(
        Organisation.id, Organisation.title, Organisation.names, Organisation.website, Organisation.email, Organisation.country, Organisation.city,
        Organisation.postcode, Organisation.external_ids, Organisation.lat, Organisation.lon, Organisation.description, Organisation.state,
    ).where(Organisation.state == "live")  # fmt: skip
    if ids is not None:
        query = query.where(Organisation.id.in_(sorted(ids)))
    for row in db.session.execute(query.execution_options(yield_per=2000)).mappings():
        yield card_of(row["id"], dict(row))


def card_of(id: int, values: Mapping[str, Any]) -> Card:
    return Card(
        id=id,
        name=values.get("title") or "",
        aliases=tuple(name["value"] for name in values.get("names") or ()),
        website=values.get("website") or "",
        email_domain=(values.get("email") or "").rpartition("@")[2],
        country=values.get("country") or "",
        city=values.get("city") or "",
        postcode=values.get("postcode") or "",
        external_ids=tuple(f"{scheme}:{value}" for scheme, value in (values.get("external_ids") or {}).items()),
        lat=values.get("lat"),
        lon=values.get("lon"),
        text=(values.get("description") or "")[:TEXT],
    )
