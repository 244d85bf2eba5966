"""Draws docs/screens/ anew: five pages of the demo community, light and dark, on a phone and on a desk.

    python -m benchmarks.make_screens [FOLDER] [--language fr]

The site lives in a temporary folder. It wants a Chromium, as the browser tests do; fonts are those of this machine.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

import wsgi
from commons import db
from commons.config import ROOT
from commons.demo import actions as demo
from directory.models import Organisation
from tests.chromium import browser

SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}
LARGEST = 150_000  # bytes of a picture


class Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", default=str(ROOT / "docs" / "screens"))
    asked.add_argument("--language", default="en")
    options = asked.parse_args()
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        app = wsgi.create_app({"COMMONS_DATA": data, "RATELIMIT_ENABLED": False, "SECRET_KEY": "only for pictures"})
        with app.app_context():
            db.db.create_all()
            demo.load(print)
            shown = chosen()
        draw(app, shown, Path(data), folder, options.language)


def chosen() -> str:
    """An organisation that says much about itself and has a history."""
    rows = db.db.session.scalars(select(Organisation).where(Organisation.version > 2).order_by(Organisation.id)).all()
    return max(rows, key=lambda one: (bool(one.lat), len(one.description))).slug


def draw(app: Flask, shown: str, data: Path, folder: Path, language: str) -> None:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    pages = {
        "home": "/",
        "list": "/organisations",
        "organisation": f"/organisations/{shown}",
        "edit": f"/organisations/{shown}/edit",
        "history": f"/organisations/{shown}/history",
    }
    key = demo.sign_in(data)
    assert key, "the demo makes an account"
    try:
        with browser() as chromium:
            for colours in ("light", "dark"):
                for size in SIZES:
                    series(chromium, f"http://127.0.0.1:{server.port}", pages, (colours, size, language), key, folder)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def series(
    chromium: Browser, url: str, pages: dict[str, str], look: tuple[str, str, str], key: tuple[str, str], folder: Path
) -> None:
    colours, size, language = look
    context = chromium.new_context(
        base_url=url, locale=language, viewport=SIZES[size], color_scheme=colours, reduced_motion="reduce"
    )
    page = context.new_page()
    for name, address in pages.items():
        if name == "edit":
            sign_in(page, key)
        page.goto(address, wait_until="networkidle")
        target = folder / f"{name}-{size}-{colours}.png"
        page.screenshot(path=target)
        print(target.name, f"{target.stat().st_size:,}")
        assert target.stat().st_size < LARGEST, f"{target.name} is too large"
    context.close()


def sign_in(page: Page, key: tuple[str, str]) -> None:
    page.goto("/sign-in")
    page.locator("input[name=who]").fill(key[0])
    page.locator("input[name=password]").fill(key[1])
    page.locator("main form button").click()
    page.locator(".masthead .person").wait_for()


if __name__ == "__main__":
    main()
