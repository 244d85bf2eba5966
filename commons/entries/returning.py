"""Going back: an older version restored, or one older edit taken out of what was written since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from commons.entries.actions import edit_entry
from commons.entries.models import Entry
from commons.entries.queries import revision, state_at
from commons.members.models import Member
from commons.room import rooms
from commons.web import Forbidden, Invalid


def restore_entry(entry: Entry, number: int, *, actor: Member, note: str = "") -> dict[str, list[Any]]:
    """Puts an older version back as a new revision; history only ever grows."""
    _may_go_back_to(entry, number, actor)
    words = note or _("Restored version %(number)s", number=number)
    edit = _edit_of(entry)
    return edit(entry, state_at(entry, number), version=entry.version, actor=actor, note=words, verb="restored")


def _edit_of(entry: Entry) -> Callable[..., dict[str, list[Any]]]:
    return rooms().kinds[entry.kind].edit or edit_entry


def _may_go_back_to(entry: Entry, number: int, actor: Member) -> None:
    if revision(entry, number).hidden and not actor.is_moderator:
        raise Forbidden(_("A moderator hid this version."))


def undo_revision(entry: Entry, number: int, *, actor: Member, note: str = "", via: str = "") -> dict[str, list[Any]]:
    """Takes back what one older revision changed and keeps everything written since: a merge of three texts. Raises
    Conflict where the same lines were changed again, Invalid for the first revision."""
    if number < 2:
        raise Invalid({"number": _("The first version cannot be undone. The whole page can be removed.")})
    for one in (number - 1, number):
        _may_go_back_to(entry, one, actor)
    was = state_at(entry, number - 1)
    values = {name: was[name] for name in revision(entry, number).changes}
    words = note or _("Undid version %(number)s", number=number)
    return _edit_of(entry)(entry, values, version=number, actor=actor, note=words, verb="undid a change", via=via)
