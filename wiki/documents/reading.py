"""What the page of a page shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from commons.db import now
from commons.entries import links
from commons.entries.documents import panels
from commons.entries.within import outer, takes
from commons.focus.queries import tree
from commons.members.models import Member
from commons.moderation.documents import protection_row
from commons.moderation.queries import protection_of, waiting_of
from commons.room import rooms
from commons.text import HUGE, Heading, Link, headings, markdown, with_edit_links
from commons.web import language_name
from wiki import queries
from wiki.models import Page

SHOWN = 10  # links to this page that stand beside it; the rest has a page of its own
_FIRST = re.compile(
    r'\s*(?:<div class="headed">)?<h2 [^>]*>((?:(?!</h2>).)*)</h2>(?:<a [^>]*>(?:(?!</a>).)*</a></div>)?', re.S
)
_LEVEL = re.compile(r"(</?h)([2-6])\b")


def reading_page(page: Page, viewer: Member | None) -> dict[str, Any]:
    html = rendered(page, viewer)
    versions, whole = queries.languages_of(page, viewer), outer(page.within_id, viewer)
    inward = links.inward(page, viewer, SHOWN + 1)
    may_edit = bool(viewer and viewer.may_write)
    areas = [(node.label, url_for("focus.area", slug=node.slug)) for node in tree().sorted(page.focus)]
    linked = with_edit_links(html, lambda section: _edit_url(page, section), _edit_label) if may_edit else html
    shown = untitled(linked, page.title)
    return {
        "page": page,
        "entry": page,
        "html": lifted(shown),
        "contents": _contents(str(shown)),
        "tabs": tabs(page, "read"),
        "crumbs": areas[:1],
        "whole": whole,
        "areas": areas,
        "versions": language_rows(page, versions),
        "translate_url": _translate_url(page, whole, viewer),
        "outdated": outdated(page, versions),
        "authors": authors(page),
        "sources": page.sources,
        "review": review(page),
        "protection": protection_row(protection_of(page)),
        "waiting": waiting(page, viewer),
        "backlinks": [link_row(entry) for entry in inward[:SHOWN]],
        "backlinks_more": url_for("wiki.page_links", slug=page.slug) if len(inward) > SHOWN else None,
        "panels": panels("page", page, viewer),
        "may_edit": may_edit,
        "may_moderate": bool(viewer and viewer.is_moderator),
        "origin": origin(page),
        "takeout": takeout(page),
        "is_pending": page.state == "pending",
        "still_right_url": url_for("wiki.still_right", slug=page.slug) if may_edit else None,
        "protect_url": url_for("moderation.protect", collection="wiki", slug=page.slug)
        if viewer and viewer.is_moderator
        else None,
    }


def rendered(page: Page, viewer: Member | None) -> Markup:
    """The text as this viewer reads it: links to what they may not see are links to nothing."""
    known = links.shown(links.of(page, viewer), viewer)
    return markdown(page.text, links=lambda _names: known, limit=HUGE)


def untitled(html: Markup, title: str) -> Markup:
    """The title stands over the text already: a first heading that says the same is left out."""
    first = _FIRST.match(html)
    same = first is not None and Markup(first[1]).striptags().casefold() == " ".join(title.split()).casefold()
    return Markup(html[first.end() :]) if first and same else html


def lifted(html: Markup, top: int | None = None) -> Markup:
    """The highest headings become those of the second level, right under the title, so that no level is skipped.
    `top`: their level, where `html` is only a part of the text."""
    step = (top or highest([html])) - 2
    return Markup(_LEVEL.sub(lambda sign: f"{sign[1]}{int(sign[2]) - step}", html)) if step else html


def highest(parts: Iterable[Markup]) -> int:
    """The level of the highest headings in a rendered text; 2 where it has none."""
    return min((int(sign[2]) for html in parts for sign in _LEVEL.finditer(html)), default=2)


@lru_cache(maxsize=128)
def _contents(html: str) -> list[Heading]:
    """The headings of the two highest levels that there are."""
    found = headings(html)
    top = min((one.level for one in found), default=0)
    return [one for one in found if one.level <= top + 1]


def _edit_url(page: Page, section: int) -> str:
    return url_for("wiki.edit", slug=page.slug, section=section)


def _edit_label(title: str) -> str:
    return _("Edit the section “%(title)s”", title=title)


def tabs(page: Page, current: str) -> list[dict[str, Any]]:
    shown = (
        ("read", _("Read"), url_for("wiki.page", slug=page.slug)),
        ("edit", _("Edit"), url_for("wiki.edit", slug=page.slug)),
        ("history", _("History"), url_for("entries.history", collection="wiki", slug=page.slug)),
        ("paragraphs", _("Who wrote what"), url_for("wiki.paragraphs", slug=page.slug)),
        ("links", _("Links"), url_for("wiki.page_links", slug=page.slug)),
    )
    return [{"label": name, "url": url, "current": key == current, "count": None} for key, name, url in shown]


def language_rows(page: Page, versions: list[queries.Version]) -> list[dict[str, Any]]:
    """Every language it can be read in; nothing where there is only one."""
    if len(versions) < 2:
        return []
    first = next((one for one in versions if one.translation_of is None), None)
    return [
        {
            "label": language_name(one.language, one.language) if one.language else one.title,
            "language": one.language,
            "url": url_for("wiki.page", slug=one.slug),
            "current": one.id == page.id,
            "behind": None if one.translation_of is None or first is None else _behind(one, first),
        }
        for one in versions
    ]


def _behind(translation: queries.Version | Page, original: queries.Version) -> int:
    """Changes of the original that the translation does not say yet."""
    return max(0, original.text_version - translation.translated_version)


def outdated(page: Page, versions: list[queries.Version]) -> dict[str, Any] | None:
    """What the original says that this translation does not say yet."""
    first = next((one for one in versions if one.id == page.translation_of), None)
    if first is None or not (count := _behind(page, first)):
        return None
    seen = max(1, page.translated_version)
    return {
        "count": count,
        "url": url_for("wiki.page", slug=first.slug),
        "title": first.title,
        "diff_url": url_for("entries.diff", collection="wiki", slug=first.slug, a=seen, b=first.text_version)
        if first.text_version > seen
        else None,
    }


def _translate_url(page: Page, whole: Any, viewer: Member | None) -> str | None:
    """A translation stands where the page stands: only who may put something there begins one."""
    if page.within_id and (whole is None or takes(whole, "page", viewer) is None):
        return None
    return url_for("wiki.new", translation_of=page.translation_of or page.id)


def authors(page: Page) -> dict[str, Any]:
    writers = queries.writers_of(page)
    last = max(writers, key=lambda one: one.number, default=None)
    return {
        "edits": sum(one.edits for one in writers),
        "people": len(writers),
        "names": [one.name for one in writers[:5]],
        "since": min((one.first for one in writers), default=page.created),
        "last_by": last.name if last else None,
        "last_at": last.last if last else page.updated,
    }


def review(page: Page) -> dict[str, Any] | None:
    due = page.review_on
    return {"due": due, "overdue": due <= now().date()} if due else None


def waiting(page: Page, viewer: Member | None) -> list[dict[str, Any]]:
    """My own edits that others do not see yet, and those that came back with a reason."""
    return [
        {
            "at": one.at,
            "note": one.note,
            "state": one.state,
            "reason": one.reason,
            "url": url_for("moderation.own", held_id=one.id),
        }
        for one in (waiting_of(page, viewer) if viewer else [])
    ]


def origin(page: Page) -> dict[str, Any] | None:
    found = queries.import_of(page)
    return {"source": page.source, "licence": found.licence, "url": found.url or None} if found else None


def takeout(page: Page) -> list[dict[str, str]]:
    return [
        {"label": _("Markdown"), "url": url_for("wiki.as_markdown", slug=page.slug)},
        {"label": _("HTML"), "url": url_for("wiki.as_html", slug=page.slug)},
    ]


def link_row(entry: Any) -> dict[str, Any]:
    kind = rooms().kinds[entry.kind]
    shown = {"title": entry.title, "url": kind.page(entry), "language": entry.language}
    return shown | {"kind": entry.kind, "kind_label": kind.label}


def outward_rows(page: Page, viewer: Member | None) -> list[dict[str, Any]]:
    """Every name in its text, with where it leads; a name without a page leads to where one is begun."""
    named = sorted(links.of(page, viewer), key=lambda row: row.name.casefold())
    known = links.shown(named, viewer)
    return [
        {"title": row.title or row.name, "url": link.href, "wanted": link.wanted, **_kind(link)}
        for row in named
        if (link := known.get(row.name))
    ]


def _kind(link: Link) -> dict[str, Any]:
    """What it leads to, said where that is not a page."""
    kind = rooms().kinds.get(link.kind)
    return {"kind": link.kind, "kind_label": kind.label if kind and link.kind != "page" else None}
