"""What people said, for the browser tests: a long topic, an answered question, a group, a poll, a talk, something kept."""

from __future__ import annotations

from commons.feed.actions import keep, react
from commons.forums.actions import accept_answer, add_post, forum_of
from commons.forums.models import Forum, Post, Topic
from commons.groups.actions import apply, make_link
from commons.groups.models import Group
from commons.members.models import Member
from commons.people.actions import edit_profile
from commons.talks.actions import begin
from tests import make
from tests.browser.writing import found
from tests.cast import Cast
from tests.commons.forums import makers as forums
from tests.commons.groups import makers as groups
from tests.commons.walls import makers as walls

REPLIES = 25  # two pages
WORDS = (
    "We tried three ways to keep seed dry: **ash**, rice, and a tin with wax. @ben wrote it down.\n\n"
    "- ash is cheap\n- rice is eaten by somebody\n- the tin lasted\n\nSee [[Composting]] and #seeds."
)


def say_things() -> dict[str, str]:
    """Plants it all; answers what the addresses of the pages hold."""
    cast = Cast()
    forums.old_hands()
    show_themselves(cast.ana, cast.ben)
    forums.forum("How this site works")
    forum = forums.forum("Seeds and soil", text="What grows, and what it needs.")
    long, answer = long_topic(forum, cast.ana, cast.ben)
    question = forums.topic("How dry is dry enough?", "For beans?", actor=cast.ben, within=forum, sort="question")
    for words in ("Somebody knows.", "When they break and do not bend."):
        said = add_post(question, words, actor=cast.ana)
    accept_answer(question, said, actor=cast.ben)
    poll = walls.poll("Monday", "Friday", actor=cast.ana)
    talk = begin({"text": "May I bring a friend on Monday?"}, [cast.ana], actor=cast.ben)
    group, key = seed_keepers(cast.ana, cast.ben, cast.chi)
    numbers = {"topic": long, "post": answer, "question": question, "poll": poll, "talk": talk}
    named = {"forum": forum.slug, "group": group.slug, "key": key, "about": str(found("/wiki/composting").id)}
    return named | {name: str(entry.id) for name, entry in numbers.items()}


def show_themselves(*people: Member) -> None:
    for one in people:
        values = {"about": f"{one.name} keeps seeds.", "skills": "grafting, book keeping", "country": "KE"}
        edit_profile(values, dict.fromkeys(values, "public"), audience="public", actor=one)


def long_topic(forum: Forum, ana: Member, ben: Member) -> tuple[Topic, Post]:
    made = forums.topic("How do you keep seed dry?", WORDS, actor=ana, within=forum)
    for number in range(REPLIES):
        post = add_post(made, f"{WORDS}\n\nYear {number} of this.", actor=ben if number % 2 else ana)
    react(post, "like", actor=ben)
    keep(made, actor=ana)
    return made, post


def seed_keepers(ana: Member, ben: Member, chi: Member) -> tuple[Group, str]:
    """A group with something under each of its tabs, an application and an open invitation."""
    made = groups.group("Seed keepers", joining="apply", founder=ana, members=(ben,), questions=["What do you grow?"])
    forums.topic("The cupboard in winter", WORDS, actor=ben, within=forum_of(made, ana))
    page = make.page("Labels on a bag", "Name, place, year.", actor=ana)
    groups.put(made, page, actor=ana)
    apply(made, ["Beans"], actor=chi)
    groups.group("Repair evenings", founder=ana)
    return made, make_link(made, most=5, days=7, note="Come in", actor=ana).rsplit("/", 1)[-1]
