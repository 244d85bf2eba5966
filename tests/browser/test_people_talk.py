"""A newcomer's first ten minutes and an organiser's group, on a phone, each in browsers of their own.

The newcomer goes with scripts, the organiser without: nothing on either way may need them.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.watching import PATIENCE, PHONE, Site, Watch, sign_in, watched

expect.set_options(timeout=PATIENCE)
pytestmark = pytest.mark.timeout(300)  # a long way; the machine may be busy
NAME, PHRASE = "robin", "seven quiet herons wading"
MAIL = f"{NAME}@example.org"
QUESTION, ANSWER = "How do I keep slugs from beans?", "With a ring of ash, and a duck."
GROUP, TOPIC = "Bean friends of the valley", "Which beans this year?"


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name).first.click()


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def step(page: Page, heading: str) -> Locator:
    return page.locator("section.step").filter(has=page.get_by_role("heading", name=heading))


# --- a newcomer ---


def test_a_newcomer_follows_joins_mends_asks_is_answered_and_stops_the_mails(chromium: Browser, site: Site) -> None:
    with watched(chromium, site, viewport=PHONE) as (page, watch), watched(chromium, site) as (other, _seen):
        joins(page, watch)
        follows_areas_and_organisations(page, watch)
        joins_a_group(page, watch)
        mends_something(page, watch)
        answers(other, asks(page, watch))
        sees_the_notice(page, watch)
    with watched(chromium, site, viewport=PHONE) as (page, watch):
        stops_the_mails(page, watch)
    with watched(chromium, site, viewport=PHONE) as (page, _watch):
        sign_in(page, NAME, PHRASE)
        page.goto("/settings/mails")
        expect(page.locator("input[name=asks][value=never]")).to_be_checked()


def joins(page: Page, watch: Watch) -> None:
    page.goto("/join")
    for label, words in (("Your name", "Robin"), ("User name", NAME), ("E-mail", MAIL)):
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("Password", exact=True).fill(PHRASE)
    page.get_by_label("I have read the charter and agree to it").check()
    press(page, "Join")
    page.wait_for_url("**/join/sent")
    page.goto(watch.site.link(MAIL))
    press(page, "Yes, this address is mine")
    told(page, "Welcome")
    watch.fits(page)


def follows_areas_and_organisations(page: Page, watch: Watch) -> None:
    page.goto("/welcome")
    watch.fits(page)
    for heading, many in (("Follow the areas you care about", 2), ("Follow three organisations", 3)):
        boxes = step(page, heading).get_by_role("checkbox")
        for number in range(many):
            boxes.nth(number).check()
        step(page, heading).get_by_role("button", name="Follow these").click()
        told(page, f"You follow {many} more.")
        expect(step(page, heading)).to_contain_text("done")


def joins_a_group(page: Page, watch: Watch) -> None:
    page.goto("/welcome")
    page.get_by_role("link", name="Repair evenings").click()
    page.wait_for_url("**/groups/repair-evenings")
    watch.fits(page)
    press(page, "Join the group")
    told(page, "You belong to the group now.")


def mends_something(page: Page, watch: Watch) -> None:
    page.goto("/welcome")
    expect(page.locator(".page-head")).to_contain_text("3 of 5 done")
    page.goto(f"/organisations/{watch.site.poor}/edit?section=contact")
    page.locator("input[name=city]").fill("Beanfield")
    press(page, "Save")
    told(page, "Published")
    page.goto("/welcome")
    expect(page.locator(".page-head")).to_contain_text("4 of 5 done")
    watch.fits(page)


def asks(page: Page, watch: Watch) -> str:
    """The address of the question, which is left at once: reading marks of an open page are another matter."""
    page.locator(".bottom-bar").get_by_role("link", name="Forum").click()
    page.get_by_role("link", name="Begin a topic").click()
    page.wait_for_url("**/topics/new")
    page.locator("main").get_by_role("link", name="Seeds and soil").click()
    watch.fits(page)
    page.get_by_label("Title").fill(QUESTION)
    page.get_by_label("A question, which one answer can solve").check()
    page.locator("textarea[name=text]").fill("They come at night. See [[Composting]].")
    press(page, "Publish")
    told(page, "Published. You are told when somebody answers.")
    expect(page.locator("h1")).to_have_text(QUESTION)
    watch.fits(page)
    address = page.url
    page.goto("/about")
    return address


def answers(page: Page, address: str) -> None:
    """Ben, at his own desk."""
    sign_in(page, "ben")
    page.goto(address)
    page.locator("#reply textarea").fill(ANSWER)
    press(page, "Post reply")
    expect(page.locator(".posts")).to_contain_text(ANSWER)


def sees_the_notice(page: Page, watch: Watch) -> None:
    page.goto("/")
    expect(page.locator(".bell")).to_contain_text("1")
    page.locator(".bell").click()
    row = page.locator("section").filter(has=page.get_by_role("heading", name="For you")).locator(".row")
    expect(row).to_contain_text(QUESTION)
    watch.fits(page)
    row.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("heading", name="Earlier")).to_be_visible()
    expect(page.locator(".bell .figure")).to_have_count(0)
    page.locator(".row").get_by_role("link").filter(has_text=QUESTION).click()
    expect(page.locator("article.post").nth(1)).to_contain_text(ANSWER)
    press(page, "This is the answer")
    told(page, "Marked as the answer")
    watch.fits(page)


def stops_the_mails(page: Page, watch: Watch) -> None:
    """Signed out, in another browser: the mail's address is enough, and opening it alone stops nothing."""
    found = re.search(r"Stop mails of this kind: (\S+)", watch.site.letter(MAIL, "Stop mails of this kind"))
    assert found, "the mail says how to stop it"
    page.goto(found[1])
    watch.fits(page)
    press(page, "Stop these mails")
    expect(page.locator("h1")).to_have_text("These mails have stopped")
    watch.fits(page)


