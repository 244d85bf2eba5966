"""The life of a proposal as one table: stage × action -> whose side may take it, in which role at least, and where it leads.

What is not in the table is forbidden. Sides: `sender`, `receiver` (who wrote first, and to whom); `turn` (those whose answer is
waited for), `rest` (the others); `same` (the side that brought the proposal into this stage); `any`; `clock` (a date that has
come, no person). An empty `to`: the stage stays; BACK: the stage in which it was closed. Moves with `all` happen when the last
of those in turn has said yes; until then the stage stays.

Days come from the life cycle of partnerships that this project wrote down for itself: one reminder after 14 days, the end after 45
without an answer; exploration asked about after 30 idle days and put away after 60; 30 days to sign; a look back after 3 months, a
report every year, inactive after two years without one; 60 days to tell of the outcome; 30 days to take a no back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

STAGES = (
    "interest",
    "question",
    "exploring",
    "proposed",
    "negotiating",
    "agreed",
    "active",
    "amending",
    "paused",
    "ending",
    "completed",
    "ended",
    "inactive",
    "declined",
    "withdrawn",
    "expired",
    "archived",
)
SIDES = ("sender", "receiver", "turn", "rest", "same", "any", "clock")
UNANSWERED = ("interest", "question")
TALKING = (*UNANSWERED, "exploring", "proposed", "negotiating")
FORCE = ("active", "amending", "paused", "ending")  # an agreement holds
OVER = ("completed", "ended", "inactive")
SHUT = ("declined", "withdrawn", "expired")
REOPENED_WITHIN = timedelta(days=30)
EXTENDED_BY = timedelta(days=14)
BACK = "back"  # where it was before it was closed
NOTICE = 30  # days from giving notice to the end, where the terms say nothing


class Move(NamedTuple):
    side: str
    least: str  # delegate, steward or signatory; empty for the clock
    to: str
    all: bool = False


MOVES: dict[tuple[str, str], Move] = {
    ("interest", "ask"): Move("turn", "delegate", "question"),
    ("interest", "talk"): Move("turn", "delegate", "exploring"),
    ("interest", "decline"): Move("turn", "delegate", "declined"),
    ("interest", "withdraw"): Move("sender", "delegate", "withdrawn"),
    ("interest", "expire"): Move("clock", "", "expired"),
    ("question", "answer"): Move("turn", "delegate", "interest"),
    ("question", "talk"): Move("receiver", "delegate", "exploring"),
    ("question", "decline"): Move("receiver", "delegate", "declined"),
    ("question", "withdraw"): Move("sender", "delegate", "withdrawn"),
    ("question", "expire"): Move("clock", "", "expired"),
    ("exploring", "propose"): Move("any", "steward", "proposed"),
    ("exploring", "archive"): Move("any", "delegate", "archived"),
    ("exploring", "withdraw"): Move("any", "steward", "withdrawn"),
    ("exploring", "expire"): Move("clock", "", "archived"),
    ("proposed", "accept"): Move("turn", "steward", "agreed", all=True),
    ("proposed", "counter"): Move("turn", "steward", "negotiating"),
    ("proposed", "decline"): Move("turn", "steward", "declined"),
    ("proposed", "withdraw"): Move("rest", "steward", "withdrawn"),
    ("proposed", "extend"): Move("any", "steward", ""),
    ("proposed", "expire"): Move("clock", "", "expired"),
    ("negotiating", "accept"): Move("turn", "steward", "agreed", all=True),
    ("negotiating", "counter"): Move("turn", "steward", "negotiating"),
    ("negotiating", "decline"): Move("turn", "steward", "declined"),
    ("negotiating", "withdraw"): Move("rest", "steward", "withdrawn"),
    ("negotiating", "extend"): Move("any", "steward", ""),
    ("negotiating", "expire"): Move("clock", "", "expired"),
    ("agreed", "sign"): Move("turn", "signatory", "active", all=True),
    ("agreed", "refuse"): Move("any", "steward", "negotiating"),
    ("agreed", "expire"): Move("clock", "", "negotiating"),
    ("active", "report"): Move("any", "delegate", ""),
    ("active", "amend"): Move("any", "steward", "amending"),
    ("active", "pause"): Move("any", "steward", "paused"),
    ("active", "end"): Move("any", "steward", "ending"),
    ("active", "complete"): Move("any", "steward", "completed"),
    ("active", "expire"): Move("clock", "", "inactive"),
    ("amending", "sign"): Move("turn", "signatory", "active", all=True),
    ("amending", "refuse"): Move("any", "steward", "active"),
    ("amending", "expire"): Move("clock", "", "active"),
    ("paused", "resume"): Move("any", "steward", "active"),
    ("paused", "end"): Move("any", "steward", "ending"),
    ("paused", "complete"): Move("any", "steward", "completed"),
    ("paused", "expire"): Move("clock", "", "inactive"),
    ("ending", "keep"): Move("same", "steward", "active"),
    ("ending", "complete"): Move("any", "steward", "completed"),
    ("ending", "expire"): Move("clock", "", "ended"),
    ("declined", "reopen"): Move("same", "delegate", BACK),
    ("withdrawn", "reopen"): Move("same", "delegate", BACK),
    ("expired", "reopen"): Move("same", "delegate", BACK),
    ("archived", "reopen"): Move("any", "delegate", "exploring"),
    **{(stage, "account"): Move("any", "steward", "") for stage in OVER},
    **{(stage, "judge"): Move("any", "steward", "") for stage in OVER},
    **{(stage, "renew"): Move("any", "steward", "") for stage in OVER},
    **{(stage, "publish"): Move("any", "steward", "") for stage in (*FORCE, *OVER)},
    **{(stage, "unpublish"): Move("any", "steward", "") for stage in (*FORCE, *OVER)},
    **{(stage, "promise"): Move("any", "steward", "") for stage in ("active", "paused")},
    **{(stage, "keep a promise"): Move("any", "delegate", "") for stage in FORCE},
    **{(stage, "meet"): Move("any", "delegate", "") for stage in ("exploring", "proposed", "negotiating", *FORCE)},
    **{(stage, "choose"): Move("any", "delegate", "") for stage in ("exploring", "proposed", "negotiating", *FORCE)},
    **{(stage, "hand over"): Move("any", "delegate", "") for stage in (*TALKING, "agreed", *FORCE)},
    **{(stage, "mediate"): Move("any", "steward", "") for stage in ("exploring", "proposed", "negotiating", *FORCE)},
    **{
        (stage, "observe"): Move("any", "steward", "")
        for stage in ("exploring", "proposed", "negotiating", "agreed", *FORCE)
    },
    **{(stage, "show out"): Move("any", "delegate", "") for stage in STAGES},
    **{(stage, "bring in"): Move("any", "steward", "") for stage in ("exploring", "proposed", "negotiating")},
    **{(stage, "come in"): Move("any", "steward", "") for stage in ("exploring", "proposed", "negotiating")},
    **{
        (stage, "leave"): Move("any", "steward", "")
        for stage in ("exploring", "proposed", "negotiating", "agreed", *FORCE)
    },
}


# The moves that the link of a mail makes without signing in, in the order of its page -> what the page asks for.
BY_MAIL: dict[str, str] = {
    **dict.fromkeys(("come in", "talk", "accept", "resume", "keep"), "press"),
    **dict.fromkeys(("choose", "judge", "keep a promise"), "which"),
    **dict.fromkeys(("ask", "answer", "report"), "words"),
    **dict.fromkeys(("complete", "account"), "outcome"),
    **dict.fromkeys(("publish", "unpublish", "reopen", "renew", "extend", "pause", "archive"), "press"),
    **dict.fromkeys(("decline", "withdraw", "end"), "reason"),
    **dict.fromkeys(("refuse", "leave"), "press"),
}
# `sign` asks for the password again; the others write something new, or name somebody.
SIGNED_IN = (
    "sign",
    "propose",
    "counter",
    "amend",
    "promise",
    "meet",
    "hand over",
    "mediate",
    "bring in",
    "observe",
    "show out",
)


class Deadline(NamedTuple):
    """Days from when they are counted: when each reminder is due, and when the clock takes its move; 0: never."""

    reminders: tuple[int, ...]
    ends: int


_ANSWER = Deadline((14,), 45)
_TERMS = Deadline((14, 30), 45)  # the second reminder offers a mediator
_SIGNATURES = Deadline((14,), 30)
_OUTCOME = Deadline((60,), 0)
DEADLINES: dict[str, Deadline] = {
    "interest": _ANSWER,
    "question": _ANSWER,
    "exploring": Deadline((30,), 60),
    "proposed": _TERMS,
    "negotiating": _TERMS,
    "agreed": _SIGNATURES,
    "amending": _SIGNATURES,
    "active": Deadline((91, 365), 730),
    "paused": Deadline((91, 365), 730),
    "ending": Deadline((), NOTICE),
    "completed": _OUTCOME,
    "ended": _OUTCOME,
    "inactive": Deadline((), 0),
    **dict.fromkeys((*SHUT, "archived"), Deadline((), 0)),
}
ACTIONS = tuple(dict.fromkeys(action for _stage, action in MOVES))


def move(stage: str, action: str) -> Move | None:
    """None: nobody takes this action in this stage."""
    return MOVES.get((stage, action))
