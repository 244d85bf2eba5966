"""Finding members, their sign-ins and their tokens."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, has_request_context
from sqlalchemy import or_, select

from commons.db import db, now
from commons.members.door import digest
from commons.members.models import Block, Member, SignIn, Ticket, Token
from commons.text import mail_key, skeleton


def by_name_or_email(text: str) -> Member | None:
    """The account that a person means on the sign-in page."""
    known = Member.email_skeleton == mail_key(text) if "@" in text else Member.skeleton == skeleton(text)
    return db.session.scalar(select(Member).where(known))


def member_named(username: str) -> Member | None:
    """The member of this user name whose account is in use, however a phone writes it: with an @, with a capital."""
    known = Member.skeleton == skeleton(username.strip().removeprefix("@"))
    return db.session.scalar(select(Member).where(known, Member.state == "active"))


def taken(username: str) -> bool:
    return db.session.scalar(select(Member.id).where(Member.skeleton == skeleton(username))) is not None


def ticket(key: str, purpose: str) -> Ticket | None:
    """A ticket that is still good; opening its page does not use it up."""
    query = select(Ticket).where(
        Ticket.digest == digest(key), Ticket.purpose == purpose, Ticket.used.is_(None), Ticket.expires > now()
    )
    return db.session.scalar(query)


def token_owner(key: str) -> tuple[Member, frozenset[str]] | None:
    """Whose token this is, and what it may do."""
    row = db.session.scalar(select(Token).where(Token.digest == digest(key), Token.revoked.is_(None)))
    return (row.member, frozenset(row.scopes)) if row and row.member.is_active else None


def sign_ins(member: Member) -> Sequence[SignIn]:
    query = select(SignIn).where(SignIn.member_id == member.id, SignIn.expires > now()).order_by(SignIn.created.desc())
    return db.session.scalars(query).all()


def tokens(member: Member) -> Sequence[Token]:
    return db.session.scalars(
        select(Token).where(Token.member_id == member.id, Token.revoked.is_(None)).order_by(Token.created)
    ).all()


def waiting() -> Sequence[Member]:
    """Whom a moderator has yet to let in."""
    return db.session.scalars(
        select(Member).where(Member.state == "waiting", Member.verified.is_not(None)).order_by(Member.created)
    ).all()


def kept_away(viewer: Member | None) -> frozenset[int]:
    """Members whom this viewer blocked or muted: their words are folded. Who blocked the viewer is not among them, or the
    fold would tell. Asked once in a request."""
    if viewer is None:
        return frozenset()
    known: dict[int, frozenset[int]] = g.setdefault("kept_away", {}) if has_request_context() else {}
    if viewer.id not in known:
        rows = db.session.scalars(select(Block.other_id).where(Block.member_id == viewer.id))
        known[viewer.id] = frozenset(rows)
    return known[viewer.id]


def forget_kept_away() -> None:
    """Somebody chose anew within this request."""
    g.pop("kept_away", None)


def apart(viewer: Member | None) -> frozenset[int]:
    """Members whom this viewer does not want to meet, or who do not want to meet them."""
    if viewer is None:
        return frozenset()
    both = (Block.other_id == viewer.id) & (Block.how == "block")
    rows = db.session.execute(select(Block.member_id, Block.other_id).where(or_(Block.member_id == viewer.id, both)))
    return frozenset(row.other_id if row.member_id == viewer.id else row.member_id for row in rows)
