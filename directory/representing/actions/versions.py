"""The organisation's word on its record: it is right so, or it goes back to what we said, or some of each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from commons.db import db, lock, now, transaction
from commons.entries.actions import edit_entry
from commons.entries.asks import has_voice, speaks_for
from commons.entries.queries import revision, state_at
from commons.members.models import Member, Seat
from commons.moderation.queries import is_guarded
from commons.web import Forbidden, Invalid
from directory.actions import confirm_organisation, edit_organisation
from directory.models import Organisation
from directory.representing.models import Confirmation
from directory.representing.queries.versions import (
    COMPARED,
    Edit,
    differing,
    edits_after,
    own_version,
    versions,
    words_of,
)


def answer(organisation: Organisation, accepted: Collection[str], *, version: int, actor: Member) -> None:
    """Of the fields that others changed these stay, the others go back to the organisation's own version; then the whole record
    is as it wants it. Raises Forbidden, Invalid where it changed meanwhile, and what editing raises."""
    with transaction():
        lock(organisation)
        _own_people_only(organisation, actor)
        if version != organisation.version:
            raise Invalid({"version": _("It was changed once more meanwhile. Look again.")})
        if is_guarded(actor, organisation):
            raise Invalid({"version": _("The record is protected: edit it, and a moderator looks at your edit first.")})
        found = versions(organisation, actor)
        back = {name: found.own[name] for name in found.fields if name not in accepted} if found else {}
        if back:
            note = _("As the organisation confirmed it")
            edit_organisation(organisation, back, version=organisation.version, actor=actor, note=note, verb="restored")
        confirm_organisation(organisation, version=organisation.version, actor=actor)
        _say(organisation, "page", actor)


def confirm_by_mail(organisation: Organisation, *, actor: Member | None) -> None:
    """Whoever reads the organisation's mail says that the record is right. `actor`: where that is one of its people here."""
    values: dict[str, Any] = {"confirmed": now().date().isoformat()}
    if organisation.status == "unconfirmed":
        values["status"] = "active"
    with transaction():
        lock(organisation)
        write(organisation, values, _("The organisation answered by mail: still right"), actor, "confirmed")
        _say(organisation, "mail", actor)


def write(organisation: Organisation, values: dict[str, Any], note: str, actor: Member | None, verb: str) -> None:
    """What the organisation says by mail, also where nobody signed in says it."""
    version = organisation.version
    changes = edit_entry(organisation, values, version=version, actor=actor, note=note, verb=verb, via="mail")
    kept = {name: run for name, run in organisation.provenance.items() if name not in changes}
    if kept != organisation.provenance:
        organisation.provenance = kept


def _say(organisation: Organisation, how: str, actor: Member | None) -> None:
    word = Confirmation(organisation_id=organisation.id, number=organisation.version, how=how, at=now())
    word.by_id = actor.id if actor else None
    db.session.add(word)


def _own_people_only(organisation: Organisation, actor: Member) -> None:
    if not has_voice(actor, organisation.id):
        raise Forbidden(_("Only its own people answer for the organisation."))


def follow_edits(after: int) -> int:
    """What its own people write is confirmed by itself."""
    found, reached = edits_after(after)
    doors = {speaks_for(edit.organisation_id) for edit in found}
    seats = {(seat.member_id, seat.audience) for seat in _seats(doors)}
    own = [edit for edit in found if (edit.actor_id, speaks_for(edit.organisation_id)) in seats]
    for edit in own:
        with transaction():
            _confirm_edit(edit)
    return reached


def _seats(doors: Collection[str]) -> list[Seat]:
    return list(db.session.scalars(select(Seat).where(Seat.audience.in_(sorted(doors))))) if doors else []


def _confirm_edit(edit: Edit) -> None:
    """The whole record where nothing waits for an answer; else only the fields that were written."""
    organisation = db.session.get_one(Organisation, edit.organisation_id)
    words = words_of(organisation.id)
    if any(word.number >= edit.number for word in words):  # said already, with the button or in an earlier run
        return
    before = state_at(organisation, edit.number - 1)
    open_ones = differing(before, own_version(organisation, words)) if words else []
    whole = edit.verb == "confirmed" or not open_ones
    changes = revision(organisation, edit.number).changes
    fields = [] if whole else [name for name in changes if name in COMPARED]
    word = Confirmation(organisation_id=organisation.id, number=edit.number, whole=whole, fields=fields, how="edit")
    word.by_id = edit.actor_id
    db.session.add(word)
