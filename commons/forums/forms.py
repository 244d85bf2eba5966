"""What may be typed into a topic, a post and a forum. The rules are those of `fields`; the forms add only how it is asked."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from commons.entries.models import Draft
from commons.focus.queries import tree
from commons.forums.models import Forum, Post, Topic
from commons.web import language_name, reader
from commons.web.languages import WRITTEN

SORTS = (("discussion", _l("A discussion")), ("question", _l("A question, which one answer can solve")))


class Writing(FlaskForm):
    """What the forms of this room share: faults by field, and a draft taken up again."""

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            field = self._fields.get(name) or self._fields.get("text") or next(iter(self._fields.values()))
            field.errors = [*field.errors, sentence]

    def take_up(self, draft: Draft | None) -> None:
        for name, values in (draft.fields if draft is not None else {}).items():
            field = self._fields.get(name)
            if field is not None and name != "csrf_token":
                with suppress(ValueError):  # what fits no choice is not taken up
                    field.process_formdata(values)

    def words(self, name: str) -> Any:
        """As it was typed; line ends as text files have them."""
        data = self._fields[name].data
        return data.replace("\r\n", "\n") if isinstance(data, str) else data


class ReplyForm(Writing):
    text = TextAreaField(_l("Your reply"))
    reply_to = HiddenField("")  # with no label the library looks for its own translations, at each page
    voice = SelectField(_l("In the name of"), validate_choice=False)


class TopicForm(Writing):
    title = StringField(_l("Title"), description=_l("What is it about? As somebody would look for it."))
    sort = RadioField(_l("What is it?"), choices=[], validate_choice=False)
    text = TextAreaField(_l("Text"))
    language = SelectField(_l("Language"), validate_choice=False)
    focus = SelectMultipleField(_l("Areas of focus"), coerce=int, validate_choice=False)
    voice = SelectField(_l("In the name of"), validate_choice=False)
    version = HiddenField()
    about = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sort.choices = [(key, str(label)) for key, label in SORTS]
        self.language.choices = [("", _("Not known")), *((code, language_name(code)) for code in WRITTEN)]
        self.focus.choices = [(node.id, node.label) for node in tree().nodes.values()]

    def values(self, *names: str) -> dict[str, Any]:
        return {name: self.words(name) for name in names if self._fields[name].data is not None}


class PostForm(Writing):
    text = TextAreaField(_l("Text"))
    note = StringField(_l("What did you change?"), description=_l("A few words for the history."))
    version = HiddenField()


class ForumForm(Writing):
    title = StringField(_l("Name"))
    text = TextAreaField(_l("What belongs here"), description=_l("And the rules of this forum, if it has its own."))
    focus = SelectMultipleField(_l("Areas of focus"), coerce=int, validate_choice=False)
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.focus.choices = [(node.id, node.label) for node in tree().nodes.values()]


def begun(forum: Forum, args: Any, draft: Draft | None) -> TopicForm:
    """A new topic, as the address and the draft say."""
    sort = args.get("sort", "")
    values = {"sort": sort if sort in dict(SORTS) else "discussion", "language": reader(), "focus": forum.focus}
    form = TopicForm(data=values | {"title": args.get("title", "")[:200], "about": args.get("about", "")[:12]})
    form.take_up(draft if "draft" in args else None)
    return form


def filled_topic(topic: Topic) -> TopicForm:
    values = {name: topic.value(name) for name in ("title", "sort", "language", "focus")}
    return TopicForm(data=values | {"version": str(topic.version)})


def filled_post(post: Post, draft: Draft | None) -> PostForm:
    form = PostForm(data={"text": post.text, "version": str(post.version)})
    form.take_up(draft)
    return form


def filled_forum(forum: Forum | None) -> ForumForm:
    if forum is None:
        return ForumForm()
    values = {name: forum.value(name) for name in ("title", "text", "focus")}
    return ForumForm(data=values | {"version": str(forum.version)})
