"""What people look for in vain: counted without persons, shown only where enough of them asked, forgotten in time."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from commons.db import db, now, transaction
from commons.entries.followers import catch_up
from commons.search import failed
from commons.search.asking import Asked, asked_from
from commons.search.checks import failed_searches
from commons.search.failed import (
    Notes,
    begin_writing,
    by_day,
    forget,
    note,
    notes,
    page_of,
    unruled,
    words_of,
    write_down,
)
from commons.search.grammar import parse
from commons.search.models import FailedSearch
from commons.search.queries import find
from tests import make
from tests.test_query_counts import statements


def look(app: Flask, words: str, *, network: str = "192.0.2.1", **filters: str) -> None:
    """Somebody at this network searches as a visitor."""
    with app.test_request_context(
        "/search", query_string={"q": words, **filters}, environ_base={"REMOTE_ADDR": network}
    ):
        asked = asked_from(MultiDict({"q": words, **filters}))
        note(asked, find(asked, None, 20))


def counted(words: str, *, askers: list[int], language: str = "en", until: date | None = None) -> None:
    """Counts of one day after the other, up to today."""
    last = until or now().date()
    with transaction():
        for back, many in enumerate(askers):
            day = last - timedelta(days=back)
            db.session.add(FailedSearch(words=words, language=language, day=day, times=many + 1, askers=many))


def rows() -> list[tuple[str, str, int, int]]:
    db.session.rollback()
    query = select(FailedSearch.words, FailedSearch.language, FailedSearch.times, FailedSearch.askers)
    ordered = query.order_by(FailedSearch.words, FailedSearch.language)
    return [tuple(row) for row in db.session.execute(ordered)]  # type: ignore[misc]


def shown() -> list[str]:
    db.session.rollback()
    return [row.words for row in page_of(unruled(), 1, 100)[0]]


def test_a_search_that_finds_nothing_is_counted_with_folded_words_and_the_language_of_the_page(app: Flask) -> None:
    look(app, "  Élevage de   YAKS! ")
    assert rows() == []  # the request writes nothing
    assert write_down() == 1
    assert rows() == [("elevage de yaks", "en", 1, 1)]
    assert write_down() == 0 and rows() == [("elevage de yaks", "en", 1, 1)]


def test_one_person_is_counted_once_a_day_however_often_they_ask(app: Flask) -> None:
    for _ in range(4):
        look(app, "yak husbandry")
    look(app, "yak husbandry", network="198.51.100.7")
    write_down()
    look(app, "yak husbandry")
    write_down()
    assert rows() == [("yak husbandry", "en", 6, 2)]


def test_web_processes_never_count_one_person_twice(app: Flask) -> None:
    """Each process hashes with a key of its own, so sums would: the one that saw most people counts."""
    look(app, "yak husbandry")
    look(app, "yak husbandry", network="198.51.100.7")
    write_down()
    app.extensions["failed searches"] = Notes()  # another process
    look(app, "yak husbandry")
    write_down()
    assert rows() == [("yak husbandry", "en", 3, 2)]


def test_what_finds_something_or_was_narrowed_is_not_counted(app: Flask) -> None:
    make.organisation("Yak Husbandry Trust")
    catch_up()
    look(app, "yak husbandry")
    look(app, "llama husbandry", country="KE")
    look(app, "llama husbandry", confirmed="12")
    look(app, "llama husbandry", page="2")
    assert write_down() == 0
    look(app, "yak zeppelins")  # something has one of the words, nothing has both
    write_down()
    assert rows() == [("yak zeppelins", "en", 1, 1)]


def test_nothing_is_counted_while_the_index_is_away(app: Flask) -> None:
    asked = Asked(parse("yak husbandry"))
    with app.test_request_context("/search"):
        answer = find(asked, None, 20)
        assert answer.found is not None and answer.total == 0
        answer.found = None
        note(asked, answer)
    assert write_down() == 0


@pytest.mark.parametrize(
    "words",
    [
        "ana@example.org",
        "flat 12b",
        "٣٤ houses",
        "www.example.org/yaks",
        "@ana",
        "yaks -llamas",
        "yaks OR llamas",
        "yakhus*",
        "in:kenya yaks",
        "?!",
        "",
    ],
)
def test_words_that_may_name_a_person_or_are_no_plain_words_are_never_counted(words: str) -> None:
    assert words_of(parse(words)) == ""


def test_words_are_cut_between_words_and_folded_words_stay_as_they_are() -> None:
    long = words_of(parse("irrigation " * 10 + "with canals"))
    assert len(long) <= 100 and long.endswith("irrigation")
    for words in ("l'eau potable", "जल संरक्षण", "水井", "مياه", long):
        once = words_of(parse(words))
        assert once and words_of(parse(once)) == once


def test_nothing_in_memory_joins_two_searches_of_one_person_and_the_key_ends_with_the_day(app: Flask) -> None:
    look(app, "yak husbandry")
    look(app, "llama husbandry")
    held = notes()
    hashes = [one for tally in held.terms.values() for one in tally.askers]
    assert len(hashes) == len(set(hashes)) == 2 and not set(hashes) & set(held.added)
    key, yesterday = held.key, now().date() - timedelta(days=1)
    held.day = yesterday  # as it is when midnight has passed
    taken = held.take()
    assert held.key != key and not held.terms and not held.added
    assert [(words, day) for (words, _language, day), _times, _askers in taken] == [
        ("llama husbandry", yesterday),
        ("yak husbandry", yesterday),
    ]


def test_one_network_cannot_fill_the_memory(app: Flask) -> None:
    held = notes()
    for number in range(failed.MOST_EACH + 50):
        held.add("yak " + "a" * (number % 60 + 1) + "b" * (number // 60), "en", "one network")
    assert len(held.terms) == failed.MOST_EACH
    for number in range(failed.MOST_TERMS + 100):
        held.add(f"term {number}", "en", f"network {number}")
    assert len(held.terms) == failed.MOST_TERMS


def test_the_table_has_no_place_for_a_person_an_address_or_a_moment() -> None:
    assert {column.name for column in FailedSearch.__table__.columns} == {"words", "language", "day", "times", "askers"}


def test_the_request_sends_no_statement_to_the_database(app: Flask) -> None:
    with app.test_request_context("/search"):
        answer = find(Asked(parse("yak husbandry")), None, 20)
        with statements() as sent:
            note(Asked(parse("yak husbandry")), answer)
    assert sent == [] and len(notes().terms) == 1


def test_the_search_page_counts_and_writes_nothing_itself(app: Flask, client: FlaskClient) -> None:
    assert client.get("/search?q=Yak+husbandry").status_code == 200
    assert client.get("/search?q=").status_code == 200
    assert client.get("/search.atom?q=Yak+husbandry").status_code == 200
    assert client.get("/search/complete?q=Yak+husbandry").status_code == 200
    assert client.get("/search?q=Yak+husbandry", headers={"Accept-Language": "fr"}).status_code == 200
    assert rows() == []
    write_down()
    assert rows() == [("yak husbandry", "en", 1, 1), ("yak husbandry", "fr", 1, 1)]


def test_a_thread_of_the_web_process_writes_the_counts_down(app: Flask) -> None:
    held = app.extensions["failed searches"] = Notes(every=0.05)
    look(app, "yak husbandry")
    begin_writing()
    begin_writing()  # one thread, however often
    assert held.thread is not None
    until = time.monotonic() + 30
    while not rows() and time.monotonic() < until:
        time.sleep(0.05)
    held.stopped.set()
    held.thread.join(30)
    assert rows() == [("yak husbandry", "en", 1, 1)] and not held.thread.is_alive()


def test_many_threads_lose_no_count(app: Flask) -> None:
    held = notes()

    def ask(name: int) -> None:
        for _ in range(50):
            held.add("yak husbandry", "en", f"network {name}")

    threads = [threading.Thread(target=ask, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    write_down()
    assert rows() == [("yak husbandry", "en", 400, 8)]


def test_moderators_see_what_five_asked_on_three_days_and_nothing_that_one_network_alone_asked(app: Flask) -> None:
    counted("enough", askers=[2, 2, 1])
    counted("too few days", askers=[9, 9])
    counted("too few people", askers=[2, 1, 1])
    counted("one stubborn person", askers=[1] * 20)
    counted("long ago", askers=[5, 5, 5], until=now().date() - timedelta(days=61))
    assert shown() == ["enough"]


def test_languages_are_counted_apart(app: Flask) -> None:
    counted("dons", askers=[2, 2, 1], language="fr")
    counted("dons", askers=[1, 1, 1], language="en")
    assert [(row.words, row.language) for row in page_of(unruled(), 1, 10)[0]] == [("dons", "fr")]
    assert [row.askers for row in by_day("dons", "fr")] == [2, 2, 1]


def test_counts_are_forgotten_after_sixty_days_by_the_worker(app: Flask) -> None:
    counted("old", askers=[3], until=now().date() - timedelta(days=61))
    counted("last day", askers=[3], until=now().date() - timedelta(days=60))
    assert forget() == 1 and [row[0] for row in rows()] == ["last day"]
    counted("old", askers=[3], until=now().date() - timedelta(days=61))
    app.extensions.pop("failed searches looked at", None)
    catch_up()
    assert [row[0] for row in rows()] == ["last day"]


def test_the_check_finds_words_that_should_not_be_there_and_counts_that_were_not_forgotten(app: Flask) -> None:
    assert list(failed_searches()) == []
    counted("ana@example.org", askers=[1])
    counted("old", askers=[1], until=now().date() - timedelta(days=63))
    found = list(failed_searches())
    assert len(found) == 2 and "ana@example.org" in found[0] and "still kept" in found[1]
