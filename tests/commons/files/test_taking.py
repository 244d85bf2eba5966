"""What comes in is known by its bytes, made harmless, and refused in a sentence of its own."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import psutil
import pypdf
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import text
from PIL import Image

import wsgi
from commons.files.intake import formats, store
from commons.files.intake.bounds import WIDTHS
from commons.files.intake.formats import SENTENCES, Refused
from commons.files.intake.taking import Content, download_name, shown_name, taken
from tests.commons.files.samples import GOOD, REFUSED, SECRET, SVG, docx, odt, pdf, picture, striped, with_place
from tests.conftest import SETTINGS


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One site for all of them: what is looked at here knows no database."""
    return wsgi.create_app(SETTINGS | {"COMMONS_DATA": tmp_path_factory.mktemp("site")})


@pytest.fixture(autouse=True)
def _empty(site: Flask) -> Iterator[None]:
    with site.app_context():
        yield
        shutil.rmtree(store.root())


def take(content: bytes) -> Content:
    with taken(io.BytesIO(content)) as found:
        return found


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as fault, taken(io.BytesIO(content)):
        pass
    assert fault.value.sentence == str(SENTENCES[fault.value.code])
    return fault.value.code


@pytest.mark.parametrize("name", GOOD)
def test_what_members_bring_is_taken_and_known_by_its_bytes(name: str) -> None:
    content, media_type = GOOD[name]
    found = take(content)
    assert (found.media_type, found.is_picture) == (media_type, media_type.startswith("image/"))
    assert store.digest_of(store.path_of(found.digest)) == found.digest


@pytest.mark.parametrize("name", REFUSED)
def test_what_nobody_should_bring_is_refused_in_its_own_sentence(name: str) -> None:
    content, code = REFUSED[name]
    assert refusal(content) == code
    assert list(store.all_paths()) == [], "nothing of it stays"
    assert list((store.root() / "incoming").iterdir()) == []


def test_at_least_forty_odd_files_are_tried() -> None:
    assert len(REFUSED) >= 40


def test_the_hostile_files_of_the_shared_set_do_no_harm(shared: Path) -> None:
    codes = {}
    for path in sorted((shared / "hostile" / "files").iterdir()):
        try:
            with path.open("rb") as stream, taken(stream) as found:
                codes[path.name] = found.media_type
        except Refused as fault:
            codes[path.name] = fault.code
    assert codes["bomb_20000x1000.png"] == "too many pixels"
    assert codes["html_as_png.png"] == codes["svg_script.svg"] == "markup"
    assert codes["truncated.png"] == codes["gif_js_polyglot.gif"] == "broken"
    assert all(code == "text/plain" for name, code in codes.items() if name.endswith((".csv", ".json"))), codes


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_camera_place_and_time_are_nowhere_in_what_is_kept(kind: str) -> None:
    content = with_place(kind)
    assert SECRET.encode() in content
    found = take(content)
    kept = store.path_of(found.digest)
    for path in store.all_paths():
        inside = path.read_bytes()
        assert SECRET.encode() not in inside
        assert b"Exif" not in inside and b"EXIF" not in inside and b"eXIf" not in inside
    with Image.open(kept) as opened:
        assert not opened.getexif() and not opened.info.get("comment")


def test_a_picture_that_lay_on_its_side_stands_upright() -> None:
    found = take(with_place(orientation=6))  # turn it a quarter clockwise to see it right
    assert (found.width, found.height) == (40, 60)
    with Image.open(store.path_of(found.digest)) as upright:
        top, bottom = upright.convert("RGB").getpixel((20, 5)), upright.convert("RGB").getpixel((20, 55))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[0] > 200 > top[2] and bottom[2] > 200 > bottom[0], "the left half came to the top"


def test_what_hangs_behind_a_picture_is_gone() -> None:
    for kind in ("JPEG", "PNG", "GIF", "WEBP"):
        found = take(picture(kind, mode="P" if kind == "GIF" else "RGB", colour="black") + SVG + b"PK\x05\x06<script>")
        assert b"<s" not in store.path_of(found.digest).read_bytes()


