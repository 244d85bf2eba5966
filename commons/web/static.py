"""Static files: built names carry a hash of their content, so they may be kept for a year; without a build the plain sources serve."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory, url_for

STATIC = Path(__file__).resolve().parent.parent / "static"
LONGEST_NAME = 120  # longer ones are an error of the file system on some systems
YEAR = 365 * 24 * 3600


def start(app: Flask) -> None:
    app.add_template_global(static_url)
    app.add_url_rule("/static/<path:filename>", "asset", serve)


@lru_cache(maxsize=1)
def _built() -> dict[str, str]:
    manifest = STATIC / "built" / "manifest.json"
    return dict(json.loads(manifest.read_text(encoding="utf-8"))) if manifest.exists() else {}


def static_url(name: str) -> str | None:
    """The address of a static file; none for a script that was never built (pages work without)."""
    if built := _built().get(name):
        return url_for("asset", filename=built)
    plain = STATIC / "source" / name
    return url_for("asset", filename=name) if plain.exists() and not name.endswith(".js") else None


def serve(filename: str) -> Response:
    if len(filename) > LONGEST_NAME or "\x00" in filename:
        abort(404)
    built = STATIC / "built" / filename
    if not built.is_file():
        return send_from_directory(STATIC / "source", filename, max_age=0)
    encoding = next(
        (e for e, end in (("br", ".br"), ("gzip", ".gz")) if _takes(e) and built.with_name(built.name + end).is_file()),
        None,
    )
    ending = {"br": ".br", "gzip": ".gz"}.get(encoding or "", "")
    response = send_from_directory(STATIC / "built", filename + ending, max_age=YEAR)
    if encoding:
        response.headers["Content-Encoding"] = encoding
        response.headers["Content-Type"] = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}.get(
            built.suffix, "application/octet-stream"
        ) + "; charset=utf-8"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def _takes(encoding: str) -> bool:
    return bool(request.accept_encodings[encoding])
