"""Walls as pages: who reads what, and the form that gives words back."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, transaction
from commons.forums.actions import add_post, edit_post
from commons.forums.models import Post, Topic
from commons.members.models import Block
from commons.people.actions import own_profile
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.forums.makers import group
from tests.commons.walls.makers import opened, share, speaking
from tests.test_query_counts import statements


def topics() -> int:
    return int(db.session.scalar(select(func.count()).select_from(Topic)) or 0)


def test_the_form_shares_on_my_own_wall(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/share").headers["Location"].startswith("/sign-in")
    sign_in(client, cast.ben)
    assert client.get("/share").status_code == 200
    answer = client.post("/share", data={"text": "The pump runs again"})
    assert answer.status_code == 303 and "/topics/" in answer.headers["Location"]
    assert "The pump runs again" in client.get(answer.headers["Location"]).text
    assert "The pump runs again" in client.get("/members/ben/wall").text


def test_the_form_asks_where_only_who_has_several_walls(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    assert 'id="on"' not in client.get("/share").text
    wells = speaking(cast.ben)
    page = client.get(f"/share?on={wells.id}").text
    assert re.search(rf'value="{wells.id}"[^>]*selected|selected[^>]*value="{wells.id}"', page)
    client.post("/share", data={"text": "We dig", "on": str(wells.id)})
    assert db.session.scalars(select(Topic.voice_id)).all() == [wells.id]
    wall = client.get(f"/organisations/{wells.slug}/wall").text
    assert "We dig" in wall and "for " in wall


@pytest.mark.parametrize("on", ["0", "999999", "x", "99999999999999"])
def test_an_unknown_wall_takes_nothing(client: FlaskClient, cast: Cast, on: str) -> None:
    sign_in(client, cast.ben)
    assert client.post("/share", data={"text": "x", "on": on}).status_code in (403, 404)
    assert topics() == 0


def test_the_walls_of_others_take_nothing_from_me(client: FlaskClient, cast: Cast) -> None:
    house, page = group(admin=cast.ana), make.page("Heaps")
    ana = own_profile(cast.ana)
    sign_in(client, cast.ben)
    assert client.post("/share", data={"text": "x", "on": str(house.id)}).status_code == 404
    for other in (ana, page, make.organisation("Wells")):
        assert client.post("/share", data={"text": "x", "on": str(other.id)}).status_code == 403
    assert topics() == 0


def test_words_come_back_whatever_is_wrong(client: FlaskClient, cast: Cast) -> None:
    signed_out = client.post("/share", data={"text": "My long words"})
    assert signed_out.status_code == 401 and "My long words" in signed_out.text
    sign_in(client, cast.ben)
    wrong = client.post("/share", data={"text": "My long words", "link": "javascript:1", "choices": "One"})
    assert wrong.status_code == 422 and "My long words" in wrong.text and "There is a problem" in wrong.text
    data = {"text": "My long words", "picture": (io.BytesIO(b"no picture"), "x.png")}
    assert "Choose the picture again" in client.post("/share", data=data).text
    assert topics() == 0


def test_a_form_without_its_token_gives_the_words_back(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    client.application.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/share", data={"text": "My long words"})
    assert answer.status_code == 422 and "My long words" in answer.text and topics() == 0


def test_a_wall_shows_each_reader_what_they_may_see(client: FlaskClient, cast: Cast) -> None:
    opened(cast.ben)
    share("For everybody", actor=cast.ben)
    share("Xylophonia", actor=cast.ben, members=True)
    page = client.get("/members/ben/wall").text
    assert "For everybody" in page and "Xylophonia" not in page
    assert "Xylophonia" not in client.get("/members/ben/wall.atom").text
    sign_in(client, cast.chi)
    assert "Xylophonia" in client.get("/members/ben/wall").text
    assert "Xylophonia" not in client.get("/members/ben/wall.atom").text


def test_a_hidden_wall_is_a_missing_wall(client: FlaskClient, cast: Cast) -> None:
    house = group(members=(cast.ben,), admin=cast.ana)
    share("Inside", actor=cast.ben, on=house)
    sign_in(client, cast.chi)
    hidden, missing = client.get(f"/groups/{house.slug}/wall"), client.get("/groups/not-there/wall")
    assert hidden.status_code == missing.status_code == 404 and client.get("/wiki/x/wall").status_code == 404
    sign_in(client.application.test_client(), cast.ben)
    client.post("/sign-out")
    sign_in(client, cast.ben)
    assert "Inside" in client.get(f"/groups/{house.slug}/wall").text


def test_an_edit_shows_and_leads_to_its_history(client: FlaskClient, cast: Cast) -> None:
    opened(cast.ben)
    made = share("First words", actor=cast.ben)
    post = db.session.scalars(select(Post).where(Post.topic_id == made.id)).one()
    assert "edited" not in client.get("/members/ben/wall").text
    edit_post(post, {"text": "Second words"}, version=1, actor=cast.ben)
    page = client.get("/members/ben/wall").text
    assert "Second words" in page and f"/posts/{post.slug}/history" in page
    assert client.get(f"/posts/{post.slug}/history").status_code == 200


def test_comments_are_counted_and_stand_on_the_page_of_the_share(client: FlaskClient, cast: Cast) -> None:
    opened(cast.ben)
    made = share("First words", actor=cast.ben)
    add_post(made, "A comment", actor=cast.chi)
    assert "1 comment" in client.get("/members/ben/wall").text


def test_shares_of_somebody_whom_i_blocked_are_folded(client: FlaskClient, cast: Cast) -> None:
    house = group("members", members=(cast.ben, cast.chi), admin=cast.ana)
    share("Words of Chi", actor=cast.chi, on=house)
    with transaction():
        db.session.add(Block(member_id=cast.ben.id, other_id=cast.chi.id, how="block"))
    sign_in(client, cast.ben)
    assert "From somebody whom you blocked. Show" in client.get(f"/groups/{house.slug}/wall").text


def test_the_profile_and_the_organisation_show_the_latest(client: FlaskClient, cast: Cast) -> None:
    opened(cast.ben)
    share("On my wall", actor=cast.ben)
    wells = speaking(cast.ben)
    share("From the wells", actor=cast.ben, on=wells)
    assert "On my wall" in client.get("/members/ben").text
    assert "From the wells" in client.get(f"/organisations/{wells.slug}").text
    assert "Share something here" not in client.get(f"/organisations/{wells.slug}").text
    sign_in(client, cast.ben)
    for address in ("/members/ben", f"/organisations/{wells.slug}", "/feed"):
        assert "/share" in client.get(address).text


def test_a_long_wall_costs_no_more_statements(client: FlaskClient, cast: Cast) -> None:
    opened(cast.ben)
    make.page("Heaps")

    def cost() -> int:
        client.get("/members/ben/wall")
        with statements() as sent:
            client.get("/members/ben/wall")
        return len(sent)

    sign_in(client, cast.chi)
    share("Number 0 @ana #water [[Heaps]]", actor=cast.ben)
    few = cost()
    for number in range(1, 15):
        share(f"Number {number} @ana #water [[Heaps]]", actor=cast.ben)
    assert cost() == few <= 14  # with names of two kinds in the texts


def test_scripts_in_a_share_stay_words(client: FlaskClient, cast: Cast) -> None:
    opened(cast.ben)
    share(
        "<script>alert(1)</script> [x](javascript:alert(1))",
        actor=cast.ben,
        link="https://example.org/'onload=1",
        link_title="<b>]",
    )
    page = client.get("/members/ben/wall").text
    assert "<script>alert" not in page and 'href="javascript' not in page and "&lt;b&gt;" in page


def test_who_hides_is_told_that_nobody_reads_their_wall(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    assert "only you see" not in client.get("/share").text
    opened(cast.ben, f"member:{cast.ben.id}")
    assert "only you see" in client.get("/share").text
