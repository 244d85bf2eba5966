"""Pinning, closing, moving, splitting and merging topics, and the page where it is done."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from commons.db import db, now, table, transaction
from commons.entries.models import Change, Entry
from commons.feed.actions import watch
from commons.feed.models import Watch
from commons.forums import checks
from commons.forums.actions import accept_answer, add_post, edit_post, forum_of, remove_post
from commons.forums.actions.organising import close, is_wider, merge, move, pin, reopen, split
from commons.forums.models import MovedPost, Post, Topic
from commons.forums.queries import moved_to, posts_of, topics_in, why_not
from commons.web import Forbidden, Invalid
from tests.cast import Cast, sign_in
from tests.commons.forums import makers


@pytest.fixture(autouse=True)
def _trusted(app: Flask) -> None:
    makers.old_hands()


def sound() -> None:
    db.session.expire_all()
    for check in checks.checks:
        assert list(check.faults()) == [], check.name


def long_topic(title: str = "", posts: int = 4, within: object = None) -> Topic:
    topic = makers.topic(title, "no. 1", within=within)  # type: ignore[arg-type]
    for number in range(2, posts + 1):
        add_post(topic, f"no. {number}", actor=Cast().ben if number % 2 else Cast().chi)
    return topic


def texts(topic: Topic) -> list[tuple[int, str]]:
    db.session.expire_all()
    return [(post.number, post.text) for post in posts_of(topic, 1, Cast().mo)]


def verbs(entry: Entry) -> list[str]:
    return list(db.session.scalars(select(Change.verb).where(Change.entry_id == entry.id).order_by(Change.seq)))


def test_a_pinned_topic_stands_on_top_until_it_is_unpinned(cast: Cast) -> None:
    forum = makers.forum()
    old, new = makers.topic(within=forum), makers.topic(within=forum)
    pin(old, actor=cast.mo)
    assert list(db.session.scalars(topics_in(forum, None))) == [old, new]
    pin(old, actor=cast.mo, on=False)
    assert list(db.session.scalars(topics_in(forum, None))) == [new, old]
    assert verbs(old)[1:] == ["pinned", "unpinned"]


def test_a_closed_topic_takes_no_answers_until_it_is_opened_again(cast: Cast) -> None:
    topic = makers.topic()
    with pytest.raises(Invalid):
        close(topic, actor=cast.mo, note=" ")
    close(topic, actor=cast.mo, note="Solved long ago")
    assert "closed" in why_not(cast.ben, topic)
    reopen(topic, actor=cast.mo)
    assert why_not(cast.ben, topic) == "" and verbs(topic)[1:] == ["closed", "reopened"]


def test_only_who_moderates_puts_in_order(cast: Cast) -> None:
    topic = long_topic()
    other = makers.topic(actor=cast.ben)
    for act in (
        lambda: pin(topic, actor=cast.ana),
        lambda: close(topic, actor=cast.ana, note="x"),
        lambda: move(topic, makers.forum(), actor=cast.ana),
        lambda: split(topic, [2], "x", actor=cast.ana),
        lambda: merge(topic, other, actor=cast.ana, note="x"),
        lambda: pin(makers.talk(cast.ben), actor=cast.mo),
    ):
        with pytest.raises(Forbidden):
            act()


def test_an_admin_of_a_group_orders_its_topics_and_no_others(cast: Cast) -> None:
    group = makers.group("private", members=(cast.ben,))
    inner = makers.topic(within=forum_of(group, cast.ana))
    pin(inner, actor=cast.ana)
    assert inner.pinned
    for outsider in (cast.ben, cast.mo):
        with pytest.raises(Forbidden):
            pin(inner, actor=outsider, on=False)


def test_moving_takes_the_posts_along(cast: Cast) -> None:
    topic, forum = long_topic(posts=2), makers.forum()
    move(topic, forum, actor=cast.mo)
    assert topic.within_id == forum.id and topic.audience == "public"
    assert list(db.session.scalars(topics_in(forum, None))) == [topic]
    sound()


def test_moving_to_where_others_see_it_needs_a_second_word(cast: Cast) -> None:
    group = makers.group("private", members=(cast.ben,))
    topic = makers.topic(within=forum_of(group, cast.ana))
    add_post(topic, "And this", actor=cast.ana)
    forum = makers.forum()
    with pytest.raises(Invalid) as fault:
        move(topic, forum, actor=cast.ana, note="Of use to all")
    assert "Everybody" in fault.value.fields["confirm"]
    assert topic.audience == group.door
    move(topic, forum, actor=cast.ana, note="Of use to all", confirmed=True)
    assert {post.audience for post in posts_of(topic, 1, None)} == {"public"}
    sound()


@pytest.mark.parametrize("taken_back", [False, True])
def test_what_others_said_to_a_few_is_shown_to_more_by_no_admin_and_no_moderator(cast: Cast, taken_back: bool) -> None:
    group = makers.group("private", members=(cast.ben, cast.mo))
    topic, forum = makers.topic(within=forum_of(group, cast.ana)), makers.forum()
    said, public = add_post(topic, "Among us", actor=cast.ben), makers.topic(within=forum)
    if taken_back:
        remove_post(said, actor=cast.ben)
    for actor in (cast.ana, cast.mo):
        with pytest.raises(Invalid) as fault:
            move(topic, forum, actor=actor, note="Of use to all", confirmed=True)
        assert "Write a summary" in fault.value.fields["forum"]
    with pytest.raises(Invalid) as fault:
        merge(topic, public, actor=cast.mo, note="Of use to all", confirmed=True)
    assert "Write a summary" in fault.value.fields["into"] and topic.audience == said.audience == group.door


def test_moving_out_of_sight_needs_a_reason(cast: Cast) -> None:
    group = makers.group("members", members=(cast.ben, cast.mo))
    topic = makers.topic()
    with pytest.raises(Invalid):
        move(topic, forum_of(group, cast.ana), actor=cast.mo)
    move(topic, forum_of(group, cast.ana), actor=cast.mo, note="It names people")
    assert topic.audience == "members" and posts_of(topic, 1, None) == []
    sound()


@pytest.mark.parametrize(
    ("old", "new", "wider"),
    [
        ("public", "public", False),
        ("public", "members", False),
        ("public", "group:1", False),
        ("members", "group:1", False),
        ("members", "public", True),
        ("group:1", "members", True),
        ("group:1", "group:2", True),
        ("group:1", "group:1", False),
    ],
)
def test_who_would_see_more(old: str, new: str, wider: bool) -> None:
    assert is_wider(old, new) is wider


def test_some_posts_become_a_topic_and_their_old_addresses_lead_on(cast: Cast, client: FlaskClient) -> None:
    topic = long_topic(posts=5)
    third = db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 3)).one()
    answer = add_post(topic, "To no. 3", actor=cast.ana, reply_to=third)
    made = split(topic, [5, 3], "Another matter", actor=cast.mo, note="Two matters")
    assert texts(topic) == [(1, "no. 1"), (2, "no. 2"), (4, "no. 4"), (6, "To no. 3")]
    assert texts(made) == [(1, "no. 3"), (2, "no. 5")]
    assert (topic.posts, topic.last_number, made.posts, made.last_number) == (4, 6, 2, 2)
    assert (made.author_id, made.within_id, made.audience) == (cast.ben.id, topic.within_id, "public")
    assert moved_to(topic.id, 3, None) is third and answer.reply_to_id is None
    assert client.get(f"/topics/{topic.id}/posts/3").headers["Location"].endswith(f"/posts/{third.id}")
    assert verbs(topic)[-1] == "split"
    add_post(topic, "no. 7", actor=cast.ben)
    assert texts(topic)[-1] == (7, "no. 7")
    sound()


def test_a_split_of_nothing_the_first_or_the_removed_is_refused(cast: Cast) -> None:
    topic = long_topic()
    second = posts_of(topic, 1, None)[1]
    remove_post(second, actor=cast.mo, note="Spam")
    for numbers in ([], [1, 3], [2], [99]):
        with pytest.raises(Invalid):
            split(topic, numbers, "x", actor=cast.mo)
    with pytest.raises(Invalid):
        split(topic, [3], "  ", actor=cast.mo)
    assert len(list(db.session.scalars(select(Topic)))) == 1
    sound()


def test_an_answer_that_is_split_off_answers_no_more(cast: Cast) -> None:
    topic = makers.topic(sort="question")
    answer = add_post(topic, "Straw.", actor=cast.ben)
    add_post(topic, "Thanks.", actor=cast.ana)
    accept_answer(topic, answer, actor=cast.ana)
    split(topic, [2], "Straw", actor=cast.mo)
    assert topic.answer_id is None
    sound()


def test_a_later_topic_is_merged_behind_and_nothing_changes_its_number(cast: Cast, client: FlaskClient) -> None:
    first, second = long_topic(posts=2), long_topic("Twice", posts=2)
    watch(second, actor=cast.ben)
    moved = posts_of(second, 1, None)[1]
    old = f"/topics/{second.id}"
    merge(second, first, actor=cast.mo, note="The same question")
    assert texts(first) == [(1, "no. 1"), (2, "no. 2"), (3, "no. 1"), (4, "no. 2")]
    assert (first.posts, first.last_number, first.last_at) == (4, 4, moved.created)
    assert second.state == "deleted" and moved_to(second.id, 2, None) is moved
    assert db.session.get(Watch, (cast.ben.id, first.id)) is not None
    assert {row.thread_id for row in db.session.scalars(select(Change).where(Change.entry_id == moved.id))} == {
        first.id
    }
    assert client.get(f"/posts/{moved.id}").headers["Location"].endswith("#post-4")
    assert client.get(f"/e/{second.id}").status_code == 410
    assert client.get(old).status_code == 301
    sound()


def test_an_older_topic_is_merged_in_order_of_time(cast: Cast) -> None:
    older = long_topic("Older", posts=2)
    younger = makers.topic("Younger", "y1")
    add_post(older, "o3", actor=cast.ben)
    add_post(younger, "y2", actor=cast.ben)
    merge(older, younger, actor=cast.mo, note="One matter")
    assert texts(younger) == [(1, "y1"), (2, "no. 1"), (3, "no. 2"), (4, "o3"), (5, "y2")]
    assert (younger.posts, younger.last_number) == (5, 5)
    sound()


def test_what_was_split_off_can_be_merged_back(cast: Cast) -> None:
    topic = long_topic(posts=5)
    made = split(topic, [3, 4], "Another matter", actor=cast.mo)
    third = posts_of(made, 1, None)[0]
    merge(made, topic, actor=cast.mo, note="It belongs together")
    assert [text for _number, text in texts(topic)] == ["no. 1", "no. 2", "no. 3", "no. 4", "no. 5"]
    assert len({number for number, _text in texts(topic)}) == 5
    assert moved_to(topic.id, 3, None) is third and third.topic_id == topic.id
    edit_post(third, {"text": "no. 3, mended"}, version=1, actor=cast.ben)
    sound()


def test_removed_posts_come_along_and_stay_removed(cast: Cast) -> None:
    first, second = long_topic(posts=1), long_topic(posts=3)
    remove_post(posts_of(second, 1, None)[1], actor=cast.mo, note="Spam")
    merge(second, first, actor=cast.mo, note="The same")
    assert (first.posts, first.last_number) == (3, 4)
    sound()


def test_merging_into_itself_a_poll_or_a_wider_place_is_refused(cast: Cast) -> None:
    topic = makers.topic()
    poll = makers.topic(choices=["a", "b"])
    group = makers.group("private", admin=cast.mo)
    inner = makers.topic(within=forum_of(group, cast.mo), actor=cast.mo)
    for one, into in ((topic, topic), (topic, poll), (poll, topic), (inner, topic)):
        with pytest.raises(Invalid):
            merge(one, into, actor=cast.mo, note="x")
    with pytest.raises(Invalid):
        merge(topic, makers.topic(), actor=cast.mo, note="")
    merge(inner, topic, actor=cast.mo, note="x", confirmed=True)
    assert {post.audience for post in posts_of(topic, 1, None)} == {"public"}
    sound()


def test_two_who_merge_two_topics_into_each_other_do_it_once(app: Flask, cast: Cast) -> None:
    first, second = long_topic(posts=3).id, long_topic(posts=3).id
    barrier, done = threading.Barrier(2), list[str]()

    def act(one: int, into: int) -> None:
        with app.app_context():
            topics = [db.session.get(Topic, id) for id in (one, into)]
            barrier.wait(10)
            try:
                merge(topics[0], topics[1], actor=Cast().mo, note="The same")  # type: ignore[arg-type]
                done.append("merged")
            except Forbidden:
                done.append("too late")

    threads = [threading.Thread(target=act, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(done) == ["merged", "too late"]
    sound()


def test_an_answer_and_a_merge_at_once_lose_nothing(app: Flask, cast: Cast) -> None:
    first, second = long_topic(posts=2).id, long_topic(posts=2).id
    barrier = threading.Barrier(2)

    def answer() -> None:
        with app.app_context():
            topic = db.session.get_one(Topic, second)
            barrier.wait(10)
            for number in range(4):
                try:
                    add_post(topic, f"late {number}", actor=Cast().ben)
                except Invalid:
                    return

    def act() -> None:
        with app.app_context():
            barrier.wait(10)
            topics = [db.session.get_one(Topic, id) for id in (second, first)]
            merge(topics[0], topics[1], actor=Cast().mo, note="The same")

    threads = [threading.Thread(target=answer), threading.Thread(target=act)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.expire_all()
    assert db.session.get_one(Topic, second).state == "deleted"
    assert list(db.session.scalars(select(Post).where(Post.topic_id == second))) == []
    sound()


def test_splitting_leaves_a_trace_that_no_number_takes_over(cast: Cast) -> None:
    topic = long_topic(posts=4)
    split(topic, [2, 3], "Aside", actor=cast.mo)
    older = makers.topic("Older", "o1")
    with transaction():
        here = table(Post).c.topic_id == topic.id
        late = select(table(Post).c.id).where(here, table(Post).c.number == 4)
        db.session.execute(update(table(Entry)).where(table(Entry).c.id.in_(late)).values(created=now()))
        db.session.expire_all()
    merge(older, topic, actor=cast.mo, note="One matter")
    left = set(db.session.scalars(select(MovedPost.number).where(MovedPost.topic_id == topic.id)))
    assert left == {2, 3} and not left & {number for number, _text in texts(topic)}


# --- the page ---


def test_a_topic_is_put_in_order_on_its_page(cast: Cast, client: FlaskClient) -> None:
    topic, forum = long_topic(posts=3), makers.forum("Elsewhere")
    sign_in(client, cast.mo)
    page = f"/topics/{topic.id}/organise"
    assert "Elsewhere" in client.get(page).text
    assert client.post(page, data={"do": "pin"}).status_code == 303
    assert client.post(page, data={"do": "close", "note": ""}).status_code == 422
    assert client.post(page, data={"do": "close", "note": "Done"}).status_code == 303
    assert client.post(page, data={"do": "move", "forum": str(forum.id)}).status_code == 303
    assert client.post(page, data={"do": "split", "posts": ["2"], "title": "Aside"}).status_code == 303
    db.session.expire_all()
    assert (topic.pinned, topic.closed, topic.within_id, topic.posts) == (True, True, forum.id, 2)
    other = makers.topic("The other")
    answer = client.post(
        page, data={"do": "merge", "into": f"http://localhost/topics/{other.id}/the-other", "note": "Same"}
    )
    assert answer.status_code == 303 and f"/topics/{other.id}/" in answer.headers["Location"]
    sound()


def test_the_page_asks_a_second_time_before_more_people_see_it(cast: Cast, client: FlaskClient) -> None:
    group = makers.group("private", members=(cast.ben,))
    topic, forum = makers.topic("Inner", within=forum_of(group, cast.ana)), makers.forum("Open to all")
    sign_in(client, cast.ana)
    page, sent = f"/topics/{topic.id}/organise", {"do": "move", "forum": str(forum.id), "note": "For all"}
    asked = client.post(page, data=sent)
    assert asked.status_code == 422 and "Everybody would see" in asked.text
    assert client.post(page, data=sent | {"confirmed": "1"}).status_code == 303
    db.session.expire_all()
    assert topic.audience == "public"


def test_the_page_is_for_those_who_moderate(cast: Cast, client: FlaskClient) -> None:
    topic = makers.topic()
    assert client.get(f"/topics/{topic.id}/organise").status_code in (302, 303)
    sign_in(client, cast.ana)
    assert client.get(f"/topics/{topic.id}/organise").status_code == 403
    assert client.post(f"/topics/{topic.id}/organise", data={"do": "pin"}).status_code == 403


def test_a_topic_that_cannot_be_seen_is_no_place_to_merge_into(cast: Cast, client: FlaskClient) -> None:
    hidden = makers.topic("Hidden", within=forum_of(makers.group("private"), cast.ana))
    topic = makers.topic()
    sign_in(client, cast.mo)
    for into in (str(hidden.id), "9999", "nothing", ""):
        answer = client.post(f"/topics/{topic.id}/organise", data={"do": "merge", "into": into, "note": "x"})
        assert answer.status_code == 422 and "no such topic" in answer.text and "Hidden" not in answer.text
