"""A need and an offer that fit each other: both sides hear of it, once, and nobody who may not."""

from __future__ import annotations

from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.followers import catch_up
from commons.entries.models import Ask
from commons.members.models import Block
from directory.partnerships.board.actions import close_posting, edit_posting, renew_posting, set_openness
from directory.partnerships.matches.actions import refuse
from directory.partnerships.matches.models import Told
from tests.cast import Cast
from tests.directory.partnerships.board import makers
from tests.directory.partnerships.matches.conftest import OFFER, Board


def told() -> set[tuple[int, int]]:
    rows = db.session.execute(select(Ask.member_id, Ask.entry_id).where(Ask.why == "match"))
    return {(member, entry) for member, entry in rows}


def test_both_sides_hear_of_it(board: Board, cast: Cast) -> None:
    assert {(cast.ana.id, board.offer.id), (cast.ben.id, board.need.id)} <= told()


def test_who_offers_something_else_hears_nothing(board: Board, cast: Cast) -> None:
    assert cast.chi.id not in {member for member, _entry in told()}


def test_a_pair_is_told_once(board: Board, cast: Cast) -> None:
    before = db.session.scalars(select(Told.need_id)).all()
    edit_posting(board.offer, {"quantity": "Twelve"}, version=board.offer.version, actor=cast.ben)
    close_posting(board.need, "withdrawn", actor=cast.ana)
    renew_posting(board.need, actor=cast.ana)
    catch_up()
    catch_up()
    assert db.session.scalars(select(Told.need_id)).all() == before


def test_a_need_that_is_opened_again_finds_the_offers_of_meanwhile(board: Board, cast: Cast) -> None:
    close_posting(board.need, "withdrawn", actor=cast.ana)
    fresh = makers.represented("Menders of the coast", cast.mo, country="KE", city="Mombasa", languages=["en"])
    other = makers.offer("Build more loggers", of=fresh, actor=cast.mo, text=OFFER, languages=["en"]).id
    catch_up()
    assert (cast.ana.id, other) not in told()
    renew_posting(board.need, actor=cast.ana)
    catch_up()
    assert (cast.ana.id, other) in told()


def test_nobody_is_told_of_whom_they_refused(board: Board, cast: Cast) -> None:
    fresh = makers.represented("Menders of the coast", cast.mo, country="KE", city="Mombasa", languages=["en"])
    refuse(board.need, fresh, "far", actor=cast.ana)
    other = makers.offer("Build more loggers", of=fresh, actor=cast.mo, text=OFFER, languages=["en"]).id
    catch_up()
    assert (cast.ana.id, other) not in told() and (cast.mo.id, board.need.id) not in told()


def test_nobody_is_told_who_is_not_open(board: Board, cast: Cast) -> None:
    set_openness(board.rain, {"open": False}, actor=cast.ana)
    catch_up()
    fresh = makers.represented("Menders of the coast", cast.mo, country="KE", city="Mombasa", languages=["en"])
    makers.offer("Build more loggers", of=fresh, actor=cast.mo, text=OFFER, languages=["en"])
    catch_up()
    assert (cast.mo.id, board.need.id) not in told()


def test_a_worker_that_was_away_tells_at_its_first_turn(board: Board, cast: Cast) -> None:
    fresh = makers.represented("Menders of the coast", cast.mo, country="KE", city="Mombasa", languages=["en"])
    other = makers.offer("Build more loggers", of=fresh, actor=cast.mo, text=OFFER, languages=["en"])
    close_posting(other, "withdrawn", actor=cast.mo)  # before the worker looked
    id = other.id
    catch_up()
    assert (cast.ana.id, id) not in told()


def test_people_who_blocked_each_other_are_not_brought_together(board: Board, cast: Cast) -> None:
    with transaction():
        db.session.add(Block(member_id=cast.ana.id, other_id=cast.mo.id))
    fresh = makers.represented("Menders of the coast", cast.mo, country="KE", city="Mombasa", languages=["en"])
    other = makers.offer("Build more loggers", of=fresh, actor=cast.mo, text=OFFER, languages=["en"]).id
    catch_up()
    assert (cast.ana.id, other) not in told() and (cast.mo.id, board.need.id) not in told()
