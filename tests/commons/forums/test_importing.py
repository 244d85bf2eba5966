"""Topics of another forum on their way in: what comes in, what is known again, what is refused."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.entries.checks import checks as entry_checks
from commons.entries.models import Ask, Change, Entry, EntryLink
from commons.forums import checks
from commons.forums.actions import add_post, remove_topic
from commons.forums.importing import Import, import_file
from commons.forums.models import Forum, Post, Topic
from commons.forums.queries import posts_of
from commons.forums.rows import BadRow, TopicRow, in_markdown, read_rows
from commons.members.models import Member
from commons.search.follower import documents_of
from commons.text import markdown, plain
from tests import make
from tests.cast import Cast


def row(id: Any = 1, title: str = "Well levels", *, posts: Any = None, **more: Any) -> dict[str, Any]:
    said = [{"n": 1, "id": "a", "author": "Paul", "created": "2011-04-01T08:17:00Z", "text": "How deep?"}]
    values = {"id": id, "title": title, "forum": "Water", "created": "2011-04-01T08:17:00Z"}
    return values | {"posts": said if posts is None else posts} | more


def post(n: int, text: str = "", **more: Any) -> dict[str, Any]:
    return {"n": n, "id": f"p{n}", "author": "Paul", "created": f"2012-01-01T00:{n % 60:02}:00Z", "text": text} | more


@pytest.fixture
def bring(app: Flask, tmp_path: Path) -> Any:
    def run(*rows: Any, source: str = "old", **options: Any) -> Import:
        path = tmp_path / "topics.jsonl"
        lines = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in rows]
        path.write_bytes(b"\n".join(lines) + b"\n")
        return import_file(path, source=source, rejected=tmp_path / "rejected.csv", **options)

    return run


def topics() -> list[Topic]:
    db.session.expire_all()
    return list(db.session.scalars(select(Topic).order_by(Topic.id)))


def sound() -> None:
    for check in (*checks.checks, *entry_checks):
        assert list(check.faults()) == [], check.name


def test_a_topic_comes_with_its_posts_their_times_and_their_authors(bring: Any) -> None:
    job = bring(row(posts=[post(1, "First"), post(2, "Second", author="Robert")]))
    topic = topics()[0]
    assert {name: many for name, many in job.counts.items() if many} == {"topics": 1, "posts": 2}
    assert (topic.title, topic.slug, topic.posts, topic.last_number) == ("Well levels", str(topic.id), 2, 2)
    first, second = posts_of(topic, 1, None)
    assert first.created == first.updated == datetime(2012, 1, 1, 0, 1, tzinfo=UTC)
    assert (first.text, second.text) == ("First", "Second")
    assert [one.author.name for one in (first, second) if one.author] == ["Paul", "Robert"]
    assert {one.author.state for one in (first, second) if one.author} == {"placeholder"}
    assert topic.last_at == second.created and topic.last_by_id == second.author_id
    assert topic.stirred == first.stirred == 0
    sound()


def test_forums_are_opened_by_name_within_the_source(bring: Any) -> None:
    bring(row(1), row(2, "Another"), row(3, "Third", forum="Energy"))
    bring(row(1), source="other")
    forums = db.session.scalars(select(Forum).order_by(Forum.id)).all()
    assert [(forum.source, forum.title) for forum in forums] == [
        ("old", "Water"),
        ("old", "Energy"),
        ("other", "Water"),
    ]
    assert [topic.within_id for topic in topics()] == [forums[0].id, forums[0].id, forums[1].id, forums[2].id]


def test_the_same_file_again_changes_nothing(bring: Any) -> None:
    rows = [row(n, f"Topic {n}", posts=[post(1, "a"), post(2, "b")]) for n in range(30)]
    bring(*rows)
    before = db.session.scalar(select(func.max(Change.seq)))
    job = bring(*rows)
    assert {name: many for name, many in job.counts.items() if many} == {"unchanged": 60}
    assert db.session.scalar(select(func.max(Change.seq))) == before


def test_a_longer_file_adds_what_is_new_behind_what_members_said_here(bring: Any, cast: Cast) -> None:
    bring(row(posts=[post(1, "Question")]))
    add_post(topics()[0], "An answer from here", actor=cast.mo)
    job = bring(row(posts=[post(1, "Question"), post(2, "Later there")]), row(2, "New"))
    assert (job.counts["topics"], job.counts["posts"], job.counts["unchanged"]) == (1, 2, 1)
    texts = [one.text for one in posts_of(topics()[0], 1, None)]
    assert texts == ["Question", "An answer from here", "Later there"]
    sound()


def test_a_topic_that_was_removed_here_stays_removed(bring: Any, cast: Cast) -> None:
    bring(row())
    remove_topic(topics()[0], actor=cast.mo, note="Not ours")
    job = bring(row(posts=[post(9, "More"), {"n": 1, "id": "a", "text": "How deep?"}]))
    assert (job.counts["kept"], job.counts["posts"]) == (1, 0)
    assert topics()[0].state == "deleted"


def test_bad_rows_and_bad_posts_never_stop_the_good(bring: Any, tmp_path: Path) -> None:
    bad = [b"{", b"[]", b"\xff\xfe", {"title": "No id"}, row(1, posts="x"), row(2, created="soon"), b"[" * 9000]
    good = row(3, posts=[post(1, "Good"), "no post", post(3) | {"text": 7}, post(4, "Also good")])
    job = bring(*bad, good)
    assert [topic.title for topic in topics()] == ["Well levels"]
    assert [(one.number, one.text) for one in posts_of(topics()[0], 1, None)] == [(1, "Good"), (2, "Also good")]
    assert job.counts["rejected"] == len(bad) + 2
    written = (tmp_path / "rejected.csv").read_text()
    assert written.count("\n") == len(bad) + 3 and "not a text" in written and "not UTF-8" in written
    sound()


def test_an_archive_that_breaks_off_brings_what_stands_in_front(app: Flask, tmp_path: Path) -> None:
    whole = gzip.compress(b"\n".join(json.dumps(row(n, f"T{n}")).encode() for n in range(2000)))
    path = tmp_path / "topics.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    found = list(read_rows(path))
    assert isinstance(found[-1], BadRow) and "breaks off" in found[-1].reason
    assert len(found) > 10 and isinstance(found[0], TopicRow)


def test_topics_without_posts_and_posts_without_words_come_in(bring: Any) -> None:
    bring(
        row(1, posts=[]), row(2, "", posts=[post(1, "Tell me\nmore")]), row(3, "Empty", posts=[post(1), post(2, "x")])
    )
    first, second, third = topics()
    assert (first.posts, first.last_number, second.title) == (1, 1, "Tell me more")
    assert [one.text for one in posts_of(third, 1, None)] == ["", "x"]
    sound()


def test_posts_with_equal_numbers_or_ids_are_kept_apart(bring: Any) -> None:
    same = [{"n": 1, "text": "a"}, {"n": 1, "text": "b"}, {"n": 0, "text": "first"}, {"n": 1, "id": "1", "text": "c"}]
    bring(row(posts=same))
    assert [(one.number, one.text) for one in posts_of(topics()[0], 1, None)] == [
        (1, "first"),
        (2, "a"),
        (3, "b"),
        (4, "c"),
    ]
    assert bring(row(posts=same)).counts["unchanged"] == 4


def test_a_topic_of_570_posts_comes_in_whole(bring: Any) -> None:
    bring(row(posts=[post(n, f"Post {n}", created="") for n in range(1, 571)]))
    topic = topics()[0]
    assert (topic.posts, topic.last_number) == (570, 570)
    assert [one.number for one in posts_of(topic, 29, None)] == list(range(561, 571))


def test_what_no_database_keeps_is_mended_and_nothing_lies_in_the_future(bring: Any) -> None:
    bring(b'{"id": 1, "title": "a\\u0000b", "posts": [{"text": "x\\ud800y\\u0000", "created": "2999-01-01"}]}')
    topic = topics()[0]
    assert "\0" not in topic.title and posts_of(topic, 1, None)[0].text == "x\ufffdy\ufffd"
    assert topic.last_at.year < 2999


def test_words_are_shown_as_they_stand_with_their_lines() -> None:
    words = (
        "# not a heading\n- *no* list\n1. a_b `c` [image]\n\n    code(x)\n> <b>bold</b>\n[a]: http://b.org\n~~~\n&lt; |"
    )
    made = in_markdown(words)
    shown = str(markdown(made))
    for tag in ("<h", "<ul", "<ol", "<em", "<code", "<blockquote", "<pre", "<b>"):
        assert tag not in shown
    assert shown.count("<br>") == 6
    for part in ("# not a heading", "- *no* list", "1. a_b `c` [image]", "code(x)", "&amp;lt; |", "~~~"):
        assert part in shown
    assert plain(made).split() == words.split()[:-1]  # a bar means a table there


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](http://a.b/c.png)"])
def test_hostile_words_are_only_words(bring: Any, hostile: str) -> None:
    bring(row(title=hostile, posts=[post(1, hostile, author=hostile)], forum=hostile))
    shown = str(markdown(posts_of(topics()[0], 1, None)[0].text))
    assert "<script" not in shown and "javascript:" not in shown.replace("[x](javascript:", "") and "<img" not in shown


def test_names_in_imported_words_are_links_and_tell_nobody(bring: Any, cast: Cast) -> None:
    make.page(title="Composting")
    bring(row(posts=[post(1, "@ana and @Paul see [[Composting]] #Solar", author="Paul")]))
    names = db.session.execute(
        select(EntryLink.name, EntryLink.kind, EntryLink.slug)
        .join(Entry, Entry.id == EntryLink.source_id)
        .where(Entry.kind == "post")
    ).all()
    assert set(names) == {("@ana", "profile", "ana"), ("Composting", "page", "composting"), ("#Solar", "tag", "solar")}
    assert db.session.scalar(select(func.count()).select_from(Ask)) == 0


def test_placeholders_cannot_be_taken_for_members(bring: Any) -> None:
    bring(row(posts=[post(1, "x", author="ana"), post(2, "y", author="")]))
    people = db.session.scalars(select(Member).where(Member.state == "placeholder")).all()
    assert [(one.name, one.email, one.password) for one in people] == [("ana", None, None)]
    assert "~" in people[0].username
    last = db.session.scalars(select(Post).order_by(Post.number.desc())).first()
    assert last is not None and last.author_id is None


def test_what_came_in_is_found(bring: Any) -> None:
    bring(row(posts=[post(n, f"word{n}") for n in range(1, 31)]))
    ids = list(db.session.scalars(select(Entry.id)))
    found = [document for document in documents_of(ids) if document.kind in ("topic", "post")]
    assert {document.kind for document in found} == {"topic", "post"}
    assert any(document.kind == "topic" and "word1" in document.text for document in found)


def test_looking_first_changes_nothing(bring: Any) -> None:
    job = bring(row(), row(2), dry_run=True)
    assert (job.counts["topics"], job.counts["posts"], topics()) == (2, 2, [])


def test_a_real_forum_comes_in(app: Flask, shared: Path, tmp_path: Path) -> None:
    file = shared / "forum_openenergymonitor" / "topics.jsonl.gz"
    with gzip.open(file, "rt", encoding="utf-8") as every:
        lines = list(islice(every, 150))
    path = tmp_path / "some.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    job = import_file(path, source="openenergymonitor")
    expected = {str(one["id"]): len(one["posts"]) for one in map(json.loads, lines)}
    assert job.counts["rejected"] == 0
    assert {topic.source_id: topic.posts for topic in topics()} == expected
    sound()
