"""News from outside: servers on loopback that tell, that do not, and that lead on; and who may choose what is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, now, transaction
from commons.entries.actions import record
from commons.entries.models import Ask
from commons.fetch import fetch
from commons.groups import actions, newsreader
from commons.groups import news as told
from commons.groups.actions.news import add_news, remove_news, retry_news
from commons.groups.models import Group, NewsItem, Subscription
from commons.members.models import Member
from commons.web import Forbidden, Invalid
from tests.cast import Cast, sign_in
from tests.commons.groups import makers
from tests.commons.test_fetch import Serve, loopback, saying, serving

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>River &lt;b&gt;watch&lt;/b&gt;</title>%s</channel></rss>"""
ITEM = "<item><guid>%s</guid><title>%s</title><link>http://example.org/%s</link>%s</item>"
PAGE = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body>Hello</body></html>'


def feed(*items: tuple[str, str], dated: timedelta | None = timedelta(days=1)) -> bytes:
    date = f"<pubDate>{now() - dated:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if dated is not None else ""
    return (FEED % "".join(ITEM % (name, title, name, date) for name, title in items)).encode()


@pytest.fixture
def group(app: Flask, cast: Cast) -> Iterator[Group]:
    yield uses(makers.group("River friends", members=(cast.ben,)), "news")


def uses(group: Group, *modules: str) -> Group:
    with transaction():
        record(group, "edited", None, actor=None)
        group.modules = list(modules)
    return group


def reading(group: Group, url: str) -> Subscription:
    return add_news(group, url, actor=db.session.get_one(Member, group.author_id))


def turn(port: int) -> int:
    """One turn of the worker, to this port of this machine only."""
    return newsreader.read_due(partial(fetch, allowed=loopback, ports={port}))


def late(one: Subscription) -> None:
    """As if its hour had come."""
    with transaction():
        one.due = now() - timedelta(minutes=1)


def titles(group: Group) -> list[str]:
    return [item.title for item, _source in told.page_of_items(group, 1, 100)[0]]


def test_titles_of_a_feed_stand_in_the_group_with_source_and_date(
    group: Group, client: FlaskClient, cast: Cast
) -> None:
    body = feed(("a", "High &lt;b&gt;water&lt;/b&gt;&lt;script&gt;alert(7)&lt;/script&gt;"), ("b", "Low water"))
    with serving(saying(body, "Content-Type: application/rss+xml")) as (port, heard):
        one = reading(group, f"http://127.0.0.1:{port}/feed")
        assert turn(port) == 1 and turn(port) == 0, "read once an hour"
    assert len(heard) == 1 and one.title == "River watch" and one.fault == ""
    assert now() + timedelta(minutes=50) < one.due < now() + timedelta(minutes=70)
    page = client.get(f"/groups/{group.slug}/news").text
    assert "Low water" in page and 'href="http://example.org/b"' in page and "River watch" in page
    assert "alert(7)" not in page and "High water" in page
    assert 'rel="noopener nofollow ugc"' in page
    assert "Low water" in client.get(f"/groups/{group.slug}/news.atom").text


def test_what_is_known_is_asked_for_only_if_it_changed(group: Group) -> None:
    first = saying(feed(("a", "One")), 'ETag: "v1"', "Last-Modified: Sat, 01 Nov 2025 10:00:00 GMT")
    with serving(first, saying(b"", status="304 Not Modified"), saying(feed(("a", "One"), ("b", "Two")))) as (
        port,
        heard,
    ):
        one = reading(group, f"http://127.0.0.1:{port}/feed")
        for _time in range(3):
            turn(port)
            late(one)
    assert b'If-None-Match: "v1"' in heard[1] and b"If-Modified-Since: Sat, 01 Nov 2025" in heard[1]
    assert b'If-None-Match: "v1"' in heard[2], "an answer that says nothing new keeps the marks"
    assert sorted(titles(group)) == ["One", "Two"] and one.tries == 0


def test_a_page_leads_on_to_the_feed_that_it_names(group: Group) -> None:
    with serving(saying(PAGE, "Content-Type: text/html"), saying(feed(("a", "One")))) as (port, heard):
        one = reading(group, f"http://127.0.0.1:{port}/")
        assert turn(port) == 1 and turn(port) == 1
    assert one.url == f"http://127.0.0.1:{port}/feed" and titles(group) == ["One"] and one.tries == 0
    assert heard[1].startswith(b"GET /feed")


def test_a_page_that_names_what_the_group_reads_already_is_told_so(group: Group) -> None:
    with serving(saying(PAGE)) as (port, _heard):
        two = reading(group, f"http://127.0.0.1:{port}/")
        late(reading(group, f"http://127.0.0.1:{port}/feed"))
        turn(port)
    assert two.fault == "The group reads this address already."


