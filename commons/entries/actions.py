"""Every write to an entry: the row, its revision and a line in the log, in one transaction, all or none."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, inspect, select, text, update
from sqlalchemy.orm.attributes import set_committed_value

from commons.audience import MEMBERS, PUBLIC
from commons.db import db, is_postgresql, lock, now, on_commit, transaction
from commons.entries import links
from commons.entries.asks import tell_named
from commons.entries.changes import stored
from commons.entries.followers import wake
from commons.entries.merging import merge_fields
from commons.entries.models import Change, Checked, Entry, Redirect, Revision
from commons.entries.queries import reserved_slugs, state_at
from commons.members.models import Member
from commons.room import rooms
from commons.text import slug as slug_of
from commons.web import Conflict, Forbidden, Invalid

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
QUIET = frozenset(
    {
        "confirmed",
        "protected",
        "unprotected",
        "hid a version",
        "showed a version",
        "read",
        "reacted",
        "showed to others",
        "asked",
    }
)
LOG_LOCK = 7_301_154  # any number: the advisory lock that puts the log in commit order on PostgreSQL


def digest(before: str, number: int, changes: Mapping[str, Any]) -> str:
    """Chains a revision to the one before it, so that a history cannot be changed unnoticed."""
    return hashlib.blake2b(_canonical([before, number, changes]).encode(), digest_size=20).hexdigest()


def take_log_lock() -> None:
    if is_postgresql():
        db.session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOG_LOCK})


def record(
    entry: Entry,
    verb: str,
    changes: dict[str, Any] | None,
    *,
    actor: Member | None,
    note: str = "",
    minor: bool = False,
    via: str = "",
) -> Change:
    """The line in the log and, where fields changed, the revision. Called inside the transaction that changes the row."""
    _lock_thread(entry)
    take_log_lock()
    number = entry.version if changes is not None else None
    thread = entry if entry.thread_id is None else db.session.get(Entry, entry.thread_id) or entry
    line = Change(entry=entry, thread=thread, verb=verb, revision=number, note=note[:300], via=via)
    line.actor_id = actor.id if actor else None
    db.session.add(line)
    db.session.flush()
    if actor is not None and entry.is_live and verb not in QUIET:
        _stir(thread, line.seq)
    db.session.info.setdefault("recorded", set()).add(id(entry))
    if changes is not None:
        _add_revision(entry, line, stored(changes), minor)
    on_commit(wake)
    return line


def _add_revision(entry: Entry, line: Change, changes: dict[str, Any], minor: bool) -> None:
    newest = select(Revision.digest).where(Revision.entry_id == entry.id).order_by(Revision.number.desc()).limit(1)
    number, before = entry.version, db.session.scalar(newest) or ""
    made = Revision(entry_id=entry.id, number=number, author_id=line.actor_id, note=line.note, minor=minor)
    made.changes, made.digest = changes, digest(before, number, changes)
    db.session.add(made)
    db.session.flush()


def _lock_thread(entry: Entry) -> None:
    """Before the log, so that two who change the posts of one topic never wait for each other."""
    if entry.thread_id is not None and is_postgresql():
        db.session.execute(select(Entry.id).where(Entry.id == entry.thread_id).with_for_update(key_share=True))


def _stir(thread: Entry, seq: int) -> None:
    """Whoever follows the thread finds it at the top. No change of the entry itself, so no line in the log."""
    db.session.execute(update(Entry).where(Entry.id == thread.id).values(stirred=seq), {"synchronize_session": False})
    set_committed_value(thread, "stirred", seq)


def free_slug(kind: str, title: str, own: int | None = None) -> str:
    """An address for this title that no other entry of the kind has or once had, nor gets before this transaction ends."""
    take_log_lock()
    stem = slug_of(title)[:80] or kind
    taken = set(
        db.session.scalars(
            select(Entry.slug).where(
                Entry.kind == kind, Entry.slug.startswith(stem, autoescape=True), Entry.id != (own or 0)
            )
        )
    )
    taken |= set(
        db.session.scalars(
            select(Redirect.slug).where(
                Redirect.kind == kind, Redirect.slug.startswith(stem, autoescape=True), Redirect.entry_id != (own or 0)
            )
        )
    )
    taken |= reserved_slugs(kind)
    if stem not in taken:
        return stem
    return next(f"{stem}-{n}" for n in range(2, len(taken) + 3) if f"{stem}-{n}" not in taken)


def apply_changes(entry: Entry, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Sets what differs and says what did: {field: [old, new]}."""
    changes = {}
    for name, new in values.items():
        old = entry.value(name)
        if old != new:
            entry.set_value(name, new)
            changes[name] = [old, new]
    return changes


def create_entry(
    entry: Entry, values: Mapping[str, Any], *, actor: Member | None, note: str = "", via: str = ""
) -> Entry:
    with transaction():
        if actor is not None and not actor.may_write:
            raise Forbidden(_("Prove your e-mail address first; then you can write."))
        entry.author_id, entry.version = actor.id if actor else None, 1
        entry.title = values.get("title", "")
        if not entry.title.strip():
            raise Invalid({"title": _("A name is needed.")})
        entry.slug = entry.slug or free_slug(_kind_of(entry), _name_of(entry))
        changes = apply_changes(entry, {name: value for name, value in values.items() if name != "title"})
        changes = {"title": [None, entry.title], **changes}
        line = record(entry, "created", changes, actor=actor, note=note, via=via)
        _write_links(entry, line)
        return entry


