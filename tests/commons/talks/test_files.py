"""A file in a talk: for those who sit in it, and gone with its words when nobody does."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import Text, func, select

from commons.db import db, transaction
from commons.entries.checks import checks
from commons.entries.followers import catch_up
from commons.entries.models import Revision
from commons.entries.within import place_in
from commons.files.actions import add_file
from commons.files.checks import checks as file_checks
from commons.files.intake import store
from commons.files.models import Blob, File
from commons.forums.models import Topic
from commons.talks.actions import begin, block, leave
from commons.web import Forbidden
from tests.cast import Cast, sign_in
from tests.commons.files.samples import pdf
from tests.commons.forums.makers import old_hands, topic

SAID = {"title": "Canaryplan", "licence": "CC BY-SA 4.0", "description": "Canarywords", "credit": "Canaryname"}


@pytest.fixture
def talk(app: Flask, cast: Cast) -> Topic:
    old_hands()
    return begin({"text": "Here is the plan"}, [cast.ben], actor=cast.ana)


def bring(talk: Topic, cast: Cast, words: str = "Only between us") -> File:
    place = place_in(talk.id, "file", cast.ana)
    return add_file(io.BytesIO(pdf(words)), "canaryplan.pdf", SAID, actor=cast.ana, place=place, again=True)


def test_only_those_who_sit_in_the_talk_find_and_fetch_its_files(app: Flask, cast: Cast, talk: Topic) -> None:
    with transaction():
        cast.mo.role = "administrator"
    file = bring(talk, cast)
    catch_up()
    assert file.audience == talk.audience
    pages = [f"/files/{file.slug}", f"/files/{file.slug}/download", f"/files/{file.slug}/history", f"/e/{file.id}"]
    ben = sign_in(app.test_client(), cast.ben)
    assert "Canaryplan" in ben.get(f"/topics/{talk.id}", follow_redirects=True).text
    assert [ben.get(page, follow_redirects=True, buffered=True).status_code for page in pages] == [200] * len(pages)
    for client in (app.test_client(), sign_in(app.test_client(), cast.chi), sign_in(app.test_client(), cast.mo)):
        assert [client.get(page).status_code for page in pages] == [404] * len(pages)
        for page in ("/files", "/search?q=canarywords", "/changes", "/feed", "/api/v1/files"):
            assert "Canaryplan" not in client.get(page).text, page


def test_who_may_not_write_in_the_talk_brings_no_file_into_it(cast: Cast, talk: Topic) -> None:
    block(cast.ana, actor=cast.ben)
    assert place_in(talk.id, "file", cast.ana).audience == talk.audience, "who was blocked finds nothing different"
    with pytest.raises(Forbidden):
        place_in(talk.id, "file", cast.ben)
    with pytest.raises(Forbidden):
        place_in(topic().id, "file", cast.ana)


def test_a_file_goes_with_the_talk(cast: Cast, talk: Topic) -> None:
    file, kept = bring(talk, cast), bring(talk, cast, "Also elsewhere")
    add_file(io.BytesIO(pdf("Also elsewhere")), "x.pdf", SAID | {"title": "Open"}, actor=cast.ben, again=True)
    contents, ids = (file.digest, kept.digest), [file.id, kept.id]
    for who in (cast.ana, cast.ben):
        leave(talk, actor=who)
    catch_up()
    db.session.expire_all()
    known = set(db.session.scalars(select(Blob.digest)))
    assert contents[0] not in known and contents[1] in known, "what another file shows stays with that one"
    for row in db.session.scalars(select(File).where(File.id.in_(ids))):
        said = f"{row.title}{row.slug}{row.name}{row.description}{row.credit}"
        assert row.state == "deleted" and "anary" not in said and row.digest not in contents
    past = select(func.count()).where(Revision.entry_id.in_(ids), Revision.changes.cast(Text).contains("anary"))
    assert db.session.scalar(past) == 0
    assert [list(check.faults()) for check in (*checks, *file_checks[:2])] == [[]] * (len(checks) + 2)
    assert store.path_of(contents[0]).exists(), "the sweep takes it, when nobody can be about to name it"
