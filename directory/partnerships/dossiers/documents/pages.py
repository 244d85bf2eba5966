"""What the pages of a dossier show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from commons.audience import may_see
from commons.db import now
from commons.entries.asks import VOICES, voice_at
from commons.entries.documents import actor_url
from commons.entries.models import Entry
from commons.focus.queries import tree
from commons.forums.addressing import topic_address
from commons.forums.models import Topic
from commons.forums.queries import latest_posts
from commons.members.models import Member
from commons.members.queries import kept_away
from commons.room import rooms
from commons.text import POST, markdown
from directory.partnerships.board.documents.pages import frame
from directory.partnerships.dossiers import queries
from directory.partnerships.dossiers.documents import states
from directory.partnerships.dossiers.documents.states import Mine
from directory.partnerships.dossiers.documents.steps import step_rows
from directory.partnerships.dossiers.documents.terms import terms_shown
from directory.partnerships.dossiers.documents.times import moment_words, zone_at, zone_words, zones_in
from directory.partnerships.dossiers.fields import REASONS, UNIVERSAL
from directory.partnerships.dossiers.models import Account, Commitment, Meeting, Party, Proposal
from directory.partnerships.dossiers.transitions import ACTIONS, OVER

SHOWN = 8  # messages and steps on the page of a dossier


def acting(parties: Sequence[Party], viewer: Member, organisation_id: int) -> Mine:
    party = next((one for one in parties if one.organisation_id == organisation_id and one.state != "left"), None)
    role = voice_at(viewer, organisation_id) if party is not None and viewer.may_write else ""
    return Mine(party, role if role in VOICES else "")


def organisation_row(id: int, names: Mapping[int, Entry], viewer: Member | None) -> dict[str, Any]:
    """A link only where the viewer may follow it: the organisation may be gone since."""
    entry = names.get(id)
    if entry is None:
        return {"id": id, "title": _("an organisation that is gone"), "language": "", "url": None}
    shown = entry.is_live and may_see(viewer, entry)
    url = rooms().kinds[entry.kind].page(entry) if shown else None
    return {"id": id, "title": entry.title, "language": entry.language, "url": url}


def person_row(member: Member | None) -> dict[str, Any] | None:
    if member is None or member.state == "placeholder":
        return None
    return {"name": member.name, "url": actor_url(member)}


def party_rows(parties: Sequence[Party], names: Mapping[int, Entry], viewer: Member | None) -> list[dict[str, Any]]:
    return [
        organisation_row(one.organisation_id, names, viewer)
        | {"contact": person_row(one.contact), "state": one.state, "turn": one.turn, "shown": one.shown}
        for one in parties
        if one.state != "left"
    ]


def head(
    proposal: Proposal, viewer: Member, organisation_id: int, known: Sequence[Party] | None = None
) -> dict[str, Any]:
    """What stands over every page of a dossier."""
    parties = queries.parties_of(proposal.id) if known is None else known
    names = queries.names_of([*(one.organisation_id for one in parties), proposal.about_id])
    mine = acting(parties, viewer, organisation_id)
    about = names.get(proposal.about_id)
    choices = [one for one in parties if one.state != "left" and voice_at(viewer, one.organisation_id)]
    return {
        "proposal": proposal,
        "entry": proposal,
        "parties": party_rows(parties, names, viewer),
        "names": names,
        "all_parties": parties,
        "mine": mine,
        "for_id": mine.party.organisation_id if mine.party is not None else 0,
        "for_choices": [organisation_row(one.organisation_id, names, viewer) for one in choices],
        "about": _about(about, viewer),
        "steps": states.steps(proposal),
        "step_number": states.number_of_step(proposal),
        "stage_words": str(states.STAGE_WORDS[proposal.stage]),
        "stage_sentence": states.sentence(proposal),
        "waits_for": states.waiting(proposal, parties, names),
        "due": states.due(proposal),
        "is_observer": any(one.audience == proposal.door and one.role == "observer" for one in viewer.seats),
        "is_mediator": proposal.mediator_id == viewer.id,
    }


def _about(entry: Entry | None, viewer: Member | None) -> dict[str, Any] | None:
    if entry is None or not entry.is_live or not may_see(viewer, entry) or entry.kind == "organisation":
        return None
    kind = rooms().kinds[entry.kind]
    return {"title": entry.title, "language": entry.language, "url": kind.page(entry), "kind_label": kind.label}


def dossier_page(proposal: Proposal, viewer: Member, organisation_id: int, known: Sequence[Party]) -> dict[str, Any]:
    """The steps tell what there is to read: nothing is asked for that nobody wrote."""
    page = head(proposal, viewer, organisation_id, known)
    names, mine, parties = page["names"], page["mine"], page["all_parties"]
    steps = queries.steps_of(proposal)
    done = {step.action for step in steps}
    topic = queries.conversation_of(proposal)
    over = proposal.stage in OVER
    terms, signed = queries.last_terms_and_assents(proposal) if proposal.terms else (None, [])
    accounts = queries.accounts_of(proposal) if done & {"report", "complete", "account"} else []
    promises = queries.commitments_of(proposal) if "promise" in done else []
    meetings = queries.meetings_of(proposal) if "meet" in done else []
    return page | {
        "actions": actions_of(proposal, mine),
        "reason": str(REASONS[proposal.reason]) if proposal.reason in REASONS else "",
        "terms": terms_shown(terms, names) if terms is not None else None,
        "yes": [(assent.how, names[assent.organisation_id].title, assent) for assent in signed],
        "light": states.light(proposal) if proposal.is_in_force else "",
        "promises": promise_rows(promises, names, mine),
        "accounts": account_rows(accounts, names, mine, over),
        "meetings": meeting_rows(meetings, names, mine),
        "log": step_rows(steps[-SHOWN:][::-1], names),
        "posts": post_rows(topic, viewer),
        "topic": topic,
        "topic_url": topic_address(topic) if topic is not None else None,
        "shown_by": [one for one in parties if one.shown],
        "is_over": over,
        "today": now().date().isoformat(),
    }


def actions_of(proposal: Proposal, mine: Mine) -> dict[str, bool]:
    """Every action of the table by its name, with underscores: may the reader take it now?"""
    names = {name.replace(" ", "_"): name for name in ACTIONS if name != "expire"}
    return {short: states.may(proposal, mine, name) for short, name in names.items()}


def promise_rows(found: Sequence[Commitment], names: Mapping[int, Entry], mine: Mine) -> list[dict[str, Any]]:
    today = now().date()
    own = mine.party.organisation_id if mine.party is not None else 0
    return [
        {
            "id": one.id,
            "who": names[one.organisation_id].title,
            "text": one.text,
            "measure": one.measure,
            "person": one.who,
            "due": one.due,
            "kept": one.kept,
            "note": one.note,
            "light": one.light(today),
            "is_own": one.organisation_id == own,
        }
        for one in found
        if one.organisation_id in names
    ]


def account_rows(found: Sequence[Account], names: Mapping[int, Entry], mine: Mine, over: bool) -> list[dict[str, Any]]:
    own = mine.party.organisation_id if mine.party is not None else 0
    return [
        {
            "id": one.id,
            "who": names[one.organisation_id].title,
            "sort": one.sort,
            "result": one.result,
            "html": markdown(one.text, limit=POST),
            "at": one.at,
            "answers": [
                {"who": names[int(id)].title, **answer} for id, answer in one.answers.items() if int(id) in names
            ],
            "may_judge": over and one.sort == "outcome" and own not in (0, one.organisation_id),
        }
        for one in found
        if one.organisation_id in names
    ]


def meeting_rows(found: Sequence[Meeting], names: Mapping[int, Entry], mine: Mine) -> list[dict[str, Any]]:
    own = mine.party.organisation_id if mine.party is not None else 0
    zone = own_zone(own) if any(one.chosen for one in found) else ""
    return [
        {
            "id": one.id,
            "who": names[one.organisation_id].title if one.organisation_id in names else "",
            "title": one.title,
            "place": one.place,
            "minutes": one.minutes,
            "slots": one.slots,
            "chosen": one.chosen,
            "when": moment_words(one.chosen.isoformat(), *([] if one.organisation_id == own else [zone]), one.zone)
            if one.chosen
            else "",
            "is_own": one.organisation_id == own,
        }
        for one in found
    ]


def own_zone(organisation_id: int) -> str:
    """In whose hours an organisation reads times."""
    return zone_at(*queries.places_of([organisation_id]).get(organisation_id, ("", None)))


def zone_choices(organisation_ids: Sequence[int], own: int) -> list[tuple[str, str]]:
    """The zones of the countries of these organisations, as (name, words): the one of `own` first, universal time last."""
    places = queries.places_of(organisation_ids)
    countries = dict.fromkeys(places[id][0] for id in (own, *organisation_ids) if id in places)
    every = (zone_at(*places.get(own, ("", None))), *(zone for country in countries for zone in zones_in(country)))
    return [(name, zone_words(name)) for name in dict.fromkeys(every) if name != UNIVERSAL] + [
        (UNIVERSAL, zone_words(UNIVERSAL))
    ]


def post_rows(topic: Topic | None, viewer: Member) -> list[dict[str, Any]]:
    """The last messages of the conversation, the oldest of them first; what they link to is told on its own page."""
    if topic is None:
        return []
    found = latest_posts(topic, viewer, SHOWN)[::-1]
    shy = kept_away(viewer)
    return [
        {
            "number": post.number,
            "url": url_for("forums.post", id=post.id),
            "name": post.author.name if post.author else "",
            "person_url": actor_url(post.author) if post.author and post.author.state != "placeholder" else None,
            "voice_id": post.voice_id,
            "at": post.created,
            "language": post.language,
            "html": markdown(post.text, anchor=f"p{post.number}"),
            "folded": post.author_id in shy,
        }
        for post in found
    ]


def list_rows(found: Sequence[Proposal], viewer: Member | None, organisation_id: int = 0) -> list[dict[str, Any]]:
    """Proposals in a list, for all organisations of the viewer or for one: two statements for all of them."""
    parties = queries.parties_of_all([one.id for one in found])
    names = queries.names_of(party.organisation_id for some in parties.values() for party in some)
    mine = {organisation_id} if organisation_id else set(queries.own_organisations(viewer))
    rows = []
    for one in found:
        here = [party for party in parties.get(one.id, []) if party.state in ("in", "invited")]
        rows.append(
            {
                "title": one.title,
                "language": one.language,
                "url": url_for("dossiers.proposal", id=one.id),
                "stage": str(states.STAGE_WORDS[one.stage]),
                "since": one.since,
                "due": states.due(one),
                "parties": [organisation_row(party.organisation_id, names, viewer) for party in here],
                "is_mine": any(party.turn and party.organisation_id in mine for party in here),
                "is_over": one.is_over,
            }
        )
    return rows


def list_page(found: Sequence[Proposal], viewer: Member, chosen: int) -> dict[str, Any]:
    own = queries.names_of(queries.own_organisations(viewer))
    return {
        "frame": frame("proposals"),
        "rows": list_rows(found, viewer),
        "own": [(entry.id, entry.title, entry.id == chosen) for entry in own.values()],
    }


def areas(ids: Sequence[int]) -> list[tuple[str, str]]:
    return [(node.label, url_for("focus.area", slug=node.slug)) for node in tree().sorted(tuple(ids))]


def thing_rows(found: Sequence[Entry]) -> list[dict[str, Any]]:
    kinds = rooms().kinds
    return [
        {
            "kind": entry.kind,
            "kind_label": kinds[entry.kind].label,
            "title": entry.title,
            "language": entry.language,
            "url": kinds[entry.kind].page(entry),
            "at": entry.updated,
        }
        for entry in found
    ]
