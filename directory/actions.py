"""Every write to an organisation. Forms, the API and history's restore all come through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

from commons.db import db, lock, now, transaction
from commons.entries.actions import create_entry, edit_entry
from commons.entries.asks import ask, voice_at
from commons.entries.models import Ask, Change, Entry
from commons.entries.queries import line_of
from commons.focus.queries import tree
from commons.members.models import Member
from commons.moderation.actions import hold
from commons.moderation.queries import is_guarded
from commons.places.gazetteer import locate
from commons.web import Forbidden, Invalid, Waiting
from directory.fields import checked
from directory.models import Organisation
from directory.queries import by_ids
from directory.relations import CIRCLE, faults_of, makes_circle, open_contests, speakers, ties_of

NEEDS_REASON = ("closed", "out of scope", "spam", "duplicate", "removed", "in discussion")


def may_edit(viewer: Member | None, organisation: Organisation) -> bool:
    """Any member who has proved an address; a removed record is changed by moderators only."""
    return viewer is not None and viewer.may_write and (organisation.status != "removed" or viewer.is_moderator)


def takes(viewer: Member | None, organisation: Organisation, kind: str) -> str | None:
    """Only its representatives put posts and pictures on an organisation's wall."""
    return organisation.audience if voice_at(viewer, organisation.id) and kind in ("topic", "file") else None


def add_organisation(values: Mapping[str, Any], *, actor: Member, note: str = "", via: str = "") -> Organisation:
    """A new record. Raises Invalid or Forbidden."""
    if not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))
    given = _known(checked(values), None, actor)
    if not given.get("title"):
        raise Invalid({"title": _("Enter the organisation's name.")})
    with transaction():
        organisation = Organisation(audience="public")
        create_entry(organisation, placed(given), actor=actor, note=note, via=via)
        if given.get("relations"):
            _tied(organisation, set())
        return organisation


def edit_organisation(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member,
    note: str = "",
    verb: str = "edited",
    via: str = "",
    reviewed: bool = False,
) -> dict[str, list[Any]]:
    """What changed, field by field; empty when nothing did. Raises Conflict, Invalid or Forbidden; and Waiting, when the
    record is protected and the edit is kept until somebody has looked at it (`reviewed` says that somebody has)."""
    if not may_edit(actor, organisation):
        raise Forbidden(_("You may not change this."))
    given = _known(checked(values), organisation, actor)
    if not reviewed and is_guarded(actor, organisation):
        held = hold(organisation, given, version=version, actor=actor, note=note)
        raise Waiting(held.id, organisation.id)
    with transaction():
        lock(organisation)
        before = ties_of(organisation) if "relations" in given else set()
        changes = edit_entry(
            organisation, placed(given, organisation), version=version, actor=actor, note=note, verb=verb, via=via
        )
        if any(name in organisation.provenance for name in changes):
            organisation.provenance = {
                name: run for name, run in organisation.provenance.items() if name not in changes
            }
        if "relations" in changes:
            _tied(organisation, before)
        return changes


def confirm_organisation(organisation: Organisation, *, version: int, actor: Member) -> dict[str, list[Any]]:
    """A member looked at the record and found it right, today."""
    values = {"confirmed": now().date().isoformat()}
    if organisation.status == "unconfirmed":
        values["status"] = "active"
    return edit_organisation(
        organisation, values, version=version, actor=actor, note=_("Still right"), verb="confirmed"
    )


def placed(values: dict[str, Any], organisation: Organisation | None = None) -> dict[str, Any]:
    """A town without coordinates gets those of the gazetteer; a town that moved takes its point along."""

    def known(name: str) -> Any:
        return values.get(name, getattr(organisation, name, None))

    moved = organisation is None or any(
        name in values and values[name] != getattr(organisation, name) for name in ("city", "country", "region")
    )
    pointed = ("lat" in values and (organisation is None or values["lat"] != organisation.lat)) and values[
        "lat"
    ] is not None
    if not moved or pointed or not known("city") or not known("country"):
        return values
    place = locate(known("city"), known("country"), known("region") or None)
    return {**values, "lat": round(place.lat, 4) if place else None, "lon": round(place.lon, 4) if place else None}


def _known(values: dict[str, Any], organisation: Organisation | None, actor: Member) -> dict[str, Any]:
    """What the database has to be asked about: areas, other organisations, statuses."""
    faults: dict[str, str] = {}
    if unknown := [area for area in values.get("focus", ()) if area not in tree().nodes]:
        faults["focus"] = _("There is no area of focus with the number %(number)s.", number=unknown[0])
    faults |= faults_of(values.get("relations", ()), organisation, actor)
    if (successor := values.get("successor_id")) and not by_ids([successor], actor):
        faults["successor_id"] = _("There is no organisation with the number %(number)s.", number=successor)
    status = values.get("status", organisation.status if organisation else "active")
    changed = organisation is None or status != organisation.status
    if changed and status in NEEDS_REASON and not values.get("status_note"):
        faults["status_note"] = _("Say why: the reason is shown on the page.")
    if changed and status in ("removed", "spam") and not actor.is_moderator:
        faults["status"] = _("Only moderators give this status.")
    if faults:
        raise Invalid(faults)
    return values


def _tied(organisation: Organisation, before: Set[tuple[str, int]]) -> None:
    """After its ties changed: no circle came to be, also not together with an edit at the other end (the log's lock is held since
    the line was written); what is not said any more is not contested any more; the people of the other side are told."""
    ties = ties_of(organisation)
    if makes_circle(organisation, ties):
        raise Invalid({"relations": str(CIRCLE)})
    for contest in open_contests(organisation.id):
        if (contest.type, contest.other_id) not in ties:
            contest.ended, contest.how = now(), "changed"
    if others := {other for _type, other in ties ^ before}:
        line = db.session.get_one(Change, line_of(organisation, organisation.version))
        ask_anew(organisation, speakers(others), "relation", line)


def ask_anew(entry: Entry, who: Iterable[int], why: str, line: Change) -> None:
    """Asks these people, also when they were asked the same of this entry before: it is news again."""
    wanted = sorted(set(who))
    db.session.execute(delete(Ask).where(Ask.entry_id == entry.id, Ask.why == why, Ask.member_id.in_(wanted)))
    ask(entry, wanted, why, line)
