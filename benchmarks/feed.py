"""The feed and the notices of members with a thousand followed things, in a log of a million lines.

    python -m benchmarks feed

The site is made for it in a process of its own, whose memory is gone before anything is measured: 100,000 organisations and pages
under areas, 60,000 topics in 20 forums with 300,000 posts, written by 2,000 people. Four members: one who follows a thousand things of
all sorts; one who follows little, and nothing of it moved for a long time; one who follows one forum of 20,000 topics; one whose only
area holds 15,000 things that rest. The bare limit is the same server's answer to an address whose view returns one word.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import func, select, text

from benchmarks.figures import Figure, timed
from benchmarks.pages import ask_as, requests
from benchmarks.site import child, opened
from commons.db import db, table, transaction
from commons.entries.models import Change, Entry, EntryLink
from commons.feed.models import Seen, TagWatch, Watch
from commons.focus.commands import plant_shipped
from commons.focus.models import FocusLink
from commons.forums.models import Forum, Post, Topic
from commons.members.actions import make_member
from commons.members.models import Member
from commons.people.models import Profile
from directory.models import Organisation
from wiki.models import Page

LINES, TIMES, BLOCK = 1_000_000, 40, 20_000
PEOPLE, THINGS, TOPICS, POSTS, FORUMS = 2000, 100_000, 60_000, 300_000, 20
LARGE, RESTING = 20_000, 15_000  # topics of the one large forum; things of the area that rests
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
PICK = random.Random(20_261)


class Made:
    """The rows as they are made, kind by kind, with the last line of each thread."""

    def __init__(self, first: int, areas: list[int]) -> None:
        self.next, self.areas, self.seq = first, areas, 0
        self.stirred: dict[int, int] = {}
        self.lines: list[dict[str, Any]] = []
        self.entries: list[dict[str, Any]] = []

    def entry(self, kind: str, within: int | None = None) -> int:
        number, self.next = self.next, self.next + 1
        row = {"id": number, "kind": kind, "slug": f"{kind}-{number}", "title": f"Wells and pumps {number}"}
        self.entries.append(row | {"within_id": within, "author_id": 1 + number % PEOPLE, "audience": "public"})
        return number

    def line(self, entry: int, thread: int, verb: str) -> None:
        self.seq += 1
        at = BEGAN + timedelta(seconds=30 * self.seq)
        row = {"seq": self.seq, "at": at, "actor_id": PICK.randint(1, PEOPLE), "verb": verb, "note": "", "via": ""}
        self.lines.append(row | {"entry_id": entry, "thread_id": thread, "revision": None})
        self.stirred[thread] = self.seq


def measure(folder: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        site = Path(temporary) / "feed"
        people: dict[str, int] = json.loads(child("benchmarks.feed", site))
        app = opened(site)
        app.add_url_rule("/-/bare", "bare", lambda: "ok")
        bare, _sent = requests(app, ["/-/bare"] * TIMES)
        for name, member in people.items():
            for address in ("/feed", "/feed?page=5", "/notices"):
                times = timed([partial(ask_as, app, member, address)] * TIMES)
                reach = 60 if name != "a resting area of 15,000" else None
                work = f"{address}, {name}: p95"
                yield Figure(work, times.p95(), "ms", reach, times.cpu95(), bare.cpu95(), "an empty view")
                yield Figure("… p50", times.p50(), "ms", None, times.cpu50())


def made() -> dict[str, int]:
    upgrade()
    db.create_all()
    plant_shipped()
    with transaction():
        _members()
    areas = list(db.session.scalars(select(Entry.id).where(Entry.kind == "focus").order_by(Entry.id)))
    site = Made((db.session.scalar(select(func.max(Entry.id))) or 0) + 1, areas)
    site.seq = db.session.scalar(select(func.max(Change.seq))) or 0
    forums, things, topics, posts = _entries(site)
    _lines(site, things, topics, posts)
    with transaction():
        _write(site, forums, things, topics, posts)
    followers = [make_member(name, f"{name}@example.org").id for name in ("many", "little", "large", "resting")]
    with transaction():
        _follow(site, followers, forums, things, topics)
    db.session.execute(text("analyze"))
    db.session.commit()
    names = ("1,000 followed things", "little that moved", "a forum of 20,000", "a resting area of 15,000")
    return dict(zip(names, followers, strict=True))


def _members() -> None:
    rows = (
        {"id": number, "username": f"m{number}", "skeleton": f"m{number}", "name": f"Member {number}"}
        for number in range(1, PEOPLE + 1)
    )
    _insert(Member, rows)


def _insert(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    waiting = iter(rows)
    while some := list(islice(waiting, BLOCK)):
        db.session.execute(table(model).insert(), some)


def _entries(site: Made) -> tuple[list[int], list[int], dict[int, int], dict[int, int]]:
    """Forums, things, topics with their forums, posts with their topics."""
    forums = [site.entry("forum") for _number in range(FORUMS)]
    things = [site.entry("page" if number % 3 else "organisation") for number in range(THINGS)]
    topics: dict[int, int] = {}
    for number in range(TOPICS):
        place = forums[0] if number < LARGE else forums[1 + number % (FORUMS - 1)]
        topics[site.entry("topic", place)] = place
    those = list(topics)
    posts = {}
    for _number in range(POSTS):
        topic = PICK.choice(those)
        posts[site.entry("post", topic)] = topic
    return forums, things, topics, posts


def _lines(site: Made, things: list[int], topics: dict[int, int], posts: dict[int, int]) -> None:
    """Things that rest were edited first and then no more; everything else goes on in a random order to the end."""
    for thing in things:
        site.line(thing, thing, "created")
    awake = things[RESTING + 1000 :]
    created: list[tuple[int, int]] = [*((id, id) for id in topics), *posts.items()]
    edits = [(id, id) for id in PICK.choices(awake, k=LINES - site.seq - len(created))]
    verbs = ["created"] * len(created) + ["edited"] * len(edits)
    rest = list(zip([*created, *edits], verbs, strict=True))
    PICK.shuffle(rest)
    for (entry, thread), verb in rest:
        site.line(entry, thread, verb)


def _write(site: Made, forums: list[int], things: list[int], topics: dict[int, int], posts: dict[int, int]) -> None:
    moment = {"created": BEGAN, "updated": BEGAN}
    _insert(Entry, (row | moment | {"stirred": site.stirred.get(row["id"], 0)} for row in site.entries))
    kinds: dict[str, Any] = {"organisation": Organisation, "page": Page, "forum": Forum, "topic": Topic}
    for kind, model in kinds.items():
        _insert(model, ({"id": row["id"]} for row in site.entries if row["kind"] == kind))
    texts = "Dig a well, then a pump, then a tank that holds a week of water for the whole village. " * 4
    numbered = enumerate(posts.items())
    _insert(Post, ({"id": id, "topic_id": on, "number": number, "text": texts} for number, (id, on) in numbered))
    _insert(Change, site.lines)
    resting, others = site.areas[0], site.areas[1:]
    links = [{"entry_id": id, "area_id": resting} for id in things[:RESTING]]
    links += [{"entry_id": id, "area_id": PICK.choice(others)} for id in (*things[RESTING:], *topics)]
    _insert(FocusLink, links)
    some = PICK.sample(list(posts), 20_000)
    names = ({"source_id": id, "name": f"#tag{id % 10}", "kind": "tag", "slug": f"tag{id % 10}"} for id in some)
    _insert(EntryLink, names)


def _follow(site: Made, followers: list[int], forums: list[int], things: list[int], topics: dict[int, int]) -> None:
    many, little, large, resting = followers
    awake = things[RESTING + 1000 :]
    rows = [(many, id, "notices") for id in (*PICK.sample(awake, 700), *PICK.sample(list(topics), 200))]
    rows += [(many, id, "feed") for id in (*PICK.sample(site.areas[1:], 60), *forums[1:], *_profiles(site))]
    rows += [(little, id, "notices") for id in things[RESTING : RESTING + 40]]
    rows += [(large, forums[0], "notices"), (resting, site.areas[0], "feed")]
    _insert(Watch, ({"member_id": who, "entry_id": id, "how": how, "since": 1} for who, id, how in rows))
    _insert(TagWatch, ({"member_id": many, "tag": f"tag{number}", "since": 1} for number in range(5)))
    read = [row["entry_id"] for row in ({"entry_id": id} for who, id, how in rows if who == many and how == "notices")]
    half = ({"member_id": many, "entry_id": id, "seq": site.stirred[id]} for id in read[::2])
    _insert(Seen, half)


def _profiles(site: Made) -> list[int]:
    people = range(1, 16)
    first = site.next
    rows = [
        {"id": first + number, "kind": "profile", "slug": f"p{who}", "title": f"Member {who}", "author_id": who}
        for number, who in enumerate(people)
    ]
    _insert(Entry, ({"created": BEGAN, "updated": BEGAN, "audience": "members", **row} for row in rows))
    _insert(Profile, ({"id": row["id"], "member_id": row["author_id"]} for row in rows))
    return [first + number for number in range(len(people))]


if __name__ == "__main__":
    os.environ.setdefault("COMMONS_DATA", sys.argv[1])
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    with opened(Path(sys.argv[1])).app_context():
        print(json.dumps(made()))
