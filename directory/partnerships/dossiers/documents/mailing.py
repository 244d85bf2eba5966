"""What the page behind the link of a mail shows: where the proposal stands, what its reader may do, and what each of it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.entries.models import Entry
from commons.members.models import Member
from directory.partnerships.dossiers import queries
from directory.partnerships.dossiers.documents import states
from directory.partnerships.dossiers.documents.pages import acting, own_zone
from directory.partnerships.dossiers.documents.states import Mine
from directory.partnerships.dossiers.documents.terms import terms_shown
from directory.partnerships.dossiers.documents.times import moment_words
from directory.partnerships.dossiers.forms import MailForm
from directory.partnerships.dossiers.models import Proposal
from directory.partnerships.dossiers.transitions import BY_MAIL, UNANSWERED

SHOWN = 200  # characters of an outcome in a list


class Offered(NamedTuple):
    """A move on the page of a link: its button, and what happens when it is pressed."""

    label: Any
    sentence: Any


WORDS = {
    "come in": Offered(_l("We take part"), _l("Your organisation takes part, and reads all that stands there.")),
    "talk": Offered(
        _l("Yes, let us talk"), _l("Both sides find out together whether it fits. Nothing is agreed by it.")
    ),
    "accept": Offered(
        _l("Accept these terms"),
        _l("Your organisation says yes to this version. It holds only when signatories of all sides have signed it."),
    ),
    "resume": Offered(_l("Go on with it"), _l("The pause ends; all sides are told.")),
    "keep": Offered(_l("Take the notice back"), _l("It goes on as it was signed; all sides are told.")),
    "choose": Offered(_l("Choose a time"), _l("Everybody gets a mail with the calendar file.")),
    "judge": Offered(_l("Say whether you see it so too"), _l("Your answer stands beside what the other side told.")),
    "keep a promise": Offered(_l("A promise is kept"), _l("It counts as kept from today, with your words.")),
    "ask": Offered(_l("Ask something first"), _l("They answer in the conversation before you decide.")),
    "answer": Offered(_l("Answer the question"), _l("Your answer goes into the conversation; then they decide.")),
    "report": Offered(_l("Tell how it goes"), _l("The other side reads it. The light becomes green.")),
    "complete": Offered(
        _l("It is done"), _l("The partnership is completed. The other side says whether they see it so too.")
    ),
    "account": Offered(_l("Tell what came of it"), _l("It stands beside what the other side tells.")),
    "publish": Offered(
        _l("We want it in the register"), _l("It stands in the public register when all sides want that.")
    ),
    "unpublish": Offered(_l("Take it out of the register"), _l("It goes out of the public register at once.")),
    "reopen": Offered(_l("Open it again"), _l("It goes on where it was closed; all sides are told.")),
    "renew": Offered(
        _l("Begin anew with the same terms"), _l("A new proposal begins with the terms that were signed last.")
    ),
    "extend": Offered(_l("Two weeks more"), _l("All sides have two weeks more to answer.")),
    "pause": Offered(_l("Pause"), _l("It rests until either side goes on with it.")),
    "archive": Offered(_l("Put it away"), _l("It rests. Either side can open it again.")),
    "decline": Offered(
        _l("Decline"), _l("They are told at once, with your reason. Within 30 days you can open it again.")
    ),
    "withdraw": Offered(
        _l("Take it back"), _l("They are told at once, with your reason. Within 30 days you can open it again.")
    ),
    "end": Offered(
        _l("End it with notice"),
        _l("It ends after the days of notice that were agreed. Until then you can take it back."),
    ),
    "refuse": Offered(_l("Do not sign"), _l("Nobody's signature counts any more; you talk about the terms again.")),
    "leave": Offered(_l("Leave with your organisation"), _l("Your organisation reads nothing there any more.")),
}
FIELDS = {
    "press": (),
    "which": ("which", "note"),
    "words": ("text",),
    "outcome": ("result", "text"),
    "reason": ("reason", "note"),
}


def moves_by_mail(proposal: Proposal, mine: Mine, parties: int) -> list[str]:
    """What the reader of a link may do now, for their organisation. `parties`: how many are there."""
    found = [action for action in BY_MAIL if states.may(proposal, mine, action)]
    party = mine.party
    shown = party is not None and party.shown
    senseless = {"publish" if shown else "unpublish"} | (
        set() if proposal.agreed else {"publish", "unpublish", "renew"}
    )
    if party is not None and party.state == "in" and parties <= 2:
        senseless.add("leave")
    return [action for action in found if action not in senseless]


def mail_page(proposal: Proposal, member: Member, organisation_id: int, wanted: str, form: MailForm) -> dict[str, Any]:
    """`wanted`: the move that was chosen, for which the page shows its form alone."""
    parties = queries.parties_of(proposal.id)
    names = queries.names_of(one.organisation_id for one in parties)
    mine = acting(parties, member, organisation_id)
    here = queries.present(parties)
    choices = {name: rows for name in ("choose", "judge", "keep a promise") if (rows := _choices(name, proposal, mine))}
    may = [one for one in moves_by_mail(proposal, mine, len(here)) if BY_MAIL[one] != "which" or one in choices]
    chosen = wanted if wanted in may else ""
    form.offer(choices.get(chosen, []))
    last = queries.last_terms(proposal) if proposal.stage not in (*UNANSWERED, "exploring") else None
    return {
        "names": [names[one.organisation_id].title for one in here if one.organisation_id in names],
        "own": _title(names, organisation_id),
        "stage_words": str(states.STAGE_WORDS[proposal.stage]),
        "stage_sentence": states.sentence(proposal),
        "due": states.due(proposal),
        "terms": terms_shown(last, names) if last is not None else None,
        "moves": [_row(one) for one in may],
        "chosen": _row(chosen) if chosen else None,
        "may_sign": states.may(proposal, mine, "sign"),
    }


def _row(action: str) -> dict[str, Any]:
    label, sentence = WORDS[action]
    fields = [name for name in FIELDS[BY_MAIL[action]] if (action, name) != ("choose", "note")]
    return {
        "do": action,
        "url": f"?do={quote(action)}",
        "label": str(label),
        "sentence": str(sentence),
        "fields": fields,
    }


def _title(names: Mapping[int, Entry], id: int) -> str:
    entry = names.get(id)
    return entry.title if entry is not None else ""


def _choices(action: str, proposal: Proposal, mine: Mine) -> list[tuple[str, str]]:
    """What there is to choose from, as (value, words)."""
    own = mine.party.organisation_id if mine.party is not None else 0
    if not states.may(proposal, mine, action):
        return []
    if action == "choose":
        meetings = [one for one in queries.meetings_of(proposal) if one.chosen is None and one.organisation_id != own]
        zone = own_zone(own)
        return [
            (f"{one.id} {slot}", f"{one.title}: {moment_words(slot, zone, one.zone)}")
            for one in meetings
            for slot in one.slots
        ]
    if action == "keep a promise":
        promised = [one for one in queries.commitments_of(proposal) if one.organisation_id == own and not one.kept]
        return [(str(one.id), one.text) for one in promised]
    told = [one for one in queries.accounts_of(proposal) if one.sort == "outcome" and one.organisation_id != own]
    rows: list[tuple[str, str]] = []
    for one in told:
        words = one.text[:SHOWN]
        rows.append((f"{one.id} confirmed", _("Yes, so it was: “%(words)s”", words=words)))
        rows.append((f"{one.id} commented", _("We see it differently: “%(words)s”", words=words)))
    return rows
