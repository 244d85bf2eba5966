"""Asking an organisation by mail whether its record is still right, and what its answer does. A record is never taken away
because nobody answered: it says so, and stands lower."""

from __future__ import annotations

import time

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update

from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.entries.asks import has_voice
from commons.members.models import Member, Outgoing
from commons.text import clean_line, problems
from commons.web import Invalid
from directory.models import Organisation
from directory.representing.actions.versions import confirm_by_mail, write
from directory.representing.keys import use_key
from directory.representing.models import MailKey, Reminder
from directory.representing.queries.freshness import readers, to_remind, unanswered
from directory.representing.queries.people import is_represented

EVERY = 24 * 3600.0  # seconds between two turns of one worker
TURN = 50  # records that are asked about in one turn
LATE = 500  # unanswered reminders of one turn
PURPOSE, STOP = "reminder", "no reminders"


def follow_freshness(after: int) -> int:
    """A follower whose position never moves: once a day, and after a start. What it did stands in the table, so that a second
    turn on the same day finds nothing to do."""
    last: float = current_app.extensions.get("reminded", float("-inf"))
    if time.monotonic() - last >= EVERY:
        remind()
        note_silence()
        current_app.extensions["reminded"] = time.monotonic()
    return after


def remind() -> int:
    """Asks about the records that are due; returns about how many."""
    found = to_remind(TURN)
    for organisation in found:
        with transaction():
            _ask(organisation)
    return len(found)


def _ask(organisation: Organisation) -> None:
    """Its people each, or the address of the record; all at one moment, which is one reminder."""
    moment = now()
    to: list[tuple[int | None, str]] = [(one.id, one.email or "") for one in readers(organisation)]
    if not to and organisation.email and not is_represented(organisation.id):
        to = [(None, organisation.email)]
    if not to:  # nobody who wants to be asked: it rests until the next time
        db.session.add(Reminder(organisation_id=organisation.id, sent=moment, answer="stop", answered=moment))
    for member_id, email in to:
        made = Reminder(organisation_id=organisation.id, member_id=member_id, sent=moment)
        db.session.add(made)
        db.session.flush()
        letter = Outgoing(recipient=email, letter="reminder", about={"reminder": made.id}, member_id=member_id)
        letter.key = f"reminder-{made.id}"
        db.session.add(letter)


def note_silence() -> int:
    """After a month without an answer the record says so; returns how many do."""
    silent = {reminder.organisation_id: reminder for reminder in unanswered(LATE)}
    for id, reminder in silent.items():
        with transaction():
            organisation = db.session.get_one(Organisation, id)
            lock(organisation)
            confirmed = organisation.confirmed >= reminder.sent.date().isoformat()
            _close(id, "right" if confirmed else "none")
            if not confirmed and organisation.is_live:
                record(organisation, "unanswered", None, actor=None)
    return len(silent)


def _close(organisation_id: int, answer: str) -> None:
    open_ones = Reminder.organisation_id == organisation_id, Reminder.answer == ""
    db.session.execute(update(Reminder).where(*open_ones).values(answer=answer, answered=now()))


def still_right(key: str) -> Organisation | None:
    """Today, in the organisation's name. None: the key is spent or too old."""
    with transaction():
        found = use_key(key, PURPOSE)
        if found is None:
            return None
        organisation = db.session.get_one(Organisation, found.organisation_id)
        confirm_by_mail(organisation, actor=_person(found))
        _close(organisation.id, "right")
        return organisation


def has_closed(key: str, reason: str) -> Organisation | None:
    """The organisation says that it is no more. Raises Invalid without a reason; the key is not spent then."""
    reason = clean_line(reason)
    if not reason:
        raise Invalid({"reason": _("Say why: the reason is shown on the page.")})
    if fault := problems(reason, lines=False, limit=500):
        raise Invalid({"reason": fault})
    with transaction():
        found = use_key(key, PURPOSE)
        if found is None:
            return None
        organisation = db.session.get_one(Organisation, found.organisation_id)
        lock(organisation)
        values = {"status": "closed", "status_note": reason, "confirmed": now().date().isoformat()}
        write(organisation, values, _("The organisation answered by mail: closed"), _person(found), "edited")
        _close(organisation.id, "closed")
        return organisation


def _person(key: MailKey) -> Member | None:
    """Who got the mail, if they still speak for the organisation."""
    member = db.session.get(Member, key.member_id) if key.member_id else None
    return member if has_voice(member, key.organisation_id) else None


def stop_asking(key: MailKey) -> None:
    """No more reminders of this record to whom the mail went. A second time changes nothing."""
    with transaction():
        reminder = db.session.get(Reminder, int(key.about.get("reminder", 0)))
        if reminder is not None and reminder.answer != "stop":
            lock(reminder)
            reminder.answer, reminder.answered = "stop", now()
