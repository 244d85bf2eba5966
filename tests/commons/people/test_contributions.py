"""What somebody wrote, as far as the viewer may see it."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import event

from commons.db import db
from commons.entries.actions import remove_entry
from commons.people.queries.contributions import contributions
from tests import make
from tests.cast import GROUP, Cast
from tests.commons.people import makers
from wiki.actions import edit_page


def test_what_i_wrote_is_listed_once_newest_first(cast: Cast) -> None:
    first = make.page("Wells", "One.", actor=cast.ben)
    make.page("Pumps", "One.", actor=cast.ben)
    edit_page(first, {"text": "Two."}, version=1, actor=cast.ben)
    rows, total = contributions(cast.ben, None, 1, 20)
    assert [(one.entry.title, one.many, one.began) for one in rows] == [("Wells", 2, True), ("Pumps", 1, True)]
    assert total == 2


def test_each_viewer_sees_what_they_may_see(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    makers.profile(cast.ben, "public", "public")
    make.page("Open page", "One.", actor=cast.ben)
    make.page("Canarypage", "One.", actor=cast.ben, audience=GROUP)
    gone = make.page("Canarygone", "One.", actor=cast.ben)
    remove_entry(gone, actor=cast.mo, note="spam")
    for name in ("visitor", "chi", "mo"):
        page = browser(name).get("/members/ben").text
        assert ("Open page" in page, "Canary" in page) == (True, False), name
    assert "Canarypage" in browser("ana").get("/members/ben").text
    assert "Canarygone" not in browser("ana").get("/members/ben").text
    assert "Canary" not in browser("ben").get("/members/ben?as=visitor").text


def test_pages_hold_twenty(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    makers.profile(cast.ben, "public", "public")
    for number in range(23):
        make.page(f"Page number {number}", "One.", actor=cast.ben)
    assert browser("visitor").get("/members/ben").text.count("Page number") == 20
    assert browser("visitor").get("/members/ben?page=2").text.count("Page number") == 3


def test_the_page_to_print_holds_only_what_everybody_may_see(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    make.page("Open page", "One.", actor=cast.ben)
    make.page("Canarypage", "One.", actor=cast.ben, audience=GROUP)
    page = browser("ben").get("/settings/contributions").text
    assert ("Open page" in page, "Canarypage" in page) == (True, False)
    assert "CC BY-SA 4.0" in page


def test_pages_of_people_ask_the_database_at_most_twelve_times(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    for name in ("ana", "ben", "chi"):
        makers.profile(getattr(cast, name), "public", "public", **makers.WORDS, country="MT", languages="sw")
    make.page("Open page", "One.", actor=cast.ben)
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    ways = [
        "/members",
        "/members?skill=canaryskill&q=canary",
        "/members/ben",
        "/settings/privacy",
        "/settings/contacts",
    ]
    ways += [
        "/settings/affiliations",
        "/affiliations",
        "/settings/profile",
        "/settings/contributions",
        "/settings/invite",
    ]
    many = {}
    for way in ways:
        browser("ana").get(way)
        counted.clear()
        assert browser("ana").get(way).status_code == 200
        many[way] = len([one for one in counted if one.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE"))])
    event.remove(db.engine, "before_cursor_execute", count)
    most = {"/members/ben": 14}  # among them what the panels of three rooms above ask
    assert {way: number for way, number in many.items() if number > most.get(way, 12)} == {}
