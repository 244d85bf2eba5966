"""Reads of files that are wider than one key, always as a viewer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from commons.db import db
from commons.entries.models import Change, Revision
from commons.entries.queries import visible
from commons.files.models import Blob, File
from commons.members.models import Member


def files(
    viewer: Member | None, *, words: str = "", kind: str = "", licence: str = "", lacks_alt: bool = False
) -> Select[File]:
    """The newest first. `kind`: picture or document. Each of `words` has to stand in the title, alt, description or credit."""
    query = select(File).where(visible(viewer))
    for word in words.split()[:8]:
        places = (File.title, File.alt, File.description, File.credit)
        query = query.where(or_(*(place.icontains(word, autoescape=True) for place in places)))
    if kind:
        query = query.where(File.width.is_not(None) if kind == "picture" else File.width.is_(None))
    if licence:
        query = query.where(File.licence == licence)
    if lacks_alt:
        query = query.where(File.width.is_not(None), File.alt == "", File.purpose != "decorative")
    return query.order_by(File.id.desc())


def licences(viewer: Member | None) -> list[tuple[str, int]]:
    """(licence, how many files have it), the most frequent first."""
    many = func.count().label("many")
    query = select(File.licence, many).where(visible(viewer)).group_by(File.licence)
    return [(licence, int(number)) for licence, number in db.session.execute(query.order_by(many.desc(), File.licence))]


def count(query: Select[File]) -> int:
    return int(db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0)


def same_content(digest: str, viewer: Member | None) -> list[File]:
    return list(
        db.session.scalars(select(File).where(File.digest == digest, visible(viewer)).order_by(File.id).limit(5))
    )


def shown_versions(file: File, *, hidden: bool) -> list[tuple[int, datetime, str]]:
    """(number, when, digest) of every version that brought other content, the newest first; hidden ones only if asked for."""
    query = select(Revision.number, Revision.at, Revision.changes).where(Revision.entry_id == file.id)
    if not hidden:
        query = query.where(Revision.hidden.is_(False))
    rows = db.session.execute(query.order_by(Revision.number.desc()))
    return [(number, at, changes["digest"][1]) for number, at, changes in rows if "digest" in changes]


def blob(digest: str) -> Blob | None:
    return db.session.get(Blob, digest)


def words_of(digests: Sequence[str]) -> dict[str, str]:
    rows = db.session.execute(select(Blob.digest, Blob.words).where(Blob.digest.in_(digests), Blob.words != ""))
    return {row.digest: row.words for row in rows}


def waiting(after: int, limit: int) -> Sequence[tuple[int, str]]:
    """(seq, digest) of the log's next lines about files whose words nobody has read yet."""
    query = (
        select(Change.seq, File.digest)
        .join(File, File.id == Change.entry_id)
        .join(Blob, Blob.digest == File.digest)
        .where(Change.seq > after, Blob.state == "waiting")
        .order_by(Change.seq)
        .limit(limit)
    )
    return [(seq, digest) for seq, digest in db.session.execute(query)]


def showing(digest: str) -> list[File]:
    """All files that show this content now, whoever may see them: for the machine, not for a page."""
    return list(db.session.scalars(select(File).where(File.digest == digest).order_by(File.id)))
