"""What the wiki's lists show: its front page, all pages, and the lists of work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from commons.db import db
from commons.entries.models import EntryLink
from commons.entries.queries import latest, recent
from commons.focus.queries import tree
from commons.members.models import Member
from commons.web import page_number, pager
from wiki import queries
from wiki.models import Page
from wiki.outlines import outline_rows

PER_PAGE = 60
IMPROVED, NEWEST, WANTED, AREAS = 10, 5, 8, 24


def front_page(viewer: Member | None) -> dict[str, Any]:
    total, people = queries.totals(viewer)
    improved = latest(queries.newest_change(viewer), IMPROVED)
    return {
        "total": total,
        "people": people,
        "improved": page_rows(improved),
        "newest": page_rows(latest(queries.pages(viewer).order_by(Page.id.desc()), NEWEST)),
        "wanted": wanted_page(viewer, 1, WANTED)[0],
        "areas": [
            {
                "label": tree().nodes[area].label,
                "url": url_for("focus.area", slug=tree().nodes[area].slug),
                "count": count,
            }
            for area, count in queries.areas_by_pages(viewer, AREAS)
            if area in tree().nodes
        ],
        "work": [{"label": one["label"], "url": one["url"], "count": one["count"]} for one in work_lists("")],
        "outlines": outline_rows(lambda key: url_for("wiki.new", outline=key)),
        "all_url": url_for("wiki.all_pages"),
    }


def page_rows(pages: Iterable[Page]) -> list[dict[str, Any]]:
    return [
        {
            "title": page.title,
            "url": url_for("wiki.page", slug=page.slug),
            "summary": page.summary,
            "language": page.language,
            "at": page.updated,
            "actor_name": None,
            "note": None,
        }
        for page in pages
    ]


def wanted_rows(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "title": row.name.partition("#")[0],
            "new_url": url_for("wiki.new", title=row.name.partition("#")[0][:200]),
            "url": url_for("wiki.new", title=row.name.partition("#")[0][:200]),
            "note": ngettext("%(num)s text asks for it", "%(num)s texts ask for it", row.many),
            "count": row.many,
        }
        for row in rows
    ]


def wanted_page(viewer: Member | None, page: int, per_page: int) -> tuple[list[dict[str, Any]], int, queries.Rows]:
    """One page of the wanted pages: first those that searches want, then those that texts ask for; how many searches want, and
    all the others."""
    slugs, query = queries.searched(viewer), queries.wanted(viewer)
    asked = {row.slug: row.many for row in db.session.execute(query.where(EntryLink.slug.in_(slugs)))} if slugs else {}
    own = [_searched_row(title, asked.get(slug, 0)) for slug, title in slugs.items()]
    rest = query.where(EntryLink.slug.not_in(slugs)) if slugs else query
    first = own[(page - 1) * per_page : page * per_page]
    offset = max(0, (page - 1) * per_page - len(own))
    more = db.session.execute(rest.limit(per_page - len(first)).offset(offset)).all()
    return [*first, *wanted_rows(more)], len(own), rest


def _searched_row(title: str, texts: int) -> dict[str, Any]:
    note = _("wanted by searches")
    if texts:
        note = ngettext(
            "wanted by searches; %(num)s text asks for it", "wanted by searches; %(num)s texts ask for it", texts
        )
    url = url_for("wiki.new", title=title)
    return {"title": title, "new_url": url, "url": url, "note": note, "count": texts or None}


def all_pages(viewer: Member | None, letter: str, language: str) -> dict[str, Any]:
    found, total = recent(queries.listed(viewer, letter, language), page_number(), PER_PAGE)
    return {
        "letters": [
            {"label": one.upper(), "url": url_for("wiki.all_pages", letter=one), "current": one == letter}
            for one in queries.letters(viewer)
        ],
        "pages": page_rows(found),
        "pager": pager(total, PER_PAGE),
        "total": total,
    }


LISTS = ("wanted", "orphans", "dead-ends", "sources", "review", "behind")


def work_lists(current: str) -> list[dict[str, Any]]:
    words = {
        "wanted": (
            _("Wanted pages"),
            _("Pages that texts link to or that people searched for, and that nobody has written yet."),
        ),
        "orphans": (_("Pages without a way in"), _("No text links to these pages. Link to them where they belong.")),
        "dead-ends": (
            _("Pages without a way on"),
            _("These pages link to no other. Add links to what belongs to them."),
        ),
        "sources": (_("Sources needed"), _("Somebody asked where a statement on these pages comes from.")),
        "review": (_("To be looked at"), _("The date on which these pages were to be looked at again is over.")),
        "behind": (_("Translations behind"), _("The originals of these translations have changed since.")),
    }
    return [
        {
            "name": name,
            "label": words[name][0],
            "about": words[name][1],
            "url": url_for("wiki.work", name=name),
            "current": name == current,
            "count": None,
        }
        for name in LISTS
    ]


def work_page(name: str, viewer: Member | None) -> dict[str, Any]:
    lists = work_lists(name)
    here = next(one for one in lists if one["current"])
    page = page_number()
    if name == "wanted":
        rows, searched, rest = wanted_page(viewer, page, PER_PAGE)
        total = searched + queries.counted(rest)
    else:
        found, total = recent(QUERIES[name](viewer), page, PER_PAGE)
        rows = [_work_row(name, one) for one in found]
    return {
        "heading": here["label"],
        "about": here["about"],
        "rows": rows,
        "pager": pager(total, PER_PAGE),
        "lists": lists,
    }


QUERIES = {
    "orphans": queries.orphans,
    "dead-ends": queries.dead_ends,
    "sources": queries.needing_sources,
    "review": queries.due_for_review,
    "behind": queries.behind,
}


def _work_row(name: str, page: Page) -> dict[str, Any]:
    note = {
        "sources": ngettext("%(num)s place", "%(num)s places", page.sources),
        "review": _("since %(date)s", date=page.review_by),
    }.get(name, page.summary)
    url = url_for("wiki.page", slug=page.slug)
    return {"title": page.title, "url": url, "note": note, "count": None, "language": page.language}
