"""What the pages show of what a group holds: its pages and files, its news from outside, and what a search finds in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from commons.entries.documents import actor_name
from commons.entries.queries import recent
from commons.groups import news, queries
from commons.groups.actions import takes
from commons.groups.documents.pages import tabs
from commons.groups.holding import held
from commons.groups.models import Group, NewsItem, Subscription
from commons.members.models import Member
from commons.room import rooms
from commons.web import page_number, pager

PER_PAGE, ITEMS = 30, 50


def held_page(group: Group, module: str, kind_name: str, who: Member | None) -> dict[str, Any]:
    found, total = recent(held(group, kind_name, who), page_number(), PER_PAGE)
    kind = rooms().kinds[kind_name]
    words = kind.teasers([entry.id for entry in found], who) if kind.teasers else {}
    begin = kind.new("").partition("?")[0] if kind.new and takes(who, group, kind_name) is not None else ""
    return {
        "group": group,
        "tabs": tabs(group, module),
        "total": total,
        "pager": pager(total, PER_PAGE),
        "new_url": f"{begin}?within={group.id}" if begin else None,
        "rows": [
            {
                "kind": entry.kind,
                "title": entry.title,
                "language": entry.language,
                "url": kind.page(entry),
                "about": words.get(entry.id, ""),
                "at": entry.updated,
                "actor_name": actor_name(entry.author),
            }
            for entry in found
        ],
    }


def news_page(group: Group, who: Member | None) -> dict[str, Any]:
    found, total = news.page_of_items(group, page_number(), ITEMS)
    leads, sources = queries.is_admin(who, group), news.subscriptions(group)
    return {
        "group": group,
        "tabs": tabs(group, news.MODULE),
        "rows": [{"title": item.title, "url": item.url, "at": item.at, "source": title} for item, title in found],
        "total": total,
        "pager": pager(total, ITEMS),
        "sources": source_rows(sources),
        "resting": [row for row in source_rows(sources) if row["paused"]],
        "leads": leads and group.archived is None,
        "most": news.MOST,
        "atom_url": url_for("groups.news_atom", slug=group.slug) if group.audience == "public" else None,
    }


def source_rows(found: Sequence[Subscription]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "title": one.title or one.url,
            "url": one.url,
            "fault": _(one.fault) if one.fault else "",
            "paused": one.paused,
            "waits": not one.title and not one.fault,
        }
        for one in found
    ]


def item_entries(found: Sequence[tuple[NewsItem, str]], group: Group) -> list[dict[str, Any]]:
    """As Atom: each leads to where it was told."""
    site = current_app.config["SITE_URL"].rstrip("/")
    return [
        {
            "title": item.title,
            "id": f"{site}/e/{group.id}#news-{item.id}",
            "link": item.url,
            "updated": item.at.isoformat(),
            "actor_name": title,
            "verb_label": "",
            "note": "",
        }
        for item, title in found
    ]
