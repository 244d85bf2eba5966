"""The picture on a profile: content without an entry, so that it stands in no list of files and only its owner changes it."""

from __future__ import annotations

from typing import IO, BinaryIO, cast

from flask_babel import gettext as _

from commons.db import db, lock, now, transaction
from commons.entries.actions import record, take_log_lock
from commons.files.intake import taking
from commons.files.intake.formats import Refused
from commons.files.models import Blob
from commons.members.models import Member
from commons.people.actions.profiles import own_profile
from commons.text import clean_line, problems
from commons.web import Forbidden, Invalid


def set_photo(stream: IO[bytes], alt: str, *, actor: Member) -> None:
    """A new picture; whether anybody sees it follows from the visibility that stands. Raises Invalid, Forbidden."""
    if not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))
    if sentence := problems(alt, lines=False, limit=300):
        raise Invalid({"photo_alt": sentence})
    try:
        with taking.taken(cast("BinaryIO", stream)) as content:
            if not content.is_picture:
                raise Invalid({"photo": _("Choose a picture: JPEG, PNG or WebP.")})
            with transaction():
                _keep(content, clean_line(alt), actor)
    except Refused as fault:
        raise Invalid({"photo": fault.sentence}) from None


def _keep(content: taking.Content, alt: str, actor: Member) -> None:
    take_log_lock()  # two who bring the same at once: the second finds the row of the first
    if db.session.get(Blob, content.digest) is None:
        shape = {name: getattr(content, name) for name in ("digest", "media_type", "size", "width", "height")}
        db.session.add(Blob(state="none", words="", **shape))
        db.session.flush()
    profile = own_profile(actor)
    lock(profile)
    profile.photo, profile.photo_alt, profile.updated = content.digest, alt, now()
    record(profile, "edited", None, actor=actor)


def remove_photo(*, actor: Member) -> None:
    with transaction():
        profile = own_profile(actor)
        lock(profile)
        profile.photo, profile.photo_alt, profile.updated = None, "", now()
        record(profile, "edited", None, actor=actor)
