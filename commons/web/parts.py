"""Parts of the frame that are the same on many pages: drawn once for what is handed to them, and remembered.

A part sees nothing but its values, the reader's language and where the site is mounted: that is its whole key, so that nothing
of one reader can stand on another's page.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from flask import Flask, request
from markupsafe import Markup

from commons.web.languages import reader

MOST = 512  # parts kept


def start(app: Flask) -> None:
    known: dict[tuple[Any, ...], Markup] = app.extensions.setdefault("parts", {})

    def part(name: str, **values: Hashable) -> Markup:
        key = (name, reader(), request.script_root, *values.items())
        found = known.get(key)
        if found is None or app.jinja_env.auto_reload:
            if len(known) >= MOST:
                known.clear()
            found = known[key] = Markup(app.jinja_env.get_template(name).render(values))
        return found

    app.jinja_env.globals["part"] = part
