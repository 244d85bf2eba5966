"""Taking a merge back: both records and every row as they were, as far as nobody changed them since."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select, update

from commons.db import db, lock, lock_all, now, transaction
from commons.entries.actions import record
from commons.members.models import Member
from commons.web import Forbidden, Invalid
from directory.actions import ask_anew
from directory.merging.actions.deciding import call_different
from directory.merging.actions.histories import lock_entries, values_of, write_lines, write_revisions
from directory.merging.actions.moving import seat_again
from directory.merging.ledger import Moved, as_left, owners, put_back
from directory.merging.models import UNDO_FOR, Merge
from directory.merging.queries import later_merge
from directory.merging.rules import HISTORIES, TOLD, WISHES
from directory.models import Organisation
from directory.relations import speakers


def may_undo(viewer: Member | None, merge: Merge) -> bool:
    return viewer is not None and viewer.may_write and (viewer.is_moderator or viewer.id == merge.by_id)


def stuck_rows(merge: Merge) -> list[Moved]:
    """What was changed since and would stay as it is now. What members chose for themselves since is no hindrance."""
    return [one for one in merge.moved if one[0] not in WISHES and not as_left(one)]


def undo_merge(merge: Merge, *, actor: Member, note: str = "", via: str = "", anyway: bool = False) -> int:
    """Returns how many rows were put back. `anyway`: a moderator puts back the rest where something was changed since. Raises
    Forbidden, and Invalid where it is too late, or where something was changed since."""
    with transaction():
        found = {one.id: one for one in lock_all(Organisation, (merge.winner_id, merge.loser_id))}
        lock(merge)
        _may(merge, actor, anyway)
        winner, loser, moved = found[merge.winner_id], found[merge.loser_id], merge.moved
        both = {winner.id, loser.id}
        whose = (owners(moved, HISTORIES) | {winner.id}) - {loser.id}
        lock_entries(whose | owners(moved, TOLD))
        before = values_of(whose)
        done = sum([put_back(one) for one in reversed(moved)])
        db.session.expire_all()
        seat_again(_unseated(moved), winner.id)
        said = ": ".join(filter(None, (_("“%(name)s” is a record of its own again", name=loser.title), note)))
        written = write_revisions(before, "unmerged", said, actor)
        line = record(loser, "unmerged", None, actor=actor, note=said, via=via)
        if winner.id not in written:
            record(winner, "unmerged", None, actor=actor, note=said, via=via)
        write_lines(owners(moved, TOLD) - written - both)
        merge.undone, merge.undone_by_id, merge.moved, merge.kept = now(), actor.id, [], False
        call_different(winner.id, loser.id, actor=actor)
        for one in (winner, loser):
            ask_anew(one, speakers([one.id]), "merged", line)
        return done


def _may(merge: Merge, actor: Member, anyway: bool) -> None:
    if not may_undo(actor, merge):
        raise Forbidden(_("Moderators, and whoever merged them, take a merge back."))
    if not merge.can_be_undone:
        raise Invalid({"merge": _("This cannot be taken back any more.")})
    if later_merge(merge) is not None:
        raise Invalid({"merge": _("One of the two was merged again since. Take that back first.")})
    if stuck_rows(merge) and not (anyway and actor.is_moderator):
        raise Invalid({"merge": _("Some of it was changed since. A moderator can put back the rest.")})


def _unseated(moved: Sequence[Moved]) -> list[int]:
    """Members whose seats were touched: whoever sat at the winner only by the merge gets up again."""
    return sorted(
        {row["member_id"] for name, *states in moved if name == "seat" for row in states if row and "member_id" in row}
    )


def forget_moved(after: int) -> int:
    """A follower whose position never moves: after thirty days nothing is kept of what was moved."""
    late = (Merge.at < now() - UNDO_FOR, Merge.kept)
    if db.session.scalar(select(Merge.id).where(*late).limit(1)) is not None:
        with transaction():
            db.session.execute(update(Merge).where(*late).values(moved=[], kept=False))
    return after
