"""The query box and every address take anything and answer with a page: never a 500, never a script."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons.entries.followers import catch_up
from tests import make

ODD = ["%00", "%ff%fe", "%ed%a0%80", "9" * 30, "-1", "1e9", "../../etc/passwd", "<script>alert(1)</script>", "' or 1=1 --", "{{7*7}}", "*" * 300, "a*" * 200, "(" * 500, '"' * 99, "~2", "title:x", "[a TO b]", "OR OR OR", "NOT", "AND"]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["q", "page", "focus", "country", "sdg", "near", "km", "bbox", "sort", "type", "language", "confirmed", "kind"],
)
def test_odd_values_of_every_parameter(app: Flask, name: str) -> None:
    make.organisation("Solar Aid", country="KE", city="Nairobi")
    catch_up()
    client = app.test_client()
    for value in ODD:
        for path in ("/organisations", "/search", "/search.atom", "/search/complete", "/changes"):
            answer = client.get(f"{path}?{name}={value if value.startswith('%') else quote(value)}")
            assert answer.status_code in (200, 400, 414), (path, name, value)
            assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["/organisations/{}", "/organisations/{}/history", "/organisations/x/diff/{}/2", "/focus/{}", "/sdg/{}", "/e/{}", "/members/{}", "/verify/{}", "/reset/{}", "/sitemap-{}.xml", "/{}/x/history", "/static/{}"])  # fmt: skip
def test_odd_parts_of_addresses(app: Flask, path: str) -> None:
    client = app.test_client()
    for value in ODD:
        answer = client.get(path.format(value if value.startswith("%") else quote(value, safe="")))
        assert answer.status_code in (200, 301, 308, 400, 404, 405, 410, 414), (path, value)


def test_the_hostile_sets_in_the_query_box(app: Flask, shared: Path) -> None:
    make.organisation("Solar Aid", country="KE", city="Nairobi", description="alert script img onerror")
    catch_up()
    client = app.test_client()
    for file in ("naughty_strings_blns", "xss_html5sec", "generated_fields"):
        with (shared / "hostile" / f"{file}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                text = json.loads(line)["payload"][:1500]
                answer = client.get("/search", query_string={"q": text.encode("utf-8", "replace")})
                assert answer.status_code in (200, 400, 414), text
                assert "<img src=x" not in answer.text and "<script>alert" not in answer.text.lower()


def test_any_text_is_a_question(app: Flask) -> None:
    make.organisation("Solar Aid")
    catch_up()
    client = app.test_client()

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=250))
    def ask(text: str) -> None:
        answer = client.get("/search", query_string={"q": text.encode("utf-8", "replace")})
        assert answer.status_code in (200, 400)

    ask()


def test_bodies_that_no_form_sends(app: Flask) -> None:
    client = app.test_client()
    for path in ("/sign-in", "/join", "/forgot", "/language", "/theme", "/search"):
        for body, kind in ((b"\xff\xfe\x00", "application/x-www-form-urlencoded"), (b"[" * 100_000, "application/json"), (b"a=" + b"x" * 10**6, "application/x-www-form-urlencoded"), (b"--x\r\n", "multipart/form-data; boundary=x")):  # fmt: skip
            answer = client.post(path, data=body, content_type=kind)
            assert answer.status_code < 500, (path, kind)
    assert (
        client.post("/join", data=b"x" * (5 * 2**20), content_type="application/x-www-form-urlencoded").status_code
        == 413
    )
