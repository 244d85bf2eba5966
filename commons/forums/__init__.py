"""Forums: topics and posts, in forums by area, in groups, on walls and in private talks."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from commons.forums import actions, checks, queries
from commons.forums.addressing import WordsConverter, topic_address
from commons.forums.commands import group as commands
from commons.forums.documents import records
from commons.forums.documents.panels import asked_box, asking, evidence, talk_about
from commons.forums.documents.topics import LABELS
from commons.forums.models import Forum, ForumAuthor, MovedPost, Post, Topic, Vote
from commons.forums.views import blueprint, editing, writing
from commons.room import Field, Kind, Navigation, Panel, Room, Table

forum_kind = Kind(
    name="forum",
    collection="forums",
    model=Forum,
    label=_l("Forum"),
    plural=_l("Forums"),
    fields=(
        Field("title", _l("Name")),
        Field("text", _l("What belongs here"), "text"),
        Field("focus", _l("Areas of focus"), "list"),
    ),
    page=lambda forum: url_for("forums.forum", slug=forum.slug),
    documents=records.forum_documents,
    record=records.forum_record,
    takes=queries.takes_topics,
    may_edit=queries.may_edit_forum,
    edit=actions.edit_forum,
)
topic_kind = Kind(
    name="topic",
    collection="topics",
    model=Topic,
    label=_l("Topic"),
    plural=_l("Topics"),
    fields=(
        Field("title", _l("Title")),
        Field("sort", _l("Sort"), "choice"),
        Field("focus", _l("Areas of focus"), "list"),
        Field("language", _l("Language"), "choice"),
        Field("choices", _l("Choices"), "list"),
        Field("answer_id", _l("Accepted answer"), "choice"),
    ),
    page=topic_address,
    documents=records.topic_documents,
    record=records.topic_record,
    teasers=records.topic_teasers,
    takes=queries.takes_posts,
    may_edit=queries.may_edit_topic,
    edit=actions.edit_topic,
    remove=actions.remove_topic,
    bring_back=actions.bring_back_topic,
    tells=("created",),
)
post_kind = Kind(
    name="post",
    collection="posts",
    model=Post,
    label=_l("Post"),
    plural=_l("Posts"),
    fields=(Field("text", _l("Text"), "text"),),
    page=lambda post: url_for("forums.post", id=post.id),
    documents=records.post_documents,
    record=records.post_record,
    teasers=records.post_teasers,
    may_edit=queries.may_edit_post,
    edit=actions.edit_post,
    remove=actions.remove_post,
    bring_back=actions.bring_back_post,
    tells=("created",),
)


def start(app: Flask) -> None:
    app.url_map.converters["words"] = WordsConverter
    own = (
        writing.reply,
        writing.add_topic,
        editing.save_topic,
        editing.save_post,
        editing.save_forum,
        editing.add_forum,
    )
    for view in own:
        app.extensions["csrf"].exempt(view)  # their forms ask for the token themselves, and keep what was typed
    names = app.extensions.setdefault("names of fields", {})
    names["sort"] = lambda key: str(LABELS[key]) if key in LABELS else key
    names["answer_id"] = lambda id: f"#{id}"


about = Panel(_l("Talk about this"), "commons/forums/_about.html", talk_about, 35)
room = Room(
    name="forums",
    blueprints=(blueprint,),
    navigation=(Navigation(_l("Forum"), "forums.forums", "forum", 30, ("/topics/", "/posts/")),),
    kinds=(forum_kind, topic_kind, post_kind),
    tables=(Table(Forum), Table(Topic), Table(Post), Table(Vote, public=False), Table(MovedPost), Table(ForumAuthor)),
    panels={
        "organisation": (about,),
        "page": (about,),
        "need": (about,),
        "offer": (about,),
        "subject box": (Panel(_l("What is asked"), "", asked_box, 30),),
        "evidence": (Panel("", "", evidence),),
        "search nothing": (Panel(_l("Ask people"), "commons/forums/_ask.html", asking),),
    },
    commands=(commands,),
    checks=checks.checks,
    start=start,
)
