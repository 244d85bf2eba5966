"""How ties between organisations are shown: on their pages, and where they are changed and contested."""

from __future__ import annotations

from typing import Any

from flask import url_for

from commons.entries.asks import has_voice, voice_at
from commons.members.models import Member
from directory.forms import INVERSE, label
from directory.models import Organisation
from directory.relations import Tie, relations_of


def relation_rows(organisation: Organisation, viewer: Member | None) -> list[dict[str, Any]]:
    """Each tie once, even where both sides name it; where one of them is contested, it is."""
    rows: dict[tuple[str, int | str], dict[str, Any]] = {}
    for tie in relations_of(organisation, viewer):
        row = _row(organisation, tie)
        known = rows.setdefault((str(row["label"]), tie.id or tie.name), row)
        if row["contested"] and not known["contested"]:
            known |= {name: row[name] for name in ("contested", "by", "why", "again")}
    return list(rows.values())


def _row(organisation: Organisation, tie: Tie) -> dict[str, Any]:
    return {
        "id": tie.relation_id,
        "label": INVERSE.get(tie.type, label(tie.type)) if tie.inward else label(tie.type),
        "title": tie.name,
        "url": url_for("directory.organisation", slug=tie.slug) if tie.id else None,
        "contested": tie.contested,
        "by": organisation.title if tie.inward else tie.name,
        "why": tie.why,
        "again": tie.again,
    }


def relations_page(organisation: Organisation, viewer: Member) -> dict[str, Any]:
    """Every tie with what this viewer may do about it: take it out, contest it, take that back, decide."""
    is_steward = has_voice(viewer, organisation.id, "steward")
    own, said = [], []
    for tie in relations_of(organisation, viewer):
        row = _row(organisation, tie)
        if tie.inward:
            free = is_steward and tie.contested is None
            row["contest_url"] = _url("contest", organisation, tie) if free else None
            row["end_url"] = _url("end_contest", organisation, tie) if is_steward and tie.contested else None
            said.append(row)
        else:
            row["drop_url"] = _url("drop_relation", organisation, tie)
            row["decide_url"] = (
                _url("decide_contest", organisation, tie) if _decides(viewer, organisation, tie) else None
            )
            own.append(row)
    return {"own": own, "said_by_others": said}


def _decides(viewer: Member, organisation: Organisation, tie: Tie) -> bool:
    torn = voice_at(viewer, organisation.id) or voice_at(viewer, tie.id or 0)
    return viewer.is_moderator and not torn and bool(tie.contested and tie.again)


def _url(view: str, organisation: Organisation, tie: Tie) -> str:
    return url_for(f"directory.{view}", slug=organisation.slug, id=tie.relation_id)
