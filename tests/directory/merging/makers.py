"""Two records of one organisation, and everything of a site that can point to one; and the whole site as one value, to compare it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from commons.db import Model, db, now, transaction
from commons.entries.actions import record, rename
from commons.entries.asks import speaks_for
from commons.entries.within import place_in
from commons.feed.actions import keep, react, watch
from commons.forums.actions import add_topic
from commons.members.models import Member
from commons.members.seats import give_seat
from commons.room import rooms
from directory.actions import edit_organisation
from directory.merging.actions import merge_organisations
from directory.merging.choosing import values_for
from directory.merging.models import Merge
from directory.models import Organisation
from directory.relating import add_relation
from tests import make
from tests.cast import Cast

TELLS = {"change", "revision", "position", "merge", "suspect", "ask", "outgoing", "sign_in", "digest"}
FORWARD = {"version", "updated", "stirred"}  # of an entry: they tell that something happened


def twins(**values: Any) -> tuple[Organisation, Organisation]:
    """The one that stays, and the other."""
    winner = make.organisation("Rainwater for Kisumu", country="KE", city="Kisumu", languages=["en"], sdgs=[6])
    loser = make.organisation(
        "Rain Water for Kisumu",
        country="KE",
        city="Kisumu",
        website="https://rain.example.org",
        languages=["sw"],
        sdgs=[6, 13],
        **values,
    )
    return winner, loser


def merged(winner: Organisation, loser: Organisation, actor: Member, **choices: str) -> Merge:
    values = values_for(winner, loser, choices)
    return merge_organisations(
        winner, loser, values, seen=(winner.version, loser.version), actor=actor, note="The same telephone number"
    )


def trusted(member: Member) -> Member:
    with transaction():
        member.trusted = now() - timedelta(days=9)
    return member


def surround(organisation: Organisation, other: Organisation) -> None:
    """Followers, topics, ties, an older address and a successor: Ben and Chi follow it, Ben follows the other one too."""
    cast = Cast()
    for who in (cast.ben, cast.chi):
        watch(organisation, actor=who)
    watch(other, actor=cast.ben)
    keep(organisation, actor=cast.chi)
    react(organisation, "like", actor=cast.chi)
    react(other, "like", actor=cast.chi)
    with transaction():
        give_seat(trusted(cast.ana), speaks_for(organisation.id), "steward")
    place = place_in(organisation.id, "topic", cast.ana)
    add_topic(
        {"title": "A new tank", "text": "It holds ten cubic metres.", "language": "en"},
        place=place,
        actor=cast.ana,
        sort="share",
    )
    third = make.organisation("Wells for all", website="https://wells.example.org")
    add_relation(third, "partner", organisation, actor=cast.chi)
    add_relation(organisation, "member of", third, actor=cast.chi)
    closed = make.organisation("An older one", website="https://older.example.org")
    values = {"status": "closed", "status_note": "It went on", "successor_id": organisation.id}
    edit_organisation(closed, values, version=1, actor=cast.mo)
    with transaction():
        before = organisation.slug
        organisation.title = organisation.title + " now"
        record(organisation, "moved", None, actor=cast.mo)
        rename(organisation, before)
        organisation.title = organisation.title.removesuffix(" now")


def whole_site() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, without the log and what only goes forward."""
    db.session.rollback()
    found = {}
    for table in Model.metadata.sorted_tables:
        if table.name not in TELLS:
            left_out = FORWARD if table.name == "entry" else set()
            rows = db.session.execute(select(table).order_by(*table.primary_key)).mappings()
            found[table.name] = [{name: row[name] for name in row if name not in left_out} for row in rows]
    return found


def differing(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What a failing test shows."""
    return {
        name: [row for row in one[name] if row not in other[name]]
        + ["|"]
        + [row for row in other[name] if row not in one[name]]
        for name in one
        if one[name] != other[name]
    }


def faults_of_site() -> list[str]:
    """What `flask site check` would say of the database."""
    told = [room for room in rooms().all if room.name != "search"]  # whose index follows later
    return [f"{check.name}: {fault}" for room in told for check in room.checks for fault in check.faults()]
