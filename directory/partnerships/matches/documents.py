"""Matches as they leave: sentences made from the parts of the score, rows of the page, records of the API.

Every sentence stands for a fact in both records; the machine hands over the facts (`Reason`), and nothing is added here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from commons.entries.asks import has_voice
from commons.entries.models import Entry
from commons.entries.queries import heads_by_id
from commons.focus.goals import goal
from commons.focus.queries import tree
from commons.members.models import Member
from commons.room import rooms
from commons.web import language_name, number, reader
from directory.documents import place_line
from directory.models import Organisation
from directory.partnerships.board.models import Posting
from directory.partnerships.matches.actions import FACTORS
from directory.partnerships.matches.asking import Matched, matches_for, matches_of
from directory.partnerships.matches.forms import FACTOR_LABELS, PART_LABELS, REASON_LABELS
from directory.partnerships.matches.queries import open_in_public, refusals, tuning_of
from directory.partnerships.matching import Match, Reason
from directory.partnerships.matching.weights import BRIDGING, RESERVED, TUNED, WEIGHTS

POSTINGS = ("they_offer", "they_need", "you_offer")  # each names an entry of the other side


class Sentence(NamedTuple):
    text: str
    url: str = ""


Heads = Mapping[int, Entry]


def rows_of(found: Matched, viewer: Member | None) -> list[dict[str, Any]]:
    """One row a match, in the machine's order: the organisation, its reasons as sentences with their evidence, and the group."""
    heads: dict[int, Entry] = {head.id: head for head in heads_by_id(_named(found.matches, "partners"), viewer)}
    heads |= open_in_public(_named(found.matches, "entry"))
    return [_row(one, found.organisations[one.id], heads) for one in found.matches]


def _named(found: Sequence[Match], fact: str) -> list[int]:
    """The entries that the reasons rest on: one need or offer, or several partners."""
    facts = [reason.facts[fact] for one in found for reason in one.reasons if fact in reason.facts]
    return sorted({id for fact in facts for id in (fact if isinstance(fact, (tuple, list)) else (fact,))})


def _row(one: Match, organisation: Organisation, heads: Heads) -> dict[str, Any]:
    reasons = [sentence for reason in one.reasons if (sentence := sentence_of(reason, heads))]
    return {
        "organisation": organisation,
        "url": url_for("directory.organisation", slug=organisation.slug),
        "place": place_line(organisation),
        "reasons": reasons,
        "group": group_of(one),
        "about": next((reason.facts["entry"] for reason in one.reasons if reason.code in POSTINGS), one.id),
        "weak": one.weak,
        "reserved": one.reserved,
        "score": round(one.score, 3),
        "parts": {part: round(value, 3) for part, value in one.parts.items()},
    }


def group_of(one: Match) -> str:
    """can: they can help; need: they need what one offers; both; topic: neither side said what it needs or offers."""
    codes = {reason.code for reason in one.reasons}
    helps, needs = "they_offer" in codes, bool(codes & {"you_offer", "they_need"})
    return "both" if helps and needs else "can" if helps else "need" if needs else "topic"


def sentence_of(reason: Reason, heads: Heads) -> Sentence | None:
    """None where what it names may not be seen by this viewer, or is gone."""
    facts = reason.facts
    if "entry" in facts:
        head = heads.get(facts["entry"])
        return _about_posting(reason.code, facts, head) if head is not None else None
    write = SENTENCES.get(reason.code)
    return write(facts, heads) if write is not None else None


def _about_posting(code: str, facts: Mapping[str, Any], head: Entry) -> Sentence | None:
    url, given = rooms().kinds[head.kind].page(head), {"title": head.title, "words": _words(facts)}
    if code == "they_offer":
        return Sentence(_("They offer “%(title)s”. In common: %(words)s.", **given), url)
    if code == "they_need":
        return Sentence(_("They need “%(title)s”. In common: %(words)s.", **given), url)
    if code == "you_offer":
        return Sentence(_("You can answer their need “%(title)s”. In common: %(words)s.", **given), url)
    return None


def _words(facts: Mapping[str, Any]) -> str:
    return _(", ").join(facts.get("words", ()))


def _area(facts: Mapping[str, Any], heads: Heads) -> Sentence | None:
    node = tree().nodes.get(facts["area"])
    if node is None:
        return None
    return Sentence(_("Both work on %(area)s.", area=node.label), url_for("focus.area", slug=node.slug))


def _goal(facts: Mapping[str, Any], heads: Heads) -> Sentence | None:
    one = goal(facts["goal"])
    if one is None:
        return None
    words = _("Both work towards goal %(number)s, %(name)s.", number=one.number, name=one.short_in(reader()))
    return Sentence(words, url_for("focus.goal", number=one.number))


