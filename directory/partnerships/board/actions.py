"""Every write to a need or an offer, and to what an organisation says of its openness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from commons.audience import MEMBERS, PUBLIC
from commons.db import db, lock, transaction
from commons.entries.actions import create_entry, edit_entry, record
from commons.entries.asks import has_voice, voice_at
from commons.entries.hiding import show_to
from commons.entries.queries import heads_by_id
from commons.entries.values import Check, line, number
from commons.entries.values import checked as values_checked
from commons.members.models import Member
from commons.moderation.actions import hold, hold_new
from commons.moderation.queries import is_guarded
from commons.places.gazetteer import locate
from commons.web import Forbidden, Invalid, Waiting
from directory.models import Organisation
from directory.partnerships.board.fields import checked
from directory.partnerships.board.models import (
    CLOSINGS,
    RENEWED_FOR,
    Need,
    Offer,
    Openness,
    Posting,
    PostingReminder,
    in_days,
    today,
)
from directory.partnerships.board.queries import PUBLISHES, PURPOSE, are_there, has_published, made_before
from directory.representing.keys import use_key

MODELS: dict[str, type[Posting]] = {"need": Need, "offer": Offer}
AUDIENCES = (PUBLIC, MEMBERS)


def may_publish(viewer: Member | None, organisation_id: int | None) -> bool:
    return has_voice(viewer, organisation_id or 0, PUBLISHES[0])


def may_edit(viewer: Member | None, posting: Posting) -> bool:
    """Stewards and signatories of its organisation, while it is open; one that is past is renewed first."""
    return may_publish(viewer, posting.within_id) and not posting.closed


def takes(viewer: Member | None, posting: Posting, kind: str) -> str | None:
    """Its organisation's people put pictures and posts to it."""
    speaks = voice_at(viewer, posting.within_id or 0) != "" and viewer is not None and viewer.may_write
    return posting.audience if speaks and kind in ("topic", "file") else None


def add_posting(
    kind: str,
    organisation_id: int,
    values: Mapping[str, Any],
    *,
    actor: Member,
    audience: str = PUBLIC,
    note: str = "",
    via: str = "",
) -> Posting:
    """A new need or offer, answered for 90 days unless `until` says otherwise. The first one of an organisation is `pending`
    until a moderator has looked at it. Who never said whether it is open to partnership is so from now on. A form that is sent
    twice makes one. Raises Invalid, or Forbidden for others than stewards and signatories."""
    if not may_publish(actor, organisation_id):
        raise Forbidden(_("Only stewards and signatories of an organisation publish in its name."))
    given = located(_dated(checked(_whole(values), permanent=kind == "offer"), None), None)
    organisation = next(iter(heads_by_id([organisation_id], actor)), None)
    if organisation is None or not are_there([organisation_id]):
        raise Forbidden(_("This organisation is closed, or is not here any more."))
    with transaction():
        lock(organisation)
        if (made := made_before(kind, organisation_id, actor, given["title"])) is not None:
            return made
        waits = not actor.is_moderator and not has_published(organisation_id)
        posting = MODELS[kind](within_id=organisation_id, state="pending" if waits else "live", sort=given["sort"])
        posting.audience = _audience(audience, organisation.audience)
        create_entry(posting, given, actor=actor, note=note, via=via)
        count_reminders(posting)
        if db.session.get(Openness, organisation_id) is None:
            _say(organisation, Openness(organisation_id=organisation_id, open=True), actor)
        if waits:
            hold_new(posting, actor=actor, note=note)
        return posting


