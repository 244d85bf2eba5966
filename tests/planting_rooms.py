"""The same for what people say to each other: a private group, talks, profiles, reports, what was taken away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from commons.db import db, now, transaction
from commons.entries.models import Entry
from commons.entries.within import Place, place_in
from commons.feed.actions import keep, react, watch
from commons.forums.actions import accept_answer, add_forum, add_post, add_topic, edit_post, forum_of, remove_post
from commons.forums.models import Post, Topic
from commons.groups.actions import add_group, apply, make_link, set_terms
from commons.groups.models import Group, NewsItem, Subscription
from commons.members.models import Member, Seat
from commons.moderation.actions import report
from commons.people.actions import edit_profile
from commons.people.actions.affiliations import ask_affiliation
from commons.talks.actions import begin
from commons.walls.actions import add_share
from tests import make
from tests.cast import Cast

if TYPE_CHECKING:
    from tests.planting import Planted

INSIDE = ("ana", "ben")
MEMBERS = ("ana", "ben", "chi", "nia", "mo.derates", "sol", "una")
MODERATORS = ("mo.derates", "sol")


def plant_rooms(site: Planted, cast: Cast) -> None:
    wells = db.session.scalars(select(Entry).where(Entry.kind == "page", Entry.slug == "wells")).one()
    public_topic(site, cast, wells)
    private_group(site, cast)
    open_group(site, cast)
    talks(site, cast)
    profiles(site, cast)
    report(wells, "wrong", site.word("chi", *MODERATORS), actor=cast.chi)


def say(topic: Topic, text: str, actor: Member) -> Post:
    return add_post(topic, text, actor=actor)


def public_topic(site: Planted, cast: Cast, wells: Entry) -> None:
    """A public question with an answer that was taken away."""
    forum = add_forum({"title": "General", "text": "What fits nowhere else."}, actor=cast.mo)
    values = {"title": "How deep is a well", "text": "With a drill? #water", "language": "en", "focus": []}
    topic = add_topic(values, place=place_in(forum.id, "topic", cast.ana), actor=cast.ana, sort="question")
    topic.about_id = None
    answer = say(topic, "Sixty metres. @ana", cast.ben)
    accept_answer(topic, answer, actor=cast.ana)
    gone = say(topic, f"{site.word()} and #{site.word()}", cast.chi)
    edit_post(gone, {"text": f"{site.word()} now"}, version=1, actor=cast.chi)
    remove_post(gone, actor=cast.mo, note="not for here")


def private_group(site: Planted, cast: Cast) -> None:
    values = {"title": f"On {site.word(*INSIDE)}", "summary": site.word(*INSIDE), "text": site.word(*INSIDE)}
    group = add_group(values | {"focus": []}, actor=cast.ana, visibility="private")
    seat(group, cast.ben)
    set_terms(group, welcome=site.word(*INSIDE), inherits=False, actor=cast.ana)
    site.settle(group, *INSIDE)
    make_link(group, most=3, days=7, note=site.word("ana"), actor=cast.ana)
    forum = forum_of(group, cast.ana)
    text = f"{site.word(*INSIDE)} @chi #{site.word(*INSIDE)} [[Wells]]"
    said = {"title": f"Why {site.word(*INSIDE)}", "text": text, "language": "en", "focus": []}
    topic = add_topic(said, place=place_in(forum.id, "topic", cast.ana), actor=cast.ana, sort="question")
    answer = say(topic, f"Because {site.word(*INSIDE)}", cast.ben)
    accept_answer(topic, answer, actor=cast.ana)
    react(answer, "recommend", actor=cast.ana)
    keep(answer, actor=cast.ana)
    watch(group, actor=cast.ben)
    remove_post(say(topic, site.word(), cast.ben), actor=cast.ben, note=site.word(*INSIDE))
    make.page(actor=cast.ana, audience=group.door, **site.words(*INSIDE))
    news(site, group, cast.ana)


def news(site: Planted, group: Group, actor: Member) -> None:
    with transaction():
        source = Subscription(group_id=group.id, url="https://news.invalid/feed", by_id=actor.id, paused=now())
        source.title, source.due = site.word(*INSIDE), now() + timedelta(days=9)
        db.session.add(source)
        db.session.flush()
        item = NewsItem(subscription_id=source.id, key="1", title=site.word(*INSIDE), url="https://news.invalid/1")
        db.session.add(item)


def open_group(site: Planted, cast: Cast) -> None:
    """Everybody sees it; what an applicant answers is for its admins, and what it says is for members."""
    asked = {
        "title": "Repair people",
        "summary": "We mend pumps.",
        "joining": "apply",
        "questions": ["Why?"],
        "focus": [],
    }
    group = add_group(asked, actor=cast.ana, visibility="members")
    apply(group, [site.word("ana", "chi")], actor=cast.chi)
    said = {"title": f"Pumps and {site.word(*MEMBERS)}", "text": site.word(*MEMBERS), "language": "en", "focus": []}
    forum = forum_of(group, cast.ana)
    add_topic(said, place=place_in(forum.id, "topic", cast.ana), actor=cast.ana)


def talks(site: Planted, cast: Cast) -> None:
    said = {"title": f"About {site.word(*INSIDE)}", "text": f"{site.word(*INSIDE)} @chi #{site.word(*INSIDE)}"}
    talk = begin(said, [cast.ben], actor=cast.ana)
    first = say(talk, site.word(*INSIDE), cast.ben)
    edit_post(first, {"text": site.word(*INSIDE)}, version=1, actor=cast.ben)
    begin({"text": site.word("chi", "ana")}, [cast.ana], actor=cast.chi)  # a stranger asks to be heard


def profiles(site: Planted, cast: Cast) -> None:
    values = {
        "about": site.word("ana"),
        "skills": site.word(*INSIDE),
        "place": site.word(*MEMBERS),
        "learning": "wells",
    }
    shown = {"about": "nobody", "skills": "groups", "place": "members", "learning": "public"}
    edit_profile(values, shown, audience="public", actor=cast.ana)
    edit_profile({"about": site.word("ben")}, {"about": "public"}, audience="own", actor=cast.ben)
    ours = make.organisation("Wells for all", actor=cast.chi)
    proof = f"Ring the register of clubs and ask for {site.word('ben', *MODERATORS)}"
    ask_affiliation(ours, role="Driller", since="2020", represents=True, proof=proof, actor=cast.ben)
    words = {
        "text": f"Look: {site.word(*MEMBERS)}",
        "language": "en",
        "choices": [],
        "until": "",
        "link": "",
        "link_title": "",
    }
    wall = db.session.scalars(select(Entry).where(Entry.kind == "profile", Entry.slug == "ana")).one()
    add_share(words, wall=wall, place=Place(wall.id, "members"), actor=cast.ana)


def seat(group: Group, member: Member) -> None:
    with transaction():
        db.session.add(Seat(member_id=member.id, audience=group.door, role="member"))
    db.session.expire(member, ["seats"])
