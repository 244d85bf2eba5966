"""Every kind of page there is, and how a browser gets there."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select

from commons.db import db
from directory.actions import edit_organisation
from directory.models import Organisation
from tests.browser.watching import Site
from tests.browser.writing import open_form, rewrite, save, versions_of
from tests.cast import Cast

PUBLIC = {
    "home": "/",
    "list": "/organisations",
    "list of a country": "/organisations?country=GR&sort=name",
    "filters": "/organisations/filters",
    "rich organisation": "/organisations/{rich}",
    "poor organisation": "/organisations/{poor}",
    "history": "/organisations/{rich}/history",
    "what changed": "/organisations/{rich}/diff/1/3",
    "changes": "/changes",
    "search": "/search",
    "search with hits": "/search?q=social",
    "search without hits": "/search?q=qwzxyv",
    "area of focus": "/focus/food",
    "goal": "/sdg/6",
    "areas of focus": "/focus",
    "country": "/places/GR",
    "countries": "/places",
    "what is missing where": "/partnerships/gaps",
    "wiki": "/wiki",
    "all pages": "/wiki/all",
    "list of work": "/wiki/wanted",
    "page": "/wiki/composting",
    "page that is a translation": "/wiki/le-compostage",
    "links of a page": "/wiki/composting/links",
    "who wrote which paragraph": "/wiki/composting/paragraphs",
    "two versions as readers see them": "/wiki/composting/compare/1/2",
    "history of a page": "/wiki/composting/history",
    "what changed on a page": "/wiki/composting/diff/1/2",
    "a page that nobody has written": "/wiki/seed-libraries-for-all",
    "join": "/join",
    "sign in": "/sign-in",
    "forgotten password": "/forgot",
    "about": "/about",
    "charter": "/charter",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "open data": "/open-data",
    "help": "/help",
    "a page that is not there": "/organisations/nobody-of-this-name",
}
FOR_MEMBERS = {
    "home of a member": "/",
    "organisation for a member": "/organisations/{poor}",
    "edit": "/organisations/{rich}/edit",
    "edit one section": "/organisations/{rich}/edit?section=contact",
    "new": "/organisations/new",
    "history for a member": "/organisations/{rich}/history",
    "edit an area": "/focus/food/edit",
    "page for a member": "/wiki/composting",
    "edit a page": "/wiki/composting/edit",
    "edit a section": "/wiki/composting/edit?section=2",
    "write a page": "/wiki/new?title=Compost&outline=solution",
    "settings": "/settings",
    "password": "/settings/password",
    "sessions": "/settings/sessions",
    "profile": "/members/ana",
    "edit one's profile": "/settings/profile",
}
SAID = {
    "forums": "/forums",
    "forum": "/forums/{forum}",
    "long topic": "/topics/{topic}",
    "last page of a long topic": "/posts/{post}",
    "answered question": "/topics/{question}",
    "poll": "/topics/{poll}",
    "what is said about a page": "/topics/about/{about}",
    "groups": "/groups",
    "group": "/groups/{group}",
    "forum of a group": "/groups/{group}/forum",
    "pages of a group": "/groups/{group}/pages",
    "files of a group": "/groups/{group}/files",
    "news of a group": "/groups/{group}/news",
    "invitation": "/invitations/{key}",
    "profile for a visitor": "/members/ana",
    "wall": "/members/ana/wall",
    "tags": "/tags",
    "tag": "/tags/seeds",
    "tag that nobody uses": "/tags/nothing-of-this-name",
    "report": "/report/{post}",
    "contact form": "/organisations/{rich}/contact",
}
SAID_TO_MEMBERS = {
    "forums for a member": "/forums",
    "where a topic belongs": "/topics/new",
    "new topic": "/forums/{forum}/new",
    "long topic for a member": "/topics/{topic}",
    "edit a post": "/posts/{post}/edit",
    "remove a post": "/posts/{post}/remove",
    "poll for a member": "/topics/{poll}",
    "group for its admin": "/groups/{group}",
    "new group": "/groups/new",
    "settings of a group": "/groups/{group}/settings",
    "members for an admin": "/groups/{group}/members",
    "applications": "/groups/{group}/applications",
    "invitations of a group": "/groups/{group}/invitations",
    "search in a group": "/groups/{group}/search?q=beans",
    "news for an admin": "/groups/{group}/news",
    "invitation for a member": "/invitations/{key}",
    "share": "/share",
    "feed": "/feed",
    "notices": "/notices",
    "watching": "/watching",
    "how you hear of it": "/topics/{topic}/watching",
    "kept": "/kept",
    "messages": "/messages",
    "talk": "/topics/{talk}",
    "new message": "/messages/new?to=chi",
    "people": "/members",
    "other profile": "/members/ben",
    "become contacts": "/members/chi/contact",
    "first steps": "/welcome",
    "privacy at one look": "/settings/privacy",
    "mails": "/settings/mails",
    "private feeds": "/settings/feeds",
    "messages and blocks": "/settings/blocks",
    "organisations I belong to": "/settings/affiliations",
    "contacts": "/settings/contacts",
    "contributions": "/settings/contributions",
    "own reports": "/reports",
}


def visit(page: Page, site: Site, address: str) -> None:
    page.goto(address.format(rich=site.rich, poor=site.poor, **site.said))


def organisation(slug: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one()


def edit_with_faults(page: Page, site: Site) -> None:
    visit(page, site, "/organisations/{rich}/edit")
    page.locator("input[name=title]").fill("")
    page.locator("input[name=website]").fill("not an address")
    page.locator(".save .button").first.click()
    expect(page.locator(".errors")).to_be_visible()


def conflict(page: Page, site: Site) -> None:
    """Somebody else saves another sentence while this page is open."""
    visit(page, site, "/organisations/{poor}/edit?section=basics")
    with site.app.app_context():
        found = organisation(site.poor)
        values = {"description": f"It plants trees in the town. ({found.version})"}
        edit_organisation(found, values, version=found.version, actor=Cast().ben, note="")
    page.locator("textarea[name=description]").fill("It cares for the river and the woods.")
    page.locator(".save .button").first.click()
    expect(page.locator(".two-versions").first).to_be_visible()


def two_texts(page: Page, site: Site) -> None:
    """Somebody else saves the same paragraph of a page."""
    area = open_form(page, "/wiki/soil-life")
    area.fill(f"{area.input_value()} And fungi.")
    rewrite(site, "/wiki/soil-life", "Worms", f"Worms ({versions_of(site, '/wiki/soil-life')})")
    save(page)
    expect(page.locator(".two-versions").first).to_be_visible()


def editor_with_preview(page: Page, site: Site) -> None:
    area = open_form(page, "/wiki/composting")
    page.get_by_role("group", name="Formatting").get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("table")).to_be_visible()
    area.press("Control+End")
    area.press_sequentially(" [[Soi")
    expect(page.locator(".write [role=listbox]")).to_be_visible()
    area.press("ArrowDown")


def translation(page: Page, site: Site) -> None:
    visit(page, site, "/wiki/composting")
    page.get_by_role("link", name="Add a language").click()
    expect(page.locator(".original")).to_be_visible()


def duplicates(page: Page, site: Site) -> None:
    with site.app.app_context():
        found = organisation(site.rich)
        title, country, city, website = found.title, found.country, found.city, found.website
    visit(page, site, "/organisations/new")
    page.locator("input[name=title]").fill(title)
    page.locator("select[name=country]").select_option(country)
    page.locator("input[name=city]").fill(city)
    page.locator("input[name=website]").fill(website)
    page.locator(".save .button").first.click()
    expect(page.locator("#similar")).to_be_visible()


def fresh_key(page: Page, site: Site) -> None:
    visit(page, site, "/settings/tokens")
    page.locator("main form input[name=label]").fill("my notebook")
    page.locator("main form input[name=scopes]").first.check()
    page.locator("main form .actions .button").click()
    expect(page.locator("main code")).to_be_visible()


def join_with_faults(page: Page, site: Site) -> None:
    visit(page, site, "/join")
    page.locator("main form button").click()
    expect(page.locator(".errors")).to_be_visible()


WALKED: dict[str, Callable[[Page, Site], None]] = {
    "edit with faults": edit_with_faults,
    "conflict": conflict,
    "two texts of one page": two_texts,
    "editor with preview": editor_with_preview,
    "translation": translation,
    "new with duplicates": duplicates,
    "keys for programs": fresh_key,
}
