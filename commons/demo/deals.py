"""What the invented organisations of the demo need and offer, and how far some of them came together.

`deals/openness.jsonl`: to what each is open; `deals/postings.jsonl`: needs and offers, with `days` until their last one (0: permanent);
`deals/proposals.jsonl`: {by, from, about (title of a need or an offer), text} and, as far as it came, `talk`, `terms`, `sign`, `public`,
`promises` and `outcome`. Nothing in it is about a real organisation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from commons.db import db, now, transaction
from commons.entries.asks import VOICES, speaks_for
from commons.focus.queries import area_from
from commons.members.models import Member
from commons.members.seats import give_seat
from commons.moderation.actions import accept as let_through
from commons.moderation.models import Held
from commons.people.models import Affiliation
from directory.models import Organisation
from directory.partnerships.board.actions import add_posting, set_openness
from directory.partnerships.board.models import Posting, in_days
from directory.partnerships.dossiers import actions as dossiers
from directory.partnerships.dossiers.models import Proposal
from directory.partnerships.matches import follower as matches

HERE = Path(__file__).parent / "deals"
HOST = "hana"  # who lets the first needs and offers through
Organisations = Mapping[str, Organisation]
People = Mapping[str, Member]


def load_deals(rows: list[dict[str, Any]], password: str, say: Callable[[str], object]) -> None:
    """`rows`: the invented people, each with the organisation for which they speak."""
    people = {member.username: member for member in db.session.scalars(select(Member).where(Member.email.is_not(None)))}
    named = [row["organisation"] for row in rows]
    found = db.session.scalars(select(Organisation).where(Organisation.source_id.in_(named)))
    organisations = {row.source_id: row for row in found}
    for row in rows:
        _speaks(people[row["username"]], organisations[row["organisation"]])
    speakers = {row["organisation"]: people[row["username"]] for row in rows}
    for row in _rows("openness"):
        name = row.pop("organisation")
        set_openness(organisations[name], {"open": True, **row}, actor=speakers[name])
    voices = {row["username"]: row["organisation"] for row in rows}
    postings = [_post(row, people, organisations[voices[row["by"]]]) for row in _rows("postings")]
    begun = [_propose(row, people, organisations, speakers, password) for row in _rows("proposals")]
    say(f"{len(postings)} needs and offers and {len(begun)} proposals by the invented organisations")
    matches.rebuild()


def _rows(name: str) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())


def _speaks(member: Member, organisation: Organisation) -> None:
    with transaction():
        made = Affiliation(member_id=member.id, organisation_id=organisation.id, represents=True, state="confirmed")
        made.decided = now() - timedelta(days=30)
        db.session.add(made)
        give_seat(member, speaks_for(organisation.id), VOICES[-1])


def _areas(slugs: list[str]) -> list[int]:
    return sorted(area.id for slug in slugs if (area := area_from(slug)))


def _post(row: dict[str, Any], people: People, organisation: Organisation) -> Posting:
    days, by, kind = row.pop("days", 0), row.pop("by"), row.pop("kind")
    values = {"city": organisation.city, "country": organisation.country, **row}
    values |= {"focus": _areas(row.get("focus", [])), "until": in_days(days) if days else ""}
    posting = add_posting(kind, organisation.id, values, actor=people[by])
    held = db.session.scalar(select(Held).where(Held.entry_id == posting.id, Held.state == "waiting"))
    if held is not None:
        let_through(held, actor=people[HOST])
    return posting


def _propose(
    row: Mapping[str, Any], people: People, organisations: Organisations, speakers: People, password: str
) -> Proposal:
    sender, own = people[row["by"]], organisations[row["from"]].id
    about = db.session.scalars(select(Posting).where(Posting.title == row["about"])).one()
    values = {"text": row["text"], "language": row["language"]}
    proposal = dossiers.send_interest(about, values, actor=sender, organisation_id=own)
    receiver = next(speakers[name] for name, one in organisations.items() if one.id == about.within_id)
    sides = {sender.username: (sender, own), receiver.username: (receiver, about.within_id or 0)}
    if "talk" in row:
        dossiers.talk(proposal, actor=receiver, organisation_id=about.within_id or 0)
    for name, text in row.get("talk", ()):
        dossiers.say(proposal, text, actor=sides[name][0], organisation_id=sides[name][1])
    if "terms" in row:
        _agree(proposal, row, sides, organisations, password)
    return proposal


def _agree(
    proposal: Proposal,
    row: Mapping[str, Any],
    sides: Mapping[str, tuple[Member, int]],
    organisations: Organisations,
    password: str,
) -> None:
    (sender, own), (receiver, other) = sides.values()
    gives = {str(organisations[name].id): words for name, words in row["terms"]["gives"].items()}
    values = row["terms"] | {"gives": gives, "focus": _areas(row["terms"]["focus"]), "language": row["language"]}
    dossiers.write_terms(proposal, values, actor=sender, organisation_id=own)
    dossiers.accept(proposal, 1, actor=receiver, organisation_id=other)
    for member, id in sides.values():
        dossiers.sign(proposal, 1, member.name, password, actor=member, organisation_id=id)
    for member, id in sides.values():
        dossiers.publish(proposal, actor=member, organisation_id=id)
    for name, text, measure, days in row.get("promises", ()):
        promised = {"text": text, "measure": measure, "due": in_days(days)}
        who, id = next(side for side in sides.values() if side[1] == organisations[name].id)
        dossiers.promise(proposal, promised, actor=who, organisation_id=id)
    if "outcome" in row:
        result, told, answer = row["outcome"]
        account = dossiers.complete(proposal, {"text": told, "result": result}, actor=sender, organisation_id=own)
        dossiers.judge(proposal, account.id, "confirmed", answer, actor=receiver, organisation_id=other)
