"""The mails about a last day, written at the moment they are sent: what was renewed or closed meanwhile needs none. Each holds a key of
its own, with which its reader renews or closes without signing in; the page behind it asks first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from commons.db import db
from commons.mail import Letter
from commons.members.models import Member, Outgoing
from commons.web import date_words
from directory.partnerships.board.actions import may_publish
from directory.partnerships.board.models import Posting, today
from directory.partnerships.board.queries import PURPOSE
from directory.representing.keys import make_key

GOOD_FOR = timedelta(days=30)


def reminder(row: Outgoing) -> Letter | None:
    posting, member = db.session.get(Posting, int(row.about["posting"])), db.session.get(Member, row.member_id or 0)
    if (
        posting is None
        or member is None
        or not _still_so(posting, row.about)
        or not may_publish(member, posting.within_id)
    ):
        return None
    key = make_key(
        PURPOSE, organisation_id=posting.within_id or 0, good_for=GOOD_FOR, entry_id=posting.id, member_id=member.id
    )
    with force_locale(member.language):
        subject, sentences = _words(posting)
        links = (
            (_("Renew it for 90 days:"), _link("board.answer", key=key, how="renew")),
            (_("Say that it came true, or take it back:"), _link("board.answer", key=key, how="close")),
        )
        site = str(current_app.config["SITE_NAME"])
        words = {"site_name": site, "subject": subject, "links": links, "member": member}
        words |= {"sentences": sentences, "locale": member.language}
        place = "directory/partnerships/board/_letter."
        text, html = (current_app.jinja_env.get_template(place + end).render(words) for end in ("txt", "html"))
        return Letter(row.recipient, " ".join(f"{site}: {subject}".split())[:200], text, html)


def _still_so(posting: Posting, about: Any) -> bool:
    if not posting.is_live or posting.until != about["until"]:
        return False
    return posting.closed == "expired" if about["over"] else posting.is_open


def _words(posting: Posting) -> tuple[str, list[str]]:
    day, title = date.fromisoformat(posting.until), posting.title
    if posting.closed:
        subject = _("“%(title)s” is over since %(date)s", title=title, date=date_words(day))
        more = _("It is marked as expired, and nobody can answer it any more. You can open it again.")
        return subject, [subject, more]
    left = (day - today()).days
    subject = _("“%(title)s” ends today", title=title)
    if left:
        subject = ngettext("“%(title)s” ends in %(num)s day", "“%(title)s” ends in %(num)s days", left, title=title)
    return subject, [subject, _("Answers are possible until %(date)s.", date=date_words(day))]


def _link(endpoint: str, **values: str) -> str:
    """From SITE_URL and nothing that a request says."""
    path = current_app.url_map.bind("site").build(endpoint, values)
    return str(current_app.config["SITE_URL"]).rstrip("/") + path


letters: dict[str, Callable[[Any], Letter | None]] = {"posting reminder": reminder}
