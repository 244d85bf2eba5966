"""What the web processes of these tests serve: the site itself, without limits on how often one address may write."""

from __future__ import annotations

from flask import Flask

import wsgi


def create_app() -> Flask:
    return wsgi.create_app({"RATELIMIT_ENABLED": False})