def test_pages_that_name_each_other_come_to_an_end(group: Group) -> None:
    def naming(number: int) -> Serve:
        return saying(PAGE.replace(b"/feed", b"/%d" % number))

    with serving(*map(naming, range(20))) as (port, heard):
        one = reading(group, f"http://127.0.0.1:{port}/")
        while turn(port):
            pass
    assert len(heard) == newsreader.FAULTS and one.paused is not None


def test_after_eight_faults_it_rests_and_admins_are_told_until_one_tries_again(
    group: Group, client: FlaskClient, cast: Cast
) -> None:
    with serving(saying(b"", status="404 Not Found")) as (port, heard):
        one, rests = reading(group, f"http://127.0.0.1:{port}/feed"), []
        for _time in range(10):
            turn(port)
            rests.append(one.due - now())
            late(one)
    assert len(heard) == 8 and one.paused is not None and one.fault == "There is nothing at this address any more."
    assert all(later > sooner for sooner, later in zip(rests[:4], rests[1:4], strict=False)), "ever more rarely"
    assert max(rests) < timedelta(hours=27)
    asked = db.session.execute(select(Ask.member_id, Ask.why).where(Ask.entry_id == group.id)).all()
    assert asked == [(cast.ana.id, "news")]
    page = sign_in(client, cast.ana).get(f"/groups/{group.slug}/news").text
    assert "could not be read eight times" in page and "Try again" in page
    assert client.post(f"/groups/{group.slug}/news/{one.id}/retry").status_code == 303
    with serving(saying(feed(("a", "One")))) as (port, _heard):
        with transaction():
            one.url = f"http://127.0.0.1:{port}/feed"
        assert turn(port) == 1
    db.session.expire_all()
    assert titles(group) == ["One"] and one.paused is None and one.tries == 0


def test_only_the_public_web_is_read(group: Group) -> None:
    with serving(saying(feed(("a", "One")))) as (port, heard):
        one = reading(group, f"http://127.0.0.1:{port}/feed")
        assert newsreader.read_due() == 1
    assert heard == [] and one.fault != "" and titles(group) == []


def test_what_is_no_news_is_a_fault_and_nothing_is_kept(group: Group) -> None:
    with serving(saying(b"<html><body><p>Hello</p></body></html>", "Content-Type: text/html")) as (port, _heard):
        one = reading(group, f"http://127.0.0.1:{port}/")
        turn(port)
    assert one.fault == "This address is no news feed." and one.tries == 1 and titles(group) == []


def test_old_items_are_neither_taken_in_nor_kept(group: Group) -> None:
    with serving(saying(feed(("old", "Long ago"), dated=timedelta(days=200)))) as (port, _heard):
        one = reading(group, f"http://127.0.0.1:{port}/feed")
        turn(port)
    assert titles(group) == []
    with transaction():
        old = NewsItem(
            subscription_id=one.id, key="k", title="Old", url="http://example.org/", at=now() - told.TOLD * 2
        )
        db.session.add(old)
    assert newsreader.forget_old() == 0, "the next reading deletes it"
    with serving(saying(feed(("a", "New")))) as (port, _heard):
        with transaction():
            one.url, one.due = f"http://127.0.0.1:{port}/feed", now()
        turn(port)
    assert db.session.scalars(select(NewsItem.title)).all() == ["New"]


def test_old_items_of_what_is_read_no_more_are_forgotten(group: Group) -> None:
    one = reading(group, "http://example.org/feed")
    with transaction():
        one.paused = one.due = now() - timedelta(days=300)
        old = NewsItem(
            subscription_id=one.id, key="k", title="Old", url="http://example.org/", at=now() - told.TOLD * 2
        )
        db.session.add(old)
    assert newsreader.forget_old() == 1


def test_an_item_without_a_time_does_not_come_back_as_news(group: Group) -> None:
    with serving(saying(feed(("a", "Timeless"), dated=None))) as (port, _heard):
        one = reading(group, f"http://127.0.0.1:{port}/feed")
        turn(port)
        assert titles(group) == ["Timeless"]
        with transaction():
            db.session.scalars(select(NewsItem)).one().at = now() - told.TOLD * 2
            one.due = now()
        turn(port)
    assert titles(group) == [] and db.session.scalar(select(func.count()).select_from(NewsItem)) == 1


def archived(group: Group, cast: Cast) -> None:
    actions.archive(group, "Done", actor=cast.ana)


def without_news(group: Group, cast: Cast) -> None:
    uses(group, "forum")


@pytest.mark.parametrize("stop", [archived, without_news])
def test_nothing_is_read_for_a_group_that_is_archived_or_does_without(
    stop: Callable[[Group, Cast], None], group: Group, cast: Cast, client: FlaskClient
) -> None:
    with serving(saying(feed(("a", "One")))) as (port, heard):
        one = reading(group, f"http://127.0.0.1:{port}/feed")
        turn(port)
        late(one)
        stop(group, cast)
        assert turn(port) == 0 and len(heard) == 1
    with pytest.raises(Forbidden):
        add_news(group, "http://example.org/", actor=cast.ana)
    with pytest.raises(Forbidden):
        retry_news(group, one, actor=cast.ana)
    shown = client.get(f"/groups/{group.slug}/news")
    assert "One" in shown.text if stop is archived else shown.status_code == 404
    assert db.session.scalar(select(func.count()).select_from(NewsItem)) == 1, "nothing is deleted"


