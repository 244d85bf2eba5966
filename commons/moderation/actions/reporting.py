"""Reporting what harms, and deciding about it once for everybody who reported it. Nobody else learns who reported.

Three trusted members who report what a new member wrote take it away until a moderator has looked: the log says so, and
whoever decides that it was right brings it back.
"""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from commons.audience import may_see
from commons.db import db, lock, lock_all, now, transaction
from commons.entries.actions import put_back, take_away
from commons.entries.models import Entry
from commons.members.models import Member, Outgoing, SignIn
from commons.moderation.models import Report
from commons.moderation.newcomers import is_new
from commons.moderation.queries import others_edited
from commons.moderation.reports import (
    HARMS,
    Case,
    disclosed_of,
    has_door,
    hidden_for_now,
    open_report,
    trusted_reporters,
)
from commons.text import clean_line, clean_text, problems
from commons.web import Forbidden, Invalid

WORDS = 2000  # signs of what a reporter says
ENOUGH = 3  # trusted reporters who hide what a new member wrote
STEPS = ("nothing", "remove", "warn", "suspend")  # what an upheld report leads to


def report(entry: Entry, reason: str, words: str = "", *, actor: Member | None, email: str = "") -> Report:
    """Asks moderators to look at an entry. A second report by the same member replaces the words of their first while it is
    open. `email`: where a visitor wants to be answered. Raises Invalid, and Forbidden for what they may not see."""
    faults = {} if reason in HARMS else {"reason": _("Choose one of the list.")}
    if sentence := problems(words, lines=True, limit=WORDS):
        faults["words"] = sentence
    if email and ("." not in email.rpartition("@")[2] or len(email) > 254 or any(sign.isspace() for sign in email)):
        faults["email"] = _("Enter an e-mail address like name@example.org, or leave it empty.")
    if faults:
        raise Invalid(faults)
    with transaction():
        if not may_see(actor, entry) or (actor is not None and not actor.is_active):
            raise Forbidden(_("You may not report this."))
        _lock(entry)
        made = open_report(entry, actor) or Report(entry_id=entry.id, reporter_id=actor.id if actor else None)
        made.reason, made.words = reason, clean_text(words).strip()
        made.email = "" if actor else email
        made.disclosed = disclosed_of(entry, actor)
        db.session.add(made)
        db.session.flush()
        _hide_for_now(entry)
        return made


def _lock(entry: Entry) -> None:
    """The thread before what stands in it, as everybody does who changes both."""
    if entry.thread_id is not None:
        lock(db.session.get_one(Entry, entry.thread_id))
    lock(entry)


def _hide_for_now(entry: Entry) -> None:
    author = db.session.get(Member, entry.author_id) if entry.author_id else None
    if not entry.is_live or has_door(entry) or author is None or not is_new(author) or others_edited(entry, author):
        return
    if trusted_reporters(entry) >= ENOUGH:
        note = _("Several members reported it. A moderator has yet to look at it.")
        take_away(entry, actor=None, note=note)


def decide(
    case: Case, *, upheld: bool, step: str = "nothing", note: str = "", answer: str = "", actor: Member
) -> list[Report]:
    """One decision about all open reports of an entry. `note`: the reason that stands in the log, or that its author is
    told; `answer`: what the reporters are told, empty for a usual sentence. What a moderator may not see they cannot
    remove. Raises Invalid and Forbidden; where somebody else decided meanwhile, nothing is done and the list is empty."""
    entry, note, answer = case.entry, clean_line(note)[:300], clean_text(answer).strip()[:1000]
    _may_decide(entry, step if upheld else "nothing", note, actor)
    with transaction():
        _lock(entry)
        found = [one for one in lock_all(Report, [one.id for one in case.reports]) if one.state == "open"]
        if not found:
            return []
        if upheld:
            _take(step, entry, note, actor)
        elif hidden := hidden_for_now(entry):
            put_back(hidden, actor=actor, note=note or _("A moderator looked at it and found it right."))
        for one in found:
            one.state, one.decided, one.decided_by_id = ("upheld" if upheld else "dismissed"), now(), actor.id
            one.answer = answer
            _answer(one)
            one.email = ""  # it was given for this one answer
        return found


def _may_decide(entry: Entry, step: str, note: str, actor: Member) -> None:
    if not actor.is_moderator or entry.author_id == actor.id:
        raise Forbidden(_("Only a moderator who did not write it decides about it."))
    if step not in STEPS:
        raise Invalid({"step": _("Choose one of the list.")})
    if step != "nothing" and not note:
        raise Invalid({"note": _("Say why: whom it concerns has a right to know.")})
    if step == "remove" and not may_see(actor, entry):
        raise Forbidden(_("You may not remove what you may not see. You can warn or suspend its author."))
    if step in ("warn", "suspend") and entry.author_id is None:
        raise Invalid({"step": _("Nobody here wrote it: an import brought it.")})


def _take(step: str, entry: Entry, note: str, actor: Member) -> None:
    if step == "remove":
        if hidden := hidden_for_now(entry):
            put_back(hidden, actor=actor, note=note)  # what nobody took away becomes the act of a moderator
        take_away(entry, actor=actor, note=note)
    elif step in ("warn", "suspend"):
        author = db.session.get_one(Member, entry.author_id)
        if step == "suspend":
            suspend(author, actor=actor)
        _write(author.email, author.language, _l("A moderator writes to you"), "warning", note=note, step=step)


def suspend(member: Member, *, actor: Member) -> None:
    """Shuts a member out: every browser is signed out, every key for programs is useless until they are let in again."""
    if not actor.is_moderator or (member.is_moderator and not actor.is_administrator) or member.id == actor.id:
        raise Forbidden(_("You may not suspend this member."))
    with transaction():
        lock(member)
        member.state = "suspended"
        db.session.execute(delete(SignIn).where(SignIn.member_id == member.id))


def let_back(member: Member, *, actor: Member) -> None:
    """Undoes `suspend`."""
    if not actor.is_moderator:
        raise Forbidden(_("Only moderators let members in."))
    with transaction():
        lock(member)
        if member.state == "suspended":
            member.state = "active"


def _answer(report: Report) -> None:
    """By mail and, for members, on their page of reports. Never in the log of the entry, which its author may read."""
    to, language = report.email, str(current_app.config["BABEL_DEFAULT_LOCALE"])
    if report.reporter_id is not None:
        member = db.session.get_one(Member, report.reporter_id)
        to, language = (member.email if member.is_active else "") or "", member.language
    _write(to, language, _l("About what you reported"), "report", report=report, upheld=report.state == "upheld")


def _write(to: str | None, language: str, subject: object, letter: str, **words: object) -> None:
    if not to:
        return
    site = str(current_app.config["SITE_NAME"])
    with force_locale(language):
        given = {"site_name": site, "site_url": str(current_app.config["SITE_URL"]).rstrip("/"), **words}
        text, html = (
            current_app.jinja_env.get_template(f"mail/{letter}.{kind}").render(given) for kind in ("txt", "html")
        )
        db.session.add(Outgoing(recipient=to, subject=f"{site}: {subject}"[:200], text=text, html=html))
