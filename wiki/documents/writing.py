"""What the forms show: editing, beginning, translating, and two people's changes side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from markupsafe import Markup

from commons.audience import PUBLIC
from commons.entries import links
from commons.entries.documents import actor_name, readable
from commons.entries.drafts import kept_draft
from commons.entries.queries import revision
from commons.entries.within import ANYWHERE, outer, place_in, takes
from commons.focus.documents import area_tree
from commons.members.models import Member
from commons.moderation.documents import protection_row
from commons.moderation.queries import must_wait, protection_of
from commons.text import HUGE, PAGE, excerpt, markdown, sections
from commons.web import language_name, whole_number, with_values
from wiki import queries
from wiki.actions import is_open
from wiki.documents.reading import rendered, tabs
from wiki.fields import FIELDS
from wiki.forms import CHIPS, WHOLE, PageForm
from wiki.models import Page
from wiki.outlines import OUTLINES, outline_rows
from wiki.resolving import Two


def edit_page(form: PageForm, page: Page, viewer: Member | None, section: int | None, **more: Any) -> dict[str, Any]:
    key = draft_key(page, section)
    whole = {"number": section, "title": _section_title(page.text, section)} if section is not None else None
    return {
        **_shared(form, viewer),
        "page": page,
        "section": whole,
        "tabs": tabs(page, "edit"),
        "draft_key": key,
        "draft": draft(key, url_for("wiki.edit", slug=page.slug, section=section, draft=1), viewer),
        "held_notice": bool(viewer and must_wait(viewer, page)),
        "protection": protection_row(protection_of(page)),
        "missing_parts": OUTLINES[page.outline].missing(page.text) if page.outline in OUTLINES else [],
        "limit": max(PAGE, len(page.text)),
        "original": None,
        "similar": [],
        "files_within": files_within(outer(page.within_id, viewer), page.audience, viewer),
        **more,
    }


def new_page(form: PageForm, viewer: Member | None, key: str, **more: Any) -> dict[str, Any]:
    original = queries.original_of(whole_number(form.translation_of.data), viewer)
    title, within = form.title.data or "", whole_number(form.within.data)
    place = place_in(within, "page", viewer) if viewer else ANYWHERE
    whole = outer(place.within_id, viewer)
    return {
        **_shared(form, viewer),
        "page": None,
        "section": None,
        "tabs": [],
        "draft_key": key,
        "draft": draft(key, with_values(draft=1), viewer),
        "held_notice": bool(viewer and is_open(place.audience) and must_wait(viewer, None)),
        "whole": whole,
        "files_within": files_within(whole, place.audience, viewer),
        "audience": place.audience,
        "protection": None,
        "missing_parts": [],
        "limit": PAGE,
        "outlines": outline_rows(
            lambda one: url_for("wiki.new", outline=one, title=title or None, within=within or None)
        ),
        "original": original_row(original, viewer) if original else None,
        "similar": similar(title, viewer) if title and not original else [],
        **more,
    }


def files_within(whole: Any, audience: str, viewer: Member | None) -> int | None:
    """Where a picture for a text is put: beside the text; among the site's files only where the text is for everybody and
    this writer may put nothing beside it."""
    if whole is None or (audience == PUBLIC and takes(whole, "file", viewer) is None):
        return None
    return int(whole.id)


def _shared(form: PageForm, viewer: Member | None) -> dict[str, Any]:
    return {
        "form": form,
        "preview_url": url_for("entries.preview"),
        "draft_url": url_for("entries.keep"),
        "link_suggest_url": url_for("search.complete"),
        "areas_tree": area_tree(),
        "summary_chips": CHIPS,
        "signed_out": viewer is None,
        "conflict": None,
        "preview": None,
    }


def draft_key(page: Page, section: int | None) -> str:
    return f"page-{page.id}-{'all' if section is None else section}"


def draft(key: str, take_url: str, viewer: Member | None) -> dict[str, Any] | None:
    """What this member typed into this form and never sent."""
    kept = kept_draft(key, viewer)
    if kept is None:
        return None
    text = "\n".join(kept.fields.get("text", []))
    return {
        "at": kept.at,
        "text_excerpt": excerpt(text, 160),
        "take_url": take_url,
        "drop_url": url_for("entries.drop"),
        "key": key,
    }


def _section_title(text: str, number: int) -> str:
    found = sections(text)
    return found[number].title if 0 <= number < len(found) else ""


def original_row(original: Page, viewer: Member | None) -> dict[str, Any]:
    return {
        "title": original.title,
        "language": original.language,
        "html": rendered(original, viewer),
        "text": original.text,
        "url": url_for("wiki.page", slug=original.slug),
        "version": original.text_version,
        "label": language_name(original.language) if original.language else "",
    }


def similar(title: str, viewer: Member | None) -> list[dict[str, Any]]:
    return [
        {"title": one.title, "url": url_for("wiki.page", slug=one.slug), "reason": None}
        for one in queries.near_titles(title, viewer)
    ]


def preview_of(text: str, page: Page | None, viewer: Member | None) -> Markup:
    return markdown(text, links=links.resolver(page, viewer), limit=HUGE)


def conflict_page(form: PageForm, page: Page, two: Two, choices: Mapping[str, str]) -> dict[str, Any]:
    last, labels = revision(page, two.theirs), {field.name: field.label for field in FIELDS}
    form.text.data, form.version.data = two.mine.get("text", page.text), str(two.theirs)
    for name in WHOLE:
        if name not in two.mine:  # only a section was sent; the rest of the page is nobody's change
            form[name].data = page.value(name)
    return {
        "form": form,
        "page": page,
        "who": actor_name(last.author),
        "at": last.at,
        "parts": two.rows(choices),
        "fields": [
            {
                "name": one.field,
                "label": labels[one.field],
                "mine": readable(one.field, one.mine),
                "theirs": readable(one.field, one.theirs),
            }
            for one in two.fields
        ],
        "base": two.base,
        "whole": two.chosen(choices)["text"],
        "tabs": tabs(page, "edit"),
        "draft_key": draft_key(page, None),
        "draft_url": url_for("entries.keep"),
        "resolve_url": url_for("wiki.resolve", slug=page.slug),
    }


def missing_page(title: str, slug: str, viewer: Member | None) -> dict[str, Any]:
    return {
        "title": title,
        "new_url": url_for("wiki.new", title=title),
        "similar": similar(title, viewer),
        "search_url": url_for("search.search", q=title),
        "wanted_by": [
            {"title": one.title, "url": url_for("entries.permanent", entry_id=one.id)}
            for one in queries.asking_for(slug, viewer)
        ],
    }
