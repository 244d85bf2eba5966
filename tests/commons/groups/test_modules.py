"""What a group uses: its forum, its pages and files, who puts something there, who sees it, and the module switched off and on."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from commons.entries.within import place_in
from commons.files.actions import add_file
from commons.files.models import File
from commons.groups import actions
from commons.groups.checks import contents
from commons.groups.models import Group
from commons.members.models import Member
from commons.web import Forbidden, Invalid
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.forums.makers import old_hands
from tests.commons.groups import makers
from tests.test_query_counts import asked as statements_of
from wiki.actions import add_page, edit_page
from wiki.models import Page

FILE = {"title": "Map of the bank", "licence": "CC BY 4.0", "people": "none"}


@pytest.fixture(autouse=True)
def trusted(app: Flask) -> None:
    old_hands()


def within(group: Group, title: str, actor: Member, **more: Any) -> Page:
    return add_page({"title": title, "text": "Words.", **more}, actor=actor, place=place_in(group.id, "page", actor))


def sent(**words: str) -> dict[str, Any]:
    return words | {"file": (BytesIO(words["title"].encode()), "map.txt")}


@pytest.mark.parametrize(
    ("visibility", "sentence"),
    [
        ("public", "Visible to: everybody"),
        ("members", "Visible to: members of this site"),
        ("private", "Visible to: members of this group"),
    ],
)
def test_a_new_page_and_a_new_file_say_who_sees_them_and_stand_in_the_group(
    visibility: str, sentence: str, client: FlaskClient, cast: Cast
) -> None:
    group = makers.group("Solar village", visibility, members=(cast.ben,))
    sign_in(client, cast.ben)
    for module, new in (("pages", "/wiki/new"), ("files", "/files/new")):
        listed = client.get(f"/groups/{group.slug}/{module}").text
        assert f'href="{new}?within={group.id}"' in listed
        form = client.get(f"{new}?within={group.id}").text
        assert sentence in form and f'name="within" type="hidden" value="{group.id}"' in form
    words = {"title": "Minutes", "text": "We met.", "within": str(group.id)}
    made = client.post("/wiki/new", data=words)
    brought = client.post("/files/new", data=sent(**FILE, within=str(group.id)))
    assert made.status_code == brought.status_code == 303
    page, file = db.session.scalars(select(Page)).one(), db.session.scalars(select(File)).one()
    assert {page.within_id, file.within_id} == {group.id} and {page.audience, file.audience} == {group.inner_audience}
    assert page.slug.startswith(f"{group.slug}-minutes") and list(contents()) == []
    assert f'href="/groups/{group.slug}"' in client.get(f"/wiki/{page.slug}").text
    assert f'href="/groups/{group.slug}"' in client.get(f"/files/{file.slug}").text
    for module, title in (("pages", "Minutes"), ("files", "Map of the bank")):
        assert title in client.get(f"/groups/{group.slug}/{module}").text


def test_a_form_with_faults_and_its_preview_keep_the_group(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Solar village", "private", members=(cast.ben,))
    sign_in(client, cast.ben)
    kept = f'name="within" type="hidden" value="{group.id}"'
    words = {"title": "", "text": "We met.", "within": str(group.id)}
    for more in ({}, {"title": "Minutes", "action": "preview"}):
        answer = client.post("/wiki/new", data=words | more)
        assert kept in answer.text and "Visible to: members of this group" in answer.text
    answer = client.post("/files/new", data=FILE | {"within": str(group.id)})
    assert answer.status_code == 422 and kept in answer.text
    assert db.session.scalars(select(Page)).all() == []


def test_a_form_sent_twice_makes_one_page(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Solar village", members=(cast.ben,))
    sign_in(client, cast.ben)
    for _time in range(2):
        answer = client.post("/wiki/new", data={"title": "Minutes", "text": "We met.", "within": str(group.id)})
        assert answer.headers["Location"] == "/wiki/solar-village-minutes"
    assert len(db.session.scalars(select(Page)).all()) == 1


def test_a_draft_begun_in_a_group_is_taken_up_for_the_group(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Solar village", "private", members=(cast.ben,))
    sign_in(client, cast.ben)
    typed = {"key": f"page-new-in{group.id}-", "title": "Half", "text": "We met", "within": str(group.id)}
    assert f'data-draft="{typed["key"]}"' in client.get(f"/wiki/new?within={group.id}").text
    client.post("/drafts", data=typed)
    assert "data-kept-at=" not in client.get("/wiki/new").text, "elsewhere it is another form"
    listed = client.get("/drafts").text
    address = listed.partition('href="/wiki/new?')[2].partition('"')[0].replace("&amp;", "&")
    form = client.get(f"/wiki/new?{address}").text
    assert f'name="within" type="hidden" value="{group.id}"' in form and "Visible to: members of this group" in form


@pytest.mark.parametrize("who", ["chi", "mo"])
def test_others_put_nothing_into_a_group(who: str, client: FlaskClient, cast: Cast) -> None:
    open_to_read, hidden = makers.group("Solar village"), makers.group("Quiet", "private")
    sign_in(client, getattr(cast, who))
    for new, words in (("/wiki/new", {"title": "A", "text": "B"}), ("/files/new", FILE)):
        for group, status in ((open_to_read, 403), (hidden, 404)):
            assert client.get(f"{new}?within={group.id}").status_code == status
            data = sent(**words) if new == "/files/new" else words
            assert client.post(new, data=data | {"within": str(group.id)}).status_code == status
    assert "within=" not in client.get(f"/groups/{open_to_read.slug}/pages").text
    assert db.session.scalars(select(Page.id)).all() == db.session.scalars(select(File.id)).all() == []


def test_a_module_switched_off_hides_its_pages_and_takes_nothing_and_on_again_shows_all(
    client: FlaskClient, cast: Cast
) -> None:
    group = makers.group("Solar village", members=(cast.ben,))
    within(group, "Minutes", cast.ben)
    sign_in(client, cast.ben)
    client.post(f"/groups/{group.slug}/forum")
    actions.edit_group(group, {"modules": []}, version=group.version, actor=cast.ana)
    over = client.get(f"/groups/{group.slug}").text
    for module, kind in (("forum", "forum"), ("pages", "page"), ("files", "file")):
        assert client.get(f"/groups/{group.slug}/{module}").status_code == 404
        assert f'href="/groups/{group.slug}/{module}"' not in over
        with pytest.raises(Forbidden):
            place_in(group.id, kind, cast.ben)
    assert client.post(f"/groups/{group.slug}/forum").status_code == 404
    actions.edit_group(group, {"modules": ["forum", "pages", "files"]}, version=group.version, actor=cast.ana)
    assert "Minutes" in client.get(f"/groups/{group.slug}/pages").text
    assert "Begin a topic" in client.get(f"/groups/{group.slug}/forum").text
    assert f'href="/groups/{group.slug}/files"' in client.get(f"/groups/{group.slug}").text


def test_the_forum_of_a_group_is_opened_by_its_first_topic(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Solar village", "private", members=(cast.ben,))
    sign_in(client, cast.ben)
    base = f"/groups/{group.slug}/forum"
    assert "Nothing is said here yet" in client.get(base).text
    begun = client.post(base)
    assert begun.status_code == 303 and client.post(base).headers["Location"] == begun.headers["Location"]
    made = client.post(begun.headers["Location"], data={"title": "Panels", "text": "Which ones?", "language": "en"})
    assert made.status_code == 303
    shown = client.get(base).text
    assert "Panels" in shown and "Begin a topic" in shown
    client.post("/sign-out")
    for who in (cast.chi, cast.mo):
        sign_in(client, who)
        assert client.get(base).status_code == client.post(base).status_code == 404
        client.post("/sign-out")


def test_who_only_reads_a_group_opens_no_forum(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Solar village")
    sign_in(client, cast.chi)
    assert "Begin a topic" not in client.get(f"/groups/{group.slug}/forum").text
    assert client.post(f"/groups/{group.slug}/forum").status_code == 403


def test_titles_of_a_group_are_its_own(cast: Cast) -> None:
    one, two = (makers.group(name, members=(cast.ben,)) for name in ("Solar village", "River friends"))
    pages = [within(group, "Minutes", cast.ben) for group in (one, two)] + [make.page("Minutes")]
    assert [page.slug for page in pages] == ["solar-village-minutes", "river-friends-minutes", "minutes"]
    with pytest.raises(Invalid):
        within(one, "MINUTES", cast.ana)
    edit_page(pages[0], {"title": "Notes"}, version=1, actor=cast.ben)
    assert pages[0].slug == "solar-village-notes"


def test_neither_titles_nor_addresses_tell_that_a_hidden_page_is_there(client: FlaskClient, cast: Cast) -> None:
    """Asked by who knows the group's address, because they were in it once."""
    group = makers.group("Quiet", "private", members=(cast.ben,))
    page = within(group, "Plan", cast.ben)
    add_file(BytesIO(b"x"), "a.txt", FILE, actor=cast.ben, place=place_in(group.id, "file", cast.ben))
    sign_in(client, cast.chi)
    for title in ("Plan", f"{group.slug} plan"):
        made = client.post("/wiki/new", data={"title": title, "text": "Mine."})
        assert made.status_code == 303 and not made.headers["Location"].endswith("-2"), title
    file = client.post("/files/new", data=sent(**FILE))
    assert file.headers["Location"] == "/files/map-of-the-bank"
    edit_page(page, {"title": "Another plan"}, version=1, actor=cast.ben)
    assert client.post("/wiki/new", data={"title": "Another plan"}).headers["Location"] == "/wiki/another-plan"
    there, not_there = (client.get(f"/wiki/{slug}") for slug in (page.slug, f"{page.slug[:-1]}z"))
    assert there.status_code == not_there.status_code == 404


