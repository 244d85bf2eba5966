"""How edits that wait, protections and acts of moderation are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.audience import may_see
from commons.db import now
from commons.entries.documents import VERBS, actor_name, actor_url, comparison, readable
from commons.entries.merging import merge_fields
from commons.entries.models import Change, Entry
from commons.entries.queries import is_hidden, state_at
from commons.members.models import Member
from commons.moderation.actions import Undone
from commons.moderation.actions.undoing import ranges
from commons.moderation.forms import REASONS
from commons.moderation.models import Held, Protection, Report
from commons.moderation.queries import accepted_by
from commons.moderation.reports import Case, disclosed_of, has_door, hidden_for_now, open_report
from commons.room import rooms
from commons.text.comparing import merge_parts, resolved
from commons.web import Collision

LEVELS = {
    "trusted": _l("Edits of new members wait until a moderator has looked at them."),
    "moderators": _l("Edits wait until a moderator has looked at them."),
}
STATES = {
    "waiting": _l("waits to be looked at"),
    "accepted": _l("accepted"),
    "returned": _l("returned with a reason"),
    "withdrawn": _l("withdrawn"),
}
COUNTED = {
    "accepted": _l("edits accepted"),
    "returned": _l("edits returned with a reason"),
    "protected": _l("protections begun"),
    "unprotected": _l("protections ended"),
    "removed": _l("pages removed"),
    "brought back": _l("pages brought back"),
    "hid a version": _l("versions hidden"),
    "showed a version": _l("versions shown again"),
}


def span_words(span: timedelta | None) -> str | None:
    """How long, in the reader's language: 3 hours."""
    return format_timedelta(span) if span is not None else None


def held_rows(found: Sequence[Held], endpoint: str) -> list[dict[str, Any]]:
    accepted = accepted_by(sorted({one.author_id for one in found}))
    return [_held_row(one, accepted, endpoint) for one in found]


def _held_row(one: Held, accepted: Mapping[int, int], endpoint: str) -> dict[str, Any]:
    kind = rooms().kinds[one.entry.kind]
    return {
        "url": url_for(endpoint, held_id=one.id),
        "kind": kind.name,
        "kind_label": kind.label,
        "title": one.entry.title,
        "language": one.entry.language,
        "author_name": actor_name(one.author),
        "author_url": actor_url(one.author),
        "undo_url": url_for("moderation.undo_all", username=one.author.username),
        "accepted": accepted.get(one.author_id, 0),
        "note": one.note,
        "at": one.at,
        "age": span_words(now() - one.at),
        "is_new": one.version == 0,
        "state": one.state,
        "state_label": STATES[one.state],
        "reason": one.reason,
    }


def protected_rows(found: Sequence[tuple[Protection, Entry]]) -> list[dict[str, Any]]:
    return [entry_row(entry) | {"protection": protection_row(protection)} for protection, entry in found]


def protection_row(protection: Protection | None) -> dict[str, Any] | None:
    """What a page says of its protection."""
    if protection is None:
        return None
    return {"label": LEVELS[protection.level], "reason": protection.reason, "until": protection.until}


def entry_row(entry: Entry) -> dict[str, Any]:
    kind = rooms().kinds[entry.kind]
    return {
        "kind": kind.name,
        "kind_label": kind.label,
        "collection": kind.collection,
        "slug": entry.slug,
        "title": entry.title,
        "language": entry.language,
        "url": kind.page(entry),
        "at": entry.updated,
    }


def held_page(held: Held, entry: Any, viewer: Member) -> dict[str, Any]:
    """What readers see against what waits; of a decided one what its author looked at against what they sent, alone where
    a moderator has hidden the one or removed the page since."""
    kind = rooms().kinds[entry.kind]
    now_there = {field.name: entry.value(field.name) for field in kind.fields}
    if held.version == 0:
        seen, proposed = dict[str, Any](), now_there
    elif entry.state in ("deleted", "suppressed") or (
        held.state == "accepted" and is_hidden(entry, held.version, viewer)
    ):
        seen, proposed = {}, held.values
    elif held.state == "accepted":
        seen = state_at(entry, held.version)
        proposed = {**seen, **held.values}
    else:
        seen, base = now_there, state_at(entry, held.version)
        merged, collisions = merge_fields(kind.fields, base, held.values, now_there)
        proposed = {**seen, **merged, **{one.field: one.mine for one in collisions}}
    return {
        "held": _held_row(held, accepted_by([held.author_id]), "moderation.held"),
        "entry": entry,
        "kind": kind,
        "fields": comparison(kind, seen, proposed),
        "texts": texts_of(entry, held.values),
        "decided_by": held.decided_by.name if held.decided_by else None,
        "decided": held.decided,
        "version": held.version or entry.version,
        "is_stale": bool(held.version) and held.version != entry.version,
    }


