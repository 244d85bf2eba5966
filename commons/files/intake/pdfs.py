"""In the child: PDF. Does it open, and which words stand in it?"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import pypdf

from commons.files.intake.child import Fault, enough, work


def look(source: BinaryIO, _folder: Path, _word: str) -> dict[str, Any]:
    if not len(_opened(source).pages):
        raise Fault("broken")
    return {"media_type": "application/pdf"}


def words(source: BinaryIO, _folder: Path, _word: str) -> dict[str, Any]:
    return {"words": enough(page.extract_text() for page in _opened(source).pages)}


def _opened(source: BinaryIO) -> pypdf.PdfReader:
    reader = pypdf.PdfReader(source, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Fault("locked")
    return reader


def main() -> None:
    work({"look": look, "words": words})
