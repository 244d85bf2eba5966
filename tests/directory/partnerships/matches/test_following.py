"""The match index follows the log, and can be thrown away."""

from __future__ import annotations

import shutil

from flask import Flask

from commons.entries.followers import catch_up
from commons.entries.queries import last_seq
from directory.actions import edit_organisation
from directory.partnerships.matches import follower, keeper
from directory.partnerships.matches.cards import cards_of, every_card
from tests import make
from tests.cast import Cast
from tests.directory.partnerships.board import makers
from tests.directory.partnerships.matches.conftest import Board


def test_it_holds_what_the_database_says(board: Board) -> None:
    follower.follow(0)
    index = keeper.index()
    for card in every_card():
        assert index.card(card.id) == card
    assert index.position == last_seq()


def test_an_edit_is_in_it_after_one_turn(board: Board, cast: Cast) -> None:
    edit_organisation(board.menders, {"description": "We weave."}, version=board.menders.version, actor=cast.ben)
    follower.follow(0)
    card = keeper.index().card(board.menders.id)
    assert card is not None and "We weave." in card.text


def test_what_is_removed_leaves_it(board: Board, cast: Cast) -> None:
    values = {"status": "closed", "status_note": "It has ended."}
    edit_organisation(board.menders, values, version=board.menders.version, actor=cast.ben)
    catch_up()
    assert keeper.index().card(board.menders.id) is None


def test_it_is_made_again_when_it_is_gone(board: Board) -> None:
    shutil.rmtree(keeper.folder())
    keeper.forget()
    catch_up()
    assert keeper.index().card(board.rain.id) is not None


def test_the_commands_say_how_it_stands(app: Flask, board: Board) -> None:
    run = app.test_cli_runner().invoke
    assert "organisations" in run(args=["matches", "rebuild"]).output
    assert f"{last_seq():,} of {last_seq():,}" in run(args=["matches", "status"]).output
    shutil.rmtree(keeper.folder())
    keeper.forget()
    broken = run(args=["matches", "status"])
    assert broken.exit_code == 1 and "flask matches rebuild" in broken.output


def test_only_public_needs_are_in_it(board: Board, cast: Cast) -> None:
    makers.need("Find a secret place", of=board.rain, actor=cast.ana, audience="members")
    (card,) = cards_of([board.rain.id])
    assert "secret" not in repr(card)


def test_only_public_organisations_are_in_it(board: Board) -> None:
    hidden = make.organisation("Hidden", audience="members")
    assert list(cards_of([hidden.id])) == []
