"""The log of a dossier: its lines in words, and as the JSON that people take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.entries.models import Entry
from directory.partnerships.dossiers.models import Proposal, Step

ACTION_WORDS = {
    "send": _l("wrote the first words"),
    "ask": _l("asked a question"),
    "answer": _l("answered the question"),
    "talk": _l("wants to talk"),
    "decline": _l("said no"),
    "withdraw": _l("took it back"),
    "archive": _l("put it away"),
    "reopen": _l("opened it again"),
    "propose": _l("wrote the first version of the terms"),
    "counter": _l("wrote another version of the terms"),
    "accept": _l("accepted the terms"),
    "extend": _l("moved the deadline"),
    "sign": _l("signed"),
    "refuse": _l("does not sign"),
    "amend": _l("wants to change what was signed"),
    "report": _l("told how it goes"),
    "pause": _l("paused it"),
    "resume": _l("goes on with it"),
    "end": _l("gave notice"),
    "keep": _l("took the notice back"),
    "complete": _l("said that it is done"),
    "account": _l("told what came of it"),
    "judge": _l("answered what the other side told"),
    "publish": _l("wants it in the public register"),
    "unpublish": _l("does not want it in the public register"),
    "promise": _l("wrote down a promise"),
    "keep a promise": _l("kept a promise"),
    "meet": _l("offered times to meet"),
    "choose": _l("chose a time to meet"),
    "guest chose": _l("A guest chose a time to meet"),
    "hand over": _l("named who answers from now on"),
    "mediate": _l("wants a mediator"),
    "mediator came": _l("The mediator came in and reads from now on"),
    "mediator left": _l("The mediator left"),
    "observe": _l("wants an observer"),
    "observer came": _l("An observer came in and reads from now on"),
    "observer left": _l("An observer left"),
    "show out": _l("showed an observer out"),
    "bring in": _l("wants a further organisation to take part"),
    "come in": _l("takes part from now on"),
    "leave": _l("left"),
    "renew": _l("began a new proposal from it"),
    "expire": _l("The day came"),
}
ROLE_WORDS = {
    "delegate": _l("delegate"),
    "steward": _l("steward"),
    "signatory": _l("signatory"),
    "mediator": _l("mediator"),
    "observer": _l("observer"),
    "guest": _l("guest"),
}


def step_rows(found: Sequence[Step], names: Mapping[int, Entry]) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "at": one.at,
            "what": str(ACTION_WORDS.get(one.action, one.action)),
            "organisation": _name(one, names),
            "person": who(one, names),
            "came_from": one.came_from,
            "went_to": one.went_to,
            "digest": one.digest,
        }
        for one in found
    ]


def _name(step: Step, names: Mapping[int, Entry]) -> str:
    entry = names.get(step.organisation_id or 0)
    return entry.title if entry is not None else ""


def who(step: Step, names: Mapping[int, Entry]) -> str:
    """The person, or, when they were erased, what they were."""
    if not step.role:
        return ""
    if step.actor is not None and step.actor.state != "placeholder":
        return step.actor.name
    role = str(ROLE_WORDS.get(step.role, step.role))
    entry = names.get(step.organisation_id or 0)
    if step.role == "observer":
        return _("former observer")
    return _("former %(role)s of %(organisation)s", role=role, organisation=entry.title) if entry else role


def chain(proposal: Proposal, found: Sequence[Step], names: Mapping[int, Entry]) -> dict[str, Any]:
    """With all that the digests are made of, so that anybody can work them out again."""
    rule = (
        "digest = SHA-256 of the JSON array [proposal, number, at, organisation, role, action, from, to, payload, before], "
        "without spaces, UTF-8; at with six digits of a second; before = the digest of the step before"
    )
    return {
        "proposal": proposal.id,
        "rule": rule,
        "steps": [
            {
                "number": one.number,
                "at": one.at.isoformat(timespec="microseconds"),
                "organisation": one.organisation_id,
                "organisation_name": _name(one, names),
                "role": one.role,
                "person": who(one, names),
                "action": one.action,
                "from": one.came_from,
                "to": one.went_to,
                "payload": one.payload,
                "before": one.before,
                "digest": one.digest,
            }
            for one in found
        ],
    }
