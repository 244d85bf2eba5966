"""Every write to forums, topics and posts. Pages, the API, history's restore and the rooms above all come through here."""

from commons.forums.actions.editing import (
    accept_answer,
    bring_back_post,
    bring_back_topic,
    edit_post,
    edit_topic,
    recount,
    remove_post,
    remove_topic,
)
from commons.forums.actions.opening import add_forum, edit_forum, forum_of
from commons.forums.actions.posting import add_post, add_topic
from commons.forums.queries import may_answer, may_moderate

__all__ = [
    "accept_answer",
    "add_forum",
    "add_post",
    "add_topic",
    "bring_back_post",
    "bring_back_topic",
    "edit_forum",
    "edit_post",
    "edit_topic",
    "forum_of",
    "may_answer",
    "may_moderate",
    "recount",
    "remove_post",
    "remove_topic",
]
