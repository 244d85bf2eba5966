"""Who hears of what, by which way: every kind × every verb of the log, every why of an ask, and what a mail may say behind
which door. A kind, a verb or a why that is new fails here until somebody has decided."""

from __future__ import annotations

from itertools import product
from typing import Any

from flask import Flask
from sqlalchemy import select

from commons.audience import doors
from commons.db import db, transaction
from commons.entries.actions import create_entry, record
from commons.entries.asks import ask
from commons.entries.documents import VERBS
from commons.entries.models import Entry
from commons.feed.actions import follow_asks, watch
from commons.feed.documents import WHYS
from commons.feed.queries import (
    ASKED,
    DIGEST,
    FEED,
    HAILED,
    MAIL,
    NOTICES,
    TOLD,
    WAYS,
    bell,
    digest_news,
    followed,
    shown_by_mail,
    threads,
    ways,
)
from commons.members.models import Member, Outgoing
from commons.room import rooms
from directory.partnerships.dossiers.models import Partnership, Proposal
from tests import make
from tests.cast import Cast
from tests.commons.announcements.makers import announcement
from tests.commons.feed import makers
from tests.directory.partnerships.board import makers as board
from tests.directory.partnerships.dossiers import makers as dossiers
from tests.directory.statements import makers as statements

EVERYTHING = set(TOLD)
HEARD: dict[str, set[str]] = {  # the verbs that whoever follows one of these hears of, in feed, notices and digest
    "organisation": {"created", "edited"},
    "page": {"created", "edited", "restored", "undid a change", "translated"},
    "file": EVERYTHING,
    "focus": EVERYTHING,
    "profile": EVERYTHING,
    "forum": EVERYTHING,
    "topic": {"created"},
    "post": {"created"},
    "group": {"created", "edited", "archived", "reopened", "announced"},
    "statement": {"created", "edited"},
    "announcement": {"created"},
    **dict.fromkeys(("need", "offer"), {"created", "edited", "accepted", "closed", "reopened"}),
    "proposal": {"moved on"},
    "partnership": {"created", "edited"},
}
FOLLOWERS = {FEED, NOTICES, DIGEST}


def test_every_kind_every_verb_and_every_why_is_in_the_table(app: Flask) -> None:
    assert set(rooms().kinds) == set(HEARD)
    assert set(VERBS) <= set(WAYS), "say in commons/feed/queries/telling.py who hears of this verb"
    assert set(ASKED) == set(WHYS), "a why needs its ways and its sentence"


def test_the_table_says_by_which_ways_each_event_is_heard_of(app: Flask) -> None:
    for kind, verb in product(HEARD, WAYS):
        expected = FOLLOWERS if verb in HEARD[kind] else {FEED} if verb == HAILED else set()
        assert ways(kind, verb) == expected, f"{kind} {verb}"
    for why, heard in ASKED.items():
        assert heard == {NOTICES, MAIL}, why


def some(kind: str, cast: Cast) -> Entry:
    if kind == "focus":
        area: Entry = db.session.scalars(select(rooms().kinds["focus"].model).limit(1)).one()
        return area
    makes: dict[str, Any] = {
        "organisation": lambda: make.organisation(),
        "page": lambda: make.page(),
        "file": lambda: make.file(),
        "profile": lambda: makers.profile(cast.ana),
        "forum": lambda: makers.forum("Talk", actor=cast.ana),
        "group": lambda: makers.group("Village", actor=cast.ana),
        "topic": lambda: makers.topic("Lamps", actor=cast.ana),
        "post": lambda: makers.post(makers.topic("Lamps", actor=cast.ana), actor=cast.ana),
        "statement": lambda: statements.statement(cast.ana),
        "announcement": announcement,
        "need": lambda: board.need(),
        "offer": lambda: board.offer(),
        "proposal": lambda: _proposal(cast.ben),
        "partnership": lambda: _partnership(),
    }
    return makes[kind]()  # type: ignore[no-any-return]


def _proposal(reader: Member) -> Entry:
    """A dossier in which this member sits too."""
    two = dossiers.Two()
    sent = two.send()
    dossiers.speak(reader, two.soil)  # after it was sent: nothing asks for them
    return sent


def _partnership() -> Entry:
    made = Partnership(proposal_id=db.session.scalars(select(Proposal.id)).first(), begun="2026-01-01")
    return create_entry(made, {"title": "Soil and garden"}, actor=None)


def test_what_the_table_says_is_what_members_get(app: Flask, cast: Cast) -> None:
    """Every verb once, about an entry of each kind, by somebody else."""
    made = {kind: some(kind, cast).id for kind in HEARD}
    for kind, verb in product(HEARD, WAYS):
        entry = db.session.get_one(Entry, made[kind])
        thread = entry if entry.thread_id is None else db.session.get_one(Entry, entry.thread_id)
        watch(thread, actor=cast.ben, how="notices")
        last = makers.last_line().seq
        with transaction():
            line = record(entry, verb, None, actor=cast.chi)
        got = {NOTICES} if bell(cast.ben) else set()
        told = digest_news(cast.ben, 0 if kind != "group" else entry.id, last, line.seq)
        got |= {DIGEST} if told else set()
        assert got == ways(kind, verb) - {FEED}, f"{kind} {verb}"
        db.session.execute(db.text("delete from watch"))
        db.session.commit()


def test_every_why_is_a_notice_and_one_mail(app: Flask, cast: Cast) -> None:
    for number, name in enumerate(ASKED, 1):
        page = make.page()
        with transaction():
            ask(page, [cast.ben.id], name, record(page, "confirmed", None, actor=cast.chi))
        assert bell(cast.ben) == number and bell(cast.ana) == 0
    follow_asks(0)
    rows = db.session.query(Outgoing).order_by(Outgoing.id).all()
    assert [(row.letter, row.about["why"], row.member_id) for row in rows] == [
        ("ask", one, cast.ben.id) for one in ASKED
    ]


def test_what_a_mail_may_say_follows_from_the_door() -> None:
    said = {"public": "words", "members": "words", "group:7": "title", "organisation:7": "title", "member:7": "title"}
    said |= {"talk:7": "nothing", "proposal:9": "nothing"}
    assert {audience: shown_by_mail(audience) for audience in said} == said


def test_every_door_of_a_member_is_in_the_table(app: Flask, cast: Cast) -> None:
    village = makers.group("Village", actor=cast.ana, private=True)
    assert {shown_by_mail(one) for one in doors(cast.ana)} == {"words", "title"} and village.door in doors(cast.ana)


def test_a_recommendation_reaches_who_follows_the_person_and_not_who_follows_the_thing(app: Flask, cast: Cast) -> None:
    page = make.page("Wells", actor=cast.ben)
    watch(page, actor=cast.ben)
    watch(makers.profile(cast.chi), actor=cast.ana)
    with transaction():
        record(page, HAILED, None, actor=cast.chi)
    assert bell(cast.ben) == 0 and threads(followed(cast.ben), 1, 30)[0] == []
    assert [one.entry.title for one in threads(followed(cast.ana), 1, 30)[0]][0] == "Wells"
