"""Ties between organisations: said by one, shown on both, contested by the other; nothing is part of itself."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.asks import speaks_for
from commons.entries.followers import catch_up
from commons.entries.models import Ask, Entry
from commons.entries.returning import restore_entry
from commons.members.models import Block, Member
from commons.members.seats import give_seat
from commons.web import Forbidden, Invalid
from directory.actions import add_organisation, edit_organisation
from directory.documents import record
from directory.models import Contest, Organisation, Relation
from directory.partnerships.matches.cards import cards_of
from directory.relating import add_relation, contest_relation, decide_contest, drop_relation, take_back
from directory.relations import above, partners_of
from tests import make
from tests.cast import Cast, sign_in


@pytest.fixture
def solar(app: Flask) -> Organisation:
    return make.organisation("Solar Aid")


@pytest.fixture
def wells(app: Flask, cast: Cast) -> Organisation:
    """Ben is its steward."""
    made = make.organisation("Wells for all")
    give_seat(cast.ben, speaks_for(made.id), "steward")
    return made


def tie(organisation: Organisation, type: str, other: Organisation) -> Relation:
    add_relation(organisation, type, other, actor=make.someone())
    return next(one for one in organisation.relation_links if (one.type, one.other_id) == (type, other.id))


def asked(member: Member, why: str) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Ask.entry_id).where(Ask.member_id == member.id, Ask.why == why)))


def contested(organisation: Organisation, relation: Relation, cast: Cast) -> Contest:
    return contest_relation(organisation, relation, "We never met", actor=cast.ben)


def test_a_member_finds_the_other_one_chooses_a_kind_and_both_pages_say_it(client: FlaskClient, cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    catch_up()
    sign_in(client, cast.chi)
    page = client.get("/organisations/solar-aid").text
    assert "/organisations/solar-aid/relations" in page
    found = client.get("/organisations/solar-aid/relations?q=wells").text
    link = re.search(r'href="([^"]*/relations/new\?to=\d+)"', found)
    assert link is not None
    assert "Wells for all" in client.get(link[1]).text
    answer = client.post(link[1], data={"to": wells.id, "type": "funder", "note": "Their annual report"})
    assert answer.status_code == 303
    assert "Funded by" in client.get("/organisations/solar-aid").text
    assert "Funds" in client.get("/organisations/wells-for-all").text
    assert "Their annual report" in client.get("/organisations/solar-aid/history").text


def test_one_that_is_not_here_is_only_named_and_needs_a_name(client: FlaskClient, cast: Cast, solar: Organisation) -> None:  # fmt: skip
    sign_in(client, cast.ana)
    assert client.post("/organisations/solar-aid/relations/new", data={"type": "partner"}).status_code == 422
    sent = client.post("/organisations/solar-aid/relations/new", data={"type": "partner", "name": "A far friend"})
    assert sent.status_code == 303 and "A far friend" in client.get("/organisations/solar-aid").text


def test_a_tie_is_taken_out_and_stays_in_the_history(client: FlaskClient, cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    made = tie(solar, "partner", wells)
    sign_in(client, cast.chi)
    assert client.post(f"/organisations/wells-for-all/relations/{made.id}/drop").status_code == 404
    assert client.post(f"/organisations/solar-aid/relations/{made.id}/drop").status_code == 303
    assert "Wells for all" not in client.get("/organisations/solar-aid").text
    assert "Wells for all" in client.get("/organisations/solar-aid/diff/2/3").text


def test_visitors_and_members_without_a_proved_address_change_nothing(client: FlaskClient, cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    assert client.get("/organisations/solar-aid/relations").status_code == 303
    sign_in(client, cast.una)
    data = {"to": wells.id, "type": "partner"}
    assert client.post("/organisations/solar-aid/relations/new", data=data).status_code == 403
    assert solar.relation_links == []


def test_a_hidden_organisation_cannot_be_named_and_an_older_tie_to_it_is_kept(app: Flask, cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    hidden = make.organisation("Quiet ones", audience="group:7", actor=cast.ana)
    with pytest.raises(Invalid):
        add_relation(solar, "partner", hidden, actor=cast.chi)
    tie(solar, "partner", hidden)
    add_relation(solar, "partner", wells, actor=cast.chi)
    assert {row[1] for row in solar.relations} == {hidden.id, wells.id}
    client = sign_in(app.test_client(), cast.chi)
    assert "Quiet ones" not in client.get("/organisations/solar-aid/relations").text


def test_the_people_of_the_other_side_are_told_each_time(cast: Cast, solar: Organisation, wells: Organisation) -> None:
    made = tie(solar, "partner", wells)
    assert asked(cast.ben, "relation") == [solar.id]
    first = db.session.scalars(select(Ask.seq).where(Ask.why == "relation")).one()
    drop_relation(solar, made, actor=cast.chi)
    assert db.session.scalars(select(Ask.seq).where(Ask.why == "relation")).one() > first
    edit_organisation(solar, {"description": "New"}, version=solar.version, actor=cast.chi)
    assert len(asked(cast.ben, "relation")) == 1 and asked(cast.chi, "relation") == []


def test_who_blocked_the_writer_is_not_told(cast: Cast, solar: Organisation, wells: Organisation) -> None:
    with transaction():
        db.session.add(Block(member_id=cast.ben.id, other_id=cast.ana.id, how="block"))
    tie(solar, "partner", wells)
    assert asked(cast.ben, "relation") == []


def test_a_circle_is_refused_in_whichever_words_it_is_said(app: Flask, cast: Cast, solar: Organisation) -> None:
    middle, top = make.organisation("Middle"), make.organisation("Top")
    tie(solar, "part of", middle)
    tie(top, "includes", middle)
    assert above([solar.id]) == {middle.id, top.id}
    for own, type, other in ((top, "part of", solar), (solar, "includes", top), (middle, "includes", top)):
        with pytest.raises(Invalid, match="relations"):
            add_relation(own, type, other, actor=cast.chi)
    with pytest.raises(Invalid):
        rows = [["part of", solar.id, "S"], ["includes", top.id, "T"]]
        add_organisation({"title": "Between", "relations": rows}, actor=cast.chi)
    turned = {"relations": [["includes", middle.id, "M"]]}
    with pytest.raises(Invalid):  # looked at before the first tie was there: both would stand
        edit_organisation(solar, turned, version=solar.version - 1, actor=cast.chi)
    drop_relation(top, top.relation_links[0], actor=cast.chi)
    edit_organisation(solar, turned, version=solar.version, actor=cast.chi)
    assert above([middle.id]) == {solar.id}


def test_of_two_edits_at_both_ends_at_the_same_time_one_is_refused(app: Flask, cast: Cast) -> None:
    """Both were checked before either was written; the second one is found out while the first one's lock is held."""
    pairs = [(make.organisation(f"Left {n}"), make.organisation(f"Right {n}")) for n in range(3)]
    ids, actor = [(one.id, two.id) for one, two in pairs], cast.ana.id
    db.session.rollback()
    for left, right in ids:
        start, results = threading.Barrier(2), list[Any]()

        def say(own: int, other: int, start: threading.Barrier = start, results: list[Any] = results) -> None:
            with app.app_context():
                here, there = (db.session.get_one(Organisation, id) for id in (own, other))
                who = db.session.get_one(Member, actor)
                start.wait()
                try:
                    results.append(add_relation(here, "part of", there, actor=who))
                except Invalid as fault:
                    results.append(fault)
                db.session.remove()

        threads = [threading.Thread(target=say, args=pair) for pair in ((left, right), (right, left))]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sorted(type(one).__name__ for one in results) == ["Invalid", "dict"]
        db.session.rollback()
        assert len(above([left]) | above([right])) == 1


