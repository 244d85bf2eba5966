"""The page of a subject: what stands in its boxes, and what each of them leads to."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.audience import may_see
from commons.db import db
from commons.entries.actions import remove_entry
from commons.entries.followers import catch_up
from commons.entries.hiding import show_to
from commons.entries.models import Entry
from commons.focus.queries import area_from, tree
from commons.forums.actions import accept_answer, add_post
from commons.forums.actions.opening import forum_of
from commons.members.models import Member
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.commons.forums import makers as said
from tests.commons.groups import makers as groups
from tests.directory.partnerships.board import makers as board
from tests.test_query_counts import asked

TITLES = {
    "Who is at work": ("organisation",),
    "What is known": ("page", "file"),
    "What is asked": ("topic",),
    "What is needed": ("need",),
    "What is offered": ("offer",),
    "Groups": ("group",),
    "Partnerships": ("partnership",),
}
PAGES = ("/focus/water", "/sdg/6", "/places/KE")


def box(page: str, title: str) -> str:
    """The part of a page below this heading."""
    found = re.search(rf"<h2>{title}</h2>(.*?)</section>", page, re.S)
    assert found, title
    return found[1]


def count(part: str) -> int:
    found = re.match(r'<span class="muted figure small">([\d,]+)</span>', part)
    return int(found[1].replace(",", "")) if found else 0


def names(part: str) -> list[str]:
    return [html.unescape(name) for name in re.findall(r"<h3><a[^>]*><bdi[^>]*>(.*?)</bdi>", part)]


@pytest.fixture
def full(app: Flask, cast: Cast) -> Flask:
    """Of each kind some things about water in Kenya that everybody may see, and some that only few may."""
    said.old_hands()
    water = area_from("water")
    assert water is not None
    for number in range(7):
        make.organisation(f"Wells {number}", focus=["water"], country="KE", sdgs=[6])
        make.page(f"Digging {number} in Kenya", "How deep?", focus=["water"])
    make.organisation("Secret wells", focus=["water"], country="KE", sdgs=[6], audience=GROUP)
    make.page("Secret digging in Kenya", "How deep?", focus=["water"], audience=GROUP)
    make.page("Digging for members in Kenya", "How deep?", focus=["water"], audience="members")
    make.file("A well in Kenya", focus=[water.id])
    wells = said.forum("Wells")
    answered = said.topic("Pumps in Kenya", within=wells, actor=cast.ana, sort="question", focus=[water.id])
    accept_answer(answered, add_post(answered, "Oil them.", actor=cast.ben), actor=cast.ana)
    said.topic("Ropes in Kenya", within=wells, actor=cast.chi, sort="question", focus=[water.id])
    add_post(said.topic("Buckets in Kenya", within=wells, focus=[water.id]), "Yes.", actor=cast.ben)
    inner = groups.group("Secret diggers of Kenya", "private", founder=cast.ana, members=(cast.ben,), focus=[water.id])
    said.topic("Secret pumps in Kenya", within=forum_of(inner, cast.ana), focus=[water.id])
    board.need("A pump", focus=["water"], country="KE", sdgs=[6])
    board.need("A pump for members", focus=["water"], country="KE", sdgs=[6], audience="members")
    board.offer("A rope", focus=["water"], country="KE", sdgs=[6])
    groups.group("Well diggers of Kenya", focus=[water.id])
    catch_up()
    return app


def test_a_count_is_the_number_of_results_behind_its_link(full: Flask, cast: Cast) -> None:
    for client in (full.test_client(), sign_in(full.test_client(), cast.ana)):
        for address in PAGES:
            counts_hold(client, client.get(address).text)


def counts_hold(client: FlaskClient, page: str) -> None:
    for title in TITLES:
        part = box(page, title)
        if not count(part):
            assert 'class="empty"' in part
            continue
        link = html.unescape(re.findall(r'<a href="([^"]+)">See ', part)[0])
        found = re.search(r"([\d,]+)(?:</b> (?:organisation|need|offer)| result)", client.get(link).text)
        assert found, link
        assert int(found[1].replace(",", "")) == count(part), link
        assert len(names(part)) == min(5, count(part))


def brute(kinds: tuple[str, ...], viewer: Member | None) -> set[str]:
    """What of water this viewer may see, asked of every row."""
    areas = set(tree().with_children(area_from("water").id))  # type: ignore[union-attr]
    rows: Iterable[Any] = db.session.scalars(select(Entry).where(Entry.kind.in_(kinds), Entry.state == "live"))
    return {row.title for row in rows if may_see(viewer, row) and areas & set(row.focus)}


def test_what_a_viewer_may_not_read_is_neither_listed_nor_counted(full: Flask, cast: Cast) -> None:
    for viewer in (None, cast.ana, cast.ben, cast.chi, cast.mo):
        client = full.test_client() if viewer is None else sign_in(full.test_client(), viewer)
        page = client.get("/focus/water").text
        for title, kinds in TITLES.items():
            right = brute(kinds, viewer)
            assert count(box(page, title)) == len(right), (viewer, title)
            assert set(names(box(page, title))) <= right, (viewer, title)


def test_viewers_of_one_process_do_not_share_what_they_see(full: Flask, cast: Cast) -> None:
    inside = sign_in(full.test_client(), cast.ana)
    assert "Secret wells" in inside.get("/organisations?focus=water&q=secret").text
    seen = [count(box(client.get("/focus/water").text, "Who is at work")) for client in (inside, full.test_client())]
    assert seen == [8, 7]


def test_what_was_hidden_a_moment_ago_is_gone_before_the_index_knows(full: Flask, cast: Cast) -> None:
    client = full.test_client()
    before = box(client.get("/focus/water").text, "What is offered")
    assert (count(before), names(before)) == (1, ["A rope"])
    remove_entry(db.session.scalars(select(Entry).where(Entry.title == "A rope")).one(), actor=cast.mo, note="a test")
    after = box(client.get("/focus/water").text, "What is offered")
    assert (count(after), names(after)) == (0, [])


def test_a_tagged_record_stands_there_at_the_next_request(full: Flask) -> None:
    client = full.test_client()
    assert count(box(client.get("/focus/water").text, "What is known")) == 8
    make.page("Rain in Kenya", "Collect it.", focus=["water"])
    catch_up()
    part = box(client.get("/focus/water").text, "What is known")
    assert count(part) == 9
    assert "Rain in Kenya" in names(part)


def test_topics_that_wait_for_an_answer_come_first(full: Flask) -> None:
    part = box(full.test_client().get("/focus/water").text, "What is asked")
    assert names(part)[0] == "Ropes in Kenya"
    assert part.count("waits for an answer") == 1


def test_an_empty_box_says_what_would_help(app: Flask) -> None:
    page = app.test_client().get("/focus/water").text
    assert "No page yet." in box(page, "What is known")
    assert "/wiki/new?focus=water" in box(page, "What is known")
    for title in TITLES:
        assert 'class="empty"' in box(page, title)
        assert "<a " in box(page, title)


def test_what_is_missing_names_areas_without_a_page(full: Flask) -> None:
    make.organisation("Pipes", focus=["sanitation"])
    catch_up()
    page = full.test_client().get("/focus/water").text
    if area_from("sanitation").id in tree().children.get(area_from("water").id, []):  # type: ignore[union-attr]
        assert "1 organisation works on it" in box(page, "What is missing")


def test_a_need_without_an_offer_is_named_as_missing(app: Flask) -> None:
    board.need("A pump", focus=["water"])
    catch_up()
    part = box(app.test_client().get("/focus/water").text, "What is missing")
    assert "nobody offers anything" in part


def test_every_country_has_a_page_and_other_words_have_none(client: FlaskClient) -> None:
    assert "Kenya" in client.get("/places/KE").text
    assert client.get("/places/ke").headers["Location"] == "/places/KE"
    assert client.get("/places/XX").status_code == 404
    assert client.get("/places/Kenya").status_code == 404


def test_the_list_of_countries_leads_to_those_with_entries(full: Flask) -> None:
    page = full.test_client().get("/places").text
    assert re.search(r'href="/places/KE">Kenya</a><span class="figure">9<', page), page
    assert "/places/FR" not in page


def test_a_page_costs_at_most_fifteen_statements(full: Flask, cast: Cast) -> None:
    member = sign_in(full.test_client(), cast.ana)
    for address in PAGES:
        sent = asked(full.test_client(), address)
        assert len(sent) <= 15, "\n\n".join(sent)
        sent = asked(member, address)
        assert len(sent) <= 20, "\n\n".join(sent)  # who it is, the bell, watched, kept


@pytest.mark.parametrize("address", PAGES)
def test_a_map_shows_where_its_organisations_are_and_leads_to_the_list(
    client: FlaskClient, cast: Cast, address: str
) -> None:
    """Water and goal 6 stand on both; of the two places on the map each leads to the list of what is there."""
    for number, (city, lat, lon) in enumerate((("Kisumu", -0.1, 34.75), ("Mombasa", -4.05, 39.67))):
        place: dict[str, Any] = {"country": "KE", "city": city, "lat": lat, "lon": lon}
        make.organisation(f"Map works {number}", focus=["water"], sdgs=[6], **place)
    make.organisation("Nowhere near", country="FR", city="Lyon", lat=45.76, lon=4.84)
    catch_up()
    part = client.get(address).text.partition("<h2>Where</h2>")[2].partition("</section>")[0]
    links = [html.unescape(link) for link in re.findall(r'<a href="([^"]+bbox[^"]+)"', part)]
    assert len(links) == 2
    found = [client.get(link).text for link in links]
    assert all(("Map works 0" in page) != ("Map works 1" in page) and "Nowhere near" not in page for page in found)
    whole = re.search(r'<a href="([^"]+)">The same as a list', part)
    assert whole is not None and "Map works 1" in client.get(html.unescape(whole[1])).text


def test_without_a_known_place_there_is_no_map(client: FlaskClient, cast: Cast) -> None:
    make.organisation("Somewhere", focus=["water"])
    catch_up()
    assert "<h2>Where</h2>" not in client.get("/focus/water").text


def test_a_map_shows_nobody_more_than_they_may_see(client: FlaskClient, cast: Cast) -> None:
    hidden = make.organisation("Hidden works", focus=["water"], country="KE", city="Kisumu", lat=-0.1, lon=34.75)
    show_to(hidden, GROUP, actor=cast.mo, note="")
    catch_up()
    assert "<h2>Where</h2>" not in client.get("/focus/water").text
    assert "<h2>Where</h2>" in sign_in(client, cast.ana).get("/focus/water").text


def test_a_text_belongs_to_a_country_in_whatever_language_it_names_it(client: FlaskClient, cast: Cast) -> None:
    make.page("Brunnen in Kenia", "Pumpen und Wasser.", language="de", actor=cast.ana)
    make.page("Puits", "L'eau au Royaume-Uni et en Côte d'Ivoire.", language="fr", actor=cast.ana)
    said.old_hands()
    said.topic("Who knows Кения", "How?", within=said.forum("Wells"))
    make.page("Knitting", "Een trui of a jersey, and grenades.", actor=cast.ana)
    catch_up()
    kenya = client.get("/places/KE").text
    assert names(box(kenya, "What is known")) == ["Brunnen in Kenia"] and count(box(kenya, "What is known")) == 1
    assert names(box(kenya, "What is asked")) == ["Who knows Кения"]
    for code, known in (("GB", ["Puits"]), ("CI", ["Puits"]), ("GD", []), ("SE", [])):
        assert names(box(client.get(f"/places/{code}").text, "What is known")) == known, code
    french = client.get("/places/KE", headers={"Accept-Language": "fr"}).text
    assert "Brunnen in Kenia" in french


def test_a_text_belongs_to_the_country_of_a_public_organisation_that_it_links_to(
    client: FlaskClient, cast: Cast
) -> None:
    make.organisation("Maji Safi", country="KE")
    hidden = make.organisation("Closed wells", country="TZ")
    make.page("Pumps", "Built with [[organisation:Maji Safi]] and [[organisation:Closed wells]].", actor=cast.ana)
    show_to(hidden, GROUP, actor=cast.mo, note="")
    catch_up()
    assert names(box(client.get("/places/KE").text, "What is known")) == ["Pumps"]
    assert names(box(client.get("/places/TZ").text, "What is known")) == [], "where a closed one is stays closed"


def test_the_search_says_why_a_text_was_found_for_a_country(client: FlaskClient, cast: Cast) -> None:
    make.organisation("Maji Safi", country="DE")
    make.page("Pumps", "Built with [[organisation:Maji Safi]].", actor=cast.ana)
    make.page("Brunnen", "Pumpen in Deutschland.", language="de", actor=cast.ana)
    make.page("Wells", "Pumps in Germany.", actor=cast.ana)
    catch_up()
    page = client.get("/search?q=%22germany%22&kind=page").text
    found = dict(re.findall(r"<bdi[^>]*>(Pumps|Brunnen|Wells)</bdi>.*?Shown because: ([^<]*)<", page, re.S))
    assert found["Brunnen"] == "names Germany: “Deutschland”"
    assert found["Pumps"] == "links to an organisation in Germany"
    assert "text" in found["Wells"]