def test_the_module_on_again_shows_all(group: Group, cast: Cast, client: FlaskClient) -> None:
    with serving(saying(feed(("a", "One")))) as (port, _heard):
        reading(group, f"http://127.0.0.1:{port}/feed")
        turn(port)
    without_news(group, cast)
    uses(group, "news")
    assert "One" in client.get(f"/groups/{group.slug}/news").text


def test_only_admins_choose_what_is_read(group: Group, client: FlaskClient, cast: Cast) -> None:
    one = reading(group, "http://example.org/feed")
    for who in (cast.ben, cast.chi, cast.mo):
        with pytest.raises(Forbidden):
            add_news(group, "http://example.net/", actor=who)
        with pytest.raises(Forbidden):
            remove_news(group, one, actor=who)
        with pytest.raises(Forbidden):
            retry_news(group, one, actor=who)
    sign_in(client, cast.ben)
    base = f"/groups/{group.slug}/news"
    answers = [client.post(where, data={"address": "example.org"}) for where in (base, f"{base}/{one.id}/remove")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Remove" not in client.get(base).text


def test_an_admin_adds_and_removes_an_address_by_the_page(group: Group, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    base = f"/groups/{group.slug}/news"
    assert client.post(base, data={"address": "example.org/news"}).status_code == 303
    one = db.session.scalars(select(Subscription)).one()
    assert one.url == "https://example.org/news" and "It is read in a moment" in client.get(base).text
    again = client.post(base, data={"address": "https://EXAMPLE.org/news"})
    assert again.status_code == 422 and "reads this address already" in again.text
    for wrong in ("", "javascript:alert(1)", "ftp://example.org/", "http://user@example.org/", "http://a/" + "x" * 500):
        answer = client.post(base, data={"address": wrong})
        assert answer.status_code == 422 and "Write an address on the web" in answer.text
    assert client.post(f"{base}/{one.id}/remove").status_code == 303
    assert db.session.scalars(select(Subscription)).all() == []


def test_the_number_of_another_groups_address_is_no_address_here(group: Group, client: FlaskClient, cast: Cast) -> None:
    other = uses(makers.group("Elsewhere", founder=cast.chi), "news")
    one = reading(other, "http://example.org/feed")
    sign_in(client, cast.ana)
    for what in ("remove", "retry"):
        assert client.post(f"/groups/{group.slug}/news/{one.id}/{what}").status_code == 404
        assert client.post(f"/groups/{group.slug}/news/99999999999/{what}").status_code == 404


def test_a_group_reads_at_most_twenty_addresses(group: Group, client: FlaskClient, cast: Cast) -> None:
    for number in range(20):
        reading(group, f"http://example.org/{number}")
    with pytest.raises(Invalid):
        reading(group, "http://example.org/21")
    assert "at most 20" in sign_in(client, cast.ana).get(f"/groups/{group.slug}/news").text


def test_news_of_a_hidden_group_are_hidden(client: FlaskClient, cast: Cast) -> None:
    group = uses(makers.group("Quiet", "private", "invitation", members=(cast.ben,)), "news")
    with serving(saying(feed(("a", "One")))) as (port, _heard):
        reading(group, f"http://127.0.0.1:{port}/feed")
        turn(port)
    base = f"/groups/{group.slug}/news"
    sign_in(client, cast.mo)
    assert [client.get(where).status_code for where in (base, f"{base}.atom")] == [404, 404]
    sign_in(client, cast.ben)
    assert "One" in client.get(base).text and client.get(f"{base}.atom").status_code == 404


def test_what_was_removed_meanwhile_is_left_alone(group: Group, cast: Cast) -> None:
    one = reading(group, "http://example.org/feed")
    id, url = one.id, one.url
    remove_news(group, one, actor=cast.ana)
    with transaction():
        newsreader.take_in(id, url, newsreader.Heard(fault="Late"))
    assert db.session.scalars(select(Subscription)).all() == []


def test_the_list_comes_in_pages(group: Group, client: FlaskClient) -> None:
    one = reading(group, "http://example.org/feed")
    with transaction():
        for number in range(60):
            at = now() - timedelta(hours=number)
            row = NewsItem(
                subscription_id=one.id, key=str(number), title=f"Item {number} of many", url="http://e.org/", at=at
            )
            db.session.add(row)
    first, second = (client.get(f"/groups/{group.slug}/news?page={page}").text for page in (1, 2))
    assert "Item 0 of" in first and "Item 49 of" in first and "Item 50 of" not in first and "Item 50 of" in second
