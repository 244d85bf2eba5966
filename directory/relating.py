"""Saying how an organisation is tied to another one, taking it back, and the other side's word against it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.entries.asks import has_voice, voice_at
from commons.members.models import Member
from commons.text import clean_line, problems
from commons.web import Forbidden, Invalid
from directory.actions import ask_anew, edit_organisation
from directory.models import Contest, Organisation, Relation
from directory.relations import CIRCLE, makes_circle, moderators, newest_contests, speakers, ties_of

WHY = 300  # characters


def add_relation(
    organisation: Organisation, type: str, other: Organisation | None, name: str = "", *, actor: Member, note: str = ""
) -> dict[str, list[Any]]:
    """`name`: of the other side where it is not here. Raises Invalid, Forbidden, and Waiting as every edit does."""
    if other is not None and (type, other.id) in ties_of(organisation):
        raise Invalid({"relations": _("This stands there already.")})
    row = [type, other.id if other else None, other.title if other else clean_line(name)]
    return _say(organisation, [*organisation.relations, row], actor, note)


def drop_relation(
    organisation: Organisation, relation: Relation, *, actor: Member, note: str = ""
) -> dict[str, list[Any]]:
    """The organisation does not say it any more. Raises Forbidden, and Waiting."""
    return _say(organisation, [row for row in organisation.relations if row != relation.row], actor, note)


def _say(organisation: Organisation, rows: list[list[Any]], actor: Member, note: str) -> dict[str, list[Any]]:
    return edit_organisation(organisation, {"relations": rows}, version=organisation.version, actor=actor, note=note)


def contest_relation(organisation: Organisation, relation: Relation, why: str, *, actor: Member) -> Contest:
    """The other side says that what this organisation says of it is not so: it counts for nothing until one of them gives way.
    A second time in a row a moderator decides. Raises Forbidden and Invalid."""
    why = clean_line(why)
    if sentence := _("Say why: both sides read it.") if not why else problems(why, lines=False, limit=WHY):
        raise Invalid({"why": sentence})
    with transaction():
        lock(organisation)
        if relation not in organisation.relation_links or relation.contest_id is not None:
            raise Invalid({"why": _("This was changed or contested meanwhile. Look at it again.")})
        other = relation.other_id or 0
        if not has_voice(actor, other, "steward"):
            raise Forbidden(_("Only a steward of the organisation that is named can contest it."))
        last = newest_contests(organisation.id, [other]).get(other)
        if last is not None and last.how == "stands" and last.type == relation.type:
            raise Invalid({"why": _("A moderator has decided that it stands.")})
        made = Contest(organisation_id=organisation.id, other_id=other, type=relation.type, why=why, by_id=actor.id)
        made.again = last is not None and last.how == "changed"
        db.session.add(made)
        db.session.flush()
        relation.contest = made
        _tell(made, organisation, "contested", why, actor)
        return made


def take_back(organisation: Organisation, relation: Relation, *, actor: Member) -> None:
    """Who contested it finds it right after all. Raises Forbidden, and Invalid where something would be part of itself."""
    with transaction():
        contest = _locked(organisation, relation)
        if not has_voice(actor, contest.other_id, "steward"):
            raise Forbidden(_("Only a steward of the organisation that contested it takes it back."))
        _let_stand(organisation, relation, "taken back")
        _tell(contest, organisation, "took back a contest", "", actor)


def decide_contest(organisation: Organisation, relation: Relation, stands: bool, *, actor: Member, note: str) -> None:
    """A moderator who speaks for neither side ends what was contested twice: it stands, or it is taken out. Raises Forbidden
    and Invalid."""
    if not clean_line(note):
        raise Invalid({"note": _("Say why: the reason stands in the log.")})
    with transaction():
        contest = _locked(organisation, relation)
        torn = any(voice_at(actor, id) for id in (contest.organisation_id, contest.other_id))
        if not actor.is_moderator or torn or not contest.again:
            raise Forbidden(_("A moderator who speaks for neither of them decides, when it was contested twice."))
        if stands:
            _let_stand(organisation, relation, "stands")
        else:
            contest.ended, contest.how = now(), "wrong"
            drop_relation(organisation, relation, actor=actor, note=note)
        _tell(contest, organisation, "decided", note, actor)


def _locked(organisation: Organisation, relation: Relation) -> Contest:
    lock(organisation)
    if relation not in organisation.relation_links or relation.contest is None:
        raise Invalid({"note": _("This is not contested any more.")})
    return relation.contest


def _let_stand(organisation: Organisation, relation: Relation, how: str) -> None:
    contest = relation.contest
    assert contest is not None
    contest.ended, contest.how, relation.contest = now(), how, None
    db.session.flush()
    if makes_circle(organisation, ties_of(organisation)):
        raise Invalid({"note": str(CIRCLE)})


def _tell(contest: Contest, organisation: Organisation, verb: str, note: str, actor: Member) -> None:
    """Both sides; where a moderator decides, they too."""
    line = record(organisation, verb, None, actor=actor, note=note)
    people = speakers([contest.organisation_id, contest.other_id])
    ask_anew(organisation, [*people, *(moderators() if contest.again else [])], "contested", line)
