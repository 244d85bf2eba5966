"""What the record of a topic says of other things: nothing of what its reader may not see."""

from __future__ import annotations

from commons.db import db, transaction
from commons.entries.actions import record, remove_entry
from commons.entries.models import Entry
from commons.forums.actions import forum_of
from commons.forums.documents.records import topic_record
from tests import make
from tests.cast import Cast
from tests.commons.forums import makers


def test_a_record_names_no_number_of_what_is_hidden_or_gone(cast: Cast) -> None:
    makers.old_hands()
    forum, wells = makers.forum(), make.organisation("Wells")
    topic = makers.topic(within=forum, about_id=wells.id)
    found = topic_record(topic)
    assert (found["forum"], found["about"]) == (forum.id, wells.id)
    with transaction():
        record(wells, "showed to others", None, actor=None)
        wells.audience = "group:7"
    db.session.expire_all()
    assert topic_record(topic)["about"] is None and topic_record(topic)["forum"] == forum.id
    remove_entry(db.session.get_one(Entry, forum.id), actor=cast.mo, note="Old")
    db.session.expire_all()
    assert topic_record(topic)["forum"] is None


def test_what_stands_behind_the_same_door_is_named_to_those_inside(cast: Cast) -> None:
    makers.old_hands()
    group = makers.group("private", members=(cast.ben,))
    topic = makers.topic(within=forum_of(group, cast.ana), about_id=make.organisation("Wells").id)
    found = topic_record(topic)
    assert found["forum"] == topic.within_id and found["about"] is not None
