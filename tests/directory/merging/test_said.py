"""What others said of two records that become one: it goes along; where the one that stays has such a statement, the preview says that
the second is shown no more, and taking the merge back shows it again."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from commons.db import db
from commons.entries.followers import catch_up
from directory.merging.actions import undo_merge
from directory.merging.documents import pair_page
from directory.merging.models import Merge
from directory.statements.actions import add_statement
from directory.statements.queries import page_of, statements
from tests.cast import Cast, sign_in
from tests.directory.merging.makers import faults_of_site, merged, twins
from tests.directory.statements.makers import WORDS, speaking

SHOWN_NO_MORE = "shown no more"


def shown() -> list[str]:
    """The first words of what anybody can read."""
    catch_up()
    db.session.expire_all()
    return sorted(one.statement.text.split(" ")[0] for one in page_of(statements(None), 1, 50)[0])


def test_of_two_statements_of_one_organisation_one_stays_and_the_preview_says_so(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    voice, other = speaking("Wells for all", cast.ana), speaking("Pumps for all", cast.ben)
    add_statement(winner, voice, {"text": f"First {WORDS}"}, actor=cast.ana)
    add_statement(loser, voice, {"text": f"Second {WORDS}"}, actor=cast.ana)
    add_statement(loser, other, {"text": f"Third {WORDS}"}, actor=cast.ben)
    with app.test_request_context():
        along = {row["label"]: row["number"] for row in pair_page(winner, loser, cast.mo)["along"]}
    assert [many for label, many in along.items() if SHOWN_NO_MORE in label] == [1]
    id = merged(winner, loser, cast.mo).id
    assert shown() == ["First", "Third"] and faults_of_site() == []
    undo_merge(db.session.get_one(Merge, id), actor=cast.mo)
    assert shown() == ["First", "Second", "Third"], "nothing was lost"


def test_a_preview_without_such_statements_says_nothing_of_them(client: FlaskClient, cast: Cast) -> None:
    winner, loser = twins()
    add_statement(loser, speaking("Wells for all", cast.ana), {"text": WORDS}, actor=cast.ana)
    page = sign_in(client, cast.mo).get(f"/organisations/duplicates/{winner.id}/{loser.id}").text
    assert "Statements: 1" in page and SHOWN_NO_MORE not in page
