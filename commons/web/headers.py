"""Security headers on every answer, also on errors and static files, and the gate that every request passes.

No script, style, picture or form target of another site; nothing inline; no framing; no referrer to others; pages of signed-in
people are never stored by a cache.
"""

from __future__ import annotations

from flask import Flask, Response, abort, request, session

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
LONGEST_ADDRESS = 4000


def start(app: Flask) -> None:
    app.before_request(_gate)
    app.after_request(_headers)


def _gate() -> None:
    """Refuses what no honest browser sends, before anything reads it: NUL and broken text in addresses, endless addresses."""
    if len(request.full_path) > LONGEST_ADDRESS:
        abort(414 if request.method == "GET" else 400)
    for text in (request.path, *request.args.keys(), *request.args.values()):
        if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            abort(400)


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if "Cache-Control" not in response.headers:
        private = "_user_id" in session or response.status_code >= 400 or request.method not in ("GET", "HEAD")
        response.headers["Cache-Control"] = "private, no-store" if private else "private, no-cache"
    return response