def test_thumbnails_are_made_in_every_smaller_width() -> None:
    found = take(striped((1000, 500)))
    for width in WIDTHS:
        path = store.path_of(found.digest, width)
        assert path.exists() is (width < 1000)
        if path.exists():
            with Image.open(path) as small:
                assert (small.format, small.size) == ("WEBP", (width, width // 2))


def test_of_a_picture_that_moves_the_first_frame_is_kept() -> None:
    frames = [Image.new("P", (30, 30), colour) for colour in (1, 2, 3)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=50)
    found = take(out.getvalue())
    with Image.open(store.path_of(found.digest)) as still:
        assert (still.format, getattr(still, "n_frames", 1)) == ("PNG", 1)


def test_the_same_content_is_kept_once_and_under_its_digest() -> None:
    first, second = take(with_place()), take(with_place())
    assert first == second
    assert [path.name for path in store.all_paths()] == [first.digest]


def test_a_picture_of_twenty_megapixels_is_taken_and_the_web_process_hardly_grows() -> None:
    noise = Image.effect_noise((250, 200), 90).resize((5000, 4000), Image.Resampling.NEAREST).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=90)
    del noise
    before = psutil.Process().memory_info().rss
    found = take(out.getvalue())
    assert (found.width, found.height) == (5000, 4000)
    assert psutil.Process().memory_info().rss - before < 100 * 2**20


@pytest.mark.parametrize("name", ["odt with a bomb", "too many pixels", "too long a side", "odt that laughs"])
def test_a_bomb_leaves_the_web_process_as_it_was(name: str) -> None:
    content = REFUSED[name][0]
    before = psutil.Process().memory_info().rss
    refusal(content)
    assert psutil.Process().memory_info().rss - before < 100 * 2**20


class Endless(io.RawIOBase):
    """A browser that never stops sending."""

    def __init__(self, head: bytes) -> None:
        self.head, self.given = head, 0

    def read(self, size: int = -1) -> bytes:
        piece = (self.head + bytes(2**18))[:size] if not self.given else b" " * size
        self.given += len(piece)
        return piece


@pytest.mark.parametrize(
    ("head", "limit", "code"),
    [
        (b"\xff\xd8\xff\xe0", formats.PICTURE_BYTES, "too large picture"),
        (b"%PDF-1.7", formats.DOCUMENT_BYTES, "too large document"),
    ],
)
def test_reading_stops_at_the_limit(head: bytes, limit: int, code: str) -> None:
    stream = Endless(head)
    with pytest.raises(Refused) as fault, taken(stream):  # type: ignore[arg-type]
        pass
    assert fault.value.code == code
    assert stream.given < limit + 2**20


def test_a_pdf_behind_a_password_is_refused() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert refusal(out.getvalue()) == "locked"


def test_a_pdf_that_holds_web_code_is_kept_as_the_pdf_it_is() -> None:
    assert take(pdf(before_end=b"%<html><script>alert(1)</script>\n")).media_type == "application/pdf"


def test_an_honest_document_that_packs_well_is_taken() -> None:
    assert take(docx(*["The same line again and again."] * 20_000)).media_type.endswith("document")
    assert take(odt(*["Line"] * 100)).media_type.endswith("text")


def test_content_and_folders_can_be_read_by_their_owner_only() -> None:
    found = take(picture())
    path = store.path_of(found.digest)
    assert path.stat().st_mode & 0o777 == 0o600
    for folder in (path.parent, path.parent.parent, store.root()):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "", "A" * 64, "0" * 63, "0" * 65, "a/" * 32, "\0" * 64])
def test_no_other_name_becomes_a_path(name: str) -> None:
    with pytest.raises(ValueError):
        store.path_of(name)


def names() -> Iterator[tuple[str, str, str]]:
    yield "tank.jpg", "tank", "jpg"
    yield "../../etc/passwd", "passwd", ""
    yield "C:\\Users\\ana\\My tank.JPG", "My tank", "jpg"
    yield "a\0b\r\nc.png", "ab c", "png"
    yield "report.v2.final.pdf", "report.v2.final", "pdf"
    yield "Regenfässer.pdf", "Regenfässer", "pdf"
    yield "\u202egpj.exe", "gpj", "exe"
    yield 'say "hi" <now>?.txt', "say hi now", "txt"
    yield "x" * 400 + ".png", "x" * 100, "png"
    yield "", "", ""


@pytest.mark.parametrize(("given", "stem", "ending"), list(names()))
def test_a_name_is_only_a_name(given: str, stem: str, ending: str) -> None:
    assert shown_name(given) == (stem, ending)


def test_a_download_ends_as_its_content_is_called() -> None:
    assert download_name("tank.exe", "image/jpeg") == "tank.exe.jpg"
    assert download_name("", "application/pdf") == "file.pdf"
    assert download_name("table.csv", "text/plain") == "table.csv"
    assert download_name("table.html", "text/plain") == "table.html.txt"


def test_a_stream_is_read_piece_by_piece() -> None:
    sizes = []

    class Watching(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            sizes.append(size)
            return super().read(size)

    stream: BinaryIO = Watching(b"words " * 300_000)
    with taken(stream):
        pass
    assert max(size or 0 for size in sizes) <= store.PIECE and -1 not in sizes


@given(text(max_size=300))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_leads_anywhere_or_breaks_a_header(given_name: str) -> None:
    stem, ending = shown_name(given_name)
    shown = download_name(stem, "application/pdf")
    assert not set(shown) & set('/\\\0\r\n"<>|:*?') and len(shown) <= 110 and not shown.startswith(".")
    assert ending.isalnum() or not ending
