"""What a first visit costs: at most 60 KB over the wire in at most 12 requests, none of them to another host."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.watching import DESK, PHONE, Site, watched

MOST_BYTES, MOST_REQUESTS = 60_000, 12
PAGES = {
    "home": "/",
    "list": "/organisations",
    "organisation": "/organisations/{rich}",
    "search": "/search?q=social",
    "wiki": "/wiki",
    "page": "/wiki/composting",
    "forums": "/forums",
    "topic": "/topics/{topic}",
    "group": "/groups/{group}",
}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", PAGES)
def test_a_first_visit_is_light(chromium: Browser, site: Site, name: str, size: Any) -> None:
    with watched(chromium, site, viewport=size) as (page, watch):
        wire = page.context.new_cdp_session(page)
        received: list[int] = []
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
        page.goto(PAGES[name].format(rich=site.rich, **site.said), wait_until="networkidle")
        assert len(received) >= 3, "a page has at least its words, a stylesheet and a script"
        assert sum(received) <= MOST_BYTES, f"{name}: {sum(received):,} bytes, {sorted(received)}"
        assert len(watch.requests) <= MOST_REQUESTS, watch.requests
        assert not watch.faults


def test_pages_travel_compressed_and_say_so(site: Site) -> None:
    client = site.app.test_client()
    asked = client.get("/organisations", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/organisations", headers={"Accept-Encoding": "identity"})
    assert asked.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in asked.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert len(asked.data) < len(plain.data) / 3
