"""From a stream to content that is safe to keep: known by its bytes, made harmless, on the disk under its digest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from commons.files.intake import formats, store
from commons.files.intake.bounds import DOCUMENT, PICTURE
from commons.files.intake.workshop import ask
from commons.text import clean_line

NAME = 100  # characters of a download's name
_ODD = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Content:
    digest: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        return self.width is not None


@contextmanager
def taken(stream: BinaryIO) -> Iterator[Content]:
    """The stream's content, in its place on the disk; the sweeper waits until the block, which writes the row, has ended.

    Raises formats.Refused.
    """
    with store.workbench() as bench:
        head = stream.read(formats.HEAD)
        found = formats.family(head)
        digest = store.copy(stream, head, bench / "came", *formats.limit_of(found))
        if found == "picture":
            content = _picture(bench)
        else:
            content = Content(digest, _document(bench, found), (bench / "came").stat().st_size)
        with store.held():
            _keep(bench, content)
            yield content


def _picture(bench: Path) -> Content:
    made = ask("pictures", "bake", bench / "came", bench, PICTURE)
    full = bench / "full"
    return Content(store.digest_of(full), made["media_type"], full.stat().st_size, made["width"], made["height"])


def _document(bench: Path, found: str) -> str:
    with (bench / "came").open("rb") as file:
        if found == "text":
            formats.check_text(iter(lambda: file.read(store.PIECE), b""))
            return "text/plain"
        if found == "pdf":
            file.seek(max(0, (bench / "came").stat().st_size - formats.TAIL))
            formats.check_pdf(file.read())
    return str(ask("pdfs" if found == "pdf" else "papers", "look", bench / "came", bench, DOCUMENT)["media_type"])


def _keep(bench: Path, content: Content) -> None:
    store.keep(bench / ("full" if content.is_picture else "came"), content.digest)
    keep_thumbnails(bench, content.digest)


def keep_thumbnails(bench: Path, digest: str) -> None:
    for path in sorted(bench.iterdir()):
        if path.name.isdigit():
            store.keep(path, digest, int(path.name))


def shown_name(given: str) -> tuple[str, str]:
    """(stem, ending) of the name that a browser gave: without folders and signs that mean something to a machine."""
    name = clean_line(given.replace("\\", "/").rpartition("/")[2])
    stem, dot, ending = name.rpartition(".")
    if not dot or not ending.isalnum() or len(ending) > 5:
        stem, ending = name, ""
    return " ".join(_ODD.sub(" ", stem).split()).strip(" .")[:NAME].strip(" ."), ending.lower()


def download_name(name: str, media_type: str) -> str:
    """The name of a download: the ending is what the content is; among texts, what its owner called it."""
    stem, dot, ending = name.rpartition(".")
    if media_type == "text/plain" and dot and ending in formats.TEXTS:
        return name
    return f"{name or 'file'}.{formats.ENDINGS.get(media_type, 'bin')}"
