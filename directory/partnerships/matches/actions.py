"""Saying that somebody is no match, taking it back, and what counts more for an organisation."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from commons.db import db, now, transaction
from commons.entries.asks import has_voice
from commons.entries.models import Entry
from commons.members.models import Member
from commons.web import Forbidden, Invalid
from directory.models import Organisation
from directory.partnerships.matches.models import REASONS, Refusal, Tuning
from directory.partnerships.matching.weights import TUNED

FACTORS = (0.0, 0.5, 1.0, 1.5, 2.0)


def refuse(subject: Entry, organisation: Organisation, reason: str, *, actor: Member) -> Refusal:
    """No match for this need or offer, or for the organisation, until either record changes. Raises Forbidden, Invalid."""
    _speaking(subject, actor)
    if reason not in REASONS:
        raise Invalid({"reason": _("Choose one of the reasons.")})
    with transaction():
        row = db.session.get(Refusal, (subject.id, organisation.id))
        if row is None:
            row = Refusal(subject_id=subject.id, organisation_id=organisation.id)
            db.session.add(row)
        row.reason, row.by_id, row.at = reason, actor.id, now()
        row.subject_version, row.organisation_version = subject.version, organisation.version
        return row


def take_back(subject: Entry, organisation_id: int, *, actor: Member) -> None:
    _speaking(subject, actor)
    with transaction():
        if row := db.session.get(Refusal, (subject.id, organisation_id)):
            db.session.delete(row)


def tune(organisation: Organisation, weights: Mapping[str, float], *, actor: Member) -> None:
    """`weights`: part -> factor between 0 and 2; nothing in it: as published. Raises Forbidden, Invalid."""
    if not has_voice(actor, organisation.id, "steward"):
        raise Forbidden(_("Only stewards of the organisation change what counts for it."))
    if any(part not in TUNED or factor not in FACTORS for part, factor in weights.items()):
        raise Invalid({"weights": _("Choose one of the steps.")})
    if weights and not any(weights.get(part, 1.0) for part in TUNED):
        raise Invalid({"weights": _("Something has to count: leave at least one part above nothing.")})
    kept = {part: factor for part, factor in weights.items() if factor != 1.0}
    with transaction():
        row = db.session.get(Tuning, organisation.id)
        if row is None:
            row = Tuning(organisation_id=organisation.id)
            db.session.add(row)
        row.weights = kept


def _speaking(subject: Entry, actor: Member) -> None:
    owner = subject.id if subject.kind == "organisation" else subject.within_id
    if owner is None or not has_voice(actor, owner):
        raise Forbidden(_("Only who speaks for the organisation can say that."))
