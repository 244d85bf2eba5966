"""Every write of this room."""

from __future__ import annotations

from directory.merging.actions.deciding import ask_again, call_all_different, call_different, find_all, follow
from directory.merging.actions.merging import merge_organisations
from directory.merging.actions.undoing import forget_moved, may_undo, stuck_rows, undo_merge

__all__ = [
    "ask_again",
    "call_all_different",
    "call_different",
    "find_all",
    "follow",
    "forget_moved",
    "may_undo",
    "merge_organisations",
    "stuck_rows",
    "undo_merge",
]
