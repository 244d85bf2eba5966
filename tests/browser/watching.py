"""What every page is watched for: words in the console, refused styles and scripts, other hosts, sideways scrolling."""

from __future__ import annotations

import email
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize

from tests.cast import PASSWORD

PATIENCE = 60_000  # milliseconds: the machine may be busy
PHONE, DESK = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=900)
TELL = (
    "addEventListener('securitypolicyviolation', e => console.error('refused: ' + e.violatedDirective + e.blockedURI))"
)


@dataclass(frozen=True)
class Site:
    app: Flask
    url: str
    folder: Path
    rich: str
    poor: str
    said: dict[str, str]  # what stands in the addresses of topics and groups

    def letter(self, to: str, holding: str = "") -> str:
        """The newest letter to this address in which these words stand, once the worker has sent it."""
        for _try in range(240):
            for path in sorted((self.folder / "mail").glob("*.eml"), reverse=True):
                message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
                body = message.get_body(("plain",))
                if to in str(message["To"]) and body and holding in (words := str(body.get_content())):
                    return words
            time.sleep(0.25)
        raise AssertionError(f"no letter to {to} came")

    def link(self, to: str) -> str:
        found = re.search(rf"{re.escape(self.url)}/\S+", self.letter(to))
        assert found, "the letter has no link to this site"
        return found[0]


@dataclass
class Watch:
    site: Site
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)  # statuses that a page of the test answers with on purpose

    def console(self, message: ConsoleMessage) -> None:
        on_purpose = any(f"status of {status} " in message.text for status in self.expected)
        if message.type in ("error", "warning") and not on_purpose:
            self.faults.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        self.requests.append(request.url)
        parts = urlsplit(request.url)
        if parts.scheme != "data" and f"{parts.scheme}://{parts.netloc}" != self.site.url:
            self.faults.append(f"another host was asked: {request.url}")

    def fits(self, page: Page) -> None:
        """The page is whole: nothing stands out to the side, and nothing was refused so far."""
        wide, inner = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= inner, f"{page.url} scrolls sideways: {wide} > {inner}; {page.evaluate(WIDEST)}"
        assert not self.faults, f"{page.url}: {self.faults}"


WIDEST = """[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
  && getComputedStyle(e).position !== 'absolute').slice(0, 5).map(e => e.tagName + '.' + e.className).join(', ')"""


@contextmanager
def watched(chromium: Browser, site: Site, **options: Any) -> Iterator[tuple[Page, Watch]]:
    """A fresh browser profile with one page, its faults gathered from the first request on."""
    context = chromium.new_context(base_url=site.url, locale="en", reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(TELL)
    page, watch = context.new_page(), Watch(site)
    page.on("console", watch.console)
    page.on("pageerror", lambda fault: watch.faults.append(f"script: {fault}"))
    page.on("request", watch.request)
    try:
        yield page, watch
    finally:
        context.close()


def sign_in(page: Page, who: str = "ana", password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("User name or e-mail").fill(who)
    page.get_by_label("Password").fill(password)
    page.locator("main form button").click()
    page.locator(".masthead .person").wait_for()
