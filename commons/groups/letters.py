"""The mails of groups, written at the moment they are sent: what is no longer so, or no longer allowed, is not sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from commons.audience import may_see
from commons.db import db
from commons.groups.actions import leads_to
from commons.groups.models import Application, Group, Guest
from commons.groups.queries import admins_of, group_of
from commons.mail import Letter
from commons.members.models import Invitation, Member, Outgoing


def _letter(to: str, subject: str, sentences: Sequence[str], link: str = "") -> Letter:
    site = current_app.config["SITE_NAME"]
    words = {"site_name": site, "subject": subject, "sentences": [one for one in sentences if one], "link": link}
    text, html = (current_app.jinja_env.get_template(f"commons/groups/_letter.{end}") for end in ("txt", "html"))
    return Letter(to, f"{site}: {subject}", text.render(words), html.render(words))


def _link(endpoint: str, **values: Any) -> str:
    """From SITE_URL and nothing that a request says."""
    path = current_app.url_map.bind("site").build(endpoint, values)
    return str(current_app.config["SITE_URL"]).rstrip("/") + path


def invitation(row: Outgoing) -> Letter | None:
    """To an address that may have no account, or to a member; in the language of who invites."""
    found = db.session.get(Invitation, int(row.about["invitation"]))
    group = group_of(found) if found else None
    if found is None or group is None or not leads_to(found, None):
        return None
    maker, guest = db.session.get_one(Member, found.by_id), db.session.get(Guest, found.id)
    if guest is not None and (guest.declined or not guest.member.is_active):
        return None
    with force_locale(maker.language):
        site = current_app.config["SITE_NAME"]
        sentences = (
            _(
                "%(name)s invites you to the group “%(group)s” on %(site)s.",
                name=maker.name,
                group=group.title,
                site=site,
            ),
            found.note,
            _("Open this link to see the invitation. Nothing happens until you press a button there."),
            _("If you do not want to come, do nothing: we delete your address after 30 days.") if guest is None else "",
        )
        return _letter(
            row.recipient, _("An invitation to a group"), sentences, _link("groups.invitation", key=row.about["key"])
        )


def answer(row: Outgoing) -> Letter | None:
    """The no to an application, with its reason. A private group is not named: the mail may be read by others."""
    found, member = db.session.get(Application, int(row.about["application"])), _reader(row)
    group = db.session.get(Group, found.group_id) if found else None
    if found is None or group is None or member is None or found.state != "declined":
        return None
    with force_locale(member.language):
        named = may_see(member, group)
        sentences = (
            _("Hello %(name)s,", name=member.name),
            _("Your application to the group “%(group)s” was not accepted.", group=group.title)
            if named
            else _("Your application to a group was not accepted."),
            _("The reason: %(reason)s", reason=found.reason),
        )
        link = _link("groups.group", slug=group.slug) if named else ""
        return _letter(row.recipient, _("Your application to a group"), sentences, link)


def removal(row: Outgoing) -> Letter | None:
    member = _reader(row)
    if member is None:
        return None
    with force_locale(member.language):
        sentences = (
            _("Hello %(name)s,", name=member.name),
            _("An admin of the group “%(group)s” has ended your membership.", group=row.about["title"]),
            _("The reason: %(reason)s", reason=row.about["reason"]),
        )
        return _letter(row.recipient, _("Your seat in a group"), sentences)


def removed(row: Outgoing) -> Letter | None:
    """To an admin of a group that was taken away."""
    group, member = db.session.get(Group, int(row.about["group"])), _reader(row)
    if group is None or member is None or group.state != "deleted" or not may_see(member, group):
        return None
    with force_locale(member.language):
        sentences = (
            _("Hello %(name)s,", name=member.name),
            _("The group “%(group)s” was removed, with all that stood in it.", group=group.title),
            _("The reason: %(reason)s", reason=row.about["reason"]),
            _("If that was a mistake, write to the moderators: it can be brought back."),
        )
        return _letter(row.recipient, _("Your group was removed"), sentences)


def needs_admin(row: Outgoing) -> Letter | None:
    """To a moderator. Of a private group they are told its number, and nothing else."""
    group, member = db.session.get(Group, int(row.about["group"])), _reader(row)
    if group is None or member is None or not member.is_moderator or admins_of(group):
        return None
    with force_locale(member.language):
        if may_see(member, group):
            words = _(
                "The group “%(group)s” has no admin any more. You can make one of its members its admin.",
                group=group.title,
            )
            link = _link("groups.members", slug=group.slug)
        else:
            command = f"flask groups appoint {group.id}"
            words = _(
                "The private group number %(number)s has no admin any more. Who runs the site can name one: %(command)s",
                number=group.id,
                command=command,
            )
            link = ""
        return _letter(
            row.recipient, _("A group needs an admin"), (_("Hello %(name)s,", name=member.name), words), link
        )


def _reader(row: Outgoing) -> Member | None:
    found = db.session.get(Member, row.member_id) if row.member_id else None
    return found if found is not None and found.is_active else None


letters: dict[str, Callable[[Any], Letter | None]] = {
    "group invitation": invitation,
    "group answer": answer,
    "group removal": removal,
    "group removed": removed,
    "group needs admin": needs_admin,
}
