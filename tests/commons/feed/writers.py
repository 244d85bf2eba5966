"""Topics with posts for tests of what can be done to any entry."""

from __future__ import annotations

from collections.abc import Sequence

from commons.db import transaction
from commons.entries.actions import create_entry
from commons.entries.bulk import new_ids
from commons.forums.models import Post, Topic
from commons.members.models import Member


def topic_with(title: str, texts: Sequence[str], actor: Member, audience: str = "public") -> Topic:
    with transaction():
        id = new_ids(1)[0]
        topic = Topic(id=id, slug=str(id), audience=audience, posts=len(texts), last_number=len(texts))
        create_entry(topic, {"title": title}, actor=actor)
        for number, text in enumerate(texts, 1):
            id = new_ids(1)[0]
            post = Post(id=id, slug=str(id), audience=audience, topic_id=topic.id, within_id=topic.id, number=number)
            create_entry(post, {"title": title, "text": text}, actor=actor)
        return topic