def _whole(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": "", "sort": "", "until": in_days(RENEWED_FOR.days), **values}


def _audience(wanted: str, widest: str) -> str:
    """No more people than see the organisation itself."""
    if wanted not in AUDIENCES:
        raise Invalid({"audience": _("Choose one of the list.")})
    return widest if widest != PUBLIC else wanted


def _dated(values: dict[str, Any], posting: Posting | None) -> dict[str, Any]:
    starts, ends = (values.get(name, getattr(posting, name, "")) for name in ("starts", "ends"))
    if starts and ends and ends < starts:
        raise Invalid({"ends": _("It cannot end before it begins.")})
    return values


def located(values: dict[str, Any], posting: Posting | None) -> dict[str, Any]:
    """A town without coordinates gets those of the gazetteer; a town that moved takes its point along."""
    place = {name: values.get(name, getattr(posting, name, "")) or "" for name in ("city", "country", "region")}
    moved = posting is None or any(place[name] != getattr(posting, name) for name in place)
    if not moved or values.get("lat") is not None:
        return values
    found = locate(place["city"], place["country"], place["region"] or None) if place["city"] else None
    return {**values, "lat": round(found.lat, 4) if found else None, "lon": round(found.lon, 4) if found else None}


def count_reminders(posting: Posting) -> None:
    """From now on, about the day that it has now: a day that is near already is no news."""
    row = db.session.get(PostingReminder, posting.id) or PostingReminder(posting_id=posting.id)
    row.until, row.sent = posting.until, posting.warned
    db.session.add(row)


def edit_posting(
    posting: Posting,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member,
    audience: str = "",
    note: str = "",
    minor: bool = False,
    verb: str = "edited",
    via: str = "",
    reviewed: bool = False,
) -> dict[str, list[Any]]:
    """What changed, field by field; `audience`, where it is given: who sees it from now on. Raises Conflict, Invalid or
    Forbidden; and Waiting where it is protected and the edit is kept until somebody has looked at it."""
    if not may_edit(actor, posting):
        raise Forbidden(_("You may not change this."))
    given = checked(values, permanent=posting.kind == "offer", was=posting.until)
    given = located(_dated(given, posting), posting)
    if not reviewed and posting.is_live and is_guarded(actor, posting):
        held = hold(posting, given, version=version, actor=actor, note=note, minor=minor)
        raise Waiting(held.id, posting.id)
    with transaction():
        changes = edit_entry(posting, given, version=version, actor=actor, note=note, minor=minor, verb=verb, via=via)
        if "until" in changes:
            count_reminders(posting)
        if audience and audience != posting.audience:
            organisation = heads_by_id([posting.within_id or 0], actor)[0]
            show_to(posting, _audience(audience, organisation.audience), actor=actor, note=note)
        return changes


def close_posting(posting: Posting, how: str, *, actor: Member | None, by: str = "") -> None:
    """Nobody answers it any more; it stays to be read. `by`: who fulfilled it, in words. Closed already: nothing happens.
    Raises Invalid, or Forbidden for others than stewards and signatories; `actor` None: the site itself."""
    if how not in CLOSINGS:
        raise Invalid({"how": _("Choose one of the list.")})
    name: str = values_checked({"by": line(300)}, {"by": by})["by"] if how == "fulfilled" else ""
    with transaction():
        lock(posting)
        if actor is not None and not may_publish(actor, posting.within_id) or not posting.is_live:
            raise Forbidden(_("You may not change this."))
        if posting.closed:
            return
        posting.closed, posting.closed_on, posting.fulfilled_by = how, today().isoformat(), name
        record(posting, "closed", None, actor=actor, note=_reason(how, name))


def _reason(how: str, by: str) -> str:
    if how == "fulfilled":
        return _("Fulfilled by %(name)s.", name=by) if by else _("Fulfilled.")
    return _("Withdrawn.") if how == "withdrawn" else _("Its last day has passed.")


def renew_posting(posting: Posting, *, actor: Member, until: str = "") -> None:
    """It is answered for 90 days more, or until the day that is given; one that was closed is open again. Raises Invalid, or
    Forbidden for others than stewards and signatories."""
    day = checked({"until": until or in_days(RENEWED_FOR.days)}, permanent=posting.kind == "offer")
    with transaction():
        lock(posting)
        if not may_publish(actor, posting.within_id) or not posting.is_live:
            raise Forbidden(_("You may not change this."))
        if posting.closed:
            posting.closed, posting.closed_on, posting.fulfilled_by = "", "", ""
            record(posting, "reopened", None, actor=actor)
        edit_entry(posting, day, version=posting.version, actor=actor, verb="confirmed", note=_("Renewed"))
        count_reminders(posting)


def answer_mail(key: str, how: str, *, by: str = "") -> Posting | None:
    """What the key of a mail is for, once, in the name of who got the mail: `renew`, or how it is closed. None: the key is spent or
    too old. Raises Invalid, or Forbidden for who publishes no more for the organisation; the key is good then as before."""
    with transaction():
        found = use_key(key, PURPOSE)
        posting = db.session.get(Posting, found.entry_id or 0) if found else None
        member = db.session.get(Member, found.member_id or 0) if found else None
        if posting is None or member is None:
            return None
        if how == "renew":
            renew_posting(posting, actor=member)
        else:
            close_posting(posting, how, actor=member, by=by)
        return posting


# --- openness ---


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("Say yes or no."))
    return value


OPENNESS: dict[str, Check] = {
    "open": _yes_or_no,
    "translation": _yes_or_no,
    "looking_for": line(1000),
    "can_bring": line(1000),
    "conditions": line(1000),
    "capacity": number(0, 50, True),
}


def set_openness(organisation: Organisation, values: Mapping[str, Any], *, actor: Member) -> Openness:
    """What an organisation says of partnership; counts at once. Raises Invalid, or Forbidden for others than stewards and
    signatories."""
    given = values_checked(OPENNESS, values)
    if "capacity" in given and given["capacity"] is None:
        raise Invalid({"capacity": _("Enter a number.")})
    with transaction():
        lock(organisation)
        if not may_publish(actor, organisation.id):
            raise Forbidden(_("Only stewards and signatories of an organisation publish in its name."))
        said = db.session.get(Openness, organisation.id) or Openness(organisation_id=organisation.id)
        for name, value in given.items():
            setattr(said, name, value)
        if db.session.is_modified(said) or said not in db.session:
            _say(organisation, said, actor)
        return said


def _say(organisation: Any, said: Openness, actor: Member) -> None:
    db.session.add(said)
    record(organisation, "openness", None, actor=actor)
