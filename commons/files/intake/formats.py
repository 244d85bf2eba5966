"""Which content is taken, known by its bytes alone: a name and a claimed type are what a stranger says.

What is refused is refused in a sentence of its own, so that a person knows what to do instead.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

PICTURE_BYTES = 12 * 2**20  # a good photograph of 20 megapixels has 4 to 9 MB
DOCUMENT_BYTES = 20 * 2**20  # a report with pictures; more is slow to fetch on a poor line
HEAD = 4096  # bytes that show what it is
TAIL = 66_000  # bytes at the end in which the list of a ZIP archive must begin (its comment has up to 65,535)

PICTURES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
DOCUMENTS = {
    "application/pdf": "pdf",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "text/plain": "txt",
}
ENDINGS = PICTURES | DOCUMENTS
TEXTS = ("txt", "csv", "md")  # all of them text/plain: equally harmless, so the name may say which
ACCEPTED = ",".join((*PICTURES, "image/gif", *(f".{ending}" for ending in (*DOCUMENTS.values(), "csv", "md"))))

SENTENCES = {
    "empty": _l("This file is empty."),
    "too large picture": _l("This picture is larger than 12 MB. Save it smaller, and it will load faster too."),
    "too large document": _l("This document is larger than 20 MB. Make its pictures smaller, or split it."),
    "too many pixels": _l("This picture has more than 20 megapixels, or a side of more than 16,383. Make it smaller."),
    "markup": _l("Web pages, SVG and XML are not taken, because they can hold programs. Save it as PNG or PDF."),
    "program": _l("Programs and scripts are not taken."),
    "reaches out": _l("This document would read other files when it is opened. Save it anew, without such references."),
    "macros": _l("This document holds macros, which are programs. Save it without them."),
    "archive": _l("Archives are not taken. Add the files in it one by one, so that each has its licence."),
    "locked": _l("This document is locked with a password. Save it without one; here it would be of use to nobody."),
    "old": _l("This is an old or a locked office file. Save it without password as ODT, DOCX or PDF."),
    "other picture": _l("Browsers do not show pictures of this kind. Save it as JPEG, PNG or WebP."),
    "sound": _l("Sound and film are not taken here. Put them where they can be played, and link to them."),
    "broken": _l("This file is damaged or not complete. Look whether it opens on your device, and try again."),
    "two kinds": _l("This file is two kinds of file in one. Save it anew from the program that made it."),
    "bomb": _l("Unpacked, this document would be far larger than it looks. Save it anew, with smaller pictures."),
    "too much work": _l("This file takes too much work to open. Save it simpler or smaller."),
    "unknown": _l(
        "We do not know this kind of file. What can be added: JPEG, PNG, WebP and GIF pictures, PDF, "
        "OpenDocument and Office documents, plain text, CSV and Markdown."
    ),
}
_SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF87a", "picture"),
    (b"GIF89a", "picture"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
)
_REFUSED = (
    ("program", (b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa")),
    ("program", (b"\0asm", b"dex\n", b"@echo", b"@ECHO", b"L\0\0\0\x01\x14\x02\0")),
    ("old", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    ("archive", (b"PK\x05\x06", b"PK\x07\x08", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")),
    ("archive", (b"\x28\xb5\x2f\xfd", b"MSCF", b"\x1f\x9d", b"\x04\x22\x4d\x18", b"!<arch>")),
    ("other picture", (b"BM", b"II*\0", b"MM\0*", b"8BPS", b"\0\0\1\0", b"\xff\x0a", b"\0\0\0\x0cJXL ")),
    ("sound", (b"OggS", b"ID3", b"fLaC", b"\x1a\x45\xdf\xa3", b"\xff\xfb", b"\xff\xf3")),
)
_MARKUP = re.compile(rb"\s*<[A-Za-z!?/]")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


class Refused(Exception):
    """Content that is not taken; `code` is one of SENTENCES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def sentence(self) -> str:
        return str(SENTENCES.get(self.code, SENTENCES["unknown"]))


def family(head: bytes) -> str:
    """picture, pdf, zip or text, by the first HEAD bytes. Raises Refused."""
    if not head:
        raise Refused("empty")
    for sign, found in _SIGNS:
        if head.startswith(sign):
            return found
    if head.startswith(b"RIFF") and len(head) >= 12:
        if head[8:12] == b"WEBP":
            return "picture"
        raise Refused("sound")
    if head[4:8] == b"ftyp":
        raise Refused("other picture" if head[8:11] in (b"hei", b"hev", b"mif", b"avi") else "sound")
    if (head.startswith(b"MZ") and b"\0" in head) or (head[257:262] == b"ustar"):
        raise Refused("program" if head.startswith(b"MZ") else "archive")
    for code, signs in _REFUSED:
        if head.startswith(signs) and not (code == "other picture" and _is_text(head)):
            raise Refused(code)
    _begins_as_text(head)
    return "text"


def _is_text(head: bytes) -> bool:
    return not _NOT_TEXT.search(head)


def _begins_as_text(head: bytes) -> None:
    if head.startswith(_UTF_16):
        plain = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    else:
        plain = head.removeprefix(codecs.BOM_UTF8)
    if _MARKUP.match(plain):
        raise Refused("markup")
    if not plain.strip():
        raise Refused("empty" if len(head) < HEAD else "unknown")
    if not _is_text(plain):
        raise Refused("unknown")


def check_text(pieces: Iterable[bytes]) -> None:
    """Every byte of it could stand in a text. Raises Refused."""
    decoder = None
    for piece in pieces:
        if decoder is None:
            wide = piece.startswith(_UTF_16)
            decoder = codecs.getincrementaldecoder("utf-16" if wide else "latin-1")("replace")
        if _NOT_TEXT.search(decoder.decode(piece).encode()):
            raise Refused("unknown")


def check_pdf(tail: bytes) -> None:
    """Whole, and nothing but a PDF: one that is an archive too could carry past a reader what this site refuses."""
    if b"%%EOF" not in tail[-2048:]:
        raise Refused("broken")
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and at + 22 <= len(tail) and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail):
        raise Refused("two kinds")


def limit_of(found: str) -> tuple[int, str]:
    """The most bytes of a family, and the code of the sentence that says so."""
    if found == "picture":
        return PICTURE_BYTES, "too large picture"
    return DOCUMENT_BYTES, "too large document"


def type_label(media_type: str) -> str:
    """How people call it: `JPEG picture`, `PDF`, `Document (ODT)`."""
    ending = ENDINGS.get(media_type, "")
    if media_type in PICTURES:
        return _("%(type)s picture", type={"jpg": "JPEG"}.get(ending, ending).upper().replace("WEBP", "WebP"))
    labels = {
        "pdf": "PDF",
        "txt": _("Text"),
        "odt": _("Document (%(type)s)", type="ODT"),
        "docx": _("Document (%(type)s)", type="DOCX"),
        "ods": _("Spreadsheet (%(type)s)", type="ODS"),
        "xlsx": _("Spreadsheet (%(type)s)", type="XLSX"),
        "odp": _("Slides (%(type)s)", type="ODP"),
        "pptx": _("Slides (%(type)s)", type="PPTX"),
    }
    return labels.get(ending, media_type)
