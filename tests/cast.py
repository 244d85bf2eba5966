"""The people of the tests: Ana stewards, Ben shares her group, Chi is outside it, Mo moderates, Una has not proved her address."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, transaction
from commons.members.actions import make_member
from commons.members.models import Member, Seat

PASSWORD = "four words in a row"
GROUP = "group:7"


def gather() -> None:
    for username, role in (
        ("ana", "member"),
        ("ben", "member"),
        ("chi", "member"),
        ("mo.derates", "moderator"),
        ("una", "member"),
    ):
        make_member(
            username, f"{username}@example.org", name=username.split(".")[0].title(), role=role, password=PASSWORD
        )
    with transaction():
        una = db.session.scalar(select(Member).where(Member.username == "una"))
        assert una is not None
        una.verified = None
        for username in ("ana", "ben"):
            member = db.session.scalar(select(Member).where(Member.username == username))
            assert member is not None
            db.session.add(Seat(member_id=member.id, audience=GROUP, role="member"))


class Cast:
    def __getattr__(self, name: str) -> Member:
        username = "mo.derates" if name == "mo" else name
        found = db.session.scalar(select(Member).where(Member.username == username))
        assert found is not None, f"{name} is not in the cast"
        return found


def sign_in(client: FlaskClient, who: Member) -> FlaskClient:
    """Signs a browser in as this member, through the page."""
    answer = client.post("/sign-in", data={"who": who.username, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client
