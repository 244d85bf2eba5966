"""Keeping a search, and what is new in it: by others, answering now, as its owner may see it at that moment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, current_app
from werkzeug.datastructures import MultiDict

from commons.db import db, transaction
from commons.entries.actions import remove_entry
from commons.entries.followers import catch_up
from commons.entries.hiding import show_to
from commons.entries.queries import last_seq
from commons.focus.models import Area
from commons.members.models import Member
from commons.search.asking import Asked
from commons.search.engine import whoosh
from commons.search.index import IndexBroken
from commons.searches import actions, queries, room
from commons.searches.documents import saved_page
from commons.searches.models import SavedSearch
from commons.web import Invalid
from directory.actions import edit_organisation
from tests import make
from tests.cast import GROUP, Cast
from tests.commons.feed import makers as said
from tests.commons.feed.makers import block, leave
from tests.commons.searches.makers import saved
from wiki.actions import edit_page


def again(entry: Any) -> Any:
    """The same row, after the followers have ended the session."""
    return db.session.get_one(type(entry), entry.id)


def page_of(member: Member) -> dict[str, Any]:
    with current_app.test_request_context():
        return saved_page(member)


def new_for(member: Member) -> dict[str, list[str]]:
    """search: the titles that the page shows as new in it."""
    number = member.id
    catch_up()
    rows = page_of(db.session.get_one(Member, number))["rows"]
    return {row["name"]: [one["title"] for one in row["newest"]] for row in rows}


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/search?q=wells", "/search?q=wells"),
        ("/search?q=wells&page=3&utm=x&next=/", "/search?q=wells"),
        ("/search?kind=page&q=+wells+&focus=water&focus=health", "/search?q=wells&kind=page&focus=water&focus=health"),
        ("/organisations?near=Kisumu&km=50&q=", "/organisations?near=Kisumu&km=50"),
        ("/organisations", "/organisations"),
        ("/search?q=%C3%A9cole&sort=title", "/search?q=%C3%A9cole&sort=title"),
        ("/settings/mails?q=x", ""),
        ("/nothing?q=x", ""),
        ("https://example.org/search?q=x", ""),
        ("//example.org/search?q=x", ""),
        ("/search/saved?q=x", ""),
        ("", ""),
    ],
)
def test_an_address_is_kept_as_which_list_it_is_and_what_was_asked(app: Flask, address: str, kept: str) -> None:
    assert queries.canonical(address) == kept


def test_a_room_names_a_list_that_finds_less_than_was_asked_for(app: Flask, cast: Cast) -> None:
    def only_kenya(asked: Asked, args: MultiDict[str, str]) -> Asked:
        return asked if args.get("all") else replace(asked, chosen={**asked.chosen, "country": ["KE"]})

    app.extensions.setdefault(queries.LISTS, {})["/few/organisations"] = queries.List(
        "organisation", only_kenya, ("all",)
    )
    assert queries.canonical("/few/organisations?all=1&none=1&q=x") == "/few/organisations?q=x&all=1"
    saved("/few/organisations", actor=cast.ana, name="Few")
    saved("/few/organisations?all=1", actor=cast.ana, name="More")
    for title, country in (("Here", "KE"), ("There", "TZ")):
        make.organisation(title, actor=cast.chi, country=country)
    assert new_for(cast.ana) == {"Few": ["Here"], "More": ["There", "Here"]}


@pytest.mark.parametrize(
    ("address", "name", "rhythm", "field"),
    [
        ("/search", "Mine", "weekly", "address"),
        ("/search?page=2", "Mine", "weekly", "address"),
        ("/settings", "Mine", "weekly", "address"),
        ("/search?q=" + "x" * 2000, "Mine", "weekly", "address"),
        ("/search?q=wells", "  ", "weekly", "name"),
        ("/search?q=wells", "x" * 81, "weekly", "name"),
        ("/search?q=wells", "Mine", "hourly", "rhythm"),
    ],
)
def test_what_cannot_be_saved_is_said(app: Flask, cast: Cast, address: str, name: str, rhythm: str, field: str) -> None:
    with pytest.raises(Invalid) as fault:
        saved(address, actor=cast.ana, name=name, rhythm=rhythm)
    assert field in fault.value.fields and db.session.query(SavedSearch).count() == 0


def test_fifty_are_kept_and_the_same_list_again_is_the_same_search(app: Flask, cast: Cast) -> None:
    for number in range(actions.MOST):
        actions.save_search(f"/search?q=wells{number}", "Mine", "never", actor=cast.ana)
    with pytest.raises(Invalid):
        actions.save_search("/search?q=pumps", "One more", "never", actor=cast.ana)
    again = actions.save_search("/search?page=4&q=wells7", "Renamed", "daily", actor=cast.ana)
    assert (again.name, again.rhythm) == ("Renamed", "daily") and db.session.query(SavedSearch).count() == actions.MOST
    actions.save_search("/search?q=pumps", "Hers", "never", actor=cast.ben)


def test_only_what_came_or_changed_after_it_was_saved_is_new(app: Flask, cast: Cast) -> None:
    old = make.page("Old wells", actor=cast.chi)
    saved("/search?q=wells", actor=cast.ana)
    assert new_for(cast.ana) == {"Mine": []}
    make.page("New wells", actor=cast.chi)
    make.page("Gardens", actor=cast.chi)
    assert new_for(cast.ana) == {"Mine": ["New wells"]}
    edit_page(again(old), {"text": "Deeper."}, version=1, actor=cast.ben, note="")
    assert new_for(cast.ana) == {"Mine": ["Old wells", "New wells"]}


def test_what_no_longer_answers_is_not_new(app: Flask, cast: Cast) -> None:
    saved("/search?q=wells", actor=cast.ana)
    page = make.page("Wells", actor=cast.chi)
    edit_page(page, {"title": "Gardens"}, version=1, actor=cast.chi, note="")
    assert new_for(cast.ana) == {"Mine": []}


def test_all_words_are_wanted_also_where_the_page_would_be_content_with_some(app: Flask, cast: Cast) -> None:
    saved("/search?q=wells+xylophone", actor=cast.ana)
    make.page("Wells", actor=cast.chi)
    assert new_for(cast.ana) == {"Mine": []}


def test_my_own_edits_and_those_of_whom_i_blocked_are_not_new(app: Flask, cast: Cast) -> None:
    saved("/search?q=wells", actor=cast.ana)
    page = make.page("Wells of mine", actor=cast.ana)
    make.page("Wells of Chi", actor=cast.chi)
    block(cast.ana, cast.chi)
    assert new_for(cast.ana) == {"Mine": []}
    edit_page(again(page), {"text": "By Ben."}, version=1, actor=cast.ben, note="")
    assert new_for(cast.ana) == {"Mine": ["Wells of mine"]}


def test_a_place_and_filters_are_kept(app: Flask, cast: Cast) -> None:
    saved("/organisations?near=Kisumu&km=50&focus=water", actor=cast.ana)
    make.organisation("Lake Water", actor=cast.chi, focus=["water"], city="Kisumu", country="KE")
    make.organisation("Lake Health", actor=cast.chi, focus=["health"], city="Kisumu", country="KE")
    far = make.organisation("City Water", actor=cast.chi, focus=["water"], city="Mombasa", country="KE")
    assert new_for(cast.ana) == {"Mine": ["Lake Water"]}
    edit_organisation(again(far), {"city": "Kisumu"}, version=1, actor=cast.chi)
    assert new_for(cast.ana) == {"Mine": ["City Water", "Lake Water"]}


def test_a_new_answer_makes_its_topic_new_and_says_so_once_each(app: Flask, cast: Cast) -> None:
    topic = said.topic("Wells", actor=cast.ana)
    saved("/search?q=wells&kind=topic", actor=cast.ana)
    said.post(again(topic), "Look here.", actor=cast.chi)
    assert new_for(cast.ana) == {"Mine": ["Wells"]}


def test_marked_as_seen_it_is_new_no_more_and_what_came_meanwhile_stays(app: Flask, cast: Cast) -> None:
    search = saved("/search?q=wells", actor=cast.ana).id
    make.page("First wells", actor=cast.chi)
    catch_up()
    upto = last_seq()
    make.page("Second wells", actor=cast.chi)
    assert new_for(cast.ana) == {"Mine": ["Second wells", "First wells"]}
    actions.mark_searches_seen([db.session.get_one(SavedSearch, search)], upto)
    assert new_for(cast.ana) == {"Mine": ["Second wells"]}


def test_what_the_index_does_not_know_yet_is_told_later_and_not_lost(app: Flask, cast: Cast) -> None:
    search = saved("/search?q=wells", actor=cast.ana)
    make.page("Wells", actor=cast.chi)
    page = page_of(cast.ana)
    assert page["rows"][0]["many"] == 0 and page["upto"] < last_seq()
    actions.mark_searches_seen([search], last_seq())
    assert new_for(cast.ana) == {"Mine": ["Wells"]}


def test_a_process_that_has_not_read_the_newest_index_loses_nothing(app: Flask, cast: Cast) -> None:
    """As on a real server, where a thread reads it every half second."""
    search = saved("/search?q=wells", actor=cast.ana)
    whoosh().snapshot()
    whoosh().follow, whoosh().holder.every = True, 3600.0
    make.page("Wells", actor=cast.chi)
    catch_up()
    news = queries.news_of({search.id: search.seen}, [search], cast.ana, queries.reach())
    whoosh().holder.stop()
    assert len(news[search.id].ids) == 1


@pytest.mark.parametrize("way", ["hidden", "removed", "left"])
def test_what_its_owner_may_not_see_any_more_is_not_told(app: Flask, cast: Cast, way: str) -> None:
    """The index still has it: the worker stands still."""
    saved("/search?q=wells", actor=cast.ben)
    page = make.page("Wells", actor=cast.ana, audience=GROUP)
    assert new_for(cast.ben) == {"Mine": ["Wells"]}
    if way == "hidden":
        show_to(again(page), "group:99", actor=cast.ana)
    elif way == "removed":
        remove_entry(again(page), actor=cast.mo, note="spam")
    else:
        leave(cast.ben, GROUP)
    assert page_of(cast.ben)["rows"][0]["many"] == 0


def test_an_area_that_is_gone_makes_a_search_say_so_and_find_nothing(app: Flask, cast: Cast) -> None:
    """Without its area it would find more than was asked for."""
    saved("/organisations?focus=water", actor=cast.ana)
    make.organisation("Lake Water", actor=cast.chi, focus=["water"])
    assert new_for(cast.ana) == {"Mine": ["Lake Water"]}
    area = db.session.query(Area).filter_by(slug="water").one()
    remove_entry(area, actor=cast.mo, note="merged")
    make.organisation("Lake Health", actor=cast.chi)
    catch_up()
    (row,) = page_of(cast.ana)["rows"]
    assert row["fault"] == ["water"] and row["many"] == 0 and row["newest"] == []


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("/search?q=wells&near=Nowhereville+Xyzzy", ["Nowhereville Xyzzy"]),
        ("/search?q=wells+area:nonsense", ["nonsense"]),
        ("/search?q=wells&kind=nonsense", ["nonsense"]),
        ("/organisations?bbox=1,2", ["1,2"]),
        ("/search?q=wells&near=Kenya", []),
        ("/search?q=wells+in:kenya+area:water", []),
        ("/search?q=wells&near=Kisumu", []),
        ("/nonsense?q=wells", ["/nonsense"]),
    ],
)
def test_what_means_nothing_is_named(app: Flask, address: str, fault: list[str]) -> None:
    assert queries.faults_of(address, queries.asked_of(address)) == fault


def test_while_the_index_is_away_searches_are_listed_without_news(app: Flask, cast: Cast) -> None:
    saved("/search?q=wells", actor=cast.ana)
    for file in (app.config["COMMONS_DATA"] / "search").rglob("*"):
        if file.is_file():
            file.unlink()
    page = page_of(cast.ana)
    assert page["rebuilding"] and [row["name"] for row in page["rows"]] == ["Mine"]
    with pytest.raises(IndexBroken):
        queries.reach()
    actions.save_search("/search?q=pumps", "Pumps", "weekly", actor=cast.ana)


def test_a_member_who_leaves_takes_their_searches_along(app: Flask, cast: Cast) -> None:
    saved("/search?q=wells", actor=cast.una)
    with transaction():
        db.session.delete(cast.una)
    assert db.session.query(SavedSearch).count() == 0


def test_saved_searches_leave_in_no_public_export() -> None:
    assert [(handed.model, handed.public) for handed in room.tables] == [(SavedSearch, False)]
