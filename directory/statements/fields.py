"""The versioned fields of a statement, and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from commons.entries.values import Check, language, string, text
from commons.entries.values import checked as values_checked
from commons.room import Field
from commons.text import safe_url

FIELDS = (
    Field("text", _l("What it says"), "text"),
    Field("link", _l("Where that can be seen")),
    Field("language", _l("Language of this text"), "choice"),
    Field("answer", _l("Answer"), "text"),
)
OWN = ("text", "link", "language")  # what the organisation that says it writes
SHORTEST, LONGEST = 40, 800  # characters of a statement; an answer may be shorter
ADDRESS = 500


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `values`, cleaned; raises Invalid."""
    return values_checked(CHECKS, values)


def _text(value: Any) -> str:
    found: str = text(LONGEST)(value).strip()
    if len(found) < SHORTEST:
        missing = SHORTEST - len(found)
        raise ValueError(
            ngettext(
                "Say a little more: at least %(num)s more character.",
                "Say a little more: at least %(num)s more characters.",
                missing,
            )
        )
    return found


def _answer(value: Any) -> str:
    found: str = text(LONGEST)(value).strip()
    if not found:
        raise ValueError(_("Write a few words first."))
    return found


def _link(value: Any) -> str:
    typed = string(value).strip()
    site = str(current_app.config["SITE_URL"]).rstrip("/")
    path = typed.removeprefix(site) if typed.startswith(f"{site}/") else typed
    if not path or (len(path) <= ADDRESS and _is_page(path)):
        return path
    address = safe_url(path)
    if address is None or not address.startswith("https://") or len(address) > ADDRESS:
        raise ValueError(_("Enter the address of a page of this site, or one that begins with https://."))
    return address


def _is_page(path: str) -> bool:
    """Does something of this site answer there?"""
    plain = path.partition("?")[0].partition("#")[0]
    good = (
        path.startswith("/")
        and not path.startswith("//")
        and not any(sign <= " " or sign in "\\<>\"'" for sign in path)
    )
    return good and bool(current_app.url_map.bind("").test(plain, "GET"))


CHECKS: dict[str, Check] = {"text": _text, "link": _link, "language": language, "answer": _answer}
