"""From a page to its form and back: whole or one section, from a draft, from an outline, as a translation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from commons.entries.models import Draft
from commons.entries.queries import is_hidden, state_at
from commons.focus.queries import area_from
from commons.members.models import Member
from commons.text import clean_line, section_text, sections, with_section
from commons.web import Invalid, reader, whole_number
from wiki import queries
from wiki.forms import SECTION, WHOLE, PageForm, filled
from wiki.models import Page
from wiki.outlines import OUTLINES


def section_asked(page: Page, number: str | None) -> int | None:
    """The section of the page as it stands that is to be edited; None: the whole page."""
    if not number or not number.isascii() or not number.isdigit() or len(number) > 5:
        return None
    return int(number) if int(number) < len(sections(page.text)) else None


def opened(
    page: Page, section: int | None, draft: Draft | None, args: Mapping[str, str], viewer: Member | None
) -> PageForm:
    form = filled(page)
    if section is not None:
        form.section.data, form.text.data = str(section), section_text(page.text, section)
    if page.translation_of and (original := queries.original_of(page.translation_of, viewer)):
        form.seen.data = str(original.text_version)
    return taken_up(form, draft) if draft and "draft" in args else form


def taken_up(form: PageForm, draft: Draft) -> PageForm:
    """The form as it was left, the version that was looked at included, so that what others wrote since is merged."""
    for name, values in draft.fields.items():
        field = form._fields.get(name)
        if field is not None and name != "csrf_token":
            field.process_formdata(values)
    return form


def given(form: PageForm, page: Page, section: int | None, viewer: Member) -> dict[str, Any]:
    """The values of the whole page that this form means. A section is put into the text that its writer looked at.
    Raises Invalid where a moderator has hidden that text since."""
    if section is None:
        values = form.values(WHOLE)
    else:
        values = form.values(SECTION)
        seen = min(max(whole_number(form.version.data), 1), page.version)
        if is_hidden(page, seen, viewer):  # its other sections would come back with the one that was sent
            raise Invalid({"version": _("This form is out of date. Open the page again; your words are kept here.")})
        values["text"] = with_section(state_at(page, seen)["text"], section, values["text"])
    if form.translated.data and page.is_translation:
        values["translated_version"] = whole_number(form.seen.data)
    return values


def new_key(args: Mapping[str, str]) -> str:
    """The list of drafts gives the part between the hyphens back as `translation_of`, which makes the same key again; the
    draft itself says where the page will stand."""
    within = f"in{within_id}" if (within_id := whole_number(args.get("within"))) else ""
    return f"page-new-{args.get('translation_of', '')}{within}-{args.get('title', '')}"[:120]


def begun(args: Mapping[str, str], draft: Draft | None, viewer: Member | None) -> PageForm:
    outline = args.get("outline", "") if args.get("outline") in OUTLINES else ""
    area = area_from(args.get("focus", ""))
    values: dict[str, Any] = {
        "title": clean_line(args.get("title", ""))[:200],
        "outline": outline,
        "text": OUTLINES[outline].text() if outline else "",
        "language": args.get("language") or reader(),
        "focus": [area.id] if area else [],
        "licence": "CC BY-SA 4.0",
        "within": str(whole_number(args.get("within")) or ""),
    }
    original = queries.original_of(whole_number(args.get("translation_of")), viewer)
    if original is not None:
        first = original.translation_of or original.id
        values |= {"translation_of": str(first), "seen": str(original.text_version), "focus": original.focus}
        values |= {"licence": original.licence, "outline": original.outline, "within": str(original.within_id or "")}
        if values["language"] == original.language and "language" not in args:
            values["language"] = ""  # to be chosen: it is not the one that is there
    form = PageForm(data=values)
    return taken_up(form, draft) if draft and "draft" in args else form


def given_new(form: PageForm) -> dict[str, Any]:
    values = form.values(WHOLE)
    if original := whole_number(form.translation_of.data):
        values |= {"translation_of": original, "translated_version": whole_number(form.seen.data)}
    return values


def made_before(form: PageForm, actor: Member) -> Page | None:
    """The same form sent twice: the page that it made the first time."""
    title, within_id = clean_line(form.title.data or ""), whole_number(form.within.data) or None
    found = queries.page_called(title, actor, within_id) or queries.waiting_page(title, actor, within_id)
    same = found is not None and found.author_id == actor.id and found.text == form.values(SECTION)["text"]
    return found if same else None
