"""Addresses at which programs read my feed: what I may see at that moment and nothing else, until I close them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from flask import Flask
from flask.testing import FlaskClient

from commons.db import db, transaction
from commons.feed.actions import make_feed_key, watch
from commons.feed.models import FeedKey
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.commons.feed.makers import leave

ENTRY = "{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title"


def titles(client: FlaskClient, address: str) -> list[str | None]:
    return [one.text for one in ElementTree.fromstring(client.get(address).data).iterfind(ENTRY)]


def test_an_address_gives_what_its_owner_may_see_now_signed_out(app: Flask, client: FlaskClient, cast: Cast) -> None:
    watch(make.page("Xylophonia", audience=GROUP), actor=cast.ben)
    watch(make.page("Wells"), actor=cast.ben)
    address = f"/feed/{make_feed_key('Reader', actor=cast.ben)}.atom"
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "private, no-store" and answer.mimetype == "application/atom+xml"
    assert titles(client, address) == ["Wells", "Xylophonia"]
    leave(cast.ben, GROUP)
    assert titles(client, address) == ["Wells"]
    with transaction():
        cast.ben.state = "suspended"
    assert client.get(address).status_code == 404


def test_the_address_is_shown_once_and_kept_as_its_digest_and_can_be_closed(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    page = client.post("/settings/feeds", data={"label": "My reader"}).text
    found = re.search(r"http://localhost(/feed/([\w-]+)\.atom)", page)
    assert found and found[2] not in client.get("/settings/feeds").text and "My reader" in page
    row = db.session.query(FeedKey).one()
    assert found[2] not in (row.digest, row.name) and client.get(found[1]).status_code == 200
    client.post("/settings/feeds", data={"close": row.id})
    closed, wrong = client.get(found[1]), client.get("/feed/nonsense.atom")
    assert closed.status_code == wrong.status_code == 404 and db.session.query(FeedKey).count() == 0


def test_nobody_closes_the_address_of_another(client: FlaskClient, cast: Cast) -> None:
    make_feed_key("Hers", actor=cast.ben)
    sign_in(client, cast.chi)
    client.post("/settings/feeds", data={"close": db.session.query(FeedKey).one().id})
    assert db.session.query(FeedKey).count() == 1
