"""The same for partnerships: a need for members, a dossier of two organisations, a claim, what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commons.members.models import Member
from directory.partnerships.board.actions import set_openness
from directory.partnerships.board.models import in_days
from directory.partnerships.dossiers import actions as dossiers
from directory.partnerships.matches.actions import refuse
from tests.cast import PASSWORD, Cast
from tests.directory.partnerships.board import makers as board
from tests.planting_rooms import MEMBERS

if TYPE_CHECKING:
    from tests.planting import Planted

BOTH = ("ana", "ben")
FIRST = (
    "We look after the tanks of nine schools and would like to learn how your loggers are built and mended, {word} included. "
    "We bring builders, readings of nine years, and a room in which twelve people can learn for two days."
)


def plant_partners(site: Planted, cast: Cast) -> None:
    rain = board.represented("Rain harvesters", cast.ana, role="signatory", country="KE")
    menders = board.represented("Menders", cast.ben, role="signatory", country="KE")
    offer = board.offer("Build loggers", of=menders, actor=cast.ben, text="Loggers from open parts.")
    need = board.need("Find a place", of=rain, actor=cast.ana, audience="members", text=site.word(*MEMBERS))
    site.settle(need, *MEMBERS)
    set_openness(rain, {"open": True}, actor=cast.ana)
    _dossier(site, offer, rain.id, menders.id, cast.ana, cast.ben)
    refuse(rain, menders, "far", actor=cast.ana)


def _dossier(site: Planted, offer: object, rain: int, menders: int, ana: Member, ben: Member) -> None:
    """Signed, with a promise, an account, and a word in everything that both sides wrote; the register tells nothing of it."""
    words = {"text": FIRST.format(word=site.word(*BOTH)), "language": "en"}
    proposal = dossiers.send_interest(offer, words, actor=ana, organisation_id=rain)  # type: ignore[arg-type]
    dossiers.talk(proposal, actor=ben, organisation_id=menders)
    dossiers.say(proposal, site.word(*BOTH), actor=ana, organisation_id=rain)
    gives = {str(rain): site.word(*BOTH), str(menders): site.word(*BOTH)}
    terms = {
        "title": f"Loggers {site.word(*BOTH)}",
        "goal": site.word(*BOTH),
        "gives": gives,
        "risks": site.word(*BOTH),
    }
    dossiers.write_terms(proposal, terms, site.word(*BOTH), actor=ana, organisation_id=rain)
    dossiers.accept(proposal, 1, actor=ben, organisation_id=menders)
    for member, id in ((ana, rain), (ben, menders)):
        dossiers.sign(proposal, 1, member.name, PASSWORD, actor=member, organisation_id=id)
    promised = {"text": site.word(*BOTH), "measure": site.word(*BOTH), "who": "", "due": in_days(30)}
    dossiers.promise(proposal, promised, actor=ana, organisation_id=rain)
    dossiers.report(proposal, site.word(*BOTH), actor=ben, organisation_id=menders)
