"""A page, or all pages of an area, to take away: one text as it was written, or one HTML file that asks nobody for anything.

Each chapter ends with its licence, everybody who wrote on it, its address and its version.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from commons.db import now
from commons.entries import links
from commons.members.models import Member
from commons.room import rooms
from commons.text import HUGE, Link, markdown
from wiki import queries
from wiki.models import Page

MOST = 500  # pages of an area in one file
_OWN = re.compile(r'(<a[^>]* href=")(/[^"]*)(")')
_PICTURE = re.compile(r'<img[^>]*?(?: alt="([^"]*)")?[^>]*>')


def chapter(page: Page, viewer: Member | None, anchor: str = "t") -> dict[str, Any]:
    known = {name: _outward(link) for name, link in links.shown(links.of(page, viewer), viewer).items()}
    html = markdown(page.text, links=lambda _names: known, limit=HUGE, anchor=anchor)
    return {"page": page, "title": page.title, "language": page.language, "html": _alone(html), **colophon(page)}


def colophon(page: Page) -> dict[str, Any]:
    writers, source = queries.writers_of(page), queries.import_of(page)
    return {
        "authors": [one.name for one in writers],
        "licence": page.licence,
        "url": address(rooms().kinds["page"].page(page)),
        "version": page.version,
        "at": page.updated,
        "source": f"{page.source} ({source.licence})" + (f", {source.url}" if source.url else "") if source else "",
    }


def address(path: str) -> str:
    return str(current_app.config["SITE_URL"]).rstrip("/") + path


def _outward(link: Link) -> Link:
    return link if link.wanted else link._replace(href=address(link.href))


def _alone(html: Markup) -> Markup:
    """Nothing in it is fetched from anywhere: pictures are their words, links lead to the site."""
    text = _OWN.sub(lambda found: found[1] + str(Markup.escape(address(found[2]))) + found[3], str(html))
    return Markup(_PICTURE.sub(lambda found: f"<em>[{found[1] or ''}]</em>", text))


def as_text(page: Page) -> str:
    """The Markdown as it was written, under its title and over its colophon."""
    found = colophon(page)
    lines = [
        f"# {page.title}",
        "",
        *((page.summary, "") if page.summary else ()),
        page.text.rstrip("\n"),
        "",
        "---",
        "",
        _("Licence: %(licence)s", licence=found["licence"]),
        "",
        _("Written by: %(names)s", names=", ".join(found["authors"]) or _("an import")),
        "",
        *((_("Source: %(source)s", source=found["source"]), "") if found["source"] else ()),
        _("Version %(number)s of %(date)s: %(url)s", number=page.version, date=page.updated.date(), url=found["url"]),
        "",
    ]
    return "\n".join(lines)


def pages_under(areas: Sequence[int], viewer: Member | None) -> list[Page]:
    return queries.all_of(queries.about(areas, viewer), MOST)


def book(title: str, pages: Sequence[Page], viewer: Member | None) -> dict[str, Any]:
    return {
        "title": title,
        "chapters": [chapter(page, viewer, f"c{number}") for number, page in enumerate(pages, 1)],
        "site_name": current_app.config["SITE_NAME"],
        "made_at": now(),
    }
