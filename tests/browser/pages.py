"""Every kind of page there is, and how a browser gets there."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select

from commons.db import db
from directory.actions import edit_organisation
from directory.models import Organisation
from tests.browser.watching import Site
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
    "settings": "/settings",
    "password": "/settings/password",
    "sessions": "/settings/sessions",
    "profile": "/members/ana",
    "edit one's profile": "/settings/profile",
}


def visit(page: Page, site: Site, address: str) -> None:
    page.goto(address.format(rich=site.rich, poor=site.poor))


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
    "new with duplicates": duplicates,
    "keys for programs": fresh_key,
}
