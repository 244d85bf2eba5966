"""Mails of asks and digests, written at the moment they are sent, as their reader may see things then; None says that there is
nothing to send any more. Text and HTML come from the same data; neither holds a picture or anything that tells of its reading.

Of what stands in a private group a mail gives titles and no words, of a private talk not even a title.
"""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from commons.db import db
from commons.feed.documents.reading import name_of, reasons, teasers, url_of
from commons.feed.documents.sentences import happened, untitled, why
from commons.feed.queries import News, asks_of, digest_news, pace_of, shown_by_mail, wishes_of
from commons.mail import Letter
from commons.members.models import Member, Outgoing
from commons.room import rooms

SOURCES = ("asks", "digests", "group", "thread")
WORDS = 300  # characters of a text in a mail


def write_ask(row: Outgoing) -> Letter | None:
    """None where the member chose otherwise, read it, may not see it any more, muted it, or keeps away from who asks."""
    about, member = row.about, db.session.get(Member, row.member_id or 0)
    if member is None or not member.may_write or wishes_of(member).asks != "now":
        return None
    asked = [one for one in asks_of(member, about["seq"]) if one.entry.id == about["entry"] and one.why == about["why"]]
    if not asked or not asked[0].unread:
        return None
    one, (thread,) = asked[0], (asked[0].thread_id,)
    with force_locale(member.language):
        shown = shown_by_mail(one.entry.audience)
        sentence = why(one.why, one.name, name_of(one.entry)) if shown != "nothing" else untitled(one.why, one.name)
        stops = {"asks": _link(member, "asks")} | (
            {"thread": _link(member, "thread", thread)} if shown != "nothing" else {}
        )
        words = _words(one.entry, member) if shown == "words" else ""
        answer = rooms().kinds[one.entry.kind].answer
        links = {
            "link": _place("entries.permanent", entry_id=one.entry.id),
            "answer": answer(one.entry, member) if answer else "",
        }
        values = {"sentence": sentence, "words": words, **links}
        return _letter("ask", member, sentence, stops["asks"], values | {"stops": stops})


def write_digest(row: Outgoing) -> Letter | None:
    """None where the member chose otherwise, or nothing of it is left that is new to them."""
    about, member = row.about, db.session.get(Member, row.member_id or 0)
    place = about["place"]
    if member is None or not member.may_write or (pace := pace_of(member.id, place)) == "never":
        return None
    news = digest_news(member, **about)
    group = news.who.rows.get(place)
    if not news or (place and group is None):
        return None
    with force_locale(member.language):
        items, asks = _items(news), [_asked(one) for one in news.asks]
        many = len(items) + len(asks)
        subject = ngettext("%(num)s thing that you follow", "%(num)s things that you follow", many)
        if group is not None:
            subject = _("News of %(group)s", group=group.title)
        stop = _link(member, "group", place) if place else _link(member, "digests")
        values = {"items": items, "asks": asks, "more": news.more, "pace": pace, "group": group}
        links = {"stop": stop, "feed_url": _place("feed.feed"), "mails_url": _place("feed.mails")}
        return _letter("digest", member, subject, stop, values | links)


def _items(news: News) -> list[dict[str, Any]]:
    open_ones = [one for one, _did in news.threads if shown_by_mail(one.entry.audience) == "words"]
    words = teasers(news.who, open_ones)
    return [
        {
            "title": name_of(one.entry),
            "kind_label": rooms().kinds[one.entry.kind].label,
            "happened": happened(did),
            "words": words.get(one.entry.id, "")[:WORDS],
            "link": _place("entries.permanent", entry_id=one.entry.id),
            "reason": next((reason["sentence"] for reason in reasons(news.who, one)), ""),
        }
        for one, did in news.threads
    ]


def _asked(one: Any) -> dict[str, str]:
    shown = shown_by_mail(one.entry.audience)
    sentence = why(one.why, one.name, name_of(one.entry)) if shown != "nothing" else untitled(one.why, one.name)
    return {"sentence": sentence, "link": _place("entries.permanent", entry_id=one.entry.id)}


def _words(entry: Any, member: Member) -> str:
    ask = rooms().kinds[entry.kind].teasers
    return ask([entry.id], member).get(entry.id, "")[:WORDS] if ask else ""


def _letter(template: str, member: Member, subject: str, stop: str, values: dict[str, Any]) -> Letter:
    site = current_app.config["SITE_NAME"]
    values |= {"member": member, "site_name": site, "subject": subject, "locale": member.language}
    made = {end: current_app.jinja_env.get_template(f"mail/{template}.{end}").render(values) for end in ("txt", "html")}
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # RFC 8058
    line = " ".join(f"{site}: {subject}".split())[:200]
    return Letter(member.email or "", line, made["txt"], made["html"], headers=headers)


def _place(endpoint: str, **values: Any) -> str:
    return str(current_app.config["SITE_URL"]).rstrip("/") + url_of(endpoint, **values)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="stop mails")


def _link(member: Member, source: str, entry_id: int = 0) -> str:
    """The address that stops one source of mails for one member, signed and without an end."""
    return _place("feed.stop_mails", token=_signer().dumps([member.id, source, entry_id]))


def stopped_by(token: str) -> tuple[Member, str, int] | None:
    """Whom and what such an address is about; None where we did not write it, or the member is gone."""
    try:
        number, source, entry_id = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    member = db.session.get(Member, number)
    return (member, source, entry_id) if member is not None and source in SOURCES else None
