"""What others changed in what I watch: a query, as I may see it now."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from commons.db import db, transaction
from commons.entries.queries import latest
from commons.feed.actions import unwatch, watch
from commons.feed.queries import is_watching, watchers, watching
from commons.focus.models import Area
from commons.focus.queries import area_from
from commons.members.models import Member, Seat
from directory.actions import edit_organisation
from directory.models import Organisation
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.test_query_counts import asked


def changed(organisation: Organisation, actor: Member, words: str) -> None:
    edit_organisation(organisation, {"description": words}, version=organisation.version, actor=actor, note=words)


def notes(member: Member) -> list[str]:
    return [line.note for line in latest(watching(member), 50)]


def test_changes_by_others_to_what_i_watch(app: Flask, cast: Cast) -> None:
    wells, other = make.organisation("Wells"), make.organisation("Other")
    watch(wells, actor=cast.ben)
    watch(wells, actor=cast.ben)
    changed(wells, cast.ben, "by myself")
    changed(wells, cast.chi, "by Chi")
    changed(other, cast.chi, "elsewhere")
    assert notes(cast.ben) == ["by Chi", "made by a test"] and notes(cast.chi) == []
    assert is_watching(cast.ben, wells) and not is_watching(cast.chi, wells) and not is_watching(None, wells)
    assert watchers(wells, cast.ben)[0] == 1
    unwatch(wells, actor=cast.ben)
    assert notes(cast.ben) == [] and watchers(wells, cast.ben)[0] == 0


def test_an_area_stands_for_everything_under_it(app: Flask, cast: Cast) -> None:
    node = area_from("water-and-oceans") or area_from("water")
    assert node is not None
    below = make.organisation("Wells", focus=["water"])
    make.organisation("Lamps", focus=["energy"])
    watch(db.session.get_one(Area, node.id), actor=cast.ben)
    changed(below, cast.chi, "deeper")
    assert notes(cast.ben) == ["deeper", "made by a test"]


def test_what_i_may_not_see_any_more_is_gone_from_my_list(app: Flask, cast: Cast) -> None:
    secret = make.organisation("Xylophonia", audience=GROUP)
    watch(secret, actor=cast.ben)
    changed(secret, cast.ana, "inside")
    assert "inside" in notes(cast.ben)
    with transaction():
        for seat in list(cast.ben.seats):
            db.session.delete(db.session.get_one(Seat, seat.id))
    db.session.expire_all()
    assert notes(cast.ben) == []


def test_the_page_lists_and_its_buttons_work(client: FlaskClient, cast: Cast) -> None:
    wells = make.organisation("Wells")
    secret = make.organisation("Xylophonia", audience=GROUP)
    assert client.get("/watching").status_code == 303
    assert client.post("/organisations/wells/watch").status_code == 303 and watchers(wells, cast.ben)[0] == 0
    sign_in(client, cast.chi)
    assert client.post("/organisations/wells/watch").headers["Location"] == "/organisations/wells"
    assert client.post(f"/organisations/{secret.slug}/watch").status_code == 404
    changed(wells, cast.ben, "by Ben")
    page = client.get("/watching").text
    assert "by Ben" in page and "/organisations/wells/unwatch" in page
    gone = client.post("/organisations/wells/unwatch", data={"next": "/watching"})
    assert gone.headers["Location"] == "/watching" and watchers(wells, cast.ben)[0] == 0


def test_watching_much_costs_no_more_statements(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    watch(make.organisation(), actor=cast.ben)
    few = len(asked(client, "/watching"))
    for _number in range(12):
        watch(make.organisation(), actor=cast.ben)
    assert len(asked(client, "/watching")) == few <= 10
