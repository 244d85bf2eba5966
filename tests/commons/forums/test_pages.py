"""The pages of forums and topics, as visitors and members meet them, without scripts."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.drafts import drafts_of, keep_draft
from commons.feed.models import Seen
from commons.forums.actions import accept_answer, add_post, forum_of, remove_post, remove_topic
from commons.forums.addressing import OWN
from commons.forums.models import MovedPost, Post, Topic
from commons.members.models import Block, Seat
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.forums import makers
from tests.commons.forums.makers import address_in, address_of
from tests.test_query_counts import statements


@pytest.fixture(autouse=True)
def _trusted(app: Flask) -> None:
    makers.old_hands()


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def long_topic(many: int, **more: object) -> Topic:
    topic = makers.topic(**more)  # type: ignore[arg-type]
    cast = Cast()
    for number in range(2, many + 1):
        add_post(topic, f"Answer number {number}.", actor=cast.ben)
    return topic


def test_every_generic_page_of_a_topic_can_be_reached_by_its_number(app: Flask) -> None:
    words = {
        rule.rule.split("/")[3]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/<collection:collection>/<slug>/") and "GET" in (rule.methods or ())
    }
    assert {word for word in words if "<" not in word and "." not in word} <= OWN


def test_a_visitor_reads_forums_topics_and_posts(client: FlaskClient, cast: Cast) -> None:
    forum = makers.forum("Growing", text="What grows.", focus=[])
    topic = makers.topic("Cold compost", "It stays *cold* & wet.", within=forum)
    add_post(topic, "Straw.", actor=cast.ben)
    front = client.get("/forums").text
    assert "Growing" in front and "Cold compost" in front and "1 topic" in front
    page = client.get("/forums/growing")
    assert page.status_code == 200 and "Cold compost" in page.text and "1 reply" in page.text
    shown = client.get(address_of(topic))
    assert "<em>cold</em> &amp; wet." in shown.text and 'id="post-2"' in shown.text
    assert "Sign in to reply" in shown.text and "/sign-in" in shown.text


def test_wrong_words_in_an_address_lead_to_the_right_ones(client: FlaskClient, cast: Cast) -> None:
    topic = makers.topic("Cold compost")
    assert address_of(topic) == f"/topics/{topic.id}/cold-compost"
    for wrong in (f"/topics/{topic.id}", f"/topics/{topic.id}/warm-compost"):
        answer = client.get(wrong)
        assert (answer.status_code, answer.headers["Location"]) == (301, address_of(topic))
    answer = client.get(f"/topics/{topic.id}/warm?page=2")
    assert answer.headers["Location"] == f"{address_of(topic)}?page=2"
    assert client.get(address_of(makers.topic("History"))).status_code == 200
    assert client.get(f"/topics/{topic.id}/history").status_code == 200


def test_a_reply_lands_on_the_new_post_on_the_last_page(client: FlaskClient, cast: Cast) -> None:
    topic = long_topic(40)
    sign_in(client, cast.chi)
    assert 'id="post-21"' in client.get(f"{address_of(topic)}?page=2").text
    answer = client.post(f"/topics/{topic.id}/reply", data={"text": "The forty-first"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address_of(topic)}?page=3#post-41")
    assert "The forty-first" in client.get(f"{address_of(topic)}?page=3").text


def test_a_quote_is_in_the_form_without_a_script(client: FlaskClient, cast: Cast) -> None:
    topic = makers.topic(text="What do you do in winter?")
    post = add_post(topic, "Straw.", actor=cast.ben)
    sign_in(client, cast.chi)
    shown = client.get(f"{address_of(topic)}?quote={post.id}").text
    assert "**Ben**" in shown and "&gt; Straw." in shown
    client.post(f"/topics/{topic.id}/reply", data={"text": "> Straw.\n\nWhich?", "reply_to": str(post.id)})
    made = db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 3)).one()
    assert made.reply_to_id == post.id
    assert "to no. 2" in client.get(address_of(topic)).text


def test_words_come_back_after_a_fault_without_a_session_and_under_a_removed_topic(
    client: FlaskClient, cast: Cast
) -> None:
    topic = makers.topic()
    answer = client.post(f"/topics/{topic.id}/reply", data={"text": "Kept words"})
    assert answer.status_code == 401 and "Kept words" in answer.text and "signed out" in answer.text
    sign_in(client, cast.chi)
    answer = client.post(f"/topics/{topic.id}/reply", data={"text": "Kept words", "action": "preview"})
    assert answer.status_code == 200 and "nothing is saved yet" in answer.text
    answer = client.post(f"/topics/{topic.id}/reply", data={"text": "  "})
    assert answer.status_code == 422 and "Write a few words first" in answer.text
    remove_topic(topic, actor=cast.mo, note="twice here")
    answer = client.post(f"/topics/{topic.id}/reply", data={"text": "Kept words"})
    assert answer.status_code == 410 and "Kept words" in answer.text
    talk = makers.talk(cast.ben)
    missing = client.post("/topics/999999/reply", data={"text": "Kept words"})
    hidden = client.post(f"/topics/{talk.id}/reply", data={"text": "Kept words"})
    assert missing.status_code == hidden.status_code == 404
    assert without_tokens(missing.text) == without_tokens(hidden.text.replace(str(talk.id), "999999"))


def test_a_form_sent_twice_makes_one_post(client: FlaskClient, cast: Cast) -> None:
    topic = makers.topic()
    sign_in(client, cast.chi)
    first, second = (client.post(f"/topics/{topic.id}/reply", data={"text": "Once"}) for _turn in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    db.session.refresh(topic)
    assert topic.posts == 2


def test_a_topic_is_begun_by_its_form(client: FlaskClient, cast: Cast) -> None:
    forum = makers.forum("Growing")
    sign_in(client, cast.ana)
    keep_draft(f"forum-{forum.id}-topic", {"title": ["Half"], "text": ["Half a thought"]}, actor=cast.ana)
    assert "Half a thought" in client.get("/forums/growing/new?draft=1").text
    data = {"title": "Cold compost", "text": "It stays cold.", "sort": "question", "language": "en"}
    answer = client.post("/forums/growing/new", data=data)
    topic = db.session.scalars(select(Topic)).one()
    assert answer.headers["Location"] == address_of(topic) and topic.sort == "question"
    assert drafts_of(cast.ana) == []
    answer = client.post("/forums/growing/new", data=data | {"title": ""})
    assert answer.status_code == 422 and "It stays cold." in answer.text


def test_the_list_of_drafts_leads_to_the_forms(client: FlaskClient, cast: Cast) -> None:
    topic = makers.topic("Cold compost")
    post = add_post(topic, "Straw", actor=cast.ana)
    sign_in(client, cast.ana)
    for key in (
        f"topic-{topic.id}-reply",
        f"forum-{topic.within_id}-topic",
        f"post-{post.id}-0",
        f"topic-{topic.id}-0",
    ):
        keep_draft(key, {"text": [f"typed in {key}"], "title": [f"typed in {key}"]}, actor=cast.ana)
    listed = client.get("/drafts").text
    for address, key in (
        (f"{address_of(topic)}/edit?section=reply&amp;draft=1", f"topic-{topic.id}-reply"),
        (f"/posts/{post.id}/edit?draft=1", f"post-{post.id}-0"),
    ):
        assert address in listed
        assert f"typed in {key}" in client.get(address.replace("&amp;", "&"), follow_redirects=True).text


def test_the_accepted_answer_stands_under_the_question_and_in_its_place(client: FlaskClient, cast: Cast) -> None:
    topic = long_topic(25, sort="question")
    post = db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 23)).one()
    sign_in(client, cast.ana)
    assert "This is the answer" in client.get(f"{address_of(topic)}?page=2").text
    answer = client.post(f"/topics/{topic.id}/answer", data={"post": post.id, "version": topic.version})
    assert answer.headers["Location"] == f"{address_of(topic)}?page=2#post-23"
    first = client.get(address_of(topic)).text
    assert first.index('id="post-1"') < first.index('id="answer"') < first.index('id="post-2"')
    assert "Answer number 23." in first and "answered" in first
    assert 'class="post answer" id="post-23"' in client.get(f"{address_of(topic)}?page=2").text
    other = client.post(f"/topics/{topic.id}/answer", data={"post": post.id - 1, "version": 1}, follow_redirects=True)
    assert "Somebody else chose another answer meanwhile" in other.text
    db.session.refresh(topic)
    assert topic.answer_id == post.id


def test_a_removed_post_shows_its_reason_and_no_words(client: FlaskClient, cast: Cast) -> None:
    topic = makers.topic()
    post = add_post(topic, "zanzibarian words", actor=cast.ben)
    sign_in(client, cast.mo)
    assert client.get(f"/posts/{post.id}/remove").status_code == 200
    assert client.post(f"/posts/{post.id}/remove", data={"note": ""}).status_code == 422
    assert client.post(f"/posts/{post.id}/remove", data={"note": "names somebody"}).status_code == 303
    shown = client.get(address_of(topic)).text
    assert "zanzibarian" not in shown and "Post 2 was removed: names somebody" in shown
    assert client.get(f"/posts/{post.id}").status_code == 410
    assert client.get(f"/posts/{post.id}/history").status_code == 410
    assert client.post(f"/posts/{post.id}/bring-back", data={"note": "agreed"}).status_code == 303
    assert "zanzibarian" in client.get(address_of(topic)).text


def test_only_its_author_and_moderators_find_the_forms_of_a_post(client: FlaskClient, cast: Cast) -> None:
    post = add_post(makers.topic(), "Straw", actor=cast.ben)
    sign_in(client, cast.chi)
    for address in (f"/posts/{post.id}/edit", f"/posts/{post.id}/remove"):
        assert client.get(address).status_code == 403
        assert client.post(address, data={"text": "Mine", "version": "1", "note": "x"}).status_code == 403
    client.post("/sign-out")
    sign_in(client, cast.ben)
    assert "Straw" in client.get(f"/posts/{post.id}/edit").text
    saved = client.post(f"/posts/{post.id}/edit", data={"text": "Wet straw", "version": "1", "note": "clearer"})
    assert saved.headers["Location"] == f"/posts/{post.id}"
    shown = client.get(f"/posts/{post.id}", follow_redirects=True).text
    assert "Wet straw" in shown and f"/posts/{post.id}/history" in shown


def test_a_post_leads_to_its_page_also_after_it_was_moved(client: FlaskClient, cast: Cast) -> None:
    topic, other = long_topic(21), makers.topic()
    post = db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 21)).one()
    assert client.get(f"/posts/{post.id}").headers["Location"] == address_in(topic, 21)
    assert client.get(f"/topics/{topic.id}/posts/21").headers["Location"] == address_in(topic, 21)
    with transaction():
        db.session.add(MovedPost(topic_id=other.id, number=5, post_id=post.id))
    assert client.get(f"/topics/{other.id}/posts/5").headers["Location"] == f"/posts/{post.id}"
    assert client.get(f"/topics/{other.id}/posts/6").status_code == 404


def test_posts_of_somebody_blocked_are_folded(client: FlaskClient, cast: Cast) -> None:
    topic = makers.topic()
    add_post(topic, "Folded words", actor=cast.ben)
    with transaction():
        db.session.add(Block(member_id=cast.chi.id, other_id=cast.ben.id))
    assert "do not want to meet" not in client.get(address_of(topic)).text
    sign_in(client, cast.chi)
    assert "do not want to meet" in client.get(address_of(topic)).text


def test_the_list_says_how_many_posts_are_new_and_leads_to_the_first(client: FlaskClient, cast: Cast) -> None:
    topic = long_topic(19)
    reader = client.application.test_client()
    sign_in(client, cast.chi)
    assert client.post(f"/topics/{topic.id}/seen", data={"number": "19"}).status_code == 204
    for number in (20, 21, 22):
        add_post(topic, f"Later {number}", actor=cast.ben)
    forum = client.get("/forums").text
    assert "3 new" in forum and f'{address_of(topic)}#post-20"' in forum
    shown = client.get(address_of(topic)).text
    assert "3 new since your last visit" in shown and shown.index("3 new since") < shown.index('id="post-20"')
    marked = client.post(f"/topics/{topic.id}/seen", headers={"Accept": "text/html"})
    assert marked.status_code == 303
    assert "3 new" not in client.get("/forums").text
    assert reader.post(f"/topics/{topic.id}/seen").status_code == 303
    seen = db.session.get(Seen, (cast.chi.id, topic.id))
    assert seen is not None and seen.number == 22


def test_reading_writes_nothing(client: FlaskClient, cast: Cast) -> None:
    topic = long_topic(3)
    sign_in(client, cast.chi)
    client.get(address_of(topic))
    assert db.session.get(Seen, (cast.chi.id, topic.id)) is None


def test_what_is_said_in_a_group_or_a_talk_answers_others_as_if_it_were_not_there(
    client: FlaskClient, cast: Cast
) -> None:
    forum = forum_of(makers.group(members=(cast.ben,)), cast.ana)
    inside, talk = makers.topic(within=forum, actor=cast.ben), makers.talk(cast.ben)
    posts = [db.session.scalars(select(Post).where(Post.topic_id == one.id)).one().id for one in (inside, talk)]
    sign_in(client, cast.mo)
    addresses = [f"/topics/{one.id}{end}" for one in (inside, talk) for end in ("", "/x", ".atom", "/edit", "/history")]
    addresses += [f"/posts/{post}{end}" for post in posts for end in ("", "/edit", "/remove", "/history")]
    addresses += [f"/forums/{forum.slug}{end}" for end in ("", ".atom", "/new", "/edit")]
    for address in addresses:
        assert client.get(address).status_code == 404, address
    for one in (inside, talk):
        for end in ("seen", "answer", "remove", "bring-back"):
            assert client.post(f"/topics/{one.id}/{end}", data={"note": "x"}).status_code == 404, end
    client.post("/sign-out")
    sign_in(client, cast.ben)
    assert client.get(address_of(talk)).status_code == client.get(address_of(inside)).status_code == 200
    assert client.get(f"/topics/{talk.id}.atom").status_code == 404


def test_public_lists_are_atom_for_everybody_alike(client: FlaskClient, cast: Cast) -> None:
    topic = makers.topic("Cold compost", "It stays cold.", within=makers.forum("Growing"))
    makers.topic("Inside", within=forum_of(makers.group(members=(cast.ben,)), cast.ana), actor=cast.ben)
    for address in ("/forums.atom", "/forums/growing.atom", f"/topics/{topic.id}.atom"):
        feed = client.get(address)
        assert feed.content_type.startswith("application/atom+xml") and "Cold compost" in feed.text
        assert "Inside" not in feed.text


def test_representatives_say_it_in_the_name_of_their_organisation(client: FlaskClient, cast: Cast) -> None:
    aid, topic = make.organisation("Solar Aid"), makers.topic()
    with transaction():
        db.session.add(Seat(member_id=cast.ben.id, audience=f"organisation:{aid.id}", role="representative"))
    sign_in(client, cast.ben)
    assert "In the name of" in client.get(address_of(topic)).text
    client.post(f"/topics/{topic.id}/reply", data={"text": "We do it so.", "voice": str(aid.id)})
    shown = client.get(address_of(topic)).text
    assert 'href="/organisations/solar-aid"' in shown


def test_moderators_open_and_change_forums(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.chi)
    assert client.get("/forums/new").status_code == 403
    client.post("/sign-out")
    sign_in(client, cast.mo)
    assert client.post("/forums/new", data={"title": ""}).status_code == 422
    made = client.post("/forums/new", data={"title": "Growing", "text": "What grows."})
    assert made.headers["Location"] == "/forums/growing"
    client.post("/forums/growing/edit", data={"title": "Growing", "text": "What grows here.", "version": "1"})
    assert "What grows here." in client.get("/forums/growing").text


def test_lists_are_sorted_and_paged(client: FlaskClient, cast: Cast) -> None:
    forum = makers.forum("Growing")
    topics = [makers.topic(f"Topic {number:02}", within=forum) for number in range(32)]
    add_post(topics[0], "Late", actor=cast.ben)
    first = client.get("/forums/growing").text
    assert first.index("Topic 00") < first.index("Topic 31") and "Topic 01<" not in first
    assert "Topic 01<" in client.get("/forums/growing?page=2").text
    newest = client.get("/forums/growing?sort=newest").text
    assert newest.index("Topic 31") < newest.index("Topic 02")
    assert "Topic 00" not in client.get("/forums/growing?sort=unanswered").text


def test_a_question_shows_where_it_was_answered_in_lists(client: FlaskClient, cast: Cast) -> None:
    topic = makers.topic(sort="question", within=makers.forum("Growing"))
    post = add_post(topic, "Straw", actor=cast.ben)
    accept_answer(topic, post, actor=cast.ana)
    assert "</svg>answered" in client.get("/forums/growing").text
    remove_post(post, actor=cast.ben)
    assert "</svg>answered" not in client.get("/forums/growing").text


def test_names_in_posts_lead_to_what_the_reader_may_see(client: FlaskClient, cast: Cast) -> None:
    make.page("Straw")
    make.page("Secret place", audience="group:7", actor=cast.ana)
    topic = makers.topic(text="See [[Straw]], [[Secret place]] and #winter.")
    add_post(topic, "I read [[Straw]] with @ana.", actor=cast.ben)
    shown = client.get(address_of(topic)).text
    assert shown.count('href="/wiki/straw"') == 2 and 'href="/tags/winter"' in shown
    assert 'href="/wiki/secret-place"' not in shown
    sign_in(client, cast.ana)
    assert 'href="/wiki/secret-place"' in client.get(address_of(topic)).text


@pytest.mark.parametrize("who", ["", "ana"])
def test_how_often_a_page_asks_the_database_does_not_grow_with_its_posts(
    client: FlaskClient, cast: Cast, who: str
) -> None:
    aid = make.organisation("Solar Aid")
    make.page("Straw")
    forum = makers.forum("Growing")
    with transaction():
        db.session.add(Seat(member_id=cast.ben.id, audience=f"organisation:{aid.id}", role="representative"))
    ben = cast.ben
    topic = makers.topic("Cold compost", "See [[Straw]].", within=forum, sort="question")
    posts = [add_post(topic, f"{number} [[Straw]] #winter", actor=cast.chi) for number in range(2, 26)]
    remove_post(posts[3], actor=cast.mo, note="twice here")
    accept_answer(topic, posts[-1], actor=cast.ana)
    for number in range(12):
        makers.topic(f"Topic {number}", within=forum, actor=ben)
    if who:
        sign_in(client, getattr(cast, who))
    for address, most in (
        (f"{address_of(topic)}?page=2", 13),
        (address_of(topic), 14),
        ("/forums/growing", 12),
        ("/forums", 12),
    ):
        client.get(address)
        with statements() as sent:
            assert client.get(address).status_code == 200
        assert len(sent) <= most, (address, sent)
