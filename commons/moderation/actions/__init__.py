"""Every write of moderation: protecting, holding edits for review, and taking back what one member did."""

from commons.moderation.actions.holding import accept, give_back, hold, hold_new, holds_edits, send_again, withdraw
from commons.moderation.actions.protecting import protect, unprotect
from commons.moderation.actions.reporting import decide, let_back, report, suspend
from commons.moderation.actions.undoing import Undone, undo_all

__all__ = [
    "Undone",
    "accept",
    "decide",
    "give_back",
    "hold",
    "hold_new",
    "holds_edits",
    "let_back",
    "protect",
    "report",
    "send_again",
    "suspend",
    "undo_all",
    "unprotect",
    "withdraw",
]
