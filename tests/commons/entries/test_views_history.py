"""History on the web: undoing one change, hidden versions, feeds, and the preview, for any kind of entry."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from commons.db import db
from commons.entries.documents import history_rows
from commons.entries.hiding import hide_revision
from commons.entries.queries import latest, revisions
from directory.actions import edit_organisation
from directory.models import Organisation
from tests import make
from tests.cast import GROUP, Cast, sign_in
from wiki.actions import edit_page

SECRET = "Xylophonium"


def grown(cast: Cast) -> Organisation:
    """Three versions: the second says too much, the third mends it."""
    solar = make.organisation("Solar Aid", description="Lamps.\n\nEnd.")
    edit_organisation(solar, {"description": f"{SECRET}.\n\nEnd."}, version=1, actor=cast.chi, note=f"about {SECRET}")
    edit_organisation(solar, {"description": "Lamps.\n\nEnd."}, version=2, actor=cast.ben, note="back")
    return solar


def test_one_change_is_undone_and_later_ones_stay(client: FlaskClient, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", description="One.\n\nTwo.")
    edit_organisation(solar, {"description": "One!\n\nTwo."}, version=1, actor=cast.chi)
    edit_organisation(solar, {"description": "One!\n\nTwo.\n\nThree."}, version=2, actor=cast.ben)
    assert client.post("/organisations/solar-aid/undo/2").headers["Location"].startswith("/sign-in")
    sign_in(client, cast.ana)
    assert "/organisations/solar-aid/undo/2" in client.get("/organisations/solar-aid/history").text
    assert client.post("/organisations/solar-aid/undo/2").status_code == 303
    db.session.expire_all()
    assert solar.description == "One.\n\nTwo.\n\nThree."
    assert "Undid version 2" in client.get("/organisations/solar-aid/history").text
    client.post("/organisations/solar-aid/undo/2")
    assert "nothing to take back" in client.get("/organisations/solar-aid/history").text
    client.post("/organisations/solar-aid/undo/1")
    assert "cannot be undone" in client.get("/organisations/solar-aid/history").text


def test_a_change_that_was_changed_again_is_not_undone_alone(client: FlaskClient, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", description="One.")
    edit_organisation(solar, {"description": "Two."}, version=1, actor=cast.chi)
    edit_organisation(solar, {"description": "Three."}, version=2, actor=cast.ben)
    sign_in(client, cast.ana)
    answer = client.post("/organisations/solar-aid/undo/2")
    assert answer.status_code == 409 and "changed again since" in answer.text
    db.session.expire_all()
    assert solar.description == "Three."


def test_a_hidden_version_is_shown_to_moderators_only(app: Flask, client: FlaskClient, cast: Cast) -> None:
    solar = grown(cast)
    hide_revision(solar, 2, actor=cast.mo, note="a private matter")
    address = "/organisations/solar-aid"
    member = sign_in(app.test_client(), cast.ana)
    for who in (client, member):
        for path in ("/history", "/history.atom"):
            shown = who.get(address + path).text
            assert SECRET not in shown and ">Chi<" not in shown and "<name>Chi" not in shown, path
        for path in ("/changes", "/changes.atom", "/", "/moderation/log"):
            assert SECRET not in who.get(path).text, path
        assert "A moderator hid this version" in who.get(f"{address}/history").text
        for path in ("/diff/1/2", "/diff/2/3"):
            answer = who.get(address + path)
            assert answer.status_code == 410 and SECRET not in answer.text, path
        assert who.get(f"{address}/diff/1/3").status_code == 200
    for path in ("/restore/2", "/undo/2", "/undo/3"):
        assert member.post(address + path).status_code == 410, path
    db.session.expire_all()
    assert SECRET not in solar.description
    moderator = sign_in(app.test_client(), cast.mo)
    assert SECRET in moderator.get(f"{address}/history").text and SECRET in moderator.get(f"{address}/diff/1/2").text
    assert SECRET in moderator.get("/changes").text


def test_hiding_and_showing_ask_for_a_reason(app: Flask, client: FlaskClient, cast: Cast) -> None:
    grown(cast)
    address = "/organisations/solar-aid"
    member = sign_in(app.test_client(), cast.ana)
    assert member.post(f"{address}/hide/2", data={"note": "I want to"}).status_code == 404
    sign_in(client, cast.mo)
    client.post(f"{address}/hide/2", data={"note": " "})
    assert member.get(f"{address}/diff/1/2").status_code == 200
    client.post(f"{address}/hide/3", data={"note": "the newest"})
    assert member.get(f"{address}/diff/2/3").status_code == 200, "what the page says now cannot be hidden"
    client.post(f"{address}/hide/2", data={"note": "a private matter"})
    assert member.get(f"{address}/diff/1/2").status_code == 410
    client.post(f"{address}/show/2", data={"note": ""})
    assert member.get(f"{address}/diff/1/2").status_code == 410
    client.post(f"{address}/show/2", data={"note": "it was public already"})
    assert member.get(f"{address}/diff/1/2").status_code == 200
    assert "a private matter" in client.get("/moderation/log").text


def test_sizes_of_long_texts_come_from_what_changed(app: Flask, cast: Cast) -> None:
    text = "\n\n".join(f"Paragraph {number} of a long page." for number in range(40))
    page = make.page("Long", text)
    edit_page(page, {"text": f"{text}\n\nTwelve more."}, version=1, actor=cast.ben)
    edit_page(page, {"text": text}, version=2, actor=cast.ben)
    with app.test_request_context():
        rows = history_rows(page, latest(revisions(page), 5))
    assert [row["size"] for row in rows[:2]] == [-14, 14] and rows[2]["size"] >= len(text)


def test_the_history_is_a_feed_of_what_everybody_may_see(client: FlaskClient, cast: Cast) -> None:
    grown(cast)
    make.organisation("Xylophonia", audience=GROUP)
    answer = client.get("/organisations/solar-aid/history.atom")
    assert answer.content_type.startswith("application/atom+xml") and answer.text.count("<entry>") == 3
    assert "/organisations/solar-aid/diff/2/3" in answer.text
    sign_in(client, cast.ana)
    assert client.get("/organisations/xylophonia/history").status_code == 200
    assert client.get("/organisations/xylophonia/history.atom").status_code == 404, "a feed's address travels"


def test_a_comparison_counts_paragraphs(client: FlaskClient, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", description="One.\n\nTwo.\n\nThree.")
    edit_organisation(solar, {"description": "One!\n\nTwo.\n\nThree!"}, version=1, actor=cast.chi)
    assert "2 paragraphs changed" in client.get("/organisations/solar-aid/diff/1/2").text


def test_a_comparison_shows_signs_that_hide(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Wells", "Pay to Ana.")
    edit_page(page, {"text": "Pay to \u202eanA."}, version=1, actor=cast.chi)
    assert "U+202E" in client.get("/wiki/wells/diff/1/2").text


def test_a_preview_resolves_links_as_the_viewer(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Wells", "One.")
    make.page("Xylophonia", "Hidden.", audience=GROUP)
    sign_in(client, cast.chi)
    data = {"text": "See [[Wells]] and [[Xylophonia]].", "entry": str(page.id)}
    shown = client.post("/preview", data=data).text
    assert 'href="/wiki/wells"' in shown and 'href="/wiki/xylophonia"' not in shown
    assert client.post("/preview", data=data | {"entry": "99999"}).status_code == 404
    assert client.post("/preview", data={"text": "*x*"}).status_code == 200
