"""The pages of partnerships on a board of 10,000 needs and offers, with the statements each sends to the database.

    python -m benchmarks partnership_pages

Made for it in a process of its own: 1000 organisations of as many places with ten needs and offers each, of which the first has 60 answers to
one need, a dossier of two with three versions, eight promises, five meetings and a log of 60 lines, and one of twelve organisations. The bare
limit is the same server's answer to an address whose view returns one word.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text

from benchmarks.figures import Figure, timed
from benchmarks.pages import ask_as, requests, statements
from benchmarks.site import child, opened
from commons.db import db, now, table, transaction
from commons.entries.asks import speaks_for
from commons.entries.bulk import insert_entries
from commons.entries.followers import all_followers, catch_up
from commons.entries.models import Entry
from commons.focus.commands import plant_shipped
from commons.focus.models import FocusLink
from commons.members.actions import make_member
from commons.members.models import Member
from commons.members.seats import give_seat
from directory.models import Organisation
from directory.partnerships.board.models import SORTS, Need, Openness, Posting, in_days
from directory.partnerships.dossiers import actions
from directory.partnerships.dossiers.models import Proposal

TIMES, MANY, EACH, ANSWERS, PARTIES, LINES = 25, 1000, 10, 60, 12, 60
INDEXES = ("search", "matches")  # telling both sides of 10,000 new matches takes minutes, and no page waits for it
PASSWORD = "four words in a row"
PLACES = (
    ("KE", "Nairobi", -1.3, 36.8),
    ("SN", "Dakar", 14.7, -17.4),
    ("DE", "Bonn", 50.7, 7.1),
    ("PE", "Lima", -12.0, -77.0),
)
TONGUES = (["en"], ["en", "sw"], ["fr"], ["es", "en"], ["de"])
WORDS = (
    "water",
    "school",
    "pump",
    "garden",
    "record",
    "soil",
    "seed",
    "roof",
    "radio",
    "clinic",
    "map",
    "data",
    "loan",
)
PICK = random.Random(20_261)
FIRST = (
    "We read what you wrote and would like to learn from each other. We bring beds for two nights and a kitchen. " * 3
)


def measure(folder: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        site = Path(temporary) / "partnerships"
        made: dict[str, str] = json.loads(child("benchmarks.partnership_pages", site))
        app = opened(site)
        app.add_url_rule("/-/bare", "bare", lambda: "ok")
        who = int(made.pop("member"))
        bare, _sent = requests(app, ["/-/bare"] * TIMES)
        for name, address in made.items():
            most = len(_statements(app, who, address))
            times = timed([partial(ask_as, app, who, address)] * TIMES)
            yield Figure(f"{name}: p50", times.p50(), "ms", 30, times.cpu50(), bare.cpu50(), "an empty view")
            yield Figure("… statements", most, "", 15)


def _statements(app: Flask, member: int, address: str) -> list[str]:
    """Of the second request: the first one of a process reads what is kept."""
    ask_as(app, member, address)
    with statements(app) as sent:
        ask_as(app, member, address)
    return sent


def made() -> dict[str, str]:
    upgrade()
    db.create_all()
    plant_shipped()
    with transaction():
        organisations = _organisations()
        needs = _postings(organisations)
    people = [_person(f"person{number}", id) for number, id in enumerate(organisations[: ANSWERS + 1])]
    two = _dossier(organisations, people, needs[0], 2)
    twelve = _dossier(organisations[PARTIES:], people[PARTIES:], needs[0], PARTIES)
    for id, member in list(zip(organisations, people, strict=False))[2 * PARTIES :]:
        actions.send_interest(db.session.get_one(Posting, needs[0]), _words(member), actor=member, organisation_id=id)
    with transaction():
        give_seat(people[0], speaks_for(organisations[PARTIES]), "signatory")
    db.session.execute(text("analyze"))
    db.session.commit()
    return _addresses(organisations[0], needs[0], two, twelve) | {"member": str(people[0].id)}


def _words(member: Member) -> dict[str, str]:
    return {"text": f"{member.name} writes. {FIRST}", "language": "en"}


def _organisations() -> list[int]:
    rows, more = [], []
    for number in range(MANY):
        title = f"{PICK.choice(WORDS)} and {PICK.choice(WORDS)} {number}".capitalize()
        country, city, lat, lon = PICK.choice(PLACES)
        rows.append(({"title": title, "language": "en"}, {"title": title}))
        more.append({"country": country, "city": city, "lat": lat + PICK.gauss(0, 3), "lon": lon + PICK.gauss(0, 3)})
        more[-1] |= {
            "languages": PICK.choice(TONGUES),
            "description": " ".join(PICK.choices(WORDS, k=60)),
            "status": "active",
        }
    ids = insert_entries("organisation", rows, verb="imported", note="", via="")
    db.session.execute(table(Organisation).insert(), [{"id": id, **row} for id, row in zip(ids, more, strict=True)])
    db.session.execute(table(Openness).insert(), [{"organisation_id": id, "open": True, "capacity": 50} for id in ids])
    return ids


def _postings(organisations: list[int]) -> list[int]:
    """Their ids, a need of the first organisation first."""
    areas = list(db.session.scalars(select(Entry.id).where(Entry.kind == "focus").order_by(Entry.id)))
    found = []
    for kind in ("need", "offer"):
        rows: list[tuple[dict[str, Any], dict[str, Any]]] = []
        more: list[dict[str, Any]] = []
        for number in range(MANY * EACH // 2):
            title = " ".join(PICK.choices(WORDS, k=4)).capitalize()
            row = {"title": title, "language": "en", "within_id": organisations[number % MANY]}
            rows.append((row, {"title": title}))
            country, city, lat, lon = PICK.choice(PLACES)
            more.append(
                {
                    "sort": PICK.choice(SORTS),
                    "text": " ".join(PICK.choices(WORDS, k=70)),
                    "country": country,
                    "city": city,
                }
            )
            more[-1] |= {
                "lat": lat,
                "lon": lon,
                "languages": PICK.choice(TONGUES),
                "until": in_days(PICK.choice((30, 90))),
            }
        ids = insert_entries(kind, rows, verb="created", note="", via="")
        db.session.execute(table(Need).insert(), [{"id": id, **row} for id, row in zip(ids, more, strict=True)])
        links = [{"entry_id": id, "area_id": area} for id in ids for area in PICK.sample(areas, 2)]
        db.session.execute(table(FocusLink).insert(), links)
        found += ids
    return found


def _person(username: str, organisation_id: int) -> Member:
    member = make_member(username, f"{username}@example.org", name=username.capitalize(), password=PASSWORD)
    with transaction():
        member.trusted = now()
        give_seat(member, speaks_for(organisation_id), "signatory")
    return member


def _dossier(ids: list[int], people: list[Member], need: int, many: int) -> Proposal:
    """Between so many organisations, signed and in force; the first one receives."""
    who = list(zip(ids, people, strict=False))[:many]
    about = db.session.get_one(Posting, need) if many == 2 else db.session.get_one(Organisation, ids[0])
    (host, reads), (guest, writes) = who[:2]
    proposal = actions.send_interest(about, _words(writes), actor=writes, organisation_id=guest)
    actions.talk(proposal, actor=reads, organisation_id=host)
    for number, (id, member) in enumerate(who[2:], 2):
        for organisation_id, actor in who[:number]:
            actions.bring_in(
                proposal, db.session.get_one(Organisation, id), actor=actor, organisation_id=organisation_id
            )
        actions.come_in(proposal, actor=member, organisation_id=id)
    for number in range(3):
        gives = {str(id): f"Beds for {number + 2} nights" for id, _member in who}
        terms: dict[str, Any] = {
            "title": "Two days of composting",
            "goal": f"{number} people keep a heap",
            "gives": gives,
        }
        actions.write_terms(proposal, terms, actor=who[number % 2][1], organisation_id=who[number % 2][0])
    for id, member in who[1:]:
        actions.accept(proposal, 3, actor=member, organisation_id=id)
    for id, member in who:
        actions.sign(proposal, 3, member.name, PASSWORD, actor=member, organisation_id=id)
    _filled(proposal, who)
    return proposal


def _filled(proposal: Proposal, who: list[tuple[int, Member]]) -> None:
    (host, reads), (guest, writes) = who[:2]
    for number in range(8):
        values = {"text": f"Dig bed {number}", "measure": "It is dug", "due": in_days(30)}
        actions.promise(proposal, values, actor=reads, organisation_id=host)
        slots = [(now() + timedelta(days=number + 1)).isoformat()]
        actions.offer_times(proposal, {"title": "Look at it", "slots": slots}, actor=reads, organisation_id=host)
        actions.say(
            proposal,
            f"Message {number}. **See** you [there](https://example.org).",
            actor=writes,
            organisation_id=guest,
        )
    while proposal.steps < LINES:
        actions.pause(proposal, actor=reads, organisation_id=host)
        actions.resume(proposal, actor=writes, organisation_id=guest)


def _addresses(organisation_id: int, need: int, two: Proposal, twelve: Proposal) -> dict[str, str]:
    catch_up(tuple(one for one in all_followers() if one.name in INDEXES))
    organisation, posting = db.session.get_one(Organisation, organisation_id), db.session.get_one(Posting, need)
    own, about = f"/organisations/{organisation.slug}", f"/partnerships/needs/{posting.id}"
    dossier = f"/partnerships/proposals/{two.id}"
    return {
        "the board": "/partnerships",
        "needs, with numbers beside the filters": "/partnerships/needs",
        "… filtered by word, kind and country": "/partnerships/offers?q=water&type=skill&country=KE",
        "… near a place": "/partnerships/needs?near=Nairobi&km=300",
        "who is open to partnership": "/partnerships/open",
        "a need with 37 answers": f"{about}/{posting.slug}",
        "its matches": f"{about}/matches",
        "matches of an organisation": f"{own}/matches",
        "where nothing meets anything": "/partnerships/gaps",
        "proposals, those of one's organisations": "/partnerships/proposals",
        "a dossier of two, 60 lines": dossier,
        "… of twelve": f"/partnerships/proposals/{twelve.id}",
        "… log": f"{dossier}/log",
        "… people": f"{dossier}/people",
        "… things": f"{dossier}/things",
        "… partners": f"{dossier}/partners",
        "… partners of twelve": f"/partnerships/proposals/{twelve.id}/partners",
        "… a version beside the one before": f"{dossier}/terms/2",
        "inbox of an organisation": f"{own}/inbox",
        "… its people": f"{own}/representatives",
        "the register": "/partnerships/register",
    }


if __name__ == "__main__":
    os.environ.setdefault("COMMONS_DATA", sys.argv[1])
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    with opened(Path(sys.argv[1])).app_context():
        print(json.dumps(made()))
