"""A dossier to take away: one archive with its log, its terms, its conversation and what was told, as text and JSON."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from commons.db import db
from commons.entries.models import Entry
from commons.entries.queries import visible
from commons.forums.models import Post
from commons.members.models import Member
from directory.partnerships.dossiers import queries
from directory.partnerships.dossiers.documents.steps import chain
from directory.partnerships.dossiers.documents.terms import agreement_text
from directory.partnerships.dossiers.models import Proposal

ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the same archive for the same dossier


def copy_of(proposal: Proposal, viewer: Member) -> bytes:
    parties = queries.parties_of(proposal.id)
    names = queries.names_of(one.organisation_id for one in parties)
    steps = queries.steps_of(proposal)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "dossier.json", _json(_dossier(proposal, names)))
        _put(archive, "log.json", _json(chain(proposal, steps, names)))
        _put(archive, "conversation.txt", _conversation(proposal, viewer))
        for terms in queries.terms_of(proposal):
            _put(archive, f"terms-{terms.number}.txt", agreement_text(terms))
    return made.getvalue()


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(zipfile.ZipInfo(name, ZIP_DAY), text.encode())


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _dossier(proposal: Proposal, names: dict[int, Entry]) -> dict[str, Any]:
    def name(id: int) -> str:
        return names[id].title if id in names else str(id)

    return {
        "title": proposal.title,
        "stage": proposal.stage,
        "since": proposal.since.isoformat(),
        "parties": [
            {"organisation": name(one.organisation_id), "side": one.side, "state": one.state}
            for one in queries.parties_of(proposal.id)
        ],
        "terms": [{"number": one.number, "digest": one.digest, **one.values} for one in queries.terms_of(proposal)],
        "yes": [
            {"organisation": name(one.organisation_id), "how": one.how, "number": one.number, "name": one.name}
            | {"at": one.at.isoformat(), "digest": one.digest}
            for one in queries.assents_of(proposal)
        ],
        "promises": [
            {"organisation": name(one.organisation_id), "text": one.text, "measure": one.measure}
            | {"due": one.due, "kept": one.kept, "note": one.note}
            for one in queries.commitments_of(proposal)
        ],
        "accounts": [
            {"organisation": name(one.organisation_id), "sort": one.sort, "result": one.result, "text": one.text}
            | {"at": one.at.isoformat(), "answers": {name(int(id)): answer for id, answer in one.answers.items()}}
            for one in queries.accounts_of(proposal)
        ],
    }


def _conversation(proposal: Proposal, viewer: Member) -> str:
    """Every message in the dossier that the viewer may see, the oldest first."""
    topics = select(Entry.id).where(Entry.within_id == proposal.id, Entry.kind == "topic")
    query = select(Post).where(Post.topic_id.in_(topics), visible(viewer, Post)).order_by(Post.topic_id, Post.number)
    found = db.session.scalars(query.options(joinedload(Post.author).options(lazyload(Member.seats))))
    parts = [
        f"{post.created.isoformat(timespec='minutes')} {post.author.name if post.author else ''}\n{post.text}"
        for post in found
    ]
    return "\n\n".join(parts) + "\n"
