"""The pages of matches: who stands on them, with which reasons, and who never does."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.db import db, transaction
from commons.entries.actions import record
from commons.entries.followers import catch_up
from commons.members.models import Block
from directory.actions import edit_organisation
from directory.partnerships.board.actions import close_posting, set_openness
from directory.partnerships.matches import keeper
from directory.partnerships.matches.actions import refuse, take_back, tune
from directory.partnerships.matches.asking import matches_for, matches_of
from directory.partnerships.matches.documents import rows_of
from tests.cast import Cast, sign_in
from tests.directory.partnerships.board import makers
from tests.directory.partnerships.matches.conftest import Board


def names(board: Board, viewer: object = None) -> list[str]:
    found = matches_for(board.need, viewer)  # type: ignore[arg-type]
    return [found.organisations[one.id].title for one in found.matches]


def page_of(client: FlaskClient, board: Board) -> str:
    return client.get(f"/partnerships/needs/{board.need.id}/matches").text


def test_a_need_finds_who_offers_it_and_says_why(client: FlaskClient, board: Board) -> None:
    text = page_of(client, board)
    assert "Menders" in text and "They offer “Build loggers”" in text and "loggers" in text
    assert "km apart" in text and "English" in text


def test_the_best_match_stands_first(board: Board) -> None:
    assert names(board)[0] == "Menders"


def test_the_other_side_reads_the_same_from_its_side(client: FlaskClient, board: Board) -> None:
    text = client.get(f"/partnerships/offers/{board.offer.id}/matches").text
    assert "Rain harvesters" in text and "They need “Find loggers”" in text


def test_every_evidence_leads_somewhere(app: Flask, client: FlaskClient, board: Board) -> None:
    with app.test_request_context():
        rows = rows_of(matches_for(board.need, None), None)
    links = [sentence.url for row in rows for sentence in row["reasons"] if sentence.url]
    assert links
    for url in links:
        assert client.get(url, follow_redirects=True).status_code == 200, url


def test_who_is_not_open_to_partnership_is_gone_at_once(board: Board, cast: Cast) -> None:
    set_openness(board.menders, {"open": False}, actor=cast.ben)
    assert "Menders" not in names(board)  # the index has not heard of it yet
    catch_up()
    assert "Menders" not in names(board)


def test_a_closed_record_is_gone_at_once(board: Board, cast: Cast) -> None:
    values = {"status": "closed", "status_note": "It has ended."}
    edit_organisation(board.menders, values, version=board.menders.version, actor=cast.ben)
    assert "Menders" not in names(board)


def test_a_closed_offer_is_no_reason_any_more(client: FlaskClient, board: Board, cast: Cast) -> None:
    close_posting(board.offer, "withdrawn", actor=cast.ben)
    assert "Build loggers" not in page_of(client, board)
    catch_up()
    assert "Build loggers" not in page_of(client, board)


def test_a_closed_need_has_no_matches(client: FlaskClient, board: Board, cast: Cast) -> None:
    close_posting(board.need, "fulfilled", actor=cast.ana, by="Menders")
    assert "This is not open any more" in page_of(client, board)


def test_members_whom_i_blocked_stand_on_no_list_of_mine(board: Board, cast: Cast) -> None:
    with transaction():
        db.session.add(Block(member_id=cast.ben.id, other_id=cast.ana.id))
    assert "Menders" not in names(board, cast.ana) and "Menders" in names(board, cast.chi)


def test_a_refused_pair_stays_away_until_a_record_changes(board: Board, cast: Cast) -> None:
    refuse(board.need, board.menders, "far", actor=cast.ana)
    assert "Menders" not in names(board, cast.ana)
    assert "Menders" in names(board) and "Menders" in names(board, cast.chi)  # nobody else is told
    edit_organisation(board.menders, {"founded": 1999}, version=board.menders.version, actor=cast.ben)
    catch_up()
    assert "Menders" in names(board, cast.ana)


def test_a_refusal_can_be_taken_back(board: Board, cast: Cast) -> None:
    refuse(board.need, board.menders, "far", actor=cast.ana)
    take_back(board.need, board.menders.id, actor=cast.ana)
    assert "Menders" in names(board, cast.ana)


def test_the_buttons_do_it_without_javascript(client: FlaskClient, board: Board, cast: Cast) -> None:
    sign_in(client, cast.ana)
    assert "Not a match" in page_of(client, board)
    answer = client.post(f"/matches/{board.need.id}/refuse", data={"organisation": board.menders.id, "reason": "field"})
    assert answer.status_code == 303
    assert "1 organisation was taken off this list" in page_of(client, board)
    client.post(f"/matches/{board.need.id}/refuse/undo", data={"organisation": board.menders.id})
    assert "was taken off" not in page_of(client, board)


@pytest.mark.parametrize("data", [{"organisation": "x"}, {}, {"organisation": "999999"}])
def test_a_refusal_of_nobody_is_not_found(client: FlaskClient, board: Board, cast: Cast, data: dict[str, str]) -> None:
    sign_in(client, cast.ana)
    assert client.post(f"/matches/{board.need.id}/refuse", data=data).status_code == 404


def test_only_its_own_people_refuse(client: FlaskClient, board: Board, cast: Cast) -> None:
    sign_in(client, cast.chi)
    answer = client.post(f"/matches/{board.need.id}/refuse", data={"organisation": board.menders.id, "reason": "far"})
    assert answer.status_code == 403
    assert "Not a match" not in page_of(client, board)


def test_what_counts_for_an_organisation_can_be_changed_and_reset(
    client: FlaskClient, board: Board, cast: Cast
) -> None:
    sign_in(client, cast.ana)
    before = matches_of(board.rain, cast.ana).matches[0].score
    tune(board.rain, {"text": 0.0}, actor=cast.ana)
    assert matches_of(board.rain, cast.ana).matches[0].score != before
    assert matches_of(board.rain, None).matches[0].score == before
    client.post(f"/organisations/{board.rain.slug}/matches/weights", data={"do": "reset"})
    assert matches_of(board.rain, cast.ana).matches[0].score == before


@pytest.mark.parametrize("value", ["nan", "-1", "3", "x", "inf"])
def test_a_factor_outside_the_steps_is_refused(client: FlaskClient, board: Board, cast: Cast, value: str) -> None:
    sign_in(client, cast.ana)
    address = f"/organisations/{board.rain.slug}/matches"
    answer = client.post(f"{address}/weights", data={"do": "keep", "text": value}, follow_redirects=True)
    assert "Choose one of the steps" in answer.text


def test_the_page_with_the_weights_names_every_part(client: FlaskClient, app: Flask) -> None:
    text = client.get("/partnerships/how-matches-are-made").text
    assert "45" in text and "Areas of focus" in text and "Nobody can pay for a place" in text


def test_an_organisation_without_any_text_has_a_page(client: FlaskClient, board: Board) -> None:
    bare = makers.represented("Ø")
    catch_up()
    assert client.get(f"/organisations/{bare.slug}/matches").status_code == 200


def test_a_broken_index_gives_a_sentence_and_heals(client: FlaskClient, board: Board) -> None:
    for file in keeper.folder().rglob("*"):
        if file.is_file():
            file.write_bytes(b"\x00")
    keeper.forget()
    assert "Matches are being prepared" in page_of(client, board)
    catch_up()
    assert "Menders" in page_of(client, board)


def test_a_hidden_organisation_is_on_no_page(client: FlaskClient, board: Board) -> None:
    with transaction():
        board.menders.audience = "members"
        record(board.menders, "showed to others", None, actor=None)
    assert "Menders" not in page_of(client, board)
    catch_up()
    assert "Menders" not in page_of(client, board)
