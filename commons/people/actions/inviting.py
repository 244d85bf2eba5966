"""Inviting somebody to the site by mail. Their address is kept for the invitation only, and deleted after 30 days or when it is used."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from commons.config import LANGUAGES
from commons.db import db, now, transaction
from commons.entries.actions import take_log_lock
from commons.members.door import digest
from commons.members.models import Invitation, Member, Outgoing
from commons.moderation.newcomers import is_new
from commons.people.queries.inviting import sent_today, waits_for
from commons.text import clean_text, problems
from commons.web import Forbidden, Invalid

GOOD_FOR, KEPT = timedelta(days=14), timedelta(days=30)
MOST = 10  # of one member on one day


def invite(email: str, note: str, language: str, *, actor: Member) -> None:
    """A mail with a link. Somebody who was invited lately gets no second one, and the answer is the same. Raises Invalid, Forbidden."""
    if not actor.may_write or is_new(actor):
        raise Forbidden(_("You can invite others when you have been here for a day and contributed a few times."))
    email, note = email.strip(), clean_text(note).strip()
    if faults := _faults(email, note, language):
        raise Invalid(faults)
    key = secrets.token_urlsafe(24)
    with transaction():
        take_log_lock()  # two at once are counted one after the other
        if sent_today(actor) >= MOST:
            raise Invalid({"email": _("You invited %(n)s people today. Go on tomorrow.", n=MOST)})
        known = waits_for(email)
        db.session.add(
            Invitation(
                audience="",
                email="" if known else email,
                digest=digest(key),
                note="" if known else note,
                by_id=actor.id,
                uses=0,
                most=1,
                expires=now() + GOOD_FOR,
            )
        )
        if not known:
            db.session.add(_letter(email, note, language, key, actor))


def _faults(email: str, note: str, language: str) -> dict[str, str]:
    faults = {}
    name, at, host = email.rpartition("@")
    if (
        not (name and at and "." in host)
        or len(email) > 254
        or any(sign.isspace() or sign in '<>,;"' for sign in email)
    ):
        faults["email"] = _("Enter an e-mail address like name@example.org.")
    if sentence := problems(note, lines=True, limit=1000):
        faults["note"] = sentence
    if language not in LANGUAGES:
        faults["language"] = _("Choose one of the list.")
    return faults


def _letter(email: str, note: str, language: str, key: str, actor: Member) -> Outgoing:
    site, path = str(current_app.config["SITE_URL"]).rstrip("/"), current_app.url_map.bind("site").build
    with force_locale(language):
        words = {
            "inviter": actor.name,
            "note": note,
            "link": site + path("people.invited", {"key": key}),
            "site_name": current_app.config["SITE_NAME"],
            "days": GOOD_FOR.days,
        }
        return Outgoing(
            recipient=email,
            subject=_("%(name)s invites you to %(site)s", name=actor.name, site=words["site_name"])[:200],
            text=current_app.jinja_env.get_template("mail/invited.txt").render(words),
            html=current_app.jinja_env.get_template("mail/invited.html").render(words),
        )


def revoke_invitation(number: int, *, actor: Member) -> None:
    with transaction():
        own = (Invitation.id == number) & (Invitation.by_id == actor.id) & (Invitation.audience == "")
        db.session.execute(update(Invitation).where(own, Invitation.revoked.is_(None)).values(revoked=now(), email=""))


def forget_addresses(after: int) -> int:
    """A follower whose position never moves: addresses and notes of invitations that are used, revoked or 30 days old go."""
    spent = or_(Invitation.created < now() - KEPT, Invitation.uses >= Invitation.most, Invitation.revoked.is_not(None))
    left = or_(Invitation.email != "", Invitation.note != "")
    if db.session.scalar(select(Invitation.id).where(spent, left).limit(1)) is not None:
        with transaction():
            db.session.execute(update(Invitation).where(spent, left).values(email="", note=""))
    return after
