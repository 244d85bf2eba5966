"""What I put aside: mine alone, with a search, and without the titles of what went."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from commons.db import db, transaction
from commons.entries.followers import catch_up
from commons.feed.actions import drop, keep
from commons.feed.models import Kept
from commons.feed.queries import kept_with
from commons.members.models import Member, Seat
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.commons.feed.writers import topic_with
from tests.test_query_counts import statements


def found(words: str, member: Member) -> list[int]:
    return [row.entry_id for row in kept_with(words, member)]


def test_the_button_keeps_and_the_list_is_mine_alone(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Heaps")
    assert client.get("/kept").headers["Location"].startswith("/sign-in")
    sign_in(client, cast.ben)
    assert "Nothing kept yet" in client.get("/kept").text
    assert client.post(f"/wiki/{page.slug}/keep").headers["Location"] == f"/wiki/{page.slug}"
    client.post(f"/wiki/{page.slug}/keep")
    assert "Heaps" in client.get("/kept").text
    assert [row.member_id for row in db.session.scalars(db.select(Kept))] == [cast.ben.id]
    assert client.post(f"/kept/{page.id}/drop").status_code == 303
    assert client.post("/kept/999999/drop").status_code == 303
    assert "Nothing kept yet" in client.get("/kept").text


def test_words_are_found_in_titles_and_texts_whatever_their_accents(app: Flask, cast: Cast) -> None:
    heaps, wells = make.page("Composting", "Straw and *patience*."), make.organisation("Wells", description="Énergie")
    make.page("Not kept", "patience")
    for entry in (heaps, wells):
        keep(entry, actor=cast.ben)
    assert found("PATIENCE straw", cast.ben) == [heaps.id] and found("energie", cast.ben) == [wells.id]
    assert found("patience energie", cast.ben) == [] and found("compost", cast.ben) == [heaps.id]
    assert found("patience", cast.chi) == []


def test_words_are_found_by_the_search_too(client: FlaskClient, cast: Cast) -> None:
    heaps = make.page("Composting", "Digging wells for villages")
    keep(heaps, actor=cast.ben)
    catch_up()
    assert found("village", cast.ben) == [heaps.id] and found("well dig", cast.ben) == [heaps.id]
    sign_in(client, cast.ben)
    assert "Composting" in client.get("/kept?q=village").text
    assert "Nothing that you kept has these words" in client.get("/kept?q=zebra").text


def test_a_post_that_i_kept_is_found_by_its_words(app: Flask, cast: Cast) -> None:
    topic_with("Heaps", ["The first", "Straw holds air"], cast.ana)
    post = db.session.scalar(db.text("select max(id) from post"))
    with transaction():
        db.session.add(Kept(member_id=cast.ben.id, entry_id=post))
    assert found("straw", cast.ben) == [post]


def test_what_went_is_gone_without_its_title(client: FlaskClient, cast: Cast) -> None:
    secret, removed = make.page("Xylophonia", "canary", audience=GROUP), make.page("Zithers", "canary")
    for entry in (secret, removed):
        keep(entry, actor=cast.ben)
    sign_in(client, cast.mo)
    client.post(f"/wiki/{removed.slug}/remove", data={"note": "test"})
    with transaction():
        for seat in list(cast.ben.seats):
            db.session.delete(db.session.get_one(Seat, seat.id))
    db.session.expire_all()
    client.post("/sign-out")
    sign_in(client, cast.ben)
    for address in ("/kept", "/kept?q=canary", "/kept?q=xylophonia"):
        page = client.get(address).text
        assert "Zithers" not in page and "Xylophonia" not in page
    assert client.get("/kept").text.count("is gone, or you may no longer see it") == 2
    assert "is gone" not in client.get("/kept?q=canary").text
    drop(secret.id, actor=cast.ben)
    assert client.get("/kept").text.count("is gone, or you may no longer see it") == 1


def test_i_cannot_keep_what_i_may_not_see(client: FlaskClient, cast: Cast) -> None:
    secret = make.page("Xylophonia", audience=GROUP)
    sign_in(client, cast.chi)
    assert client.post(f"/wiki/{secret.slug}/keep").status_code == 404
    assert db.session.scalars(db.select(Kept)).all() == []


def test_keeping_much_costs_no_more_statements(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    keep(make.page(), actor=cast.ben)
    client.get("/kept")
    with statements() as few:
        client.get("/kept")
    for _number in range(9):
        keep(make.page(), actor=cast.ben)
    with statements() as many:
        client.get("/kept")
    assert len(many) == len(few) <= 12
