"""Members: accounts, signing in, seats, and the mails that prove an address."""

from __future__ import annotations

from commons.members.commands import group
from commons.members.models import Block, Invitation, Member, Outgoing, Seat, SignIn, Ticket, Token
from commons.members.post import follow
from commons.members.views import blueprint
from commons.room import Follower, Room, Table
from commons.web.limits import start

room = Room(
    name="members",
    blueprints=(blueprint,),
    commands=(group,),
    followers=(Follower("mail", follow, alone=True),),
    tables=(
        Table(
            Member,
            private=(
                "email",
                "email_skeleton",
                "password",
                "role",
                "state",
                "language",
                "theme",
                "charter",
                "verified",
                "skeleton",
            ),
        ),
        Table(Seat, public=False),
        Table(Token, public=False),
        Table(Block, public=False),
    ),
    start=start,
)
__all__ = ["Invitation", "Outgoing", "SignIn", "Ticket", "room"]