def test_what_is_contested_stands_on_both_pages_and_counts_for_nothing(app: Flask, client: FlaskClient, cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    made = tie(solar, "partner", wells)
    assert partners_of([wells.id, solar.id]) == {wells.id: {solar.id}, solar.id: {wells.id}}
    sign_in(client, cast.ben)
    address = f"/organisations/wells-for-all/relations/{made.id}/contest"
    assert address in client.get("/organisations/wells-for-all/relations").text
    assert client.post(address, data={"why": ""}).status_code == 422
    assert client.post(address, data={"why": "We never <b>met"}).status_code == 303
    for slug in ("solar-aid", "wells-for-all"):
        text = app.test_client().get(f"/organisations/{slug}").text
        assert re.search(r"Contested by (<bdi>)?Wells for all", text) and "We never &lt;b&gt;met" in text, slug
    assert partners_of([wells.id, solar.id]) == {}
    db.session.expire_all()
    assert [(row["type"], row["id"], row["why"]) for row in record(solar)["contested"]] == [("partner", wells.id, "We never <b>met")]  # fmt: skip
    assert client.post(f"/organisations/wells-for-all/relations/{made.id}/settle").status_code == 303
    assert partners_of([wells.id]) == {wells.id: {solar.id}}
    assert "Contested by" not in client.get("/organisations/solar-aid").text


def test_a_contested_whole_is_no_whole_for_matches(app: Flask, cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    made = tie(solar, "part of", wells)
    assert [card.parent for card in cards_of([solar.id])] == [wells.id]
    contest_relation(solar, made, "We are neighbours.", actor=cast.ben)
    assert [card.parent for card in cards_of([solar.id])] == [0]


def test_only_a_steward_of_the_one_that_is_named_contests(client: FlaskClient, cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    give_seat(cast.chi, speaks_for(wells.id), "delegate")
    give_seat(cast.ana, speaks_for(solar.id), "signatory")
    made = tie(solar, "partner", wells)
    for who in (cast.chi, cast.ana, cast.mo):
        with pytest.raises(Forbidden):
            contest_relation(solar, made, "No", actor=who)
    sign_in(client, cast.chi)
    assert "This is not so" not in client.get("/organisations/wells-for-all/relations").text
    contested(solar, made, cast)
    assert asked(cast.ana, "contested") == [solar.id] == asked(cast.chi, "contested")
    with pytest.raises(Forbidden):
        take_back(solar, made, actor=cast.ana)
    with pytest.raises(Invalid, match="meanwhile"):
        contested(solar, made, cast)


def test_a_contested_part_makes_no_circle(cast: Cast, solar: Organisation, wells: Organisation) -> None:
    made = tie(solar, "includes", wells)
    contested(solar, made, cast)
    tie(wells, "includes", solar)
    with pytest.raises(Invalid):
        take_back(solar, made, actor=cast.ben)
    db.session.expire_all()
    assert made.contest is not None and made.contest.ended is None


def test_changing_the_tie_ends_the_contest_and_a_second_one_in_a_row_needs_a_moderator(app: Flask, cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    first = contested(solar, tie(solar, "partner", wells), cast)
    rows = [["member of", wells.id, "Wells for all"]]
    edit_organisation(solar, {"relations": rows}, version=solar.version, actor=cast.chi)
    assert first.how == "changed" and first.ended is not None and wells.id in partners_of([solar.id])[solar.id]
    again = next(one for one in solar.relation_links)
    second = contested(solar, again, cast)
    assert second.again and asked(cast.mo, "contested") == [solar.id]
    for rows in ([["partner", wells.id, "W"]], [*solar.relations, ["related", wells.id, "W"]]):
        with pytest.raises(Invalid):
            edit_organisation(solar, {"relations": rows}, version=solar.version, actor=cast.chi)
    client = sign_in(app.test_client(), cast.mo)
    page = client.get("/organisations/solar-aid/relations").text
    address = f"/organisations/solar-aid/relations/{again.id}/decide"
    assert address in page and "A moderator decides" in page
    client.post(address, data={"stands": "yes", "note": " "})
    db.session.expire_all()
    assert second.ended is None, "a decision has a reason"
    client.post(address, data={"stands": "yes", "note": "Both names stand on their site"})
    db.session.expire_all()
    assert second.how == "stands" and again.contest_id is None
    with pytest.raises(Invalid):
        contested(solar, again, cast)


def test_who_takes_a_twice_contested_tie_out_does_not_bring_it_back_by_restoring(cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    contested(solar, tie(solar, "partner", wells), cast)
    drop_relation(solar, solar.relation_links[0], actor=cast.chi)
    made = tie(solar, "partner", wells)
    version = solar.version
    contested(solar, made, cast)
    drop_relation(solar, made, actor=cast.chi)
    with pytest.raises(Invalid):
        restore_entry(solar, version, actor=cast.chi, note="")
    restore_entry(solar, version, actor=cast.mo, note="Looked at it")
    assert [row[0] for row in solar.relations] == ["partner"]


def test_a_moderator_takes_it_out_but_not_one_who_speaks_for_a_side_nor_the_first_time(cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    made = tie(solar, "partner", wells)
    contested(solar, made, cast)
    with pytest.raises(Forbidden):
        decide_contest(solar, made, False, actor=cast.mo, note="too early")
    take_back(solar, made, actor=cast.ben)
    assert not contested(solar, made, cast).again, "who took it back begins anew"
    drop_relation(solar, made, actor=cast.chi)
    made = tie(solar, "partner", wells)
    last = contested(solar, made, cast)
    give_seat(cast.mo, speaks_for(solar.id), "delegate")
    with pytest.raises(Forbidden):
        decide_contest(solar, made, False, actor=cast.mo, note="I belong to it")
    db.session.query(db.metadata.tables["seat"]).filter_by(member_id=cast.mo.id).delete()
    db.session.commit()
    db.session.expire_all()
    decide_contest(solar, made, False, actor=cast.mo, note="No trace of it")
    assert solar.relations == [] and last.how == "wrong"
    with pytest.raises(Invalid):
        tie(solar, "related", wells)


def test_a_contest_of_a_hidden_pair_is_404(client: FlaskClient, cast: Cast, wells: Organisation) -> None:
    hidden = make.organisation("Quiet ones", audience="group:7", actor=cast.ana)
    made = tie(hidden, "partner", wells)
    give_seat(cast.chi, speaks_for(wells.id), "steward")
    sign_in(client, cast.chi)
    assert client.get(f"/organisations/wells-for-all/relations/{made.id}/contest").status_code == 404
    assert client.get(f"/organisations/wells-for-all/relations/{2**40}/contest").status_code == 404
    assert "Quiet ones" not in client.get("/organisations/wells-for-all/relations").text


def test_the_log_keeps_who_contested_and_why(cast: Cast, solar: Organisation, wells: Organisation, client: FlaskClient) -> None:  # fmt: skip
    contested(solar, tie(solar, "partner", wells), cast)
    assert db.session.get_one(Entry, solar.id).version == 2, "a contest is no edit"
    assert "We never met" in client.get("/changes").text
