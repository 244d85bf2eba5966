"""What organisations do with each other, for the browser tests: every page of it, and who may open it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from commons.announcements.actions import add_announcement
from commons.db import db, now
from commons.members.models import Member
from commons.searches.actions import save_search
from directory.models import Organisation
from directory.partnerships.board.models import Posting, in_days
from directory.partnerships.dossiers import actions as dossiers
from directory.partnerships.dossiers.models import Partnership
from directory.relating import add_relation
from directory.representing import keys
from directory.representing.actions import claims, reminders, seats
from directory.statements.actions import add_statement, answer_statement
from tests import make
from tests.cast import Cast
from tests.directory.partnerships.board import makers as board
from tests.directory.partnerships.dossiers.makers import ROADS, Two, speak
from tests.directory.representing.makers import at_home
from tests.directory.statements.makers import represent

NEED = "We look for water level loggers for the tanks of six schools, and for somebody who teaches us to mend them."
OFFER = "We build water level loggers from open parts, and teach schools to mend loggers themselves."
SAID = "We built three wells together, and they came on time every day. They explain what they do, and write it down."
LONG = "Wasserwirtschaftsgenossenschaftsverband für Regenwasserrückhaltebecken"  # no phone is as wide as this word
STAGES = [stage for stage in ROADS if stage not in ("ended", "inactive", "expired")]
Pages = dict[str, tuple[str, str]]  # name of a page -> (who looks, "" for a visitor; address)


def deal() -> Pages:
    """Plants it all; for the rest of the site it is as if these organisations had been there before."""
    two = Two()
    at_home(*two.people.values())
    found: Pages = {}
    for stage in STAGES:
        two.found()
        found[f"dossier: {stage}"] = ("soil.signatory", f"/partnerships/proposals/{two.at(stage).id}")
    return found | steps_on_the_way(two) | voices(two) | postings(two) | searches()


def steps_on_the_way(two: Two) -> Pages:
    """What is filled in at a stage, the times for a talk, and a partnership that both show."""
    pages: Pages = {}

    def at(stage: str, who: str, **parts: str) -> None:
        two.found()
        proposal = two.at(stage)
        if stage == "exploring":
            day = (now() + timedelta(days=9)).date().isoformat()
            times = {
                "title": "By video",
                "place": "https://meet.example.org/soil",
                "slots": [f"{day}T09:00", f"{day}T15:00"],
            }
            met = dossiers.offer_times(proposal, times, actor=two.garden_delegate, organisation_id=two.garden.id)
            parts["choose a time"] = f"meetings/{met.id}"
        pages.update({name: (who, f"/partnerships/proposals/{proposal.id}/{part}") for name, part in parts.items()})

    at("interest", "soil.delegate", decline="decline")
    at("exploring", "soil.steward", **{"offer times": "meetings", "write terms": "terms", "people": "people"})
    at("negotiating", "garden.steward", **{"version of the terms": "terms/2", "what is between": "things"})
    at("agreed", "soil.signatory", sign="sign", log="log", **{"a third one": "partners"})
    at(
        "active",
        "soil.steward",
        promise="promises",
        **{"it is done": "complete", "end it": "end", "how it goes": "report"},
    )
    return pages | registered(two)


def registered(two: Two) -> Pages:
    two.found()
    proposal = two.at("completed")
    for who, side in ((two.garden_steward, two.garden), (two.soil_steward, two.soil)):
        dossiers.publish(proposal, actor=who, organisation_id=side.id)
    row = db.session.scalars(select(Partnership).where(Partnership.proposal_id == proposal.id)).one()
    shown = {"register": "/partnerships/register", "public partnership": f"/partnerships/register/{row.slug}"}
    own = {"my dossiers": "/partnerships/proposals", "organisation of mine": f"/organisations/{two.soil.slug}"}
    return {name: ("", address) for name, address in shown.items()} | {
        name: ("soil.steward", address) for name, address in own.items()
    }


def postings(two: Two) -> Pages:
    """A need that an offer answers, one to keep, and the four steps of the form."""
    values = {"country": "KE", "city": "Kisumu", "languages": ["en", "sw"]}
    need = board.need(
        "Find loggers for school tanks", of=two.garden, actor=two.garden_steward, text=NEED, until=in_days(40), **values
    )
    board.offer("Build loggers", of=two.soil, actor=two.soil_steward, text=OFFER, **values)
    long = board.offer(LONG, of=two.soil, actor=two.soil_steward, text=LONG, language="de", **values)
    return {
        "board": ("", "/partnerships"),
        "needs": ("", "/partnerships/needs?country=KE"),
        "offers": ("", "/partnerships/offers"),
        "filters of the board": ("", "/partnerships/filters"),
        "open to partnership": ("", "/partnerships/open"),
        "no need": ("", "/partnerships/needs?country=AQ"),
        "need": ("", address(need)),
        "long word": ("", address(long)),
        "how matches are made": ("", "/partnerships/how-matches-are-made"),
        "need of mine": ("garden.steward", address(need)),
        "matches of a need": ("garden.steward", f"/partnerships/needs/{need.id}/matches"),
        "matches of an organisation": ("garden.steward", f"/organisations/{two.garden.slug}/matches"),
        "how open we are": ("garden.steward", f"/organisations/{two.garden.slug}/partnership"),
        "close a need": ("garden.steward", f"{address(need)}/close"),
        "edit a need": ("garden.steward", f"{address(need)}/edit"),
        "say a need": ("garden.steward", f"/partnerships/needs/new?organisation={two.garden.id}"),
        "express interest": ("soil.steward", f"/partnerships/proposals/new?about={need.id}"),
    }


def address(posting: Posting) -> str:
    return f"/partnerships/{posting.kind}s/{posting.id}/{posting.slug}"


def voices(two: Two) -> Pages:
    """Who speaks for an organisation, what it is asked, and what others say of it."""
    cast = Cast()
    at_home(cast.ana, cast.ben, cast.chi)
    unclaimed = make.organisation("Cisterns of the hill", website="https://cisterns.example.org", country="KE")
    claims.claim_by_token(unclaimed, "I keep its books", actor=cast.chi)
    vouched = make.organisation("Wells of the plain", website="https://wells.example.org")
    claim = claims.claim_by_vouchers(vouched, "I keep its books", actor=cast.chi)
    speak(cast.ana, vouched)
    claims.ask_voucher(claim, "soil.steward", actor=cast.chi)
    free = make.organisation("Roofs and gutters", website="https://roofs.example.org")
    home = f"/organisations/{two.soil.slug}"
    seats.invite(two.soil, cast.ben, "delegate", actor=two.soil_signatory)
    said = statement(two) | mailed(two.soil, two.soil_steward)
    add_relation(two.soil, "partner", two.garden, actor=two.soil_steward)
    return {
        "claim": ("ben", f"/organisations/{free.slug}/claim"),
        "claim on its way": ("chi", f"/organisations/{unclaimed.slug}/claim"),
        "claim with people who know me": ("chi", f"/organisations/{vouched.slug}/claim"),
        "vouch": ("soil.steward", f"/organisations/{vouched.slug}/vouch/{claim.id}"),
        "representatives": ("soil.signatory", f"{home}/representatives"),
        "invitation to speak": ("ben", f"{home}/invitation"),
        "inbox": ("soil.signatory", f"{home}/inbox"),
        "statements": ("", f"{home}/statements"),
        "what it says of others": ("", f"/organisations/{two.garden.slug}/said"),
        "own version": ("soil.steward", f"{home}/confirmed"),
        "old records": ("mo.derates", "/organisations/stale"),
        "edit what it says": ("soil.steward", f"{home}/edit"),
    } | said


def statement(two: Two) -> Pages:
    """One that was answered, one that waits for an answer."""
    represent(two.garden, two.garden_signatory, "signatory")
    first = add_statement(two.soil, two.garden, {"text": SAID}, actor=two.garden_signatory)
    answer_statement(first, "Gladly again.", actor=two.soil_signatory)
    third = make.organisation("Hedges and walls")
    represent(third, Cast().ben, "signatory")
    second = add_statement(two.soil, third, {"text": SAID, "link": "https://soil.example.org"}, actor=Cast().ben)
    return {
        "statement": ("", f"/statements/{second.id}"),
        "answer a statement": ("soil.signatory", f"/statements/{second.id}/answer"),
        "edit a statement": ("ben", f"/statements/{second.id}/edit"),
        "say something of another": ("soil.signatory", f"/organisations/{two.garden.slug}/statements/new"),
        "relations": ("", f"/organisations/{two.soil.slug}/relations"),
        "new relation": ("soil.signatory", f"/organisations/{two.soil.slug}/relations/new"),
    }


def mailed(organisation: Organisation, member: Member) -> Pages:
    """What the links of a mail open, for who is not signed in."""

    def key(purpose: str) -> str:
        return keys.make_key(purpose, organisation_id=organisation.id, member_id=member.id, good_for=timedelta(days=9))

    return {
        "still right": ("", f"/still-right/{key(reminders.PURPOSE)}"),
        "has closed": ("", f"/has-closed/{key(reminders.PURPOSE)}"),
        "something is different": ("", f"/something-different/{key(reminders.PURPOSE)}"),
        "no more reminders": ("", f"/no-reminders/{key(reminders.STOP)}"),
        "a link that was used": ("", "/still-right/of-another-day"),
    }


def searches() -> Pages:
    cast = Cast()
    save_search("/search?q=water&kind=organisation", "Water, everywhere", "weekly", actor=cast.ben)
    save_search("/search?q=loggers&kind=need", "Needs in Kenya", "never", actor=cast.ben)
    words = {"title_en": "The site moves on Friday", "text_en": "It is away for an hour.", "asks": "yes"}
    days = {"begins": in_days(1), "until": in_days(8)}  # no strip above the other pages
    told = add_announcement(words | days, audience="public", actor=cast.mo)
    return {
        "saved searches": ("ben", "/search/saved"),
        "keep this search": ("ben", "/search?q=water"),
        "announcements": ("", "/announcements"),
        "announcement": ("mo.derates", f"/announcements/{told.slug}"),
        "new announcement": ("mo.derates", "/announcements/new"),
        "edit an announcement": ("mo.derates", f"/announcements/{told.slug}/edit"),
    }
