"""How often one address may do what costs or harms: one table by action, the same for pages and API.

Addresses are never stored: the key is a keyed hash that lives in memory (or in REDIS_URL) for the length of its window. An IPv6
network of 64 bits counts as one address. Without REDIS_URL each web process counts for itself.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress

from flask import Flask, current_app, request
from flask_limiter import Limiter

TABLE = {
    "sign in": "10 per minute; 60 per hour",
    "join": "5 per minute; 20 per hour",
    "forgot": "3 per minute; 10 per hour",
    "reset": "10 per minute",
    "contact": "3 per day",
    "write": "60 per minute; 600 per hour",
    "upload": "10 per minute; 100 per hour",
    "search": "240 per minute",
    "api": "600 per minute",
}


def key() -> str:
    try:
        address = ipaddress.ip_address(request.remote_addr or "0.0.0.0")
        network = ipaddress.ip_network(f"{address}/{64 if address.version == 6 else 32}", strict=False)
        text = str(network)
    except ValueError:
        text = "unknown"
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), text.encode(), hashlib.sha256).hexdigest()[:24]


limiter = Limiter(key, headers_enabled=False, strategy="fixed-window")


def start(app: Flask) -> None:
    app.config.setdefault("RATELIMIT_STORAGE_URI", app.config["REDIS_URL"] or "memory://")
    app.config.setdefault("RATELIMIT_SWALLOW_ERRORS", False)
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", bool(app.config["REDIS_URL"]))
    limiter.init_app(app)
