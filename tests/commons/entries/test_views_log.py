"""Recent changes: who looked at what, and what nobody has looked at yet."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, transaction
from commons.entries.models import Change, Checked
from tests import make
from tests.cast import GROUP, Cast, sign_in


def line_of(entry_id: int) -> int:
    found = db.session.scalar(select(func.max(Change.seq)).where(Change.entry_id == entry_id))
    assert found is not None
    return int(found)


def test_a_trusted_member_checks_a_change_and_everybody_sees_who(app: Flask, client: FlaskClient, cast: Cast) -> None:
    seq = line_of(make.organisation("Wells", actor=cast.ana).id)
    make.organisation("Lamps", actor=cast.ana)
    assert "This is right" not in client.get("/changes").text
    ben = sign_in(app.test_client(), cast.ben)
    assert f"/changes/{seq}/check" in ben.get("/changes").text
    assert ben.post(f"/changes/{seq}/check", data={"next": "/changes?unchecked=1"}).headers["Location"] == "/changes?unchecked=1"  # fmt: skip
    shown = client.get("/changes").text
    assert "checked by Ben" in shown and "checked by" not in client.get("/changes.atom").text
    left = client.get("/changes?unchecked=1").text
    assert "Lamps" in left and ">Wells<" not in left.replace("<bdi>", ">").replace("</bdi>", "<")
    ben.post(f"/changes/{seq}/check")
    assert db.session.scalar(select(func.count()).select_from(Checked)) == 1


def test_who_is_new_or_cannot_see_it_checks_nothing(app: Flask, cast: Cast) -> None:
    seq = line_of(make.organisation("Wells").id)
    hidden = line_of(make.organisation("Xylophonia", audience=GROUP).id)
    with transaction():
        cast.chi.trusted = None
    chi = sign_in(app.test_client(), cast.chi)
    assert chi.post(f"/changes/{seq}/check").status_code == 403
    assert chi.post(f"/changes/{hidden}/check").status_code == 404
    assert sign_in(app.test_client(), cast.mo).post(f"/changes/{hidden}/check").status_code == 404
    assert app.test_client().post(f"/changes/{seq}/check").status_code == 303
    assert chi.post("/changes/999999/check").status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Checked)) == 0


def test_a_comparison_says_who_looked_at_it(app: Flask, client: FlaskClient, cast: Cast) -> None:
    wells = make.organisation("Wells", description="One.")
    ana = sign_in(app.test_client(), cast.ana)
    ana.post("/organisations/wells/edit", data={"section": "basics", "title": "Wells", "description": "Two.", "version": "1"})  # fmt: skip
    sign_in(client, cast.mo)
    assert "This is right" in client.get("/organisations/wells/diff/1/2").text
    client.post(f"/changes/{line_of(wells.id)}/check")
    shown = client.get("/organisations/wells/diff/1/2").text
    assert "checked by Mo" in shown and "This is right" not in shown
    assert "checked by Mo" in client.get("/organisations/wells/history").text
