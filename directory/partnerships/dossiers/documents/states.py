"""Where a dossier stands, in words: the six steps over its page, what is waited for, and what its reader can do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.db import now
from commons.entries.asks import VOICES
from directory.partnerships.dossiers.models import Party, Proposal
from directory.partnerships.dossiers.transitions import (
    BACK,
    DEADLINES,
    FORCE,
    OVER,
    REOPENED_WITHIN,
    SHUT,
    move,
)

STEPS = (
    (_l("Interest"), ("interest", "question")),
    (_l("Getting to know"), ("exploring", "archived")),
    (_l("Terms"), ("proposed", "negotiating")),
    (_l("Signatures"), ("agreed",)),
    (_l("Under way"), FORCE),
    (_l("Outcome"), OVER),
)
STAGE_WORDS = {
    "interest": _l("First words"),
    "question": _l("A question before the answer"),
    "exploring": _l("Getting to know each other"),
    "proposed": _l("Terms are proposed"),
    "negotiating": _l("Terms are talked about"),
    "agreed": _l("Agreed, to be signed"),
    "active": _l("Under way"),
    "amending": _l("Under way, a change waits for signatures"),
    "paused": _l("Paused"),
    "ending": _l("Notice was given"),
    "completed": _l("Completed"),
    "ended": _l("Ended early"),
    "inactive": _l("Not heard of for two years"),
    "declined": _l("Declined"),
    "withdrawn": _l("Taken back"),
    "expired": _l("Expired without an answer"),
    "archived": _l("Put away"),
}


class Mine(NamedTuple):
    """The organisation for which the reader acts, and in which role."""

    party: Party | None
    role: str


def steps(proposal: Proposal) -> list[dict[str, Any]]:
    """done, current or to come."""
    stage = proposal.before if proposal.stage in SHUT else proposal.stage
    here = next((number for number, (_label, stages) in enumerate(STEPS) if stage in stages), 0)
    over = proposal.stage in OVER
    return [
        {"label": str(label), "done": number < here or (over and number == here), "current": number == here}
        for number, (label, _stages) in enumerate(STEPS)
    ]


def number_of_step(proposal: Proposal) -> int:
    return next((at for at, one in enumerate(steps(proposal), 1) if one["current"]), 1)


def due(proposal: Proposal) -> datetime | None:
    """When the clock takes its move."""
    ends = DEADLINES[proposal.stage].ends
    return proposal.counted + timedelta(days=ends + proposal.extended) if ends else None


def may(proposal: Proposal, mine: Mine, action: str) -> bool:
    """May the reader take this action for their organisation now? The action itself asks again."""
    found, party = move(proposal.stage, action), mine.party
    if found is None or party is None or not mine.role or not proposal.is_live:
        return False
    if (party.state == "in") == (action == "come in") and action != "leave":
        return False
    if action == "reopen" and proposal.stage != "archived" and proposal.since < now() - REOPENED_WITHIN:
        return False
    return party.is_on(found.side, proposal) and VOICES.index(mine.role) >= VOICES.index(found.least)


def light(proposal: Proposal) -> str:
    """Of an agreement that holds, from the dates alone: green with a report within a year, yellow after one, red near the end
    of the second."""
    days = (now() - proposal.counted).days
    return "green" if days <= 365 else "yellow" if days <= 700 else "red"


def waiting(proposal: Proposal, parties: Sequence[Party], names: dict[int, Any]) -> list[str]:
    """The organisations whose answer is waited for."""
    return [names[one.organisation_id].title for one in parties if one.turn and one.organisation_id in names]


def leads(proposal: Proposal) -> str:
    """The stage to which a reopened proposal goes back, in words."""
    found = move(proposal.stage, "reopen")
    to = proposal.before if found is not None and found.to == BACK else "exploring"
    return str(STAGE_WORDS[to or "interest"])


def sentence(proposal: Proposal) -> str:
    """What the stage means, for both sides."""
    return {
        "interest": _("They read the first words and say whether they want to talk."),
        "question": _("They asked something before they decide. The answer goes into the conversation."),
        "exploring": _("Both sides find out whether it fits. Whoever sees how it could work writes the terms."),
        "proposed": _("One side wrote terms. The other accepts them, changes them, or says no."),
        "negotiating": _("The terms go back and forth until all accept the same version."),
        "agreed": _("The text is frozen. One signatory of each organisation signs it with name and password."),
        "active": _("What was signed holds. Keep your promises, and tell once a year how it goes."),
        "amending": _("What was signed holds. A change waits until all have signed it."),
        "paused": _("What was signed rests for a while. Either side goes on with it."),
        "ending": _("One side gave notice. Until it ends the same side can take that back."),
        "completed": _("It is done. Each side tells what came of it, and answers what the other told."),
        "ended": _("It ended early. Each side can tell what came of it."),
        "inactive": _("Nobody told anything for two years."),
        "declined": _("The other side said no."),
        "withdrawn": _("It was taken back."),
        "expired": _("Nobody answered in time."),
        "archived": _("Nobody wrote for a while. Either side can open it again."),
    }[proposal.stage]
