"""The mails of proposals, written at the moment they are sent, and the links by which their readers answer without signing in. What they
say is what may stand in a mail about something private: who writes, and where to look. Nothing is signed by a link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from commons.audience import may_see
from commons.db import db
from commons.entries.models import Entry
from commons.mail import Letter
from commons.members.models import Member, Outgoing
from commons.web import own_names
from directory.partnerships.dossiers.documents.mailing import moves_by_mail
from directory.partnerships.dossiers.documents.pages import acting, own_zone
from directory.partnerships.dossiers.documents.times import moment_words
from directory.partnerships.dossiers.models import Meeting, Observer, Proposal
from directory.partnerships.dossiers.queries import awaits_guest, names_of, parties_of, present, voice_now
from directory.representing.keys import make_key

GOOD_FOR = timedelta(days=31)  # a reminder on day 14 of 45
PURPOSE, MEETING = "proposal", "meeting"


def answer_address(entry: Entry, member: Member) -> str:
    """Where a member answers what a mail tells of, without signing in: for the organisation that is waited for, else for the first
    of theirs. Empty where there is nothing that they may do by a link."""
    proposal, parties = db.session.get_one(Proposal, entry.id), parties_of(entry.id)
    here = [one for one in parties if one.state in ("in", "invited") and voice_now(member, one.organisation_id)]
    mine = next((one for one in here if one.turn), here[0] if here else None)
    if mine is None or not moves_by_mail(
        proposal, acting(parties, member, mine.organisation_id), len(present(parties))
    ):
        return ""
    key = make_key(
        PURPOSE,
        organisation_id=mine.organisation_id,
        good_for=GOOD_FOR,
        entry_id=proposal.id,
        member_id=member.id,
        about={"step": proposal.steps},
    )
    return _link("dossiers.by_mail", key=key)


def mediate(row: Outgoing) -> Letter | None:
    proposal, member = db.session.get(Proposal, int(row.about["proposal"])), _reader(row)
    if proposal is None or member is None or proposal.mediator_id != member.id or not member.is_moderator:
        return None
    with force_locale(member.language):
        sentences = (
            _("Hello %(name)s,", name=member.name),
            _(
                "All sides of a proposal would like you to mediate. You see it when you take the seat; its log tells them."
            ),
        )
        links = (_link("dossiers.mediate", id=proposal.id),)
        return _letter(row.recipient, _("You are asked to mediate"), sentences, links)


def observe(row: Outgoing) -> Letter | None:
    proposal, member = db.session.get(Proposal, int(row.about["proposal"])), _reader(row)
    named = db.session.get(Observer, (proposal.id, member.id)) if proposal is not None and member is not None else None
    if proposal is None or member is None or named is None or named.came is not None:
        return None
    with force_locale(member.language):
        sentences = (
            _("Hello %(name)s,", name=member.name),
            _("All sides of a proposal would like you to read along as an observer. Its log tells them when you come."),
        )
        links = (_link("dossiers.observe", id=proposal.id),)
        return _letter(row.recipient, _("You are asked to observe"), sentences, links)


def guest(row: Outgoing) -> Letter | None:
    """To somebody without an account: the times, and a link to choose one."""
    meeting = db.session.get(Meeting, int(row.about["meeting"]))
    if meeting is None or not awaits_guest(meeting):
        return None
    key = make_key(
        MEETING,
        organisation_id=meeting.organisation_id,
        good_for=GOOD_FOR,
        entry_id=meeting.proposal_id,
        about={"meeting": meeting.id},
    )
    with force_locale(_known(row.about.get("language", ""))):
        who = names_of([meeting.organisation_id])
        title = next((entry.title for entry in who.values()), "")
        sentences = (
            _("%(who)s invites you to a meeting: %(title)s", who=title, title=meeting.title),
            *(moment_words(slot, meeting.zone) for slot in meeting.slots),
            _("Open this link to choose a time. You need no account."),
        )
        return _letter(row.recipient, _("When can we meet?"), sentences, (_link("dossiers.guest", key=key),))


def chosen(row: Outgoing) -> Letter | None:
    """The time, and where the calendar file is."""
    meeting, member = db.session.get(Meeting, int(row.about["meeting"])), _reader(row)
    if meeting is None or meeting.chosen is None or (row.member_id is not None and member is None):
        return None
    if member is not None and not may_see(member, db.session.get_one(Proposal, meeting.proposal_id)):
        return None
    key = make_key(
        "calendar",
        organisation_id=meeting.organisation_id,
        good_for=timedelta(days=90),
        entry_id=meeting.proposal_id,
        about={"meeting": meeting.id},
    )
    with force_locale(_known(member.language if member else "")):
        sentences = (
            _("The meeting “%(title)s” has a time:", title=meeting.title),
            moment_words(meeting.chosen.isoformat(), *_zones(meeting, member)),
            meeting.place,
            _("The file behind this link puts it into your calendar."),
        )
        return _letter(row.recipient, meeting.title, sentences, (_link("dossiers.calendar", key=key),))


def _zones(meeting: Meeting, member: Member | None) -> tuple[str, ...]:
    """The reader's own, if they speak for one of the organisations, and the one in which the times were offered."""
    parties = parties_of(meeting.proposal_id) if member is not None else []
    mine = [one.organisation_id for one in parties if member is not None and voice_now(member, one.organisation_id)]
    offered = meeting.organisation_id in mine
    return (meeting.zone,) if offered or not mine else (own_zone(mine[0]), meeting.zone)


def _known(language: str) -> str:
    return language if language in dict(own_names()) else str(current_app.config["BABEL_DEFAULT_LOCALE"])


def _reader(row: Outgoing) -> Member | None:
    found = db.session.get(Member, row.member_id) if row.member_id else None
    return found if found is not None and found.may_write else None


def _link(endpoint: str, **values: Any) -> str:
    """From SITE_URL and nothing that a request says."""
    path = current_app.url_map.bind("site").build(endpoint, values)
    return str(current_app.config["SITE_URL"]).rstrip("/") + path


def _letter(to: str, subject: str, sentences: Sequence[str], links: Sequence[str]) -> Letter:
    site = str(current_app.config["SITE_NAME"])
    words = {"site_name": site, "subject": subject, "sentences": [one for one in sentences if one], "links": links}
    place = "directory/partnerships/dossiers/_letter."
    text, html = (current_app.jinja_env.get_template(place + end).render(words) for end in ("txt", "html"))
    return Letter(to, " ".join(f"{site}: {subject}".split())[:200], text, html)


letters: dict[str, Callable[[Any], Letter | None]] = {
    "mediate": mediate,
    "observe": observe,
    "meeting guest": guest,
    "meeting": chosen,
}