def test_a_translation_stands_where_its_original_stands(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Quiet", "private", members=(cast.ben,))
    page = within(group, "Plan", cast.ben, language="en")
    with pytest.raises(Invalid):
        add_page({"title": "Le plan", "language": "fr", "translation_of": page.id}, actor=cast.ben)
    sign_in(client, cast.ben)
    assert f"translation_of={page.id}" in client.get(f"/wiki/{page.slug}").text
    form = client.get(f"/wiki/new?translation_of={page.id}&language=fr").text
    assert f'name="within" type="hidden" value="{group.id}"' in form
    words = {"title": "Le plan", "text": "Mots.", "language": "fr", "seen": "1", "within": str(group.id)}
    assert client.post("/wiki/new", data=words | {"translation_of": str(page.id)}).status_code == 303
    made = db.session.scalars(select(Page).where(Page.language == "fr")).one()
    assert (made.within_id, made.audience) == (group.id, group.door)


def test_who_may_not_write_in_a_group_is_not_invited_to_translate_its_pages(client: FlaskClient, cast: Cast) -> None:
    page = within(makers.group("Solar village", members=(cast.ben,)), "Plan", cast.ben)
    sign_in(client, cast.chi)
    assert "translation_of=" not in client.get(f"/wiki/{page.slug}").text


@pytest.mark.parametrize(
    ("app", "visibility", "waits"),
    [({"REVIEWED_EDITS": 3}, "public", True), ({"REVIEWED_EDITS": 3}, "private", False)],
    indirect=["app"],
)
def test_what_a_new_member_writes_waits_only_where_moderators_come(
    app: Flask, cast: Cast, client: FlaskClient, visibility: str, waits: bool
) -> None:
    group = makers.group("Solar village", visibility, members=(cast.ben,))
    cast.ben.trusted = None
    db.session.commit()
    sign_in(client, cast.ben)
    assert ("looked at before" in client.get(f"/wiki/new?within={group.id}").text) is waits
    page = within(group, "Plan", cast.ben)
    assert (page.state == "pending") is waits
    if not waits:
        assert edit_page(page, {"text": "More."}, version=1, actor=cast.ben)


def test_a_picture_for_a_page_goes_where_the_page_stands(client: FlaskClient, cast: Cast) -> None:
    group, quiet = (
        makers.group("Solar village", members=(cast.ben,)),
        makers.group("Quiet", "private", members=(cast.ben,)),
    )
    page = within(group, "Plan", cast.ben)
    actions.edit_group(quiet, {"modules": ["pages"]}, version=1, actor=cast.ana)
    hidden = within(quiet, "Plan", cast.ben)
    sign_in(client, cast.ben)
    for address, where in (
        (f"/wiki/new?within={group.id}", group),
        (f"/wiki/{page.slug}/edit", group),
        (f"/wiki/{hidden.slug}/edit", quiet),
    ):
        assert f'href="/files/new?within={where.id}"' in client.get(address).text
    client.post("/sign-out")
    sign_in(client, cast.chi)
    assert 'href="/files/new"' in client.get(f"/wiki/{page.slug}/edit").text


def test_pages_in_an_archived_group_are_read_and_none_is_added(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Solar village", members=(cast.ben,))
    within(group, "Plan", cast.ben)
    actions.archive(group, "Done", actor=cast.ana)
    sign_in(client, cast.ben)
    listed = client.get(f"/groups/{group.slug}/pages").text
    assert "Plan" in listed and "New page" not in listed
    assert client.get(f"/wiki/new?within={group.id}").status_code == 403


def test_the_pages_of_a_group_ask_the_database_seldom(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Solar village", members=(cast.ben,))
    for number in range(12):
        within(group, f"Plan {number}", cast.ben)
        words = FILE | {"title": f"Map {number}"}
        content = BytesIO(b"%d" % number)
        add_file(content, "a.txt", words, actor=cast.ben, place=place_in(group.id, "file", cast.ben))
    sign_in(client, cast.ben)
    client.post(base := f"/groups/{group.slug}/forum")
    for module in ("pages", "files", "forum", "search"):
        sent = statements_of(client, base.replace("forum", module))
        assert len(sent) <= 12, "\n\n".join(sent)