def _kind_of(entry: Entry) -> str:
    return str(inspect(type(entry)).polymorphic_identity)


def _name_of(entry: Entry) -> str:
    """What its address is made of. Of what stands in something of another kind that one's address comes first, so that the
    titles of the open site stay free; behind a narrow door there is a part that nobody guesses, so that an address which is
    taken tells nothing."""
    whole = db.session.get(Entry, entry.within_id) if entry.within_id else None
    if whole is None or whole.kind == _kind_of(entry):
        return entry.title
    name = f"{whole.slug}-{slug_of(entry.title)}"[:70]
    return name if entry.audience in (PUBLIC, MEMBERS) else f"{name}-{secrets.token_hex(4)}"


def edit_entry(
    entry: Entry,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member | None,
    note: str = "",
    minor: bool = False,
    verb: str = "edited",
    via: str = "",
) -> dict[str, list[Any]]:
    """Merges `values`, which were written looking at `version`, into the entry. Returns what changed; raises Conflict or Forbidden."""
    kind = rooms().kinds[entry.kind]
    with transaction():
        lock(entry)
        if entry.state in ("deleted", "suppressed") or (
            actor is not None and kind.may_edit and not kind.may_edit(actor, entry)
        ):
            raise Forbidden(_("You may not change this."))
        if not 1 <= version <= entry.version:
            raise Invalid({"version": _("This form is out of date. Open the page again; your words are kept here.")})
        if version != entry.version:
            values = _merged(entry, values, version)
        before = entry.slug
        changes = apply_changes(entry, values)
        if not changes:
            return {}
        if "title" in changes and before != str(entry.id) and _sounds_new(*changes["title"]):
            rename(entry, before)
        entry.version, entry.updated = entry.version + 1, now()
        line = record(entry, verb, changes, actor=actor, note=note, minor=minor, via=via)
        if any(field.how == "text" for field in kind.fields if field.name in changes):
            _write_links(entry, line)
        return changes


def _sounds_new(old: str, new: str) -> bool:
    return slug_of(old)[:80] != slug_of(new)[:80]


def _write_links(entry: Entry, line: Change) -> None:
    fresh = links.write(entry)
    if entry.is_live:
        tell_named(entry, fresh, line)


def _merged(entry: Entry, values: Mapping[str, Any], version: int) -> Mapping[str, Any]:
    fields = rooms().kinds[entry.kind].fields
    theirs = {field.name: entry.value(field.name) for field in fields}
    merged, collisions = merge_fields(fields, state_at(entry, version), values, theirs)
    if collisions:
        raise Conflict(collisions, entry.version, merged)
    return merged


def rename(entry: Entry, old: str) -> None:
    """A new address for a new title; the old one redirects for ever."""
    entry.slug = free_slug(entry.kind, _name_of(entry), own=entry.id)
    if entry.slug == old:
        return
    for redirect in db.session.scalars(
        select(Redirect).where(Redirect.kind == entry.kind, Redirect.slug == entry.slug)
    ):
        db.session.delete(redirect)
    exists = db.session.scalar(select(func.count()).where(Redirect.kind == entry.kind, Redirect.slug == old))
    if not exists:
        db.session.add(Redirect(kind=entry.kind, slug=old, entry_id=entry.id))


def check_change(seq: int, *, actor: Member) -> None:
    """This member looked at one line of the log and found it right; a second look changes nothing."""
    with transaction():
        if not actor.may_write:
            raise Forbidden(_("Prove your e-mail address first; then you can write."))
        take_log_lock()
        if db.session.get(Checked, seq) is None:
            db.session.add(Checked(seq=seq, by_id=actor.id))


def remove_entry(entry: Entry, *, actor: Member | None, note: str, verb: str = "removed", via: str = "") -> None:
    """Takes the page away; its address answers 410 with the reason, and `bring_back` undoes it."""
    with transaction():
        lock(entry)
        if actor is not None and not actor.is_moderator:
            raise Forbidden(_("Only moderators remove pages."))
        if entry.state in ("draft", "pending"):  # the log would tell everybody of what nobody was shown
            raise Forbidden(_("You may not change this."))
        if not note.strip():
            raise Invalid({"note": _("Say why: the reason is shown at the old address.")})
        entry.state, entry.updated = "deleted", now()
        record(entry, verb, None, actor=actor, note=note, via=via)


def bring_back(entry: Entry, *, actor: Member, note: str) -> None:
    with transaction():
        lock(entry)
        if not actor.is_moderator:
            raise Forbidden(_("Only moderators bring pages back."))
        if not note.strip():
            raise Invalid({"note": _("Say why: the reason stands in the log.")})
        entry.state, entry.updated = "live", now()
        record(entry, "brought back", None, actor=actor, note=note)


def take_away(entry: Entry, *, actor: Member | None, note: str, via: str = "") -> None:
    """Removes an entry the way its kind does."""
    remove = rooms().kinds[entry.kind].remove or remove_entry
    remove(entry, actor=actor, note=note, via=via)


def put_back(entry: Entry, *, actor: Member, note: str) -> None:
    """The same the other way round."""
    (rooms().kinds[entry.kind].bring_back or bring_back)(entry, actor=actor, note=note)
