"""People who know about something: only those who want it, by what the viewer may read, with what shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from commons.db import db, now, table, transaction
from commons.entries.followers import catch_up
from commons.entries.hiding import hide_revision
from commons.feed.actions import react
from commons.focus.queries import area_from
from commons.forums.actions import accept_answer, add_post
from commons.forums.models import Topic
from commons.members.models import Member
from commons.people.actions import edit_profile
from commons.people.models import Evidence
from commons.people.queries.knowing import who_know
from commons.talks.actions import block
from tests import make
from tests.cast import GROUP, Cast
from tests.commons.forums import makers as said
from tests.commons.people import makers
from tests.commons.subjects.test_views import box
from wiki.actions import edit_page
from wiki.models import Page

KNOWN = "People who know about it"
PAGE = "How to keep a well clean, and whom to ask when the pump is broken again.\n"


def wants(member: Member, **values: object) -> None:
    shown = dict.fromkeys(values, "public")
    edit_profile(values, shown, audience="public", actor=member, named_for=True)


@pytest.fixture
def water(app: Flask, cast: Cast) -> int:
    said.old_hands()
    found = area_from("water")
    assert found is not None
    return found.id


def panel(client: FlaskClient, address: str = "/focus/water") -> str:
    return box(client.get(address).text, KNOWN)


def test_who_wrote_most_of_a_page_is_named_with_it(client: FlaskClient, cast: Cast, water: int) -> None:
    page = make.page("Clean wells", PAGE * 9, focus=["water"], actor=cast.ana)
    edit_page(page, {"text": PAGE * 9 + "\nAnd lock it.\n" + PAGE}, version=1, actor=cast.ben)
    wants(cast.ana)
    wants(cast.ben)
    catch_up()
    rows = {row.member_id: row.share for row in db.session.scalars(select(Evidence))}
    assert rows[cast.ana.id] > 0.8 and 0.1 < rows[cast.ben.id] < 0.2
    shown = panel(client)
    assert shown.index("Ana") < shown.index("Ben")
    assert "Wrote most of" in shown and "Wrote parts of" in shown and "Clean wells" in shown


def test_nobody_is_named_who_did_not_ask_for_it(client: FlaskClient, cast: Cast, water: int) -> None:
    make.page("Clean wells", PAGE, focus=["water"], actor=cast.ana)
    edit_profile({"help_with": "water"}, {"help_with": "public"}, audience="public", actor=cast.ana)
    catch_up()
    assert "Nobody who wants to be asked" in panel(client)
    wants(cast.ana, help_with="Water")
    assert "Ana" in panel(client)
    edit_profile({}, {}, audience="public", actor=cast.ana, named_for=False)
    assert "Nobody who wants to be asked" in panel(client)


def test_the_choice_is_off_until_a_member_makes_it(browser: Callable[[str], FlaskClient]) -> None:
    page = browser("ana").get("/settings/profile").text
    start = page.index('id="named_for"')
    assert "checked" not in page[start - 100 : start + 100]
    assert "Only what they may read anyway" in page


def test_what_a_viewer_may_not_read_speaks_for_nobody(
    browser: Callable[[str], FlaskClient], cast: Cast, water: int
) -> None:
    make.page("Secret wells", PAGE, focus=["water"], actor=cast.ana, audience=GROUP)
    make.page("Open wells", PAGE, focus=["water"], actor=cast.chi)
    wants(cast.ana)
    wants(cast.chi)
    catch_up()
    assert "Secret wells" in panel(browser("ben"))
    for name in ("visitor", "chi", "mo"):
        shown = panel(browser(name))
        assert "Open wells" in shown and "Chi" in shown
        assert "Secret" not in shown and "Ana" not in shown, name


def test_scores_are_those_of_what_the_viewer_may_read(cast: Cast, water: int) -> None:
    """Also when somebody hands in ids that the viewer may not see."""
    hidden = make.page("Secret wells", PAGE, focus=["water"], actor=cast.ana, audience=GROUP)
    shown = make.page("Open wells", PAGE, focus=["water"], actor=cast.ana)
    wants(cast.ana)
    catch_up()
    both = {hidden.id: 1.0, shown.id: 1.0}
    alone = who_know({shown.id: 1.0}, (), (), cast.chi)[0].score
    assert who_know(both, (), (), cast.chi)[0].score == pytest.approx(alone, rel=1e-3)
    assert who_know(both, (), (), cast.ben)[0].score > alone * 1.2


def test_who_hides_their_profile_is_not_named(browser: Callable[[str], FlaskClient], cast: Cast, water: int) -> None:
    make.page("Clean wells", PAGE, focus=["water"], actor=cast.ana)
    edit_profile({}, {}, audience="members", actor=cast.ana, named_for=True)
    catch_up()
    assert "Ana" in panel(browser("ben"))
    assert "Ana" not in panel(browser("visitor"))


def test_an_accepted_answer_and_thanks_are_evidence(client: FlaskClient, cast: Cast, water: int) -> None:
    question = said.topic("Which rope holds", sort="question", actor=cast.ana, focus=[water])
    answer, question_id = add_post(question, "Hemp.", actor=cast.ben), question.id
    accept_answer(question, answer, actor=cast.ana)
    react(answer, "like", actor=cast.chi)
    react(answer, "like", actor=cast.ana)
    wants(cast.ana)
    wants(cast.ben)
    catch_up()
    shown = panel(client)
    assert "Answered a question" in shown and "Which rope holds" in shown and "Thanked 2 times" in shown
    assert "Ana" not in shown
    accept_answer(db.session.get_one(Topic, question_id), None, actor=cast.ana)
    catch_up()
    assert "Answered a question" not in panel(client)


def test_what_somebody_says_they_can_help_with_counts(client: FlaskClient, cast: Cast, water: int) -> None:
    wants(cast.chi, help_with="Eau, dancing")
    catch_up()
    assert "Can help with: <bdi>Eau</bdi>" in panel(client)
    assert "Chi" not in panel(client, "/focus/energy")


def test_a_hidden_version_is_no_evidence(cast: Cast, water: int) -> None:
    page = make.page("Clean wells", PAGE, focus=["water"], actor=cast.chi)
    edit_page(page, {"text": PAGE + "Call me in the evening, when it is cool.\n"}, version=1, actor=cast.ben)
    edit_page(
        page, {"text": PAGE + "Call me in the evening, when it is cool.\nLock it well.\n"}, version=2, actor=cast.ana
    )
    number = page.id
    for member in (cast.ana, cast.ben, cast.chi):
        wants(member)
    catch_up()
    assert {row.member_id for row in db.session.scalars(select(Evidence))} >= {cast.chi.id, cast.ben.id}
    hide_revision(db.session.get_one(Page, number), 2, actor=cast.mo, note="An address")
    catch_up()
    assert {row.member_id for row in db.session.scalars(select(Evidence))} == {cast.chi.id, cast.ana.id}


def test_what_was_long_ago_counts_less_and_much_counts_not_for_all(cast: Cast, water: int) -> None:
    pages = [make.page(f"Wells {number}", PAGE, focus=["water"], actor=cast.ana) for number in range(4)]
    wants(cast.ana)
    catch_up()
    every = {page.id: 1.0 for page in pages}
    one, four = who_know({pages[0].id: 1.0}, (), (), None)[0].score, who_know(every, (), (), None)[0].score
    assert four == pytest.approx(2 * one, rel=1e-3)
    with transaction():
        db.session.execute(update(table(Evidence)).values(at=now() - timedelta(days=1460)))
    assert who_know(every, (), (), None)[0].score == pytest.approx(four / 2, rel=1e-3)


def test_whom_one_blocked_is_not_among_them(browser: Callable[[str], FlaskClient], cast: Cast, water: int) -> None:
    make.page("Clean wells", PAGE, focus=["water"], actor=cast.ana)
    wants(cast.ana)
    catch_up()
    assert "Ana" in panel(browser("chi"))
    block(cast.ana, actor=cast.chi)
    assert "Ana" not in panel(browser("chi"))
    assert "Ana" in panel(browser("ben"))


def test_one_asks_in_a_message_and_never_oneself(browser: Callable[[str], FlaskClient], cast: Cast, water: int) -> None:
    makers.member("dan")
    wants(cast.ana, help_with="water")
    catch_up()
    assert "/messages/new?to=ana" in panel(browser("ben"))
    assert "/messages/new" not in panel(browser("ana"))
    assert "/messages/new" not in panel(browser("visitor"))
    assert "@example" not in panel(browser("ben"))


def test_nothing_is_put_together_of_who_does_not_want_it(client: FlaskClient, cast: Cast, water: int) -> None:
    make.page("Clean wells", PAGE * 9, focus=["water"], actor=cast.ana)
    catch_up()
    assert list(db.session.scalars(select(Evidence))) == []
    wants(cast.ana)  # what she wrote before counts from now on
    catch_up()
    assert [row.member_id for row in db.session.scalars(select(Evidence))] == [cast.ana.id]
    assert "Clean wells" in panel(client)
    edit_profile({}, {}, audience="public", actor=cast.ana, named_for=False)
    catch_up()
    assert list(db.session.scalars(select(Evidence))) == []
