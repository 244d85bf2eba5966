"""How history, comparisons and the log leave: plain rows for pages and feeds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from commons.entries.marks import checked_lines, checked_revisions, hidden_revisions
from commons.entries.models import Change, Draft, Entry, Revision
from commons.entries.queries import heads_by_id
from commons.members.models import Member
from commons.room import Kind, rooms
from commons.text import grown, words_diff
from commons.text.comparing import visible
from commons.web import whole_number

SHOWN = 160  # characters of a draft in the list of drafts


def panels(kind: str, subject: Any, viewer: Member | None) -> list[dict[str, Any]]:
    """What other rooms show on the page of this entry (or, for areas, of these ids)."""
    found = [(panel, items) for panel in rooms().panels(kind) if (items := panel.items(subject, viewer))]
    frame: dict[str, Any] = {}
    if found:  # what every template knows, asked for once for all of them
        current_app.update_template_context(frame)
    return [
        {
            "title": panel.title,
            "html": Markup(current_app.jinja_env.get_template(panel.template).render(frame, items=items, **items)),
        }
        for panel, items in found
    ]


VERBS = {
    "created": _l("wrote the first version"),
    "edited": _l("edited"),
    "restored": _l("restored an older version"),
    "undid a change": _l("took back a change"),
    "removed": _l("removed"),
    "brought back": _l("brought back"),
    "imported": _l("imported"),
    "updated": _l("updated from its source"),
    "undid": _l("undid an import"),
    "confirmed": _l("confirmed that it is right"),
    "hid a version": _l("hid a version"),
    "showed a version": _l("showed a hidden version again"),
    "protected": _l("protected"),
    "unprotected": _l("ended the protection"),
    "accepted": _l("looked at an edit and accepted it"),
    "withdrew": _l("withdrew it"),
    "sent for review": _l("sent it to be looked at"),
    "read": _l("read the words in it"),
    "replaced": _l("replaced the file"),
    "translated": _l("translated"),
    "moved": _l("gave it another address"),
    "showed to others": _l("changed who may see it"),
    "recommended": _l("recommends it"),
    "is interested": _l("is interested"),
    "announced": _l("announced that more people will see it"),
    "stopped": _l("stopped that more people see it"),
    "archived": _l("put it into the archive"),
    "answered": _l("said that it is still needed"),
    "appointed": _l("appointed an admin"),
    "asked": _l("asked for something"),
    "left": _l("left the talk"),
    "erased": _l("its words were erased"),
    "pinned": _l("pinned it on top"),
    "unpinned": _l("no longer pins it"),
    "closed": _l("closed it"),
    "reopened": _l("opened it again"),
    "moved over": _l("moved it to another place"),
    "represented": _l("has people here who speak for it"),
    "open again": _l("is open again: nobody speaks for it here"),
    "unanswered": _l("did not answer whether it is still right"),
    "moved on": _l("took the next step"),
    "contested": _l("contested a tie"),
    "took back a contest": _l("took back a contest"),
    "decided": _l("decided about a contested tie"),
    "replied": _l("answered it"),
    "went along": _l("went with its organisation"),
    "came along": _l("came back with its organisation"),
    "went with its group": _l("went with its group"),
    "came with its group": _l("came back with its group"),
    "split": _l("made some posts a topic of their own"),
    "merged": _l("merged another topic into it"),
    "chose an answer": _l("chose the answer"),
    "went with its topic": _l("went with its topic"),
    "came with its topic": _l("came back with its topic"),
    "openness": _l("said whether it is open to partnership"),
    "merged in": _l("merged another record into it"),
    "led on": _l("merged it into another record"),
    "unmerged": _l("took a merge back"),
}


def actor_name(member: Member | None) -> str:
    return member.name if member else _("an import")


def actor_url(member: Member | None) -> str | None:
    known = member is not None and "people.profile" in current_app.view_functions
    return url_for("people.profile", username=member.username) if member and known else None


def history_rows(entry: Entry, found: Sequence[Revision], viewer: Member | None = None) -> list[dict[str, Any]]:
    """Of a version that a moderator hid only moderators are told who wrote what."""
    names = {field.name: field.label for field in rooms().kinds[entry.kind].fields if not field.private}
    checked = checked_revisions(entry, [row.number for row in found])
    hidden = {row.number for row in found if row.hidden}
    rows = []
    for row in found:
        told = not row.hidden or (viewer is not None and viewer.is_moderator)
        whole = told and (row.number - 1 not in hidden or (viewer is not None and viewer.is_moderator))
        rows.append(
            {
                "number": row.number,
                "at": row.at,
                "actor_name": actor_name(row.author) if told else _("not shown"),
                "actor_url": actor_url(row.author) if told else None,
                "note": row.note if told else _("A moderator hid this version"),
                "fields": [str(names[name]) for name in row.changes if name in names] if whole else [],
                "size": _size(row) if whole else None,
                "minor": row.minor and told,
                "is_current": row.number == entry.version,
                "checked": checked.get(row.number) if told else None,
                "suppressed": row.hidden,
                "may_undo": row.number > 1 and whole,
                "may_restore": row.number != entry.version and told,
            }
        )
    return rows


def _size(row: Revision) -> int:
    """Characters added, or with a minus sign taken away."""
    return sum(_grown(change) for change in row.changes.values())


def _grown(change: Any) -> int:
    if isinstance(change, dict):
        return grown(change["hunks"])
    old, new = change
    return len(as_text(new)) - len(as_text(old))


def as_text(value: Any) -> str:
    """A field's value as a person reads it in a comparison."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(as_text(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {as_text(item)}" for name, item in value.items() if as_text(item))
    return json.dumps(value)


