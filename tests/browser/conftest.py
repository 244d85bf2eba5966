"""A real browser in front of a real server: forms are protected, mails fall into a folder, the worker follows the log.

The directory holds some forty real organisations of the shipped open data. The server listens on loopback in this
process; nothing of the tests goes to any other machine, and `Watch` holds every page to that.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import WSGIRequestHandler, make_server

import wsgi
from commons.config import ROOT
from commons.db import db
from commons.entries import followers
from commons.focus.commands import plant_shipped
from commons.members.models import Member
from commons.search.follower import rebuild
from directory.actions import confirm_organisation, edit_organisation
from directory.importing import import_file
from directory.models import Organisation
from tests.browser.talking import say_things
from tests.browser.watching import Site
from tests.browser.writing import write_pages
from tests.cast import Cast, gather
from tests.chromium import browser
from tests.conftest import SETTINGS

DEMO = ROOT / "commons" / "demo" / "organisations.jsonl.gz"
EVERY, MANY = 67, 44  # some of each source and of many countries


class Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    server = make_server("127.0.0.1", 0, refuse_early, threaded=True, request_handler=Silent)
    url = f"http://127.0.0.1:{server.port}"
    app = wsgi.create_app(SETTINGS | {"COMMONS_DATA": folder, "SITE_URL": url, "WTF_CSRF_ENABLED": True})
    with app.app_context():
        db.create_all()
        plant_shipped()
        gather()
        names = fill(folder)
        write_pages()
        said = say_things()
        followers.catch_up()
        rebuild()
        db.session.remove()
    server.app = app
    stop = threading.Event()
    threads = [threading.Thread(target=server.serve_forever), threading.Thread(target=work, args=(app, stop))]
    for thread in threads:
        thread.start()
    yield Site(app, url, folder, said=said, **names)
    stop.set()
    followers.wake()
    server.shutdown()
    for thread in threads:
        thread.join(30)
    server.server_close()


def refuse_early(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("503 Not yet", [])
    return [b"not yet"]


def work(app: Any, stop: threading.Event) -> None:
    with app.app_context():
        followers.run(stop.is_set)


def fill(folder: Path) -> dict[str, str]:
    """Imports the slice; returns the addresses of a record that says much and of one that says little."""
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    with gzip.open(DEMO, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, EVERY * MANY, EVERY):
            row = json.loads(line)
            rows.setdefault((row.pop("source"), row.pop("licence")), []).append(row)
    for number, ((source, licence), some) in enumerate(rows.items()):
        file = folder / f"some-{number}.jsonl"
        file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in some), encoding="utf-8")
        import_file(file, source=source, licence=licence, mapping="plain")
    found = sorted(db.session.query(Organisation), key=lambda one: (len(one.description), len(one.focus)))
    poor, rich, ana = found[0], found[-1], Cast().ana
    improve(rich, ana)
    return {"poor": poor.slug, "rich": rich.slug}


def improve(rich: Organisation, who: Member) -> None:
    confirm_organisation(rich, version=rich.version, actor=who)
    values: dict[str, Any] = {"founded": 1998, "languages": ["en", "fr"], "sdgs": [6, 13]}
    edit_organisation(rich, values, version=rich.version, actor=who, note="From their yearly report")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found
