"""Saying of two records that they are different, and finding the pairs that may be one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, delete, func, or_, select

from commons.db import db, now, transaction
from commons.entries.followers import keep_position
from commons.entries.models import Entry
from commons.entries.queries import log_after
from commons.members.models import Member
from commons.web import Forbidden
from directory.duplicates.cards import Suspect as Likeness
from directory.duplicates.index import DuplicateIndex
from directory.merging.models import Suspect
from directory.merging.queries import may_judge
from directory.models import Organisation
from directory.suspects import every_card, likenesses

FOLLOWER = "duplicates"
LINES = 1000  # of the log, looked at in one turn
BATCH = 60  # organisations asked about in one turn: some 9 ms each among 100,000, and no other follower waits long
MOST = 5  # suspects of one record
Pair = tuple[int, int]


def call_different(one: int, other: int, *, actor: Member) -> None:
    """They are not asked about again until a name or a website of one of them changes. Raises Forbidden."""
    if not may_judge(actor):
        raise Forbidden(_("Moderators, and members whose edits show at once, decide this."))
    pair = (min(one, other), max(one, other))
    with transaction():
        known = _rows([pair])
        row = known.get(pair) or Suspect(one_id=pair[0], other_id=pair[1], score=0.0, reasons=[])
        row.state, row.by_id, row.at, row.prints = "different", actor.id, now(), prints_of(pair)[pair]
        db.session.add(row)


def call_all_different(ids: Sequence[int], *, actor: Member) -> int:
    """The same for rows of the queue; returns how many of them were still open."""
    with transaction():
        rows = db.session.scalars(
            select(Suspect).where(Suspect.id.in_(ids), Suspect.state == "open").order_by(Suspect.id)
        ).all()
        for row in rows:
            call_different(row.one_id, row.other_id, actor=actor)
        return len(rows)


def ask_again(one: int, other: int, *, actor: Member) -> None:
    """Takes `call_different` back."""
    if not may_judge(actor):
        raise Forbidden(_("Moderators, and members whose edits show at once, decide this."))
    with transaction():
        for row in _rows([(min(one, other), max(one, other))]).values():
            if row.state == "different":
                row.state, row.by_id, row.at = "open", None, now()


def prints_of(*pairs: Pair) -> dict[Pair, str]:
    """What two records are called and where they are on the web, as one digest of each pair."""
    ids = sorted({id for pair in pairs for id in pair})
    query = select(Organisation.id, Organisation.title, Organisation.names, Organisation.website).where(
        Organisation.id.in_(ids)
    )
    said = {
        row.id: [row.title, sorted(name["value"] for name in row.names), row.website]
        for row in db.session.execute(query)
    }
    return {
        pair: hashlib.blake2b(json.dumps([said.get(id) for id in pair]).encode(), digest_size=16).hexdigest()
        for pair in pairs
    }


def follow(after: int) -> int:
    """Organisations that were changed are asked about again. It keeps its own position too, for it goes in small steps."""
    changed, reached = _changed(after)
    if changed:
        found = likenesses(changed | _neighbours(changed), MOST)
        if found is None:
            return after  # the index is being filled
        pairs = _pairs(found)
        theirs = Suspect.one_id.in_(changed) | Suspect.other_id.in_(changed)
        with transaction():
            _keep(pairs)
            _forget(select(Suspect.id, Suspect.one_id, Suspect.other_id).where(theirs), pairs)
    if reached != after:
        keep_position(FOLLOWER, reached)
    return reached


def _changed(after: int) -> tuple[set[int], int]:
    """The next organisations of the log, and how far in it they reach."""
    lines = log_after(after, LINES)
    ids = {id for _seq, id, _thread in lines}
    known = set(db.session.scalars(select(Entry.id).where(Entry.id.in_(ids), Entry.kind == "organisation")))
    changed, reached = set[int](), after
    for seq, id, _thread in lines:
        if id in known and id not in changed and len(changed) == BATCH:
            break
        changed |= {id} & known
        reached = seq
    return changed, reached


def _neighbours(ids: Collection[int]) -> set[int]:
    """The other sides of the open pairs of these."""
    pairs = select(Suspect.one_id, Suspect.other_id).where(
        or_(Suspect.one_id.in_(ids), Suspect.other_id.in_(ids)), Suspect.state == "open"
    )
    return {id for pair in db.session.execute(pairs) for id in pair} - set(ids)


def find_all(tick: Callable[[int], None] = lambda many: None) -> int:
    """Asks about every organisation there is; returns how many pairs are open."""
    index = DuplicateIndex(every_card())
    ids = list(db.session.scalars(select(Entry.id).where(Entry.kind == "organisation", Entry.state == "live")))
    alike = set[Pair]()
    for start in range(0, len(ids), 20 * BATCH):
        some = ids[start : start + 20 * BATCH]
        pairs = _pairs({card.id: index.suspects(card, MOST) for card in every_card(some)})
        alike |= pairs.keys()
        with transaction():
            _keep(pairs)
        tick(len(some))
    with transaction():
        _forget(select(Suspect.id, Suspect.one_id, Suspect.other_id), alike)
    return db.session.scalar(select(func.count()).where(Suspect.state == "open")) or 0


def _keep(pairs: Mapping[Pair, Likeness]) -> None:
    """Writes down what is new, and what was judged different and looks otherwise now."""
    known = _rows(pairs)
    prints = prints_of(*(pair for pair, row in known.items() if row.state == "different"))
    for pair, alike in pairs.items():
        row = known.get(pair)
        if row is None:
            db.session.add(Suspect(one_id=pair[0], other_id=pair[1], score=alike.score, reasons=list(alike.reasons)))
        elif row.state == "open" or (row.state == "different" and row.prints != prints[pair]):
            row.score, row.reasons = alike.score, list(alike.reasons)
            if row.state == "different":
                row.state, row.by_id, row.at = "open", None, now()
    db.session.flush()


def _forget(rows: Select[int, int, int], alike: Collection[Pair]) -> None:
    """Open pairs among these rows that are not alike any more."""
    found = db.session.execute(rows.where(Suspect.state == "open"))
    gone = [row.id for row in found if (row.one_id, row.other_id) not in alike]
    for start in range(0, len(gone), 500):
        db.session.execute(delete(Suspect).where(Suspect.id.in_(gone[start : start + 500])))


def _pairs(found: Mapping[int, Sequence[Likeness]]) -> dict[Pair, Likeness]:
    """Each pair once, with the stronger of what the two say of each other."""
    pairs: dict[Pair, Likeness] = {}
    for id, others in found.items():
        for one in others:
            pair = (min(id, one.id), max(id, one.id))
            if pair not in pairs or pairs[pair].score < one.score:
                pairs[pair] = one
    return pairs


def _rows(pairs: Iterable[Pair]) -> dict[Pair, Suspect]:
    wanted = set(pairs)
    firsts = sorted({one for one, _other in wanted})
    rows = db.session.scalars(select(Suspect).where(Suspect.one_id.in_(firsts))) if firsts else ()
    return {(row.one_id, row.other_id): row for row in rows if (row.one_id, row.other_id) in wanted}
