"""Every write of talks: beginning one, answering a request, leaving; and whom a member does not want to meet."""

from commons.talks.actions.blocking import block, choose_who_writes, decline_and_block, unblock
from commons.talks.actions.talking import accept, begin, decline, leave, mute, unmute

__all__ = [
    "accept",
    "begin",
    "block",
    "choose_who_writes",
    "decline",
    "decline_and_block",
    "leave",
    "mute",
    "unblock",
    "unmute",
]
