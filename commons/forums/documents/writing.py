"""What the forms show: a reply under its topic, a new topic, an edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from markupsafe import Markup

from commons.entries import links
from commons.entries.drafts import kept_draft
from commons.entries.models import Entry
from commons.focus.documents import area_tree
from commons.forums.forms import ReplyForm, TopicForm, Writing
from commons.forums.models import Forum, Post, Topic
from commons.forums.queries import posts_by_id, voices_of
from commons.members.models import Member
from commons.room import rooms
from commons.text import POST, excerpt, markdown, quoted
from commons.web import whole_number, with_values


def form_page(key: str, take_url: str, viewer: Member | None, **more: Any) -> dict[str, Any]:
    """What every form of this room shows beside its fields."""
    return {
        "preview_url": url_for("entries.preview"),
        "draft_url": url_for("entries.keep"),
        "link_suggest_url": url_for("search.complete"),
        "limit": POST,
        "signed_out": viewer is None and request.method == "POST",
        "preview": None,
        "draft_key": key,
        "draft": _draft(key, take_url, viewer),
        **more,
    }


def _draft(key: str, take_url: str, viewer: Member | None) -> dict[str, Any] | None:
    """What this member typed into this form and never sent."""
    kept = kept_draft(key, viewer) if request.method == "GET" and "draft" not in request.args else None
    if kept is None:
        return None
    words = excerpt("\n".join(kept.fields.get("text", [])), 160)
    return {"at": kept.at, "text_excerpt": words, "take_url": take_url, "drop_url": url_for("entries.drop"), "key": key}


def reply_key(topic: Topic) -> str:
    return f"topic-{topic.id}-reply"


def new_key(forum: Forum) -> str:
    return f"forum-{forum.id}-topic"


def edit_key(entry: Entry) -> str:
    return f"{entry.kind}-{entry.id}-0"


def reply_page(form: ReplyForm, topic: Topic, viewer: Member | None, **more: Any) -> dict[str, Any]:
    """Who comes to read is not offered their draft: the device puts it back, and the list of drafts leads here."""
    key = reply_key(topic)
    with_voices(form, viewer)
    shared = form_page(key, "", None, signed_out=viewer is None and request.method == "POST")
    return {"form": form, **shared, **more}


def begun_reply(topic: Topic, args: Mapping[str, str], viewer: Member | None) -> ReplyForm:
    """Empty, with what is quoted in it, or as the draft left it."""
    form = ReplyForm()
    if viewer is not None and "draft" in args:
        form.take_up(kept_draft(reply_key(topic), viewer))
    elif post := _quoted(topic, args.get("quote"), viewer):
        form.text.data = quoted(post.text, post.author.name if post.author else "")
        form.reply_to.data = str(post.id)
    return form


def _quoted(topic: Topic, number: str | None, viewer: Member | None) -> Post | None:
    found = posts_by_id([whole_number(number)], viewer) if number and viewer is not None else []
    return found[0] if found and found[0].topic_id == topic.id else None


def with_voices(form: ReplyForm | TopicForm, viewer: Member | None) -> None:
    """In whose name this member may say it: their own, or that of an organisation they speak for."""
    voices = voices_of(viewer) if viewer is not None else []
    own = viewer.name if viewer is not None else ""
    form.voice.choices = [("", own), *((str(one.id), one.title) for one in voices)]


def voice(form: ReplyForm | TopicForm) -> int | None:
    return whole_number(form.voice.data) or None


def new_topic_page(form: TopicForm, forum: Forum, viewer: Member | None, **more: Any) -> dict[str, Any]:
    with_voices(form, viewer)
    shared = form_page(new_key(forum), with_values(draft=1), viewer)
    return {"form": form, "forum": forum, "areas_tree": area_tree(), "topic": None, **shared, **more}


def preview_of(text: str, entry: Entry | None, viewer: Member | None) -> Markup:
    return markdown(text, links=links.resolver(entry, viewer), limit=POST)


def edit_page(form: Writing, found: Entry, viewer: Member | None, **more: Any) -> dict[str, Any]:
    key = edit_key(found)
    url = rooms().kinds[found.kind].page(found)
    shared = form_page(key, with_values(draft=1), viewer, theirs=[])
    return {"form": form, "entry": found, "page_url": url, "areas_tree": area_tree(), **shared, **more}


def new_forum_page(form: Writing, viewer: Member | None) -> dict[str, Any]:
    shared = form_page("forum-new", with_values(draft=1), viewer, theirs=[])
    url = url_for("forums.forums")
    return {"form": form, "entry": None, "page_url": url, "areas_tree": area_tree(), **shared}
