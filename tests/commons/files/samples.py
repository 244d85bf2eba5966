"""Files as members bring them, and as nobody should: all made here, byte by byte."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from PIL import Image

PLACE = (52.0, 31.0, 0.0)
SECRET = "Zqxcamera of a person"


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), colour: str = "teal", mode: str = "RGB", **how: Any
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **how)
    return out.getvalue()


def striped(size: tuple[int, int], kind: str = "PNG") -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    found = Image.new("RGB", size, "red")
    found.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    found.save(out, kind, quality=95)
    return out.getvalue()


def with_place(kind: str = "JPEG", orientation: int = 1) -> bytes:
    """As a telephone writes it: camera, time and place beside the picture."""
    exif = Image.Exif()
    exif[0x0110] = SECRET
    exif[0x0112] = orientation
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", PLACE, "E", (13.0, 24.0, 0.0)
    out = io.BytesIO()
    found = Image.new("RGB", (60, 40), "red")
    found.paste("blue", (30, 0, 60, 40))
    more: dict[str, Any] = {"comment": SECRET.encode()} if kind == "JPEG" else {}
    found.save(out, kind, exif=exif, quality=95, **more)
    return out.getvalue()


def pdf(text: str = "Rainwater harvesting", *, pages: int = 1, before_end: bytes = b"") -> bytes:
    """A small PDF with a line of text on each page, its table of contents right to the byte."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(pages):
        stream = f"BT /F1 12 Tf 72 720 Td ({text} {number + 1}) Tj ET"
        parts += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n".encode("latin-1")
    out += before_end
    at = len(out)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return out + f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n".encode()


def archive(members: dict[str, bytes | str], first: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        if first:
            packed.writestr(zipfile.ZipInfo("mimetype"), first)
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


ODF = "application/vnd.oasis.opendocument."


def odt(*lines: str, kind: str = "text", more: dict[str, bytes | str] | None = None, before: str = "") -> bytes:
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in lines)
    content = (
        f"<?xml version='1.0'?>{before}<office:document-content xmlns:office='o' xmlns:text='t'>"
        f"<office:body>{paragraphs}</office:body></office:document-content>"
    )
    manifest = "<manifest/>"
    return archive({"content.xml": content, "META-INF/manifest.xml": manifest, **(more or {})}, first=f"{ODF}{kind}")


TYPES = "<Types><Override ContentType='plain'/></Types>"


def docx(*lines: str, more: dict[str, bytes | str] | None = None) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    body = f"<w:document xmlns:w='w'><w:body>{paragraphs}</w:body></w:document>"
    return archive({"[Content_Types].xml": TYPES, "word/document.xml": body, **(more or {})})


def xlsx(*cells: str) -> bytes:
    strings = "".join(f"<si><t>{cell}</t></si>" for cell in cells)
    return archive(
        {
            "[Content_Types].xml": TYPES,
            "xl/workbook.xml": "<workbook/>",
            "xl/sharedStrings.xml": f"<sst>{strings}</sst>",
            "xl/worksheets/sheet1.xml": "<worksheet><row><c t='inlineStr'><is><t>inline</t></is></c></row></worksheet>",
        }
    )


def pptx(*slides: str) -> bytes:
    members: dict[str, bytes | str] = {"[Content_Types].xml": TYPES, "ppt/presentation.xml": "<p/>"}
    for number, words in enumerate(slides, 1):
        members[f"ppt/slides/slide{number}.xml"] = f"<s xmlns:a='a'><a:p><a:r><a:t>{words}</a:t></a:r></a:p></s>"
    return archive(members)


XXE = "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
LAUGHS = "<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"


def many_zeros(size: int) -> bytes:
    """A document that unpacks to `size` bytes of nothing."""
    return odt("x", more={"Pictures/zero.bmp": bytes(size)})


