"""Languages of the interface: chosen by cookie, else by the browser; numbers, dates and names as that language writes them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale

from commons.config import LANGUAGES

COOKIE = "language"


def start(app: Flask) -> None:
    Babel(app, locale_selector=choose)
    app.add_template_filter(date_words)
    app.add_template_filter(number)
    app.add_template_global(language_name)


def choose() -> str:
    if not has_request_context():  # a command, the worker, a program
        return "en"
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "en"


def current() -> Locale:
    return get_locale() or Locale("en")


@lru_cache(maxsize=4096)
def _date_in(locale: str, day: date, shape: str) -> str:
    return str(format_date(day, shape, locale="en_GB" if locale == "en" else locale))


def date_words(moment: datetime | date | None) -> str:
    """12 March 2026, in the reader's language."""
    if moment is None:
        return ""
    return _date_in(str(current()), moment.date() if isinstance(moment, datetime) else moment, "long")


def number(value: int | float) -> str:
    return str(format_decimal(value, locale=current()))


@lru_cache(maxsize=2048)
def _name_in(code: str, reader: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name(reader) or code
    except (UnknownLocaleError, ValueError):
        return code


def language_name(code: str, reader: str = "") -> str:
    """`sw` -> Swahili, in the reader's language; what is not known stays as it is."""
    return _name_in(code, reader or str(current()))


@lru_cache(maxsize=1)
def own_names() -> list[tuple[str, str]]:
    return [(code, (Locale(code).get_display_name(code) or code).capitalize()) for code in LANGUAGES]


def direction() -> str:
    return str(current().text_direction)
