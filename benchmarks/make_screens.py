"""Draws docs/screens/ anew: twenty-four pages of the demo community, light and dark, on a phone and on a desk.

    python -m benchmarks.make_screens [FOLDER] [--language fr]

The site lives in a temporary folder. It wants a Chromium, as the browser tests do; fonts are those of this machine.
"""

from __future__ import annotations

import argparse
import base64
import struct
import tempfile
import threading
import zlib
from pathlib import Path
from typing import Literal

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

import wsgi
from commons import db
from commons.config import ROOT
from commons.demo import actions as demo
from commons.forums.models import Topic
from directory.merging.actions import find_all
from directory.merging.models import Suspect
from directory.models import Organisation
from directory.partnerships.board.models import Posting
from directory.partnerships.dossiers.models import Party, Proposal
from tests.chromium import browser

SIZES = {"phone": ViewportSize(width=360, height=740), "desktop": ViewportSize(width=1280, height=900)}
COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
Look = tuple[Literal["light", "dark"], str, str]
LARGEST = 150_000  # bytes of a picture
QUANTISE = """async text => {
    const bytes = Uint8Array.from(atob(text), sign => sign.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
    const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const dots = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer), many = new Map();
    for (const dot of dots) many.set(dot, (many.get(dot) || 0) + 1);
    const palette = [...many].sort((a, b) => b[1] - a[1]).slice(0, 256).map(one => one[0]);
    const known = new Map(palette.map((dot, index) => [dot, index]));
    const parts = dot => [dot & 255, dot >> 8 & 255, dot >> 16 & 255];
    const colours = palette.map(parts);
    const nearest = dot => {
        const [r, g, b] = parts(dot);
        let best = 0, least = Infinity;
        colours.forEach((one, index) => {
            const far = (one[0] - r) ** 2 + (one[1] - g) ** 2 + (one[2] - b) ** 2;
            if (far < least) [best, least] = [index, far];
        });
        return best;
    };
    const rows = new Uint8Array(dots.length);
    dots.forEach((dot, at) => {
        if (!known.has(dot)) known.set(dot, nearest(dot));
        rows[at] = known.get(dot);
    });
    let out = '';
    for (let at = 0; at < rows.length; at += 8192) out += String.fromCharCode(...rows.subarray(at, at + 8192));
    return {wide: image.width, palette: colours.flat(), rows: btoa(out)};
}"""


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
            find_all()
            shown = pages()
        draw(app, shown, Path(data), folder, options.language)


def pages() -> dict[str, str]:
    """Name of a picture -> address. From "edit" on the one who looks is signed in."""
    shown = chosen()
    return {
        "home": "/",
        "list": "/organisations",
        "results": "/search?q=water+in+kenya",
        "area": "/focus/water",
        "country": "/places/KE",
        "gaps": "/partnerships/gaps",
        "organisation": f"/organisations/{shown}",
        "edit": f"/organisations/{shown}/edit",
        "history": f"/organisations/{shown}/history",
        "wiki": "/wiki",
        "page": "/wiki/rainwater-harvesting-for-schools",
        "page-edit": "/wiki/rainwater-harvesting-for-schools/edit?section=2",
        "page-history": "/wiki/rainwater-harvesting-for-schools/history",
        "page-diff": "/wiki/rainwater-harvesting-for-schools/diff/1/2",
        "file": "/files/rain-from-a-roof-into-a-tank",
        "forum": "/forums/water-and-sanitation",
        "topic": f"/topics/{answered()}",
        "group": "/groups/rain-and-tank-keepers",
        "feed": "/feed",
        "notices": "/notices",
        "profile": "/members/lucia",
        "merge": suspected(),
        **agreed(),
    }


def chosen() -> str:
    """An organisation that says much about itself and has a history."""
    rows = db.db.session.scalars(select(Organisation).where(Organisation.version > 2).order_by(Organisation.id)).all()
    return max(rows, key=lambda one: (bool(one.lat), len(one.description))).slug


def answered() -> int:
    """A question of the open forums that was answered, and about which much was said."""
    asked = select(Topic).where(Topic.answer_id.is_not(None), Topic.audience == "public")
    return db.db.session.scalars(asked.order_by(Topic.posts.desc(), Topic.id).limit(1)).one().id


def suspected() -> str:
    """Two records that are most alike."""
    found = select(Suspect).where(Suspect.state == "open").order_by(Suspect.score.desc(), Suspect.id).limit(1)
    pair = db.db.session.scalars(found).one()
    return f"/organisations/duplicates/{pair.one_id}/{pair.other_id}"


def agreed() -> dict[str, str]:
    """Who fits to a need of the one who is signed in, and the dossier with the most steps."""
    of = select(Organisation.id).where(Organisation.source_id == "demo-lakeside-rain").scalar_subquery()
    need = select(Posting).where(Posting.kind == "need", Posting.within_id == of).order_by(Posting.id).limit(1)
    dossier = (
        select(Proposal)
        .join(Party)
        .where(Party.organisation_id == of)
        .order_by(Proposal.version.desc(), Proposal.id)
        .limit(1)
    )
    numbers = db.db.session.scalars(need).one().id, db.db.session.scalars(dossier).one().id
    return {"matches": f"/partnerships/needs/{numbers[0]}/matches", "dossier": f"/partnerships/proposals/{numbers[1]}"}


def draw(app: Flask, shown: dict[str, str], data: Path, folder: Path, language: str) -> None:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    key = demo.sign_in(data)
    assert key, "the demo makes an account"
    try:
        with browser() as chromium:
            for colours in COLOURS:
                for size in SIZES:
                    series(chromium, f"http://127.0.0.1:{server.port}", shown, (colours, size, language), key, folder)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def series(chromium: Browser, url: str, pages: dict[str, str], look: Look, key: tuple[str, str], folder: Path) -> None:
    colours, size, language = look
    context = chromium.new_context(
        base_url=url, locale=language, viewport=SIZES[size], color_scheme=colours, reduced_motion="reduce"
    )
    page, painter = context.new_page(), context.new_page()
    for name, address in pages.items():
        if name == "edit":
            sign_in(page, key)
        page.goto(address, wait_until="networkidle")
        target = folder / f"{name}-{size}-{colours}.png"
        target.write_bytes(smaller(painter, page.screenshot()))
        print(target.name, f"{target.stat().st_size:,}")
        assert target.stat().st_size < LARGEST, f"{target.name} is too large"
    context.close()


def smaller(painter: Page, picture: bytes) -> bytes:
    """The picture with 256 colours, compressed as well as it can be: a third of what the browser writes."""
    found = painter.evaluate(QUANTISE, base64.b64encode(picture).decode())
    rows, wide = base64.b64decode(found["rows"]), found["wide"]
    lines = b"".join(b"\0" + rows[start : start + wide] for start in range(0, len(rows), wide))
    size = struct.pack(">IIBBBBB", wide, len(rows) // wide, 8, 3, 0, 0, 0)
    parts = (b"IHDR", size), (b"PLTE", bytes(found["palette"])), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def sign_in(page: Page, key: tuple[str, str]) -> None:
    page.goto("/sign-in")
    page.locator("input[name=who]").fill(key[0])
    page.locator("input[name=password]").fill(key[1])
    page.locator("main form button").click()
    page.locator(".masthead .person").wait_for()


if __name__ == "__main__":
    main()
