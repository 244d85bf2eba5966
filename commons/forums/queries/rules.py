"""Who may say what where: asked by the pages, the actions and the kinds alike."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from commons.audience import may_see
from commons.db import db
from commons.entries.asks import voice_at
from commons.entries.models import Entry
from commons.forums.models import Forum, Post, Topic
from commons.groups.models import Group
from commons.members.models import Block, Member, Seat

ASKED = "asked"  # the role of a seat whose member has yet to say whether they want to talk


def group_of(entry: Entry) -> Group | None:
    """The group in which it stands: a forum, a topic in that forum or on the group's wall, a post."""
    whole: Entry | None = entry
    for _step in range(3):  # a post, its topic, its forum
        if whole is None or whole.within_id is None:
            return None
        whole = db.session.get(Entry, whole.within_id)
        if isinstance(whole, Group):
            return whole
    return None


def sits_in(viewer: Member, group: Group, role: str = "") -> bool:
    return any(seat.audience == group.door and role in ("", seat.role) for seat in viewer.seats)


def takes_topics(viewer: Member | None, forum: Forum, kind: str) -> str | None:
    """The audience of a topic that this viewer begins in a forum: any member's in one of the site, in one of a group theirs
    who belong to it."""
    if kind != "topic" or viewer is None or not viewer.may_write or not forum.is_live or not may_see(viewer, forum):
        return None
    group = group_of(forum)
    if group is None:
        return None if forum.within_id else forum.audience
    return forum.audience if _takes_part(viewer, group) and "forum" in group.modules else None


def _takes_part(viewer: Member, group: Group) -> bool:
    return group.is_live and group.archived is None and sits_in(viewer, group)


def takes_posts(viewer: Member | None, topic: Topic, kind: str) -> str | None:
    """Posts; a private talk takes files too, for those who sit in it."""
    fits = kind == "post" or (kind == "file" and topic.is_private)
    return topic.audience if fits and may_answer(viewer, topic) else None


def may_answer(viewer: Member | None, topic: Topic) -> bool:
    return viewer is not None and not why_not(viewer, topic)


def why_not(viewer: Member, topic: Topic) -> str:
    """Why this member cannot answer, as a sentence; empty: they can."""
    if not viewer.may_write:
        return _("Prove your e-mail address first; then you can write.")
    if not topic.is_live or not may_see(viewer, topic):
        return _("This topic was removed while you were writing. Your words are kept here; you can copy them.")
    if topic.closed:
        return _("This topic is closed, so nobody can answer any more. Your words are kept here; you can copy them.")
    if topic.is_private:
        return "" if _may_talk(viewer, topic) else _("You cannot write in this talk at the moment.")
    group = group_of(topic)
    if group is not None and not _takes_part(viewer, group):
        return _("Only those who belong to the group can answer here.")
    return ""


def _may_talk(viewer: Member, topic: Topic) -> bool:
    """Somebody else has to sit in it who has agreed to talk, and whom the viewer has not blocked. Who blocked the viewer takes
    messages like anybody else: they are told of none and find them folded, and their silence looks like any other."""
    mine = (Block.member_id == viewer.id, Block.other_id == Seat.member_id, Block.how == "block")
    shut = select(Block.member_id).where(*mine).exists()
    rows = select(Seat.member_id, Seat.role, shut.label("shut")).where(Seat.audience == topic.audience)
    found = db.session.execute(rows).all()
    if any(row.member_id == viewer.id and row.role == ASKED for row in found):
        return False
    return any(row.member_id != viewer.id and row.role != ASKED and not row.shut for row in found)


def may_moderate(viewer: Member | None, topic: Topic) -> bool:
    """A moderator who may see it, and the administrators of the group that it stands in; nobody in a private talk."""
    if viewer is None or not viewer.may_write or topic.is_private or not may_see(viewer, topic):
        return False
    if viewer.is_moderator:
        return True
    group = group_of(topic)
    return group is not None and sits_in(viewer, group, "admin")


def may_edit_topic(viewer: Member | None, topic: Topic) -> bool:
    return _is_own(viewer, topic) or may_moderate(viewer, topic)


def may_edit_post(viewer: Member | None, post: Post) -> bool:
    """Its author, also of a closed topic; who moderates the topic it stands in."""
    topic = db.session.get(Topic, post.topic_id)
    if topic is None or not topic.is_live:
        return False
    return _is_own(viewer, post) or may_moderate(viewer, topic)


def _is_own(viewer: Member | None, entry: Entry) -> bool:
    """A placeholder's words are nobody's."""
    return viewer is not None and viewer.may_write and entry.author_id == viewer.id and may_see(viewer, entry)


def may_edit_forum(viewer: Member | None, forum: Forum) -> bool:
    """Moderators the forums of the site, its administrators the one of a group."""
    if viewer is None or not viewer.may_write or not may_see(viewer, forum):
        return False
    group = group_of(forum)
    return viewer.is_moderator if group is None else sits_in(viewer, group, "admin")


def may_answer_be_chosen(viewer: Member | None, topic: Topic) -> bool:
    return topic.sort == "question" and may_edit_topic(viewer, topic)


def speaks_as(member: Member, organisation_id: int) -> bool:
    """Does this member speak for the organisation?"""
    return bool(voice_at(member, organisation_id))
