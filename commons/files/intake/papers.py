"""In the child: office documents and plain text. Are they what they say, are they safe to open, and which words stand in them?

Office documents are ZIP archives of XML. Nothing is unpacked to the disk, no name in an archive is followed, no reference is resolved.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from commons.files.intake.bounds import HARMLESS, MEMBERS, RATIO, UNPACKED, WORDS
from commons.files.intake.child import Fault, enough, work

OPEN = "application/vnd.oasis.opendocument."
OFFICE = "application/vnd.openxmlformats-officedocument."
ODF = {f"{OPEN}text": "content.xml", f"{OPEN}spreadsheet": "content.xml", f"{OPEN}presentation": "content.xml"}
OOXML = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{OFFICE}presentationml.presentation",
}
TEXTS = {  # where the words of each stand, in reading order
    f"{OFFICE}wordprocessingml.document": re.compile(r"word/(document|footnotes|endnotes)\.xml"),
    f"{OFFICE}spreadsheetml.sheet": re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml"),
    f"{OFFICE}presentationml.presentation": re.compile(r"ppt/slides/slide\d+\.xml"),
    **{media_type: re.compile(r"content\.xml") for media_type in ODF},
}
MACROS = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml|Basic/.*|Scripts/.+)$", re.IGNORECASE)
DOORS = re.compile(rb"<!(ENTITY|DOCTYPE)", re.IGNORECASE)


def look(source: BinaryIO, _folder: Path, _word: str) -> dict[str, Any]:
    """The media type of an archive that is a document. Raises Fault with the reason not to take it."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = _members(archive)
            media_type = _office(archive, names)
            _no_doors(archive, names)
    except (zipfile.BadZipFile, EOFError, NotImplementedError):
        raise Fault("broken") from None
    return {"media_type": media_type}


def _members(archive: zipfile.ZipFile) -> list[str]:
    """The names in it, when it unpacks to a sensible size and none of them leads out of it."""
    members = archive.infolist()
    unpacked, packed = sum(one.file_size for one in members), sum(one.compress_size for one in members)
    if len(members) > MEMBERS or unpacked > UNPACKED or unpacked > max(HARMLESS, RATIO * packed):
        raise Fault("bomb")
    names = [one.filename for one in members]
    if any(one.flag_bits & 1 for one in members):
        raise Fault("locked")
    if len(set(names)) < len(names) or any(_leads_out(name) for name in names):
        raise Fault("two kinds")
    if any(MACROS.search(name) for name in names):
        raise Fault("macros")
    return names


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/")


def _office(archive: zipfile.ZipFile, names: list[str]) -> str:
    if names and names[0] == "mimetype":
        media_type = archive.read("mimetype").decode("ascii", "replace").strip()
        if ODF.get(media_type) in names:
            if b"encryption-data" in _some(archive, "META-INF/manifest.xml"):
                raise Fault("locked")
            return media_type
    if "[Content_Types].xml" in names:
        if b"macroEnabled" in _some(archive, "[Content_Types].xml"):
            raise Fault("macros")
        for inside, media_type in OOXML.items():
            if inside in names:
                return media_type
    raise Fault("archive")


def _some(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as member:
        return member.read(2**20)


def _no_doors(archive: zipfile.ZipFile, names: list[str]) -> None:
    """No XML in it declares a document type: that is how a document reads files of the machine it is opened on."""
    for name in names:
        if name.lower().endswith((".xml", ".rels", ".rdf")) and not name.startswith("META-INF/"):
            with archive.open(name) as member:
                before = b""
                while piece := member.read(2**18):
                    if DOORS.search((before + piece).replace(b"\0", b"")):
                        raise Fault("reaches out")
                    before = piece[-32:]


def words(source: BinaryIO, _folder: Path, media_type: str) -> dict[str, Any]:
    if media_type == "text/plain":
        return {"words": _plain(source.read(4 * WORDS))[:WORDS]}
    return {"words": enough(_paragraphs(source, media_type))}


def _plain(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        return content.decode("utf-8-sig" if fault.start > len(content) - 4 else "cp1252", "replace")


def _paragraphs(source: BinaryIO, media_type: str) -> Iterator[str]:
    with zipfile.ZipFile(source) as archive:
        names = [name for name in _members(archive) if TEXTS[media_type].fullmatch(name)]
        for name in sorted(
            names, key=lambda one: [int(part) if part.isdigit() else 0 for part in re.split(r"(\d+)", one)]
        ):
            with archive.open(name) as member:
                yield from _lines(member)


def _lines(member: Any) -> Iterator[str]:
    """Line by line, a paragraph, heading or cell each; what was read is let go at once."""
    try:
        for _event, element in iterparse(member, forbid_dtd=True):
            name = str(element.tag).rpartition("}")[2]
            if name in ("p", "h", "si", "is"):
                line = "".join(element.itertext()).strip()
                element.clear()
                if line:
                    yield line
            elif name in ("tab", "br", "line-break", "s") and not element.text:
                element.text = " "
            elif name in ("row", "table-row", "sldId"):
                element.clear()
    except (DefusedXmlException, ParseError):
        raise Fault("broken") from None


def main() -> None:
    work({"look": look, "words": words})
