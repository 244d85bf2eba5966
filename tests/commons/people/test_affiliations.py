"""Belonging to an organisation: said by one, confirmed by the other, ended by either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from commons.entries.asks import speaks_for
from commons.entries.models import Ask
from commons.members.models import Member, Seat
from commons.members.seats import give_seat
from commons.people import actions
from commons.people.models import Affiliation
from commons.people.queries.affiliations import representatives
from commons.web import Forbidden, Invalid
from directory.models import Organisation
from tests import make
from tests.cast import Cast
from tests.commons.people import makers

PROOF = "Our page names me: https://example.org/team"


def says(member: Member, organisation: Organisation, **more: Any) -> Affiliation:
    said = {"role": "Treasurer", "since": "2019", "represents": False, "proof": "", **more}
    return actions.ask_affiliation(organisation, **said, actor=member)


def spoken_for(cast: Cast) -> Organisation:
    """An organisation for which Ben speaks."""
    made = make.organisation("Solar Aid")
    actions.confirm_affiliation(says(cast.ben, made, represents=True, proof=PROOF), actor=cast.mo)
    return made


def seats(member: Member) -> set[tuple[str, str]]:
    return {(seat.audience, seat.role) for seat in db.session.scalars(select(Seat).where(Seat.member_id == member.id))}


def test_moderators_confirm_the_first_who_speaks_for_an_organisation(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    made = make.organisation("Solar Aid")
    form = {"organisation": str(made.id), "role": "Chair", "represents": "y", "proof": PROOF}
    assert browser("ben").post("/settings/affiliations/new", data=form).status_code == 303
    queue = browser("mo").get("/moderation/affiliations").text
    assert PROOF in queue
    found = db.session.scalars(select(Affiliation)).one()
    assert browser("mo").post(f"/affiliations/{found.id}/confirm").status_code == 303
    assert (speaks_for(made.id), "signatory") in seats(cast.ben)
    assert representatives(made.id) == [cast.ben.id]
    db.session.refresh(found)
    assert (found.state, found.proof) == ("confirmed", ""), "the proof is deleted with the decision"


def test_the_representatives_are_asked_and_all_see_the_same_list(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    made = spoken_for(cast)
    second = says(cast.ana, made, represents=True)
    actions.confirm_affiliation(second, actor=cast.ben)
    says(cast.chi, made)
    for name in ("ana", "ben"):
        assert "Chi" in browser(name).get("/affiliations").text
    asked = set(db.session.scalars(select(Ask.member_id).where(Ask.why == "affiliation")))
    assert cast.ben.id in asked and cast.ana.id not in asked, "who can decide is asked"
    assert "Chi" not in browser("mo").get("/moderation/affiliations").text
    assert "1 person asks to be confirmed" in browser("ben").get(f"/organisations/{made.slug}").text
    assert "asks to be confirmed" not in browser("mo").get(f"/organisations/{made.slug}").text


def test_nobody_else_decides(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    made = spoken_for(cast)
    found = says(cast.chi, made)
    for name in ("ana", "chi", "mo"):
        assert browser(name).post(f"/affiliations/{found.id}/confirm").status_code == 404
        with pytest.raises(Forbidden):
            actions.confirm_affiliation(found, actor=getattr(cast, name))
    assert browser("visitor").post(f"/affiliations/{found.id}/confirm").status_code == 303
    db.session.refresh(found)
    assert found.state == "asked"


def test_a_moderator_does_not_confirm_themself(cast: Cast) -> None:
    found = says(cast.mo, make.organisation(), represents=True, proof=PROOF)
    with pytest.raises(Forbidden):
        actions.confirm_affiliation(found, actor=cast.mo)


def test_leaving_works_alone_and_at_once(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    made = spoken_for(cast)
    makers.profile(cast.ben, "public", "public")
    page = f"/organisations/{made.slug}"
    assert "Treasurer" in browser("visitor").get(page).text
    assert "Treasurer" in browser("visitor").get("/members/ben").text
    found = db.session.scalars(select(Affiliation)).one()
    assert browser("ben").post(f"/settings/affiliations/{found.id}/end").status_code == 303
    assert "Treasurer" not in browser("visitor").get(page).text
    assert "Treasurer" not in browser("visitor").get("/members/ben").text
    assert speaks_for(made.id) not in {audience for audience, _role in seats(cast.ben)}
    assert not any(seat.audience == speaks_for(made.id) for seat in cast.ben.seats)


def test_when_the_last_representative_left_moderators_decide_again(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    made = spoken_for(cast)
    waiting = says(cast.chi, made)
    actions.end_affiliation(db.session.get_one(Affiliation, waiting.id - 1), actor=cast.ben)
    assert "Chi" in browser("mo").get("/moderation/affiliations").text
    actions.confirm_affiliation(waiting, actor=cast.mo)
    assert waiting.state == "confirmed"


def test_another_representative_ends_what_is_no_longer_so(cast: Cast) -> None:
    made = spoken_for(cast)
    found = says(cast.chi, made)
    actions.confirm_affiliation(found, actor=cast.ben)
    with pytest.raises(Forbidden):
        actions.end_affiliation(found, actor=cast.ana)
    actions.end_affiliation(found, actor=cast.ben)
    assert (found.state, bool(found.until)) == ("ended", True)


@pytest.mark.parametrize(
    ("shown", "seers"),
    [("nobody", []), ("groups", ["ana"]), ("members", ["ana", "chi"]), ("public", ["visitor", "ana", "chi"])],
)
def test_people_are_shown_to_whom_they_choose(
    shown: str, seers: list[str], cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    made = spoken_for(cast)
    makers.profile(cast.ben, "public", {"affiliations": shown})
    found = [
        name
        for name in ("visitor", "ana", "chi")
        if "Treasurer" in browser(name).get(f"/organisations/{made.slug}").text
    ]
    assert found == seers
    assert [
        name for name in ("visitor", "ana", "chi") if "Treasurer" in browser(name).get("/members/ben").text
    ] == seers


def test_what_is_not_confirmed_is_shown_to_nobody(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    made = make.organisation("Solar Aid")
    makers.profile(cast.chi, "public", "public")
    says(cast.chi, made)
    assert "Treasurer" not in browser("ana").get(f"/organisations/{made.slug}").text
    assert "Treasurer" not in browser("chi").get("/members/chi").text
    assert "Treasurer" in browser("chi").get("/settings/affiliations").text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"since": "last year"}, "since"),
        ({"since": "2019-13"}, "since"),
        ({"role": "x" * 121}, "role"),
        ({"represents": True, "proof": "trust me"}, "proof"),
    ],
)
def test_what_does_not_fit_is_said(more: dict[str, Any], field: str, cast: Cast) -> None:
    with pytest.raises(Invalid) as fault:
        says(cast.chi, make.organisation(), **more)
    assert field in fault.value.fields


def test_saying_it_twice_is_once(cast: Cast) -> None:
    made = make.organisation()
    says(cast.chi, made)
    with pytest.raises(Invalid):
        says(cast.chi, made)


def test_an_organisation_is_found_by_name_and_a_hidden_one_is_not(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    make.organisation("Solar Aid")
    hidden = make.organisation("Solar Shelter", audience="group:7")
    makers.settle()
    page = browser("chi").get("/settings/affiliations?q=solar").text
    assert ("Solar Aid" in page, "Solar Shelter" in page) == (True, False)
    assert browser("chi").get(f"/settings/affiliations/new?organisation={hidden.id}").status_code == 404
    assert "Solar Shelter" in browser("ana").get("/settings/affiliations?q=solar").text


def test_no_line_of_a_list_of_changes_tells_who_asked_whom(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    makers.profile(cast.chi, "public", "public")
    made = spoken_for(cast)
    says(cast.chi, made, role="Canaryrole")
    for way in (f"/organisations/{made.slug}/history", "/changes", "/changes.atom"):
        assert "Canaryrole" not in browser("ana").get(way).text


def test_a_delegate_sees_what_waits_and_decides_nothing(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    made = spoken_for(cast)
    anas = says(cast.ana, made, represents=True)
    actions.confirm_affiliation(anas, actor=cast.ben)
    assert (speaks_for(made.id), "delegate") in seats(cast.ana)
    waits, bens = says(cast.chi, made), db.session.scalars(select(Affiliation)).first()
    assert bens is not None
    shown = {name: browser(name).get("/affiliations").text for name in ("ana", "ben")}
    assert "Chi" in shown["ana"] and f"/affiliations/{waits.id}/confirm" not in shown["ana"]
    assert f"/affiliations/{waits.id}/confirm" in shown["ben"] and f"/affiliations/{anas.id}/end" in shown["ben"]
    assert f"/affiliations/{bens.id}/end" not in shown["ana"]
    for way in (f"{waits.id}/confirm", f"{waits.id}/decline", f"{waits.id}/end", f"{bens.id}/end"):
        assert browser("ana").post(f"/affiliations/{way}").status_code == 404, way
    for act, one in ((actions.confirm_affiliation, waits), (actions.end_affiliation, bens)):
        with pytest.raises(Forbidden):
            act(one, actor=cast.ana)


def test_a_steward_decides_and_does_not_end_what_a_signatory_is(cast: Cast) -> None:
    made = spoken_for(cast)
    anas = says(cast.ana, made, represents=True)
    actions.confirm_affiliation(anas, actor=cast.ben)
    give_seat(cast.ana, speaks_for(made.id), "steward")
    waits, bens = says(cast.chi, made), db.session.scalars(select(Affiliation)).first()
    assert bens is not None
    actions.confirm_affiliation(waits, actor=cast.ana)
    with pytest.raises(Forbidden):
        actions.end_affiliation(bens, actor=cast.ana)
    actions.end_affiliation(anas, actor=cast.ben)
    assert speaks_for(made.id) not in {audience for audience, _role in seats(cast.ana)}


def test_where_only_delegates_are_left_moderators_decide(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    made = spoken_for(cast)
    actions.confirm_affiliation(says(cast.ana, made, represents=True), actor=cast.ben)
    bens = db.session.scalars(select(Affiliation)).first()
    assert bens is not None
    actions.end_affiliation(bens, actor=cast.ben)
    waits = says(cast.chi, made, represents=True, proof=PROOF)
    assert PROOF in browser("mo").get("/moderation/affiliations").text
    actions.confirm_affiliation(waits, actor=cast.mo)
    assert (speaks_for(made.id), "signatory") in seats(cast.chi)