# --- an organiser ---


def test_an_organiser_founds_invites_talks_closes_and_archives_without_scripts(chromium: Browser, site: Site) -> None:
    plain: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False}
    with watched(chromium, site, **plain) as (page, watch), watched(chromium, site, **plain) as (other, seen):
        sign_in(page, "ana")
        sign_in(other, "chi")
        group = founds(page, watch)
        key = invites(page, watch, group)
        accepts(other, seen, key)
        topic = begins_a_topic(page, watch, group)
        replies(other, seen, topic)
        poll = asks_for_a_choice(page, watch, group)
        chooses(other, seen, poll)
        closes_the_topic(page, watch, topic)
        other.goto(topic)
        expect(other.locator("#reply")).to_contain_text("This topic is closed")
        archives(page, watch, group)
        other.goto(topic)
        expect(other.locator("article.post").nth(1)).to_contain_text("Those with eyes")
    with watched(chromium, site, **plain) as (page, watch):
        watch.expected = {404}
        for address in (group, f"{group}/forum", topic, poll):
            answer = page.goto(address)
            assert answer and answer.status == 404, f"{address} is hidden from visitors"
            assert GROUP not in page.content() and TOPIC not in page.content()
        page.goto(key)
        expect(page.locator("h1")).to_have_text("This invitation opens nothing")


def founds(page: Page, watch: Watch) -> str:
    page.goto("/groups")
    page.get_by_role("link", name="Found a group").click()
    page.get_by_label("Name", exact=True).fill(GROUP)
    page.get_by_label("Only its own members know that this group exists.").check()
    page.get_by_label("By invitation of an admin").check()
    watch.fits(page)
    press(page, "Found it")
    told(page, "Your group is here.")
    expect(page.locator("h1")).to_have_text(GROUP)
    watch.fits(page)
    return page.url


def invites(page: Page, watch: Watch, group: str) -> str:
    """A link for one person and three days."""
    page.goto(f"{group}/invitations")
    page.get_by_label("For how many people").fill("1")
    page.get_by_label("For how many days").fill("3")
    press(page, "Make a link")
    told(page, "It is shown only now")
    watch.fits(page)
    return page.locator(".notice code").inner_text()


def accepts(page: Page, watch: Watch, key: str) -> None:
    page.goto(key)
    watch.fits(page)
    press(page, "Join the group")
    told(page, "You belong to the group now.")
    expect(page.locator("h1")).to_have_text(GROUP)
    watch.fits(page)


def begins_a_topic(page: Page, watch: Watch, group: str) -> str:
    page.goto(f"{group}/forum")
    press(page, "Begin a topic")
    page.get_by_label("Title").fill(TOPIC)
    page.locator("textarea[name=text]").fill("Last year the long ones had moths.")
    expect(page.locator(".save")).to_contain_text("Only those who take part here can read it.")
    press(page, "Preview")
    expect(page.locator("#preview")).to_contain_text("moths")
    watch.fits(page)
    press(page, "Publish")
    told(page, "Published")
    watch.fits(page)
    return page.url


def replies(page: Page, watch: Watch, topic: str) -> None:
    page.goto(topic)
    page.locator("#reply textarea").fill("Those with eyes.")
    press(page, "Post reply")
    expect(page.locator("article.post").nth(1)).to_contain_text("Those with eyes")
    watch.fits(page)


def asks_for_a_choice(page: Page, watch: Watch, group: str) -> str:
    page.goto(group)
    page.get_by_role("link", name="Share something here").click()
    page.locator("textarea[name=text]").fill("When shall we sow?")
    page.locator("summary").filter(has_text="A poll").click()
    page.locator("textarea[name=choices]").fill("Monday\nFriday")
    page.get_by_label("Until which day people may choose").fill((date.today() + timedelta(days=9)).isoformat())
    watch.fits(page)
    press(page, "Share it")
    expect(page.locator("h1")).to_contain_text("When shall we sow")
    watch.fits(page)
    return page.url


def chooses(page: Page, watch: Watch, poll: str) -> None:
    page.goto(poll)
    page.get_by_label("Friday").check()
    press(page, "Choose")
    expect(page.locator(".poll")).to_contain_text("1 person has chosen")
    expect(page.locator(".poll")).to_contain_text("your choice")
    watch.fits(page)


def closes_the_topic(page: Page, watch: Watch, topic: str) -> None:
    page.goto(topic)
    page.get_by_role("link", name="Organise this topic").click()
    page.get_by_label("Why it is closed").fill("We know now")
    watch.fits(page)
    press(page, "Close it")
    told(page, "Done.")
    page.goto(topic)
    expect(page.locator(".topic-head")).to_contain_text("closed")


def archives(page: Page, watch: Watch, group: str) -> None:
    page.goto(f"{group}/settings")
    page.get_by_label("Reason").fill("The beans are in")
    watch.fits(page)
    press(page, "Archive the group")
    told(page, "The group is archived")
    page.goto(group)
    expect(page.locator("main")).to_contain_text("Reason: The beans are in")
    watch.fits(page)
