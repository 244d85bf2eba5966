"""Proposals between organisations: from the first words to an agreement that both signed, and what came of it."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons.room import Follower, Kind, Panel, Room, Table
from directory.partnerships.dossiers import actions, tending
from directory.partnerships.dossiers.checks import checks
from directory.partnerships.dossiers.documents import panels, records
from directory.partnerships.dossiers.documents.letters import answer_address, letters
from directory.partnerships.dossiers.documents.register import partnerships_panel
from directory.partnerships.dossiers.fields import FIELDS, REGISTER_FIELDS
from directory.partnerships.dossiers.models import (
    Account,
    Assent,
    Commitment,
    Meeting,
    Observer,
    Partner,
    Partnership,
    Party,
    Proposal,
    ShutDoor,
    Step,
    Terms,
)
from directory.partnerships.dossiers.views import blueprint

proposal_kind = Kind(
    name="proposal",
    collection="proposals",
    model=Proposal,
    label=_l("Proposal"),
    plural=_l("Proposals"),
    fields=FIELDS,
    page=records.proposal_address,
    documents=records.proposal_documents,
    takes=actions.takes,
    may_edit=lambda _viewer, _entry: False,
    remove=actions.remove_proposal,
    teasers=records.proposal_teasers,
    tells=("moved on",),
    answer=answer_address,
)
partnership_kind = Kind(
    name="partnership",
    collection="partnerships",
    model=Partnership,
    label=_l("Partnership"),
    plural=_l("Register of partnerships"),
    fields=REGISTER_FIELDS,
    page=records.partnership_address,
    documents=records.partnership_documents,
    record=records.record,
    may_edit=lambda _viewer, _entry: False,
    remove=actions.remove_partnership,
    about=records.about,
    teasers=records.partnership_teasers,
    tells=("created", "edited"),
)


def start(app: Flask) -> None:
    names = app.extensions.setdefault("names of fields", {})
    names["standing"] = lambda value: str(records.STANDING_WORDS.get(value, value))
    names["result"] = lambda value: str(records.RESULT_WORDS.get(value, value))
    names["organisations"] = records.organisation_names


PLACE = "directory/partnerships/dossiers"
PRIVATE = (Party, Observer, Terms, Assent, Step, Commitment, Account, Meeting, ShutDoor)
room = Room(
    name="dossiers",
    blueprints=(blueprint,),
    kinds=(proposal_kind, partnership_kind),
    followers=(Follower("proposals", tending.follow),),
    tables=(
        Table(Proposal, public=False),
        *(Table(model, public=False) for model in PRIVATE),
        Table(Partnership, private=("proposal_id", "withdrawn")),
        Table(Partner),
    ),
    panels={
        "organisation": (Panel(_l("Partnerships"), f"{PLACE}/_partnerships.html", partnerships_panel, 25),),
        "need": (Panel(_l("Express interest"), f"{PLACE}/_answer.html", panels.answer_posting, 10),),
        "offer": (Panel(_l("Express interest"), f"{PLACE}/_answer.html", panels.answer_posting, 10),),
        "posting interests": (Panel("", "", panels.interests),),
        "subject box": (Panel(_l("Partnerships"), "", panels.partnerships_box, 70),),
        "inbox": (Panel(_l("Proposals"), f"{PLACE}/_inbox.html", panels.inbox, 20),),
    },
    checks=checks,
    letters=letters,
    seated=actions.seated,
    start=start,
)
