"""The mails of this room, written at the moment they are sent: only there a key stands in clear, and what is no longer so is not
sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from commons.db import db
from commons.mail import Letter
from commons.members.models import Member, Outgoing
from commons.web import own_names
from directory.models import Organisation
from directory.representing.actions.claims import GOOD_FOR
from directory.representing.actions.claims import PURPOSE as CLAIM
from directory.representing.actions.reminders import PURPOSE as REMINDER
from directory.representing.actions.reminders import STOP
from directory.representing.keys import make_key
from directory.representing.models import Claim, Reminder
from directory.representing.queries.freshness import PAUSE, is_stale
from directory.representing.queries.people import is_represented

STOPPED_BY = timedelta(days=400)  # how long the link that stops them works
Link = tuple[str, str]  # what it does, and its address


def write_claim(row: Outgoing) -> Letter | None:
    """To the address that is to prove the claim; None where the claim is closed or somebody speaks for the record already."""
    claim = db.session.get(Claim, int(row.about["claim"]))
    if claim is None or not claim.is_open or is_represented(claim.organisation_id):
        return None
    member = db.session.get_one(Member, claim.member_id)
    organisation = db.session.get_one(Organisation, claim.organisation_id)
    about = {"claim": claim.id}
    key = make_key(CLAIM, organisation_id=organisation.id, good_for=GOOD_FOR, member_id=member.id, about=about)
    with force_locale(member.language):
        sentences = (
            _(
                "%(name)s (%(username)s) says that they work at %(organisation)s and would like to speak for it here.",
                name=member.name,
                username=f"@{member.username}",
                organisation=organisation.title,
            ),
            _("If that is you: sign in, open this link and press the button there. It works once, for seven days."),
            _("If it is not you, or you do not know this person, do nothing: without the link nothing happens."),
        )
        link = _place("representing.prove", slug=organisation.slug, id=claim.id, key=key)
        subject = _("Do you speak for %(organisation)s?", organisation=organisation.title)
        return _letter(row.recipient, subject, sentences, [(_("Yes, it is me"), link)])


def write_reminder(row: Outgoing) -> Letter | None:
    """None where it was answered or confirmed meanwhile, or there is nothing to ask any more."""
    reminder = db.session.get(Reminder, int(row.about["reminder"]))
    organisation = db.session.get(Organisation, reminder.organisation_id) if reminder else None
    if reminder is None or organisation is None or reminder.answer or not organisation.is_live:
        return None
    if not is_stale(organisation):
        return None
    given: dict[str, Any] = {"organisation_id": organisation.id, "member_id": reminder.member_id}
    about = {"reminder": reminder.id}
    key = make_key(REMINDER, good_for=PAUSE, about=about, **given)
    stop = _place("representing.stop", key=make_key(STOP, good_for=STOPPED_BY, about=about, **given))
    with force_locale(_language(reminder, organisation)):
        subject = _("Is this still right? %(organisation)s", organisation=organisation.title)
        answers = [
            (_("It is still right"), _place("representing.right", key=key)),
            (_("Something is different"), _place("representing.update", key=key)),
            (_("The organisation has closed"), _place("representing.closed", key=key)),
        ]
        letter = _letter(row.recipient, subject, _asking(organisation), answers, (_("No more of these mails"), stop))
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # RFC 8058
    return Letter(letter.to, letter.subject, letter.text, letter.html, headers=headers)


def _asking(organisation: Organisation) -> list[str]:
    site, name = current_app.config["SITE_NAME"], organisation.title
    page = str(current_app.config["SITE_URL"]).rstrip("/") + f"/e/{organisation.id}"
    return [
        _("%(organisation)s stands in the directory of %(site)s: %(page)s", organisation=name, site=site, page=page),
        _("Nobody has confirmed it for a year. Is it still right? One of these links is enough; no account is needed."),
        _("The links work once, for 30 days. Opening one changes nothing: there is a button first."),
    ]


def _language(reminder: Reminder, organisation: Organisation) -> str:
    member = db.session.get(Member, reminder.member_id) if reminder.member_id else None
    wanted = member.language if member else organisation.language
    return wanted if wanted in dict(own_names()) else str(current_app.config["BABEL_DEFAULT_LOCALE"])


def _place(endpoint: str, **values: Any) -> str:
    """From SITE_URL and nothing that a request says."""
    path = current_app.url_map.bind("site").build(endpoint, values)
    return str(current_app.config["SITE_URL"]).rstrip("/") + path


def _letter(to: str, subject: str, sentences: Sequence[str], links: Sequence[Link], stop: Link | None = None) -> Letter:
    site = current_app.config["SITE_NAME"]
    words = {"site_name": site, "subject": subject, "sentences": sentences, "links": links, "stop": stop}
    text, html = (
        current_app.jinja_env.get_template(f"directory/representing/_letter.{end}").render(words)
        for end in ("txt", "html")
    )
    return Letter(to, " ".join(f"{site}: {subject}".split())[:200], text, html)


letters: dict[str, Callable[[Any], Letter | None]] = {"claim": write_claim, "reminder": write_reminder}
