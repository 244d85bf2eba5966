"""Making two records one, in one transaction: the winner edited, every reference moved, the other record gone and leading on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from commons.db import Model, db, lock_all, now, table, transaction
from commons.entries.actions import record
from commons.entries.models import Change, Entry, Redirect
from commons.members.models import Member
from commons.text import clean_line
from commons.web import Forbidden, Invalid
from directory.actions import ask_anew, edit_organisation
from directory.merging.actions.histories import lock_entries, values_of, write_lines, write_revisions
from directory.merging.actions.moving import move_references
from directory.merging.ledger import Ledger, owners, rows_where
from directory.merging.models import Merge
from directory.merging.queries import faults_of, may_merge, share_a_deal, standing_merge, suspect_of
from directory.merging.rules import HISTORIES, TOLD
from directory.models import Organisation, Relation
from directory.relations import CIRCLE, above, speakers


def merge_organisations(
    winner: Organisation,
    loser: Organisation,
    values: Mapping[str, Any],
    *,
    seen: tuple[int, int],
    actor: Member,
    note: str = "",
    via: str = "",
) -> Merge:
    """`values`: the fields of the winner from now on; `seen`: the versions of both that the actor looked at. A second time gives the
    merge that is there. Raises Invalid, Forbidden, and Conflict where somebody changed the same field of the winner."""
    if winner.id == loser.id:
        raise Invalid({"loser": _("This is one record already.")})
    with transaction():
        lock_all(Organisation, (winner.id, loser.id))
        done = standing_merge(loser.id)
        if done is not None and done.winner_id == winner.id:
            return done
        _may(winner, loser, seen, actor)
        lock_entries(_touched(loser.id))
        ledger = Ledger()
        _edit(winner, loser, values, seen[0], actor, note, via, ledger)
        _move_all(winner, loser, actor, ledger)
        line = _lead_on(winner, loser, actor, note, via, ledger)
        made = Merge(winner_id=winner.id, loser_id=loser.id, by_id=actor.id, note=clean_line(note)[:300])
        made.moved = ledger.rows
        db.session.add(made)
        _close_suspect(winner.id, loser.id, actor)
        ask_anew(winner, speakers([winner.id]), "merged", line)
        db.session.flush()
        return made


def _may(winner: Organisation, loser: Organisation, seen: tuple[int, int], actor: Member) -> None:
    if not may_merge(actor, winner, loser):
        raise Forbidden(_("Somebody speaks for one of them: their steward or a moderator merges them."))
    if faults := faults_of(winner, loser, actor):
        raise Invalid({"loser": " ".join(faults)})
    if share_a_deal(winner.id, loser.id):
        raise Invalid({"loser": _("These two stay two. Ask the people who speak for them.")})
    if seen[1] != loser.version:
        raise Invalid({"loser": _("“%(name)s” was changed meanwhile. Look at both again.", name=loser.title)})


def _touched(loser_id: int) -> list[int]:
    """Entries with a history that name the record, and what stands in it."""
    partner = Model.metadata.tables["partner"].c
    found = set(db.session.scalars(select(Relation.organisation_id).where(Relation.other_id == loser_id)))
    found |= set(db.session.scalars(select(Organisation.id).where(Organisation.successor_id == loser_id)))
    found |= set(db.session.scalars(select(partner.partnership_id).where(partner.organisation_id == loser_id)))
    found |= set(db.session.scalars(select(Entry.id).where(Entry.within_id == loser_id)))
    return sorted(found)


def _edit(
    winner: Organisation,
    loser: Organisation,
    values: Mapping[str, Any],
    version: int,
    actor: Member,
    note: str,
    via: str,
    ledger: Ledger,
) -> None:
    """The winner's own rows, as every edit changes them."""
    focus, relation, redirect = (Model.metadata.tables[name].c for name in ("entry_focus", "relation", "redirect"))
    own = {
        "organisation": table(Organisation).c.id == winner.id,
        "entry": table(Entry).c.id == winner.id,
        "entry_focus": focus.entry_id == winner.id,
        "relation": relation.organisation_id == winner.id,
        "redirect": redirect.entry_id == winner.id,
    }
    before = rows_where(own)
    words = ": ".join(filter(None, (_("Merged with “%(name)s”", name=loser.title), note)))
    said: dict[str, Any] = {"actor": actor, "note": words, "via": via}
    if not edit_organisation(winner, values, version=version, verb="merged in", reviewed=True, **said):
        record(winner, "merged in", None, **said)
    ledger.compare(before, rows_where(own))


def _move_all(winner: Organisation, loser: Organisation, actor: Member, ledger: Ledger) -> None:
    before, first = values_of(_touched(loser.id)), len(ledger.rows)
    move_references(loser.id, winner.id, ledger)
    if winner.id in above([winner.id]):
        raise Invalid({"loser": str(CIRCLE)})
    moved = ledger.rows[first:]
    note = _("“%(one)s” and “%(other)s” are one record now", one=loser.title, other=winner.title)
    known = {id: values for id, values in before.items() if id in owners(moved, HISTORIES)}
    written = write_revisions(known, "edited", note, actor)
    write_lines(owners(moved, TOLD) - written - {winner.id, loser.id})


def _lead_on(winner: Organisation, loser: Organisation, actor: Member, note: str, via: str, ledger: Ledger) -> Change:
    """The record goes; its address leads to the other one."""
    row = rows_where({"entry": table(Entry).c.id == loser.id})["entry"][0]
    ledger.change(table(Entry), row, {"state": "deleted"})
    ledger.add(table(Redirect), {"kind": loser.kind, "slug": loser.slug, "entry_id": winner.id})
    db.session.refresh(loser)
    words = ": ".join(filter(None, (_("Merged into “%(name)s”", name=winner.title), note)))
    loser.updated = now()
    return record(loser, "led on", None, actor=actor, note=words, via=via)


def _close_suspect(winner_id: int, loser_id: int, actor: Member) -> None:
    if (suspect := suspect_of(winner_id, loser_id)) is not None:
        suspect.state, suspect.by_id, suspect.at = "merged", actor.id, now()
