"""How saved searches leave: the list of them, the mail about what is new, and the link in it that stops such mails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, request
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from commons.db import db
from commons.feed.documents.reading import name_of, url_of
from commons.feed.queries import shown_by_mail
from commons.mail import Letter
from commons.members.door import viewer
from commons.members.models import Member, Outgoing
from commons.room import rooms
from commons.search.index import IndexBroken
from commons.searches.forms import RHYTHM_WORDS
from commons.searches.models import LONGEST_NAME, SavedSearch
from commons.searches.queries import SEARCH, News, canonical, heads, news_of, reach, saved_searches

NEWEST, IN_MAIL = 3, 20  # of one search


def saved_page(member: Member) -> dict[str, Any]:
    """All of a member's searches with what is new in each; without that while the search is being rebuilt."""
    found = saved_searches(member)
    try:
        upto = reach()
        news = news_of({one.id: one.seen for one in found}, found, member, upto) if found else {}
    except IndexBroken:
        return {"rows": [_row(one, News([], []), {}) for one in found], "upto": 0, "rebuilding": True}
    named = heads([id for one in news.values() for id in one.ids[:NEWEST]], member)
    return {"rows": [_row(one, news[one.id], named) for one in found], "upto": upto, "rebuilding": False}


def _row(search: SavedSearch, news: News, named: dict[int, Any]) -> dict[str, Any]:
    return {
        "id": search.id,
        "name": search.name,
        "url": search.address,
        "rhythm": search.rhythm,
        "rhythm_label": RHYTHM_WORDS[search.rhythm],
        "since": search.since,
        "fault": news.fault,
        "many": len(news.ids),
        "newest": [entry_row(named[id]) for id in news.ids[:NEWEST] if id in named],
    }


def entry_row(entry: Any) -> dict[str, Any]:
    kind = rooms().kinds[entry.kind]
    title, language = name_of(entry), entry.language if entry.kind != "focus" else ""
    return {"title": title, "language": language, "kind": entry.kind, "kind_label": kind.label, "url": kind.page(entry)}


def save_of(words: str, applied: Sequence[dict[str, str]]) -> dict[str, str] | None:
    """The form under a list that saves it: its address, and a name made of its words and the chips of its filters; nothing
    for visitors and where nothing was asked."""
    address = canonical(request.full_path)
    if viewer() is None or address in ("", SEARCH):
        return None
    name = _(", ").join(filter(None, [words, *(chip["label"] for chip in applied)]))
    return {
        "address": address,
        "name": name[:LONGEST_NAME] or _("Everything in this list"),
        "url": url_of("searches.save"),
    }


def write_searches(row: Outgoing) -> Letter | None:
    """None where nothing of it is left that is new to the member, may be seen and was not seen meanwhile, or no mail is
    wanted any more."""
    member, after = db.session.get(Member, row.member_id or 0), {int(id): int(seq) for id, seq in row.about["searches"]}
    if member is None or not member.may_write:
        return None
    some = [one for one in saved_searches(member) if one.id in after and one.rhythm != "never"]
    since = {one.id: max(after[one.id], one.seen) for one in some}
    news = news_of(since, some, member, int(row.about["upto"])) if some else {}
    named = heads([id for one in news.values() for id in one.ids[: 2 * IN_MAIL]], member)
    with force_locale(member.language):
        searches = [part for one in some if (part := _part(one, member, news[one.id], named))["items"]]
        return _letter(member, searches) if searches else None


def _part(search: SavedSearch, member: Member, news: News, named: dict[int, Any]) -> dict[str, Any]:
    """What of a search goes into a mail; of private talks not even a title."""
    told = [named[id] for id in news.ids if id in named and shown_by_mail(named[id].audience) != "nothing"][:IN_MAIL]
    return {
        "name": search.name,
        "link": _site() + search.address,
        "items": [
            {
                "title": name_of(one),
                "kind_label": rooms().kinds[one.kind].label,
                "link": _site() + url_of("entries.permanent", entry_id=one.id),
            }
            for one in told
        ],
        "more": max(0, len(news.ids) - len(told)) if len(told) == IN_MAIL else 0,
        "stop": stop_link(member, search.id),
    }


def _letter(member: Member, searches: Sequence[dict[str, Any]]) -> Letter:
    site, many = current_app.config["SITE_NAME"], sum(len(one["items"]) + one["more"] for one in searches)
    subject = ngettext("%(num)s new thing in your searches", "%(num)s new things in your searches", many)
    stop = searches[0]["stop"] if len(searches) == 1 else stop_link(member, 0)
    if len(searches) == 1:
        subject = _("New in your search “%(name)s”", name=searches[0]["name"])
    values = {"member": member, "site_name": site, "subject": subject, "locale": member.language}
    values |= {"searches": searches, "stop": stop, "saved_url": _site() + url_of("searches.saved")}
    made = {end: current_app.jinja_env.get_template(f"mail/searches.{end}").render(values) for end in ("txt", "html")}
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # RFC 8058
    return Letter(member.email or "", f"{site}: {subject}"[:200], made["txt"], made["html"], headers=headers)


def _site() -> str:
    return str(current_app.config["SITE_URL"]).rstrip("/")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="stop searches")


def stop_link(member: Member, number: int) -> str:
    """The address that stops the mails about one saved search (0: about all), signed and without an end."""
    return _site() + url_of("searches.stop", token=_signer().dumps([member.id, number]))


def stopped_by(token: str) -> tuple[Member, int] | None:
    """Whom and which search such an address is about; None where we did not write it, or the member is gone."""
    try:
        member_id, number = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    member = db.session.get(Member, member_id)
    return (member, number) if member is not None else None


def feed_rows(entries: Sequence[Any]) -> list[dict[str, Any]]:
    """What a saved search finds, as a feed that its owner's program reads."""
    rows = []
    for entry in entries:
        address = _site() + url_of("entries.permanent", entry_id=entry.id)
        row = {"title": name_of(entry), "link": address, "id": f"{address}#{entry.version}"}
        label = rooms().kinds[entry.kind].label
        rows.append({**row, "updated": entry.updated.isoformat(), "actor_name": label, "verb_label": "", "note": ""})
    return rows
