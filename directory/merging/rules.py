"""What becomes of every column that can name an organisation when two records are made one: the one table of it.

A column with a foreign key to an entry that stands in no line here makes a test fail: whoever adds one decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column

from commons.db import Model

MOVES = "moves"  # the row belongs to the other record from now on
ONCE = "once"  # the same; where the other record has such a row, this one goes
ASIDE = "aside"  # the same; where the other record has such a row, this one stays where it is
STAYS = "stays"  # the history of the record that goes, or part of its own fields
NEVER = "never"  # holds no organisation

RULES: dict[str, str] = {
    "affiliation.organisation_id": ONCE,
    "application.group_id": NEVER,
    "ask.entry_id": STAYS,
    "assent.organisation_id": MOVES,
    "account.organisation_id": MOVES,
    "change.entry_id": STAYS,
    "change.thread_id": STAYS,
    "claim.organisation_id": ASIDE,
    "commitment.organisation_id": MOVES,
    "confirmation.organisation_id": STAYS,  # it names a version of that history
    "contest.organisation_id": MOVES,
    "contest.other_id": MOVES,
    "enquiry.organisation_id": MOVES,
    "entry.within_id": MOVES,
    "entry_focus.entry_id": STAYS,
    "entry_link.source_id": STAYS,
    "evidence.entry_id": STAYS,  # who wrote it follows from the history
    "held.entry_id": STAYS,  # nothing is merged away while an edit of it waits
    "judged_query.entry_id": ONCE,
    "kept.entry_id": ONCE,
    "mail_key.entry_id": STAYS,
    "mail_key.organisation_id": STAYS,  # the mail spoke of the other record
    "match_refusal.organisation_id": ONCE,
    "match_refusal.subject_id": ONCE,
    "match_told.need_id": NEVER,
    "match_told.offer_id": NEVER,
    "match_tuning.organisation_id": ONCE,
    "meeting.organisation_id": MOVES,
    "merge.loser_id": STAYS,
    "merge.winner_id": STAYS,
    "moved_post.post_id": NEVER,
    "moved_post.topic_id": NEVER,
    "openness.organisation_id": ONCE,
    "organisation.successor_id": MOVES,
    "page.translation_of": NEVER,
    "partner.organisation_id": ONCE,
    "partnership.proposal_id": NEVER,
    "party.organisation_id": MOVES,
    "post.reply_to_id": NEVER,
    "post.topic_id": NEVER,
    "post.voice_id": MOVES,
    "posting_reminder.posting_id": NEVER,
    "proposal.about_id": MOVES,
    "proposal.same_id": MOVES,
    "protection.entry_id": ONCE,
    "reaction.entry_id": ONCE,
    "redirect.entry_id": MOVES,
    "refused_area.entry_id": STAYS,  # it was said of that record's own words
    "relation.organisation_id": STAYS,
    "relation.other_id": MOVES,
    "reminder.organisation_id": MOVES,
    "report.entry_id": MOVES,
    "revision.entry_id": STAYS,
    "seen.entry_id": ONCE,
    "shut_door.organisation_id": ONCE,
    "shut_door.other_id": ONCE,
    "statement.about_id": ASIDE,  # one organisation says one thing of another: the second goes with the record that goes, its words
    "statement.voice_id": ASIDE,  # stay in its history, and the preview counts it; taking the merge back shows it again
    "step.organisation_id": STAYS,  # the chain of digests is over it
    "subscription.group_id": NEVER,
    "suspect.one_id": STAYS,
    "suspect.other_id": STAYS,
    "talk_request.topic_id": NEVER,
    "terms.organisation_id": MOVES,
    "topic.about_id": MOVES,
    "topic.answer_id": NEVER,
    "topic.voice_id": MOVES,
    "vote.topic_id": NEVER,
    "watch.entry_id": ONCE,
}
ENDS = (  # rows that tie two organisations
    ("contest.organisation_id", "contest.other_id"),
    ("match_refusal.organisation_id", "match_refusal.subject_id"),
    ("relation.organisation_id", "relation.other_id"),
    ("shut_door.organisation_id", "shut_door.other_id"),
    ("statement.about_id", "statement.voice_id"),
)
DOORS = ("entry.audience", "invitation.audience", "seat.audience")  # texts that name a door as organisation:7
NUMBERS = (
    "party.wanted",
    "observer.wanted",
    "proposal.mediator_wanted",
    "account.answers",
)  # JSON that names organisations of a dossier
WISHES = frozenset({"watch", "seen", "kept", "reaction"})  # what members chose for themselves since stays as they chose
HISTORIES = {  # rows that are fields of an entry with a history, and the column that says whose
    "entry_focus": "entry_id",
    "organisation": "id",
    "partner": "partnership_id",
    "relation": "organisation_id",
}
TOLD = {"entry": "id", "party": "proposal_id", "post": "id", "proposal": "id", "statement": "id", "topic": "id"}


def column(name: str) -> Column[object]:
    """The column of a name like `watch.entry_id`."""
    table, _dot, own = name.partition(".")
    return Model.metadata.tables[table].c[own]


def moving() -> Iterator[tuple[str, Column[object]]]:
    """(rule, column) of everything that goes along, in the order in which it goes."""
    for name, rule in RULES.items():
        if rule in (MOVES, ONCE, ASIDE):
            yield rule, column(name)


def other_end(one: Column[object]) -> Column[object] | None:
    """The column that names the other side, where a row ties two: it never ties a record to itself."""
    for ends in ENDS:
        if f"{one.table.name}.{one.name}" in ends:
            return column(next(name for name in ends if name != f"{one.table.name}.{one.name}"))
    return None
