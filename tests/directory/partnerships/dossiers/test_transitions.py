"""Every stage × action × side × role: what the table allows goes, and everything else is refused and changes nothing."""

from __future__ import annotations

from itertools import product

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db, transaction
from commons.entries.asks import VOICES
from commons.web import Forbidden
from directory.partnerships.dossiers.actions.stepping import begin
from directory.partnerships.dossiers.models import Party, Proposal, Step
from directory.partnerships.dossiers.queries import parties_of
from directory.partnerships.dossiers.transitions import ACTIONS, BACK, DEADLINES, MOVES, SIDES, STAGES
from tests.directory.partnerships.dossiers.makers import ROADS, Two

# who may do what in which stage, said once more in another way: side and least role
ALLOWED = {
    "interest": "ask:turn:delegate talk:turn:delegate decline:turn:delegate withdraw:sender:delegate",
    "question": "answer:turn:delegate talk:receiver:delegate decline:receiver:delegate withdraw:sender:delegate",
    "exploring": "propose:any:steward archive:any:delegate withdraw:any:steward",
    "proposed": "accept:turn:steward counter:turn:steward decline:turn:steward withdraw:rest:steward extend:any:steward",
    "negotiating": "accept:turn:steward counter:turn:steward decline:turn:steward withdraw:rest:steward extend:any:steward",
    "agreed": "sign:turn:signatory refuse:any:steward",
    "active": "report:any:delegate amend:any:steward pause:any:steward end:any:steward complete:any:steward",
    "amending": "sign:turn:signatory refuse:any:steward",
    "paused": "resume:any:steward end:any:steward complete:any:steward",
    "ending": "keep:same:steward complete:any:steward",
    "completed": "",
    "ended": "",
    "inactive": "",
    "declined": "reopen:same:delegate",
    "withdrawn": "reopen:same:delegate",
    "expired": "reopen:same:delegate",
    "archived": "reopen:any:delegate",
}
BY_THE_WAY = {  # moves that change no stage
    "exploring proposed negotiating": "bring in:any:steward come in:any:steward",
    "exploring proposed negotiating active amending paused ending": "meet:any:delegate choose:any:delegate mediate:any:steward",
    "exploring proposed negotiating agreed active amending paused ending": "leave:any:steward observe:any:steward",
    "interest question exploring proposed negotiating agreed active amending paused ending": "hand over:any:delegate",
    "active amending paused ending": "keep a promise:any:delegate",
    "active paused": "promise:any:steward",
    "active amending paused ending completed ended inactive": "publish:any:steward unpublish:any:steward",
    " ".join(STAGES): "show_out:any:delegate",
    "completed ended inactive": "account:any:steward judge:any:steward renew:any:steward",
}


def allowed() -> dict[tuple[str, str], tuple[str, str]]:
    lines = [*ALLOWED.items(), *((stage, moves) for some, moves in BY_THE_WAY.items() for stage in some.split())]
    found = {}
    for stage, moves in lines:
        words = moves.replace("come in", "come_in").replace("bring in", "bring_in").replace("hand over", "hand_over")
        for one in words.replace("keep a promise", "keep_a_promise").split():
            action, side, least = one.split(":")
            found[stage, action.replace("_", " ")] = side, least
    return found


def test_the_table_says_what_is_allowed_and_nothing_else() -> None:
    by_people = {key: (move.side, move.least) for key, move in MOVES.items() if move.side != "clock"}
    assert by_people == allowed()
    for (stage, _action), move in MOVES.items():
        assert stage in STAGES and move.side in SIDES and move.to in (*STAGES, "", BACK)
        assert move.least == "" if move.side == "clock" else move.least in VOICES
    assert set(DEADLINES) == set(STAGES) == set(ALLOWED) == set(ROADS)
    for stage, deadline in DEADLINES.items():
        assert bool(deadline.ends) == ((stage, "expire") in MOVES), stage
        assert list(deadline.reminders) == sorted(deadline.reminders)


def test_every_stage_that_is_not_the_end_can_be_left() -> None:
    ways = {stage: {move.to for (one, _action), move in MOVES.items() if one == stage and move.to} for stage in STAGES}
    assert {stage for stage, to in ways.items() if not to} == {"completed", "ended", "inactive"}
    reached, edge = set[str](), {"interest"}
    while edge:
        reached |= edge
        edge = {to for stage in edge for to in ways[stage] if to != BACK} - reached
    assert reached == set(STAGES)


def side_of(party: Party, proposal: Proposal, side: str) -> bool:
    return {
        "any": True,
        "turn": party.turn,
        "rest": not party.turn,
        "same": proposal.same_id == party.organisation_id,
        "sender": party.side == "sender",
        "receiver": party.side == "receiver",
    }[side]


def test_in_each_stage_only_what_the_table_allows_begins(app: Flask, two: Two) -> None:
    for stage in STAGES:
        two.found()
        proposal = two.at(stage)
        before = count_steps()
        went = {action for action in (*ACTIONS, "send", "expire", "nonsense") if goes(two, proposal, action)}
        assert went == {action for one, action in allowed() if one == stage} - {"come in"}, stage
        strangers(two, proposal)
        assert count_steps() == before and proposal.stage == stage


def count_steps() -> int:
    return db.session.scalar(select(func.count()).select_from(Step)) or 0


def goes(two: Two, proposal: Proposal, action: str) -> bool:
    """Does this action begin for anybody? Of each side and role it is held against the table."""
    went, rule = False, allowed().get((proposal.stage, action))
    for side, role in product(("garden", "soil"), VOICES):
        organisation = two.garden if side == "garden" else two.soil
        party = next(one for one in parties_of(proposal.id) if one.organisation_id == organisation.id)
        free = rule is not None and side_of(party, proposal, rule[0]) and VOICES.index(role) >= VOICES.index(rule[1])
        free = free and action != "come in"  # both are in already
        try:
            with transaction():
                begin(proposal, action, actor=two.of(side)[role], organisation_id=organisation.id)
        except Forbidden:
            assert not free, (proposal.stage, action, side, role)
        else:
            assert free, (proposal.stage, action, side, role)
            went = True
    return went


def strangers(two: Two, proposal: Proposal) -> None:
    """Nobody acts who speaks for none of the parties, or for another one than they say."""
    for action, organisation_id in product(ACTIONS, (two.soil.id, 0, proposal.id)):
        with pytest.raises(Forbidden), transaction():
            begin(proposal, action, actor=two.garden_delegate, organisation_id=organisation_id)
