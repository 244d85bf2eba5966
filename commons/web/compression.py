"""Pages and JSON travel compressed, so that a first visit is light on a slow line; the build compresses static files.

A length can tell something about a page's secrets when a stranger's words stand in it (BREACH). Three things stand
against that: the session cookie is SameSite=Lax, so that other sites cannot make a browser ask in numbers for its
member; the signature in a form's token changes every second; and an answer to somebody with a session carries a name
of random length in its gzip header, so that equal pages are not equally long.
"""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Flask, Response, request, session

LEVEL = 5
WORTH_IT = 1000  # bytes
NOISE = 96  # letters of the name in the header: up to this many
TYPES = frozenset(
    (
        *("text/html", "text/plain", "text/csv", "application/json", "application/geo+json", "application/ld+json"),
        *("application/xml", "application/atom+xml", "application/problem+json", "image/svg+xml"),
    )
)


def start(app: Flask) -> None:
    app.after_request(compress)


def compress(response: Response) -> Response:
    if response.mimetype not in TYPES or response.direct_passthrough or response.is_streamed:
        return response
    if "Content-Encoding" in response.headers or response.content_length in (None, 0):
        return response
    response.vary.add("Accept-Encoding")
    strong, _weak = response.get_etag()
    if not request.accept_encodings["gzip"] or strong and not _weak or response.status_code == 206:
        return response
    body = response.get_data()
    if len(body) >= WORTH_IT:
        response.set_data(packed(body, noisy=bool(session)))
        response.headers["Content-Encoding"] = "gzip"
    return response


def packed(body: bytes, noisy: bool) -> bytes:
    name = "-" * secrets.randbelow(NOISE) if noisy else ""
    out = io.BytesIO()
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=LEVEL, fileobj=out, mtime=0) as file:
        file.write(body)
    return out.getvalue()
