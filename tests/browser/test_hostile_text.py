"""Every attack that we know of, rendered as a member's text and opened in a real browser under the site's own rules.

Nothing may speak, run, load from elsewhere, or be refused by the Content-Security-Policy: a refusal would mean that
something came through the sanitiser and that only the last wall held.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Route
from werkzeug.serving import make_server

from commons.text import Link, markdown
from commons.web.headers import HEADERS
from tests.browser.conftest import Silent

SETS = ("xss_html5sec", "dompurify_fixtures", "naughty_strings_blns", "generated_fields", "xss_payloadbox")
BATCH = 400
LARGEST = 6_000  # characters; longer ones are about time and not about scripts
TELL = """window.told = [];
addEventListener('securitypolicyviolation', e => told.push('refused: ' + e.violatedDirective + ' ' + e.blockedURI));
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
    window[name] = () => told.push('called: ' + name);
"""
LOOK = """() => {
    const all = [...document.querySelectorAll('body *')];
    const bad = all.filter(e => ['SCRIPT', 'STYLE', 'IFRAME', 'OBJECT', 'EMBED', 'FORM', 'INPUT', 'SVG', 'MATH', 'LINK',
        'META', 'BASE', 'TEMPLATE', 'BUTTON', 'VIDEO', 'AUDIO'].includes(e.tagName.toUpperCase())
        || [...e.attributes].some(a => a.name.startsWith('on') || ['style', 'srcdoc', 'srcset'].includes(a.name)));
    const links = [...document.links].filter(a => !['http:', 'https:', 'mailto:'].includes(a.protocol));
    for (const e of all) {
        for (const kind of ['mouseover', 'focus', 'error', 'load', 'toggle', 'animationend'])
            e.dispatchEvent(new Event(kind));
    }
    return [...told, ...bad.map(e => e.outerHTML.slice(0, 200)), ...links.map(a => a.outerHTML.slice(0, 200))];
}"""


def _payloads(shared: Path) -> Iterator[str]:
    for name in SETS:
        with open(shared / "hostile" / f"{name}.jsonl", encoding="utf-8") as rows:
            for number, row in enumerate(map(json.loads, rows)):
                if len(row["payload"]) <= LARGEST and (name != "xss_payloadbox" or number % 6 == 0):
                    yield row["payload"]


def _text(payload: str) -> str:
    line = " ".join(payload.split())
    return (
        f'{payload}\n\n[x]({line}) ![y]({line}) <{line}> [[{line}]] [z](/a "{line}") [r]\n\n# {line}\n\n[r]: {line}\n'
    )


@pytest.fixture
def pages(shared: Path) -> Iterator[tuple[str, list[str]]]:
    """A server of nothing but rendered texts, with the headers of the site."""
    payloads = list(_payloads(shared))
    bodies: dict[str, bytes] = {}
    for at in range(0, len(payloads), BATCH):
        texts = [
            markdown(_text(payload), links=lambda names: {n: Link(n, kind="x", about=n) for n in names}, anchor=f"p{n}")
            for n, payload in enumerate(payloads[at : at + BATCH])
        ]
        body = "\n".join(f"<article>{text}</article>" for text in texts)
        bodies[f"/{at}"] = f"<!doctype html><meta charset=utf-8><title>Texts</title><body>{body}".encode()

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = bodies.get(environ["PATH_INFO"])
        headers = [*HEADERS.items(), ("Content-Type", "text/html; charset=utf-8")]
        start_response("200 OK" if body else "404 Not Found", headers)
        return [body or b""]

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", list(bodies)
    server.shutdown()
    thread.join(30)
    server.server_close()


def _said(dialog: Dialog, faults: list[str]) -> None:
    faults.append(f"dialog: {dialog.message}")
    dialog.dismiss()


def test_no_text_of_a_member_does_anything_in_a_browser(chromium: Browser, pages: tuple[str, list[str]]) -> None:
    url, paths = pages
    faults: list[str] = []
    context = chromium.new_context()
    context.set_default_timeout(60_000)
    context.add_init_script(TELL)

    def only_ours(route: Route) -> None:
        if route.request.url.startswith(url):
            route.continue_()
        else:
            faults.append(f"asked elsewhere: {route.request.url}")
            route.abort()

    context.route("**/*", only_ours)
    page = context.new_page()
    page.on("dialog", lambda dialog: _said(dialog, faults))
    page.on("pageerror", lambda fault: faults.append(f"script: {fault}"))
    for path in paths:
        page.goto(f"{url}{path}", wait_until="load")
        assert page.locator("article").count() > 0
        faults += page.evaluate(LOOK)
    context.close()
    assert len(paths) > 2
    assert faults == []


def test_the_watch_notices_what_it_should(chromium: Browser) -> None:
    context = chromium.new_context()
    context.add_init_script(TELL)
    page = context.new_page()
    page.set_content("<p onclick=x>a</p><a href='javascript:x'>b</a><img src=x onerror='alert(1)'>")
    page.wait_for_function("told.length > 0")
    assert len(page.evaluate(LOOK)) >= 4
    context.close()
