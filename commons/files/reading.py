"""The words of documents, read after the upload by a follower of the log: one document at each turn, so that nobody waits behind it.

When the words are there, a line in the log says so, and whoever follows it (the search) comes by. What could not be read is said on
its page and not tried for ever.
"""

from __future__ import annotations

from commons.db import db, lock, transaction
from commons.entries.actions import record
from commons.entries.queries import last_seq
from commons.files.intake import store
from commons.files.intake.bounds import DOCUMENT, WORDS
from commons.files.intake.formats import Refused
from commons.files.intake.workshop import ask
from commons.files.models import Blob
from commons.files.queries import showing, waiting
from commons.text import clean_text


def follow(after: int) -> int:
    """Reads the next document that waits; the position reached is that of its line in the log."""
    end = last_seq()
    for seq, digest in waiting(after, 1):
        found = db.session.get(Blob, digest)
        assert found is not None
        keep_words(found, *words_in(found))
        return seq
    return end


def words_in(blob: Blob) -> tuple[str, str]:
    """(state, words) of a document on the disk."""
    part = "pdfs" if blob.media_type == "application/pdf" else "papers"
    try:
        with store.workbench() as bench:
            found = ask(part, "words", store.path_of(blob.digest), bench, DOCUMENT, blob.media_type)
    except (Refused, OSError):
        return "unreadable", ""
    return "read", clean_text(str(found["words"]))[:WORDS]


def keep_words(blob: Blob, state: str, words: str) -> None:
    with transaction():
        lock(blob)
        blob.state, blob.words = state, words
        db.session.flush()
        for file in showing(blob.digest):
            record(file, "read", None, actor=None)