def comparison(kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields that differ, each as paragraphs of (same | ins | del, text); `changed` counts those that are not the same."""
    rows = []
    for field in kind.fields:
        before, after = old.get(field.name), new.get(field.name)
        if before != after and not field.private:
            shown = [visible(readable(field.name, value)) for value in (before, after)]
            found = words_diff(*shown)
            rows.append(
                {
                    "name": field.name,
                    "label": field.label,
                    "how": field.how,
                    "paragraphs": [paragraph.parts for paragraph in found],
                    "changed": sum(paragraph.kind != "same" for paragraph in found),
                }
            )
    return rows


def readable(field: str, value: Any) -> str:
    """Ids of areas and of other entries as their names."""
    name_of = current_app.extensions.get("names of fields", {}).get(field)
    return as_text(name_of(value) if name_of and value else value)


def log_row(line: Change, checked: Mapping[int, str] | None = None) -> dict[str, Any]:
    kind = rooms().kinds[line.entry.kind]
    return {
        "seq": line.seq,
        "at": line.at,
        "kind": line.entry.kind,
        "kind_label": kind.label,
        "title": line.entry.title,
        "language": line.entry.language,
        "url": kind.page(line.entry),
        "verb_label": VERBS.get(line.verb, line.verb),
        "actor_id": line.actor_id,
        "actor_name": actor_name(line.actor),
        "actor_url": actor_url(line.actor),
        "note": line.note,
        "diff_url": _diff_url(kind, line),
        "checked_by": (checked or {}).get(line.seq),
    }


def _diff_url(kind: Kind, line: Change) -> str | None:
    if not line.revision or line.revision < 2:
        return None
    number = line.revision
    return url_for("entries.diff", collection=kind.collection, slug=line.entry.slug, a=number - 1, b=number)


def log_days(found: Sequence[Change], viewer: Member | None = None) -> list[tuple[date, list[dict[str, Any]]]]:
    """Day by day, with who checked what; for who may check it, the address to say so."""
    checked = checked_lines([line.seq for line in found])
    hidden = hidden_revisions(found) if viewer is not None and viewer.is_moderator else set()
    days = []
    for day, lines in groupby(found, key=lambda line: line.at.date()):
        rows = [log_row(line, checked) for line in lines]
        for row in rows:
            mine = viewer is not None and row["actor_id"] == viewer.id
            free = may_check(viewer) and not mine and row["checked_by"] is None
            row["check_url"] = url_for("entries.check", seq=row["seq"]) if free else None
            row["suppressed"] = row["seq"] in hidden
        days.append((day, rows))
    return days


def may_check(viewer: Member | None) -> bool:
    """Whose own first edits were accepted may say that those of others are right."""
    return viewer is not None and viewer.may_write and (viewer.is_moderator or viewer.trusted is not None)


def feed_entries(found: Sequence[Change]) -> list[dict[str, Any]]:
    site = current_app.config["SITE_URL"].rstrip("/")
    return [
        {
            **log_row(line),
            "id": f"{site}/changes#{line.seq}",
            "link": f"{site}/e/{line.entry_id}",
            "updated": line.at.isoformat(),
        }
        for line in found
    ]


def history_feed(found: Sequence[Change]) -> list[dict[str, Any]]:
    """The same for one entry: each line leads to what it changed."""
    site = current_app.config["SITE_URL"].rstrip("/")
    return [row | {"link": site + row["diff_url"]} if row["diff_url"] else row for row in feed_entries(found)]


def draft_rows(found: Sequence[Draft], viewer: Member) -> list[dict[str, Any]]:
    """What a member typed and has not sent: which form it was, and where that form is."""
    places = {draft.id: draft.key.split("-", 3) for draft in found}
    ids = {int(part[1]) for part in places.values() if len(part) > 1 and part[1].isascii() and part[1].isdigit()}
    entries = {entry.id: entry for entry in heads_by_id([one for one in ids if one < 2**31], viewer)}
    return [_draft_row(draft, places[draft.id], entries) for draft in found]


def _draft_row(draft: Draft, place: list[str], entries: Mapping[int, Any]) -> dict[str, Any]:
    kind = rooms().kinds.get(place[0])
    entry = entries.get(whole_number(place[1])) if len(place) > 1 else None
    typed = {name: " ".join(values).strip() for name, values in draft.fields.items()}
    url, title = None, typed.get("title", "")
    if kind and entry and entry.kind == kind.name:
        section = {"section": place[2]} if len(place) > 2 and place[2] != "0" else {}
        url, title = f"{kind.page(entry)}/edit?{urlencode({**section, 'draft': 1})}", entry.title
    elif kind and kind.new and place[1:2] == ["new"]:
        begun = {"title": place[3] if len(place) > 3 else "", "translation_of": place[2] if len(place) > 2 else ""}
        asked = {name: value for name, value in begun.items() if value}
        url = f"{kind.new('').partition('?')[0]}?{urlencode({**asked, 'draft': 1})}"
    longest = max(typed.values(), key=len, default="")
    words = longest if len(longest) <= SHOWN else f"{longest[:SHOWN]}…"
    return {"key": draft.key, "at": draft.at, "kind_label": kind.label if kind else "", "title": title, "url": url} | {
        "words": words if words != title else ""
    }
