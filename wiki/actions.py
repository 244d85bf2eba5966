"""Every write to a page. Forms, the API, review and history's restore all come through here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from commons.audience import MEMBERS, PUBLIC
from commons.db import transaction
from commons.entries.actions import create_entry, edit_entry
from commons.entries.within import ANYWHERE, Place
from commons.focus.queries import tree
from commons.members.models import Member
from commons.moderation.actions import hold, hold_new
from commons.moderation.queries import is_guarded, must_wait
from commons.text import sources_needed
from commons.web import Forbidden, Invalid, Waiting
from wiki.fields import checked
from wiki.models import Page
from wiki.queries import original_of, page_called

WORDS = frozenset({"title", "summary", "text"})  # what a translation says too


def may_edit(viewer: Member | None, page: Page) -> bool:
    """Any member who has proved an address. Where a page is protected, or the member is new, the edit waits for review."""
    return viewer is not None and viewer.may_write


def is_open(audience: str) -> bool:
    """May moderators look at it? Behind a group's own door nothing waits for who cannot come in."""
    return audience in (PUBLIC, MEMBERS)


def add_page(
    values: Mapping[str, Any], *, actor: Member, note: str = "", via: str = "", place: Place = ANYWHERE
) -> Page:
    """A new page; of a new member it is `pending` until somebody has looked at it, unless it stands behind a door that
    moderators do not go through. Raises Invalid or Forbidden."""
    if not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))
    given = _known(checked(values), None, actor, place.within_id)
    if not given.get("title"):
        raise Invalid({"title": _("A page needs a title.")})
    with transaction():
        if page_called(given["title"], actor, place.within_id) is not None:
            raise Invalid({"title": _("There is a page of this title. Mend that one, or choose another title.")})
        waits = is_open(place.audience) and must_wait(actor, None)
        page = Page(within_id=place.within_id, audience=place.audience, state="pending" if waits else "live")
        page.sources = sources_needed(given.get("text", ""))
        create_entry(page, given, actor=actor, note=note, via=via)
        if waits:
            hold_new(page, actor=actor, note=note)
        return page


def edit_page(
    page: Page,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member,
    note: str = "",
    minor: bool = False,
    verb: str = "edited",
    via: str = "",
    reviewed: bool = False,
) -> dict[str, list[Any]]:
    """What changed, field by field; empty when nothing did. Raises Conflict, Invalid or Forbidden; and Waiting, when the
    edit is kept until somebody has looked at it (`reviewed` says that somebody has)."""
    if not may_edit(actor, page):
        raise Forbidden(_("You may not change this."))
    given = _known(checked(values, longest=len(page.text)), page, actor)
    waits = must_wait(actor, page) if is_open(page.audience) else is_guarded(actor, page)
    if not reviewed and page.state == "live" and waits:
        held = hold(page, given, version=version, actor=actor, note=note, minor=minor)
        raise Waiting(held.id, page.id)
    with transaction():
        changes = edit_entry(page, given, version=version, actor=actor, note=note, minor=minor, verb=verb, via=via)
        if WORDS & changes.keys():
            page.text_version = page.version
        if "text" in changes:
            page.sources = sources_needed(page.text)
        return changes


def look_at_page(page: Page, review_by: str, *, version: int, actor: Member) -> dict[str, list[Any]]:
    """A member read the page and found it right; `review_by` is the next date, or empty."""
    return edit_page(
        page, {"review_by": review_by}, version=version, actor=actor, note=_("Still right"), verb="confirmed"
    )


def _known(values: dict[str, Any], page: Page | None, actor: Member, within_id: int | None = None) -> dict[str, Any]:
    """What the database has to be asked about: areas, the original of a translation, another page of this title.
    `within_id`: where a new page will stand."""
    place = page.within_id if page else within_id
    faults: dict[str, str] = {}
    if unknown := [area for area in values.get("focus", ()) if area not in tree().nodes]:
        faults["focus"] = _("There is no area of focus with the number %(number)s.", number=unknown[0])
    if (original := values.get("translation_of")) and (page is None or original != page.translation_of):
        found = original_of(original, actor)
        if found is None or (page is not None and original == page.id):
            faults["translation_of"] = _("There is no page with the number %(number)s.", number=original)
        elif found.is_translation:
            faults["translation_of"] = _("That page is a translation itself. Name the page it was made from.")
        elif found.within_id != place:  # what a few can read is not told to others in another language
            faults["translation_of"] = _("A translation stands where its original stands.")
    if page is not None and values.get("title", page.title) != page.title:
        other = page_called(values["title"], actor, place)
        if other is not None and other.id != page.id:
            faults["title"] = _("There is a page of this title. Mend that one, or choose another title.")
    if faults:
        raise Invalid(faults)
    return values
