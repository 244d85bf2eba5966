"""Every write to a proposal, a dossier and the register. Each takes the actor and the organisation for which they act."""

from directory.partnerships.dossiers.actions.agreeing import accept, extend, refuse, renew, sign, write_terms
from directory.partnerships.dossiers.actions.joining import (
    bring_in,
    come_in,
    come_to_mediate,
    hand_over,
    leave,
    stop_mediating,
    want_mediator,
)
from directory.partnerships.dossiers.actions.mailing import Given, answer_by_key, use_guest_key
from directory.partnerships.dossiers.actions.meeting import choose_time, offer_times
from directory.partnerships.dossiers.actions.observing import (
    come_to_observe,
    show_out,
    stop_observing,
    want_observer,
)
from directory.partnerships.dossiers.actions.registering import publish, remove_partnership, unpublish
from directory.partnerships.dossiers.actions.running import (
    complete,
    give_notice,
    judge,
    keep_on,
    keep_promise,
    pause,
    promise,
    report,
    resume,
    tell_outcome,
)
from directory.partnerships.dossiers.actions.seating import seated, takes
from directory.partnerships.dossiers.actions.sending import (
    ask_question,
    close,
    let_in,
    put_away,
    remove_proposal,
    reopen,
    say,
    send_interest,
    talk,
)

__all__ = [
    "Given",
    "accept",
    "answer_by_key",
    "ask_question",
    "bring_in",
    "choose_time",
    "close",
    "come_in",
    "come_to_mediate",
    "come_to_observe",
    "complete",
    "extend",
    "give_notice",
    "hand_over",
    "judge",
    "keep_on",
    "keep_promise",
    "leave",
    "let_in",
    "offer_times",
    "pause",
    "promise",
    "publish",
    "put_away",
    "refuse",
    "remove_partnership",
    "remove_proposal",
    "renew",
    "reopen",
    "report",
    "resume",
    "say",
    "seated",
    "send_interest",
    "show_out",
    "sign",
    "stop_mediating",
    "stop_observing",
    "takes",
    "talk",
    "tell_outcome",
    "unpublish",
    "use_guest_key",
    "want_mediator",
    "want_observer",
    "write_terms",
]