def texts_of(entry: Any, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields that are plain text, to be changed where they are looked at."""
    return [
        {"name": field.name, "label": field.label, "value": values[field.name], "long": field.how == "text"}
        for field in rooms().kinds[entry.kind].fields
        if field.how in ("line", "text") and not field.private and isinstance(values.get(field.name), str)
    ]


def typed(entry: Any, form: Mapping[str, str], held: Held, version: int = 0) -> dict[str, Any] | None:
    """The edit in the wording that was typed into `texts_of` by somebody who looked at `version`; None where it is the
    author's own. What others changed between the two versions is kept."""
    values = dict(held.values)
    if held.version and version not in (0, held.version):
        base, there = state_at(entry, held.version), state_at(entry, version)
        merged, collisions = merge_fields(rooms().kinds[entry.kind].fields, base, held.values, there)
        values = merged | {one.field: one.theirs for one in collisions}
    for name in values:
        words = form.get(f"field-{name}", "").replace("\r\n", "\n")
        if f"field-{name}" in form and words != values[name]:
            values[name] = words
    return values if values != held.values else None


def both_texts(
    entry: Any, held: Held, given: Mapping[str, Any] | None, collisions: Sequence[Collision], merged: Mapping[str, Any]
) -> dict[str, Any]:
    """For a collision: both texts side by side, and fields that hold both, so that neither is lost by saving."""
    labels = {field.name: (field.label, field.how) for field in rooms().kinds[entry.kind].fields}
    values = {**held.values, **(given or {}), **merged}
    for one in collisions:
        if labels[one.field][1] == "text":
            values[one.field] = resolved(merge_parts(one.base or "", one.mine or "", one.theirs or ""), ())
    rows = [
        {
            "label": labels[one.field][0],
            "mine": readable(one.field, one.mine),
            "theirs": readable(one.field, one.theirs),
        }
        for one in collisions
    ]
    return {"conflict": rows, "texts": texts_of(entry, values)}


def protect_data(protection: Protection | None) -> dict[str, Any]:
    """What the form begins with."""
    if protection is None:
        return {"level": "trusted"}
    return {"level": protection.level, "until": protection.until.date() if protection.until else None}


def undone_rows(found: Sequence[Undone]) -> list[dict[str, Any]]:
    return [entry_row(one.entry) | {"how": one.how, "words": _undone_words(one), "why": one.why} for one in found]


def _undone_words(one: Undone) -> str:
    if one.how == "removed":
        return _("Removed: nobody else has edited it.")
    if one.how == "returned":
        return _("An edit that waits goes back to its author.")
    parts = []
    if one.taken and one.values:
        parts.append(_("Taken back: version %(numbers)s.", numbers=ranges(one.taken)))
    if one.left:
        parts.append(_("Left: version %(numbers)s, because others have built on it since.", numbers=ranges(one.left)))
    return " ".join(parts)


def act_rows(found: Sequence[Change]) -> list[dict[str, Any]]:
    """Without who did it and whom it concerned."""
    return [
        entry_row(line.entry) | {"at": line.at, "verb_label": VERBS[line.verb], "note": line.note, "seq": line.seq}
        for line in found
    ]


def count_rows(counts: Mapping[str, int]) -> list[tuple[Any, int]]:
    return [(label, counts[verb]) for verb, label in COUNTED.items() if counts.get(verb)]


def own_row(viewer: Member, held: Held) -> dict[str, Any]:
    """What its author may still do with it."""
    mine = held.author_id == viewer.id
    return {
        "may_withdraw": mine and held.state in ("waiting", "returned"),
        "may_send": mine and held.state != "accepted",
    }


def report_page(entry: Entry, viewer: Member | None) -> dict[str, Any]:
    """What somebody looks at before they report: with what the moderators will see of it."""
    told = disclosed_of(entry, viewer)
    return {
        "entry": entry_row(entry),
        "behind": has_door(entry),
        "disclosed": told,
        "known": open_report(entry, viewer),
    }


REPORT_STATES = {
    "open": _l("nobody has decided yet"),
    "upheld": _l("it was right to report it"),
    "dismissed": _l("a moderator found nothing wrong with it"),
}


def own_report_rows(found: Sequence[Report], viewer: Member) -> list[dict[str, Any]]:
    """Without the title of what the reporter may not see any more."""
    return [_report_row(one) | {"entry": entry_row(one.entry) if may_see(viewer, one.entry) else None} for one in found]


def _report_row(one: Report) -> dict[str, Any]:
    return {
        "reason": dict(REASONS).get(one.reason, one.reason),
        "words": one.words,
        "at": one.at,
        "reporter": one.reporter_id and getattr(one.reporter, "name", None),
        "disclosed": one.disclosed,
        "state": one.state,
        "state_label": REPORT_STATES[one.state],
        "answer": one.answer,
    }


def case_rows(found: Sequence[Case]) -> list[dict[str, Any]]:
    return [case_row(one) for one in found]


def case_row(case: Case) -> dict[str, Any]:
    """What one moderator sees of it: a title and an address only where they may see the entry itself."""
    return {
        "id": case.entry.id,
        "url": url_for("moderation.report_case", entry_id=case.entry.id),
        "kind": case.entry.kind,
        "entry": entry_row(case.entry) if case.is_open_to_me else None,
        "kind_label": rooms().kinds[case.entry.kind].label,
        "harm": dict(REASONS).get(case.harm, case.harm),
        "reports": [_report_row(one) for one in case.reports],
        "age": span_words(now() - case.reports[0].at),
        "is_hidden_for_now": hidden_for_now(case.entry) is not None,
    }