GOOD: dict[str, tuple[bytes, str]] = {
    "photo.jpg": (picture("JPEG"), "image/jpeg"),
    "drawing.png": (picture("PNG", mode="RGBA"), "image/png"),
    "palette.png": (picture("PNG", mode="P", colour=3), "image/png"),  # type: ignore[arg-type]
    "scan.png": (picture("PNG", mode="1", colour=1), "image/png"),  # type: ignore[arg-type]
    "deep.png": (picture("PNG", mode="I;16", colour=40000), "image/png"),  # type: ignore[arg-type]
    "print.jpg": (picture("JPEG", mode="CMYK", colour=(10, 20, 30, 40)), "image/jpeg"),  # type: ignore[arg-type]
    "grey.jpg": (picture("JPEG", mode="L", colour=90), "image/jpeg"),  # type: ignore[arg-type]
    "web.webp": (picture("WEBP"), "image/webp"),
    "still.gif": (picture("GIF", mode="P", colour=2), "image/png"),  # type: ignore[arg-type]
    "report.pdf": (pdf(), "application/pdf"),
    "letter.odt": (odt("Dear all"), f"{ODF}text"),
    "table.ods": (odt("Cell", kind="spreadsheet"), f"{ODF}spreadsheet"),
    "slides.odp": (odt("Slide", kind="presentation"), f"{ODF}presentation"),
    "letter.docx": (docx("Dear all"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "table.xlsx": (xlsx("Cell"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "talk.pptx": (pptx("Slide"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "notes.txt": ("Zwölf Bäume\n".encode(), "text/plain"),
    "old notes.txt": ("Zwölf Bäume\n".encode("cp1252"), "text/plain"),
    "wide.csv": ("a;b\r\n1;ü\r\n".encode("utf-16"), "text/plain"),
    "read me.md": (b"# Read me\n\nA < B and <b>bold</b>\n", "text/plain"),
}

SCRIPT = b"<script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "only spaces": (b"  \n\t ", "empty"),
    "svg": (SVG, "markup"),
    "svg with a declaration": (b"<?xml version='1.0'?>" + SVG, "markup"),
    "svg after a mark of order": (b"\xef\xbb\xbf  " + SVG, "markup"),
    "svg in wide letters": (SVG.decode().encode("utf-16"), "markup"),
    "html": (b"<!doctype html><p>x" + SCRIPT, "markup"),
    "html after a comment": (b"\n\n<!-- x --><html>" + SCRIPT, "markup"),
    "script alone": (SCRIPT, "markup"),
    "xml": (b"<?xml version='1.0'?><r/>", "markup"),
    "xslt": (b"<xsl:stylesheet/>", "markup"),
    "php": (b"<?php system($_GET['c']); ?>", "markup"),
    "windows program": (b"MZ\x90\0\x03\0\0\0" + bytes(200), "program"),
    "linux program": (b"\x7fELF\x02\x01\x01" + bytes(200), "program"),
    "java class": (b"\xca\xfe\xba\xbe\0\0\0\x34", "program"),
    "wasm": (b"\0asm\x01\0\0\0", "program"),
    "shell script": (b"#!/bin/sh\nrm -rf /\n", "program"),
    "batch file": (b"@echo off\r\ndel *\r\n", "program"),
    "zip": (archive({"a.txt": "a"}), "archive"),
    "empty zip": (archive({}), "archive"),
    "jar": (archive({"META-INF/MANIFEST.MF": "x", "A.class": b"\xca\xfe\xba\xbe"}), "archive"),
    "epub": (archive({"a": "b"}, first="application/epub+zip"), "archive"),
    "gzip": (b"\x1f\x8b\x08\0" + bytes(30), "archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(30), "archive"),
    "rar": (b"Rar!\x1a\x07\0" + bytes(30), "archive"),
    "tar": (b"a.txt" + bytes(252) + b"ustar\x0000" + bytes(250), "archive"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(40), "other picture"),
    "bmp": (picture("BMP"), "other picture"),
    "tiff": (picture("TIFF"), "other picture"),
    "icon": (picture("ICO"), "other picture"),
    "mp4": (b"\0\0\0\x18ftypisom" + bytes(40), "sound"),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(40), "sound"),
    "mp3": (b"ID3\x04\0\0" + bytes(40), "sound"),
    "rtf": (b"{\\rtf1\\bin\0\x01\x02", "unknown"),
    "noise": (bytes(range(1, 250)), "unknown"),
    "text with a null": (b"hello\0world", "unknown"),
    "text with a null far inside": (b"hello " * 2000 + b"\0", "unknown"),
    "cut png": (picture("PNG", (300, 300))[:120], "broken"),
    "cut jpeg": (picture("JPEG", (300, 300))[:400], "broken"),
    "png in name only": (b"\x89PNG\r\n\x1a\n" + SCRIPT, "broken"),
    "jpeg in name only": (b"\xff\xd8\xff\xe0" + SCRIPT, "broken"),
    "gif that is a script": (b"GIF89a/*" + bytes(4) + b"*/=1;alert(1)//;", "broken"),
    "webp in name only": (b"RIFF\x40\0\0\0WEBPVP8 " + SCRIPT, "broken"),
    "cut pdf": (pdf()[:-40], "broken"),
    "pdf of nothing": (b"%PDF-1.7\n" + SCRIPT + b"\n%%EOF", "broken"),
    "pdf that is a zip too": (pdf() + archive({"a.exe": b"MZ"}), "two kinds"),
    "pdf that is a zip at its end": (pdf()[:-6] + archive({"a": "b"})[:-2] + b"\x07\0\n%%EOF\n", "two kinds"),
    "cut odt": (odt("x" * 5000)[:-30], "broken"),
    "locked odt": (odt("x", more={"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "locked"),
    "odt with macros": (odt("x", more={"Basic/Standard/Module1.xml": "<m/>"}), "macros"),
    "docx with macros": (docx("x", more={"word/vbaProject.bin": b"x"}), "macros"),
    "odt that reads files": (odt("&amp;x;", before=XXE), "reaches out"),
    "docx that reads files": (docx("x", more={"word/footnotes.xml": XXE + "<f>&x;</f>"}), "reaches out"),
    "docx that reads files in wide letters": (
        docx("x", more={"word/header1.xml": (XXE + "<f/>").encode("utf-16")}),
        "reaches out",
    ),
    "odt that laughs": (odt("&b;", before=LAUGHS), "reaches out"),
    "odt that leads out": (odt("x", more={"../../etc/cron.d/x": "x"}), "two kinds"),
    "odt that leads to a drive": (odt("x", more={"C:\\x.bat": "x"}), "two kinds"),
    "odt with a bomb": (many_zeros(60 * 2**20), "bomb"),
    "odt with a small bomb": (many_zeros(20 * 2**20), "bomb"),
    "odt of a thousand files": (odt("x", more={f"p/{n}": "" for n in range(1001)}), "bomb"),
    "too many pixels": (picture("PNG", (6000, 4000), mode="1", colour=1), "too many pixels"),  # type: ignore[arg-type]
    "too long a side": (picture("PNG", (20_000, 100), mode="1", colour=1), "too many pixels"),  # type: ignore[arg-type]
}

BEFORE = (b"\xef\xbb\xbf", b"\r\n\r\n", b" \t", b"<!-- GIF89a -->", b"<?xml version='1.0' encoding='UTF-7'?>")
AFTER = (
    SVG,
    b"<html xmlns='http://www.w3.org/1999/xhtml'>" + SCRIPT,
    b"<math><mtext><style><img src=x onerror=alert(1)>",
    b"<!DOCTYPE html>" + SCRIPT,
    b"<body onload=alert(1)>\x89PNG\r\n",
)
POLYGLOTS = [before + after for before in BEFORE for after in AFTER]
