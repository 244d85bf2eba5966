"""“Hide me now” for who is threatened, and the way back."""

from __future__ import annotations

from sqlalchemy import delete

from commons.db import db, lock, transaction
from commons.entries.actions import record
from commons.entries.hiding import show_to
from commons.feed.models import Wishes
from commons.members.actions import end_other_sign_ins
from commons.members.models import Member, Outgoing
from commons.people.actions.profiles import audience_of, own_profile, write_words
from commons.people.models import FIELDS

SILENT = {"asks": "never", "digest": "never"}


def hide(*, actor: Member, this: int | None) -> None:
    """The profile, and all that stands on its wall, for nobody; every other browser signed out; no mails. Twice is once."""
    with transaction():
        profile = own_profile(actor)
        lock(profile)
        wishes = db.session.get(Wishes, actor.id) or Wishes(member_id=actor.id, asks="now", digest="weekly", read_to=0)
        before = {"audience": profile.audience, "shown_to": profile.shown_to} | {
            "asks": wishes.asks,
            "digest": wishes.digest,
        }
        known = profile.is_hidden
        show_to(profile, audience_of(actor, "own"), actor=actor)  # it reads the row again: what is set before is lost
        profile.before_hiding = profile.before_hiding if known else before
        profile.shown_to = dict.fromkeys(FIELDS, "nobody")
        write_words(profile)
        wishes.asks, wishes.digest = SILENT["asks"], SILENT["digest"]
        db.session.add(wishes)
        db.session.execute(delete(Outgoing).where(Outgoing.member_id == actor.id, Outgoing.letter != ""))
        end_other_sign_ins(actor, this)


def unhide(*, actor: Member) -> None:
    """As it was before. What stands on the wall is for members at most: nothing gets wider than its author chose."""
    with transaction():
        profile = own_profile(actor)
        lock(profile)
        before = profile.before_hiding
        if not before or not profile.is_hidden:
            return
        show_to(profile, before["audience"], actor=actor, inner="members")
        profile.shown_to, profile.before_hiding = before["shown_to"], {}
        record(profile, "edited", None, actor=actor)
        write_words(profile)
        wishes = db.session.get(Wishes, actor.id)
        if wishes is not None and (wishes.asks, wishes.digest) == (SILENT["asks"], SILENT["digest"]):
            wishes.asks, wishes.digest = before["asks"], before["digest"]
