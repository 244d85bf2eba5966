"""The site on each engine: which one is chosen, what happens when it is away or slow, and several machines."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from commons.entries.followers import catch_up
from commons.search import follower
from commons.search.commands import differences
from commons.search.engine import WhooshBackend, made
from commons.search.grammar import parse
from commons.search.index import IndexBroken, IndexBusy
from commons.search.postgres.backend import PostgresBackend
from commons.search.queries import engine
from commons.search.storage import IndexAway
from tests import make
from tests.commons.search.corpus import EVERYONE, entry
from tests.services import Postgres, postgres

SENTENCE = "The search is being rebuilt"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as started:
        yield started


@pytest.fixture
def database(server: Postgres) -> Iterator[str]:
    with server.database() as url:
        yield url


@pytest.fixture
def elsewhere(app: Flask, database: str) -> Iterator[PostgresBackend]:
    """The site with its index in a PostgreSQL."""
    app.config["SEARCH_URL"] = database.replace("postgresql+psycopg", "postgresql")
    backend = app.extensions["search"] = made(app)
    assert isinstance(backend, PostgresBackend)
    yield backend
    backend.server.engine.dispose()


def link(database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(database.replace("postgresql+psycopg", "postgresql"))


def test_an_engine_that_nobody_knows_is_refused_at_once(app: Flask) -> None:
    app.config["SEARCH_URL"] = "elastic://somewhere"
    with pytest.raises(ValueError, match="whoosh"):
        made(app)


def test_the_sites_own_database_must_be_postgresql_to_hold_the_index(app: Flask) -> None:
    app.config |= {"SEARCH_URL": "postgresql:", "SQLALCHEMY_DATABASE_URI": "sqlite:///nothing.sqlite"}
    with pytest.raises(ValueError, match="PostgreSQL"):
        made(app)


def test_the_site_works_with_its_index_in_postgresql(app: Flask, elsewhere: PostgresBackend) -> None:
    client = app.test_client()
    first = make.organisation("Kisumu Wells", country="KE", city="Kisumu", focus=["water"], lat=-0.1, lon=34.75)
    make.organisation("Kisumu Boreholes", country="KE", city="Kisumu", focus=["water"], lat=-0.11, lon=34.76)
    assert SENTENCE in client.get("/search?q=kisumu").text, "there is no index yet"
    catch_up()
    assert differences() == []
    page = client.get("/search?q=well").text
    assert "Kisumu Wells" in page and SENTENCE not in page
    for path in (
        "/",
        "/organisations",
        "/organisations?country=KE&near=Kisumu",
        f"/organisations/{first.slug}",
        "/focus",
    ):
        answer = client.get(path)
        assert answer.status_code == 200 and SENTENCE not in answer.text, path
    assert "Kisumu Boreholes" in client.get(f"/organisations/{first.slug}").text, "related, with a reason"
    assert [row["title"] for row in client.get("/search/complete?q=kisumu w").get_json()] == ["Kisumu Wells"]
    make.organisation("Kisumu Pumps", country="KE")
    catch_up()
    assert "Kisumu Pumps" in client.get("/search?q=pumps").text and differences() == []


def test_pages_answer_while_the_server_is_away_and_do_not_wait_for_it_again_and_again(app: Flask) -> None:
    make.organisation("Kisumu Wells")
    app.extensions["search"] = PostgresBackend("postgresql://nobody@127.0.0.1:9/nowhere", follow=True)
    began = time.monotonic()
    for path in ("/search?q=kisumu", "/organisations", "/", "/search/complete?q=kisumu") * 3:
        assert app.test_client().get(path).status_code == 200, path
    assert time.monotonic() - began < 10
    assert "Kisumu Wells" in (page := app.test_client().get("/search?q=kisumu").text) and SENTENCE in page


def test_a_slow_index_is_given_up(app: Flask, elsewhere: PostgresBackend, database: str) -> None:
    make.organisation("Kisumu Wells")
    catch_up()
    with link(database) as other:
        other.execute("LOCK TABLE search_index.posting IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        page = app.test_client().get("/search?q=kisumu").text
        assert SENTENCE in page and "Kisumu Wells" in page
        assert 1 < time.monotonic() - began < 8
    assert SENTENCE not in app.test_client().get("/search?q=kisumu").text


def test_a_break_of_the_server_is_waited_for_and_ends_in_no_new_index(
    app: Flask, elsewhere: PostgresBackend, database: str
) -> None:
    make.organisation("Kisumu Wells")
    catch_up()
    before, whole = elsewhere.server.generation(), app.extensions["search"]
    app.extensions["search"] = PostgresBackend("postgresql://nobody@127.0.0.1:9/nowhere", follow=True)
    with pytest.raises(IndexAway):
        follower.follow(0)
    app.extensions["search"] = whole
    with link(database) as other, pytest.raises(IndexAway):
        other.execute("LOCK TABLE search_index.state IN ACCESS EXCLUSIVE MODE")
        follower.follow(0)
    assert elsewhere.server.generation() == before
    make.organisation("Kisumu Pumps")
    catch_up()
    assert "Kisumu Pumps" in app.test_client().get("/search?q=pumps").text and differences() == []


def test_connections_that_are_all_in_use_are_no_damage(elsewhere: PostgresBackend) -> None:
    server = elsewhere.server
    with pytest.raises(IndexAway), ExitStack() as taken:
        for _ in range(21):  # one more than there are; the last one is waited for in vain
            taken.enter_context(server.reading())


def test_questions_do_not_wait_for_a_writer(elsewhere: PostgresBackend) -> None:
    elsewhere.rebuild([entry(1, "Water")], 1)
    with elsewhere.server.writing() as connection:
        connection.exec_driver_sql("DELETE FROM posting")
        connection.exec_driver_sql("UPDATE state SET position = 9")
        began = time.monotonic()
        assert elsewhere.search(parse("water"), audiences=EVERYONE).ids == (1,) and elsewhere.position == 1
        assert time.monotonic() - began < 1
        with pytest.raises(IndexBusy):
            elsewhere.apply([entry(2)], [], 2)
        elsewhere.doubt()  # does not wait either
        assert time.monotonic() - began < 2


def test_a_worker_that_comes_late_does_not_bring_back_older_rows(elsewhere: PostgresBackend) -> None:
    """Two machines follow into one index: the one behind has read its rows earlier."""
    elsewhere.rebuild([entry(1, "Water")], 1)
    assert elsewhere.apply([entry(1, "Newest")], [], 9) == 1
    assert elsewhere.apply([entry(1, "Older")], [], 5) == 0
    assert elsewhere.search(parse("newest"), audiences=EVERYONE).ids == (1,) and elsewhere.position == 9


def test_an_index_of_another_version_or_that_lost_rows_is_made_again(
    app: Flask, elsewhere: PostgresBackend, database: str
) -> None:
    make.organisation("Kisumu Wells")
    catch_up()
    for word, damage in (
        ("wells", "UPDATE search_index.state SET version = 1"),
        ("lakes", "DELETE FROM search_index.state"),
        ("hills", "DROP TABLE search_index.posting"),
        ("roads", "DROP SCHEMA search_index CASCADE"),
        ("boats", "DELETE FROM search_index.posting; UPDATE search_index.state SET doubt = true"),
    ):
        with link(database) as other:
            other.execute(damage)
        assert app.test_client().get(f"/search?q={word}").status_code == 200, "a word that no process holds yet"
        catch_up()
        assert differences() == [], damage
        assert SENTENCE not in app.test_client().get("/search?q=kisumu").text


def test_slips_are_forgiven_without_any_extension_of_the_server(elsewhere: PostgresBackend, database: str) -> None:
    elsewhere.rebuild([entry(1, "Water pumps"), entry(2, "Secret pumps of ours", audience="members")], 1)
    with link(database) as other:
        assert other.execute("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'").fetchall() == []
    assert (found := elsewhere.did_you_mean(parse("watr"))) is not None and found.text == "water"
    assert elsewhere.search(parse("watr pumsp"), audiences=EVERYONE).ids == (1,)
    assert [name.id for name in elsewhere.names_like("watr pum")] == [1]
    assert elsewhere.names_like("secrt pum") == [] and elsewhere.did_you_mean(parse("secrt")) is None


def test_each_machine_follows_with_an_index_of_its_own(app: Flask, tmp_path: Path) -> None:
    """Two folders beside one database: neither knows how far the other has come."""
    one, other = engine(), WhooshBackend(tmp_path / "other", follow=False)
    make.organisation("Kisumu Wells")
    catch_up()
    with pytest.raises(IndexBroken):
        _ = other.position
    for turn, title in enumerate(("Nakuru Bees", "Mombasa Boats")):
        make.organisation(title)
        app.extensions["search"] = other
        stops = iter([False, True])
        follower.keep_up(lambda: next(stops))  # noqa: B023 - used within the turn
        assert differences() == [], "the second has everything"
        found = app.test_client().get(f"/search?q={title.split()[0]}").text
        assert title in found and SENTENCE not in found
        app.extensions["search"] = one
        assert one.position < other.position, "the first stands where it stood"
        if turn == 0:
            catch_up()
            assert one.position == other.position and differences() == []
    shutil.rmtree(tmp_path / "other")
    catch_up()
    assert differences() == [], "what happens to the one is nothing to the other"
