"""Posting on a wall, and choosing in a poll."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urlsplit

from flask_babel import gettext as _

from commons.audience import MEMBERS, PUBLIC
from commons.db import db, lock, now, transaction
from commons.entries.models import Entry
from commons.entries.within import Place
from commons.files.actions import AlreadyHere, add_file
from commons.files.documents import markdown_line
from commons.files.models import File
from commons.forums.actions import add_topic, may_answer
from commons.forums.models import Topic, Vote
from commons.members.models import Member
from commons.moderation.newcomers import admit, is_new
from commons.text import clean_line, clean_text, problems, safe_url
from commons.web import Forbidden, Invalid

TEXT, ADDRESS, LINE, CHOICE, ALT = 5000, 2000, 200, 120, 500  # characters
FEWEST, MOST = 2, 10  # choices of a poll
LONGEST = timedelta(days=366)  # of a poll
USUAL = timedelta(days=14)  # where no day was said


class Picture(NamedTuple):
    """What was chosen in the form, and what was said of it."""

    stream: BinaryIO
    name: str
    alt: str
    people: str
    licence: str


def add_share(
    values: Mapping[str, Any],
    *,
    wall: Entry,
    place: Place,
    actor: Member,
    picture: Picture | None = None,
    via: str = "",
) -> Topic:
    """A share on a wall. `values`: text, link, link_title, choices (a list), until (the last day of a poll, ISO), language.
    `place` comes from `place_in(wall.id, "topic", actor)`, or is narrower. What is said on an organisation's wall is said in
    its name. The same share sent twice is one. Raises Invalid or Forbidden."""
    faults, given = _checked(values, picture)
    if picture is not None and is_new(actor):
        faults["picture"] = _("New members add pictures from their second day on. Your words are kept here.")
    if faults:
        raise Invalid(faults)
    words = given["text"]
    if picture is not None:
        admit(actor, "topic", words)
        words = f"{words}\n\n{markdown_line(_brought(picture, given, place, actor))}".strip()
    if given["link"]:
        words = f"{words}\n\n{given['link']}".strip()
    return add_topic(
        {"title": "", "text": words, "language": given["language"], "focus": []},
        place=place,
        actor=actor,
        sort="share",
        voice_id=wall.id if wall.kind == "organisation" else None,
        choices=given["choices"],
        choose_until=given["until"],
        via=via,
        once=True,
    )


def narrowed(place: Place, only_members: bool) -> Place:
    """Less wide than the wall, if its author wants it so."""
    return place._replace(audience=MEMBERS) if only_members and place.audience == PUBLIC else place


def _checked(values: Mapping[str, Any], picture: Picture | None) -> tuple[dict[str, str], dict[str, Any]]:
    """(a sentence for each field that does not fit, the cleaned values)"""
    faults: dict[str, str] = {}
    text = str(values.get("text") or "")
    if sentence := problems(text, lines=True, limit=TEXT):
        faults["text"] = sentence
    given: dict[str, Any] = {"text": clean_text(text).strip(), "language": values.get("language") or ""}
    given["link"] = _link(values, faults)
    given["choices"], given["until"] = _poll(values, faults)
    if picture is not None:
        _describes(picture, faults)
    if not faults and not (given["text"] or given["link"] or picture):
        faults["text"] = _("What do you ask?") if given["choices"] else _("Write a few words first.")
    return faults, given


def _link(values: Mapping[str, Any], faults: dict[str, str]) -> str:
    """A link in Markdown that says where it leads: the title, and the host behind it."""
    typed, title = str(values.get("link") or "").strip(), str(values.get("link_title") or "")
    if not typed:
        return ""
    address = safe_url(typed if "://" in typed else f"https://{typed}")
    host = urlsplit(address).hostname if address else None
    if address is None or host is None or len(address) > ADDRESS or any(sign in address for sign in "<> \\\n"):
        faults["link"] = _("Enter a web address like https://example.org.")
        return ""
    if sentence := problems(title, lines=False, limit=LINE):
        faults["link_title"] = sentence
    host, title = host.removeprefix("www."), _escaped(clean_line(title))
    return f"[{title}](<{address}>) ({host})" if title else f"[{host}](<{address}>)"


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\[]*_`<>#@!" else sign for sign in text)


def _poll(values: Mapping[str, Any], faults: dict[str, str]) -> tuple[list[str], datetime | None]:
    """(the choices, when choosing ends); nothing where nothing was asked."""
    choices = [line for one in values.get("choices") or [] if (line := clean_line(str(one)))]
    if not choices:
        return [], None
    if not FEWEST <= len(choices) <= MOST:
        faults["choices"] = _("Give between %(few)s and %(many)s choices, one on each line.", few=FEWEST, many=MOST)
    elif len({one.casefold() for one in choices}) < len(choices):
        faults["choices"] = _("Two of these choices are the same.")
    elif fault := next((fault for one in choices if (fault := problems(one, lines=False, limit=CHOICE))), None):
        faults["choices"] = fault
    until = str(values.get("until") or (now() + USUAL).date())
    try:
        ends = datetime.combine(date.fromisoformat(until), time.max, UTC)
    except ValueError:
        ends = None
    if ends is None or not now() < ends < now() + LONGEST:
        faults["until"] = _("Say until which day people may choose, at most a year from now.")
    return choices, ends


def _describes(picture: Picture, faults: dict[str, str]) -> None:
    if not clean_line(picture.alt):
        faults["picture_alt"] = _("Say in a sentence what is to be seen, for people who cannot see it.")
    elif sentence := problems(picture.alt, lines=False, limit=ALT):
        faults["picture_alt"] = sentence
    if picture.people not in ("none", "agreed"):
        faults["picture_people"] = _("Ask the people in it first. Without their yes, please do not add it.")


def _brought(picture: Picture, given: Mapping[str, Any], place: Place, actor: Member) -> File:
    """The picture as a file for those who see the share; the one that is there where the same person brought it before."""
    about = {"title": clean_line(picture.alt)[:LINE], "alt": picture.alt, "people": picture.people}
    about |= {"licence": picture.licence, "credit": actor.name, "language": given["language"]}
    try:
        return add_file(picture.stream, picture.name, about, actor=actor, place=place)
    except AlreadyHere as fault:
        mine = [one for one in fault.files if one.author_id == actor.id and one.audience == place.audience]
        if mine:
            return mine[0]
        picture.stream.seek(0)
        return add_file(picture.stream, picture.name, about, actor=actor, place=place, again=True)
    except Invalid as fault:
        raise Invalid({"picture": " ".join(fault.fields.values())}) from None


def vote(topic: Topic, choice: int, *, actor: Member) -> None:
    """One choice for each member, which they may change until the poll ends. `choice` counts from 0. Nothing of it stands in
    the log. Raises Invalid or Forbidden."""
    with transaction():
        lock(topic)
        if not topic.choices or not may_answer(actor, topic):
            raise Forbidden(_("You may not choose here."))
        if has_ended(topic):
            raise Invalid({"choice": _("This poll has ended.")})
        if not 0 <= choice < len(topic.choices):
            raise Invalid({"choice": _("Choose one of the list.")})
        mine = db.session.get(Vote, (topic.id, actor.id), populate_existing=True)
        if mine is None:
            mine = Vote(topic_id=topic.id, member_id=actor.id)
            db.session.add(mine)
        mine.choice = choice


def has_ended(topic: Topic) -> bool:
    return topic.closed or (topic.choose_until is not None and topic.choose_until <= now())