def _partners(facts: Mapping[str, Any], heads: Heads) -> Sentence | None:
    named = [heads[id] for id in facts["partners"] if id in heads]
    if not named:
        return None
    names = _(", ").join(head.title for head in named)
    return Sentence(_("Both worked with %(names)s.", names=names), rooms().kinds[named[0].kind].page(named[0]))


def _answers(facts: Mapping[str, Any], heads: Heads) -> Sentence:
    days = max(1, facts["days"])
    return Sentence(ngettext("Usually answers within a day.", "Usually answers in %(num)s days.", days))


def _uncertain(facts: Mapping[str, Any], heads: Heads) -> Sentence:
    if facts["missing"] == "offer":
        return Sentence(_("They list no offer: this rests on their description."))
    return Sentence(_("They list no need: whether it suits them is a guess."))


def _languages(facts: Mapping[str, Any], heads: Heads) -> Sentence:
    names = _(", ").join(language_name(code) for code in facts["languages"])
    return Sentence(_("You can speak with each other in %(languages)s.", languages=names))


def _near(facts: Mapping[str, Any], heads: Heads) -> Sentence:
    km = round(facts["km"])
    return Sentence(_("%(km)s km apart.", km=number(km)) if km else _("In the same place."))


SENTENCES: dict[str, Callable[[Mapping[str, Any], Heads], Sentence | None]] = {
    "words": lambda facts, _heads: Sentence(_("They write about: %(words)s.", words=_words(facts))),
    "area": _area,
    "goal": _goal,
    "near": _near,
    "languages": _languages,
    "partners": _partners,
    "worked_together": lambda _facts, _heads: Sentence(_("You worked together before.")),
    "answers": _answers,
    "uncertain": _uncertain,
}


def groups() -> tuple[tuple[str, str], ...]:
    return (
        ("both", _("Both ways")),
        ("can", _("Can help you")),
        ("need", _("Need what you offer")),
        ("topic", _("Work on the same")),
    )


def organisation_page(organisation: Organisation, viewer: Member | None) -> dict[str, Any]:
    """The matches of an organisation; for its own people also what they refused, and what counts for it."""
    page = _page(organisation, matches_of(organisation, viewer), organisation.id, viewer)
    stewards = has_voice(viewer, organisation.id, "steward")
    chosen = tuning_of(organisation.id) if page["own"] else {}
    steps = [(f"{factor:.1f}", FACTOR_LABELS[f"{factor:.1f}"]) for factor in FACTORS]
    tuning = [(part, PART_LABELS[part], f"{chosen.get(part, 1.0):.1f}") for part in TUNED] if stewards else []
    return page | {"organisation": organisation, "tuning": tuning, "steps": steps, "tuned": bool(chosen)}


def posting_page(posting: Posting, viewer: Member | None) -> dict[str, Any]:
    return _page(posting, matches_for(posting, viewer), posting.within_id or 0, viewer) | {"posting": posting}


def _page(subject: Entry, found: Matched, organisation_id: int, viewer: Member | None) -> dict[str, Any]:
    own = has_voice(viewer, organisation_id)
    refused = refusals(subject.id) if own else {}
    heads = {head.id: head for head in heads_by_id(list(refused), viewer)}
    return {
        "entry": subject,
        "rows": rows_of(found, viewer),
        "groups": groups(),
        "own": own,
        "ready": found.ready,
        "known": found.known,
        "reasons": REASON_LABELS,
        "refused": [(heads[id], REASON_LABELS[row.reason]) for id, row in refused.items() if id in heads],
    }


def weights_page() -> dict[str, Any]:
    """The table behind all matches, in words and numbers."""
    return {
        "weights": [(PART_LABELS[part], weight) for part, weight in WEIGHTS.items()],
        "reserved": RESERVED,
        "bridging": BRIDGING,
    }


def record(found: Matched, viewer: Member | None) -> list[dict[str, Any]]:
    """What the API says of each: organisation, score, parts, reasons."""
    rows = zip(found.matches, rows_of(found, viewer), strict=True)
    return [
        {
            "organisation": {"id": row["organisation"].id, "title": row["organisation"].title, "url": row["url"]},
            "score": row["score"],
            "parts": row["parts"],
            "reasons": [sentence.text for sentence in row["reasons"]],
            "codes": [reason.code for reason in one.reasons],
            "group": row["group"],
            "weak": row["weak"],
        }
        for one, row in rows
    ]
