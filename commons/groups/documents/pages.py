"""What the pages of groups show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from commons.audience import may_see
from commons.entries import links
from commons.entries.documents import actor_name, actor_url, panels
from commons.entries.queries import latest, recent
from commons.focus.documents import area_tree
from commons.focus.queries import tree
from commons.groups import queries
from commons.groups.actions import may_edit
from commons.groups.actions.inviting import leads_to, may_invite
from commons.groups.documents.records import areas, group_rows, joined_how, seen_by
from commons.groups.doors import WAYS
from commons.groups.forms import JOIN_WORDS
from commons.groups.models import JOININGS, Group
from commons.members.door import viewer
from commons.members.models import Invitation, Member
from commons.room import rooms
from commons.text import PAGE, markdown
from commons.web import date_words, language_name, page_number, pager

PER_PAGE, SHOWN, PEOPLE = 20, 10, 50
MODULE_PAGES = (
    ("forum", "groups.forum"),
    ("pages", "groups.pages"),
    ("files", "groups.files"),
    ("news", "groups.news"),
)


def tabs(group: Group, current: str) -> list[dict[str, Any]]:
    """What stands over the pages of a group. A module that is off has no tab, and keeps all that is in it."""
    who, is_admin = viewer(), queries.is_admin(viewer(), group)
    found: list[tuple[str, str, str, int | None]] = [("group", _("Group"), "groups.group", None)]
    labels = {"forum": _("Forum"), "pages": _("Pages"), "files": _("Files"), "news": _("News")}
    for module, endpoint in MODULE_PAGES:
        if module in group.modules and endpoint in current_app.view_functions:
            found.append((module, labels[module], endpoint, None))
    if queries.may_see_people(who, group):
        found.append(("members", _("Members"), "groups.members", None))
    if is_admin:
        many = recent(queries.waiting(group), 1, 1)[1]
        found.append(("applications", _("Applications"), "groups.applications", many or None))
    if who is not None and may_invite(who, group):
        found.append(("invitations", _("Invitations"), "groups.invitations", None))
    if is_admin:
        found.append(("settings", _("Settings"), "groups.settings", None))
    shown = [
        {"label": label, "url": url_for(endpoint, slug=group.slug), "current": name == current, "count": count}
        for name, label, endpoint, count in found
    ]
    history = url_for("entries.history", collection="groups", slug=group.slug)
    return [*shown, {"label": _("History"), "url": history, "current": current == "history", "count": None}]


def list_page(who: Member | None, area: str, language: str, joining: str, mine: bool) -> dict[str, Any]:
    node = tree().by_slug.get(area)
    chosen = tree().with_children(node.id) if node else []
    joining = joining if joining in JOININGS else ""
    query = queries.listed(who, areas=chosen, language=language, joining=joining, mine=mine)
    found, total = recent(query, page_number(), PER_PAGE)
    return {
        "rows": group_rows(found, queries.sizes(found)),
        "pager": pager(total, PER_PAGE),
        "areas": [(one.slug, one.label, one.slug == area) for one in tree().headings],
        "tongues": [(code, language_name(code), code == language) for code in queries.languages(who)],
        "joinings": [(name, words, name == joining) for name, words in JOIN_WORDS.items()],
        "mine": mine,
        "invited": _waiting_for(who) if who else [],
        "narrowed": bool(node or language or joining),
    }


def _waiting_for(who: Member) -> list[dict[str, Any]]:
    """To whom this member was invited by their user name: of a private group only its name, and who invites."""
    found = [(one, queries.group_of(one)) for one in queries.invited(who) if leads_to(one, who) == "seat"]
    return [
        {"number": one.id, "title": group.title, "language": group.language, "by": one.by.name, "note": one.note}
        for one, group in found
        if group is not None
    ]


def group_page(group: Group, who: Member | None) -> dict[str, Any]:
    sits = queries.is_member(who, group)
    parent = next((one for one in queries.above(group)[:1] if one.is_live and may_see(who, one)), None)
    below = queries.subgroups(group, who)
    known = links.shown(links.of(group, who), who)
    people = queries.may_see_people(who, group)
    return {
        "group": group,
        "entry": group,
        "tabs": tabs(group, "group"),
        "html": markdown(group.text, links=lambda _names: known, limit=PAGE),
        "seen_by": seen_by(group),
        "joined_how": joined_how(group),
        "door": door(group, who),
        "size": queries.sizes([group])[group.id],
        "admins": person_rows([(one, "admin") for one in queries.admins_of(group)]) if people else [],
        "latest": latest_rows(latest(queries.latest_within(group, who), SHOWN)),
        "panels": panels("group", group, who),
        "parent": parent,
        "below": group_rows(below, queries.sizes(below)),
        "areas": areas(group),
        "sits": sits,
        "people": people,
        "may_edit": may_edit(who, group),
        "may_found": sits and queries.is_admin(who, group) and group.archived is None,
        "is_admin": queries.is_admin(who, group),
        "removal": reason_of_archiving(group),
    }


def reason_of_archiving(group: Group) -> str:
    return queries.last_note(group, "archived") if group.archived else ""


def door(group: Group, who: Member | None) -> dict[str, Any]:
    """What this viewer can do to belong: one of join, apply, refer, sign in, invited, waiting, member, or
    nothing."""
    way = WAYS[group.visibility, group.joining].outside
    if queries.is_member(who, group):
        return {"how": "member"}
    if group.archived is not None:
        return {"how": ""}
    if who is None:
        return {"how": "sign in" if way else ""}
    mine = next((one for one in queries.invited(who) if one.audience == group.door), None)
    if mine is not None and leads_to(mine, who) == "seat":
        return {"how": "invited", "number": mine.id, "by": mine.by.name}
    last = queries.application_of(group, who)
    if last is not None and last.state == "waiting":
        return {"how": "waiting", "at": last.at, "id": last.id}
    declined = last.reason if last is not None and last.state == "declined" else ""
    return {"how": way, "declined": declined}


def person_rows(found: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {"name": member.name, "username": member.username, "url": actor_url(member), "role": role, "id": member.id}
        for member, role in found
    ]


def latest_rows(found: Sequence[Any]) -> list[dict[str, Any]]:
    kinds = rooms().kinds
    return [
        {
            "kind": entry.kind,
            "kind_label": kinds[entry.kind].label,
            "title": entry.title,
            "language": entry.language,
            "url": kinds[entry.kind].page(entry),
            "at": entry.updated,
            "actor_name": actor_name(entry.author),
        }
        for entry in found
    ]


def members_page(group: Group, who: Member | None) -> dict[str, Any]:
    found, total = queries.page_of_members(group, who, page_number(), PEOPLE)
    alone = not queries.admins_of(group)
    return {
        "group": group,
        "tabs": tabs(group, "members"),
        "people": person_rows(found),
        "pager": pager(total, PEOPLE),
        "total": total,
        "is_admin": queries.is_admin(who, group),
        "sits": queries.is_member(who, group),
        "no_admin": alone,
        "may_appoint": alone and who is not None and who.is_moderator,
        "naming": queries.naming(group, who) if who is not None and queries.is_member(who, group) else [],
    }


def settings_page(group: Group, forms: dict[str, Any], **more: Any) -> dict[str, Any]:
    later = date_words(group.widens) if group.widens else ""
    return {
        "group": group,
        "tabs": tabs(group, "settings"),
        "areas_tree": area_tree(),
        "way": WAYS[group.visibility, group.joining],
        "later": later,
        "parent": group.within_id is not None,
        **forms,
        **more,
    }


def invitation_rows(found: Sequence[Invitation], who: Member) -> list[dict[str, Any]]:
    """Addresses are shown to who invited them, and to admins, who asked for this list."""
    guests = queries.guests_of(found)
    return [
        {
            "id": one.id,
            "what": guests[one.id].name if one.id in guests else one.email or _("A link"),
            "by": one.by.name,
            "used": ngettext("%(uses)s of %(num)s use", "%(uses)s of %(num)s uses", one.most, uses=one.uses),
            "expires": one.expires,
            "mine": one.by_id == who.id,
        }
        for one in found
    ]


def invitation_page(invitation: Invitation | None, who: Member | None, key: str) -> dict[str, Any]:
    """Of a private group only its name, and who invites."""
    way = leads_to(invitation, who)
    if invitation is None or not way:
        return {"invitation": None}
    group = queries.group_of(invitation)
    assert group is not None
    return {
        "invitation": invitation,
        "title": group.title,
        "language": group.language,
        "by": invitation.by.name,
        "way": way,
        "key": key,
        "sits": queries.is_member(who, group),
        "url": url_for("groups.group", slug=group.slug) if queries.is_member(who, group) else None,
        "waits": way == "apply" and door(group, who)["how"] == "waiting" if who else False,
        "elsewhere": who is not None and not queries.meant_for(invitation, who),
        "group": group,
    }
