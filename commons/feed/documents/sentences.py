"""What happened, and why somebody hears of it, said in whole sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from commons.feed.queries import HAILED, Doing

WHYS: dict[str, Any] = {
    "mention": _l("%(who)s mentioned you in “%(title)s”"),
    "organisation": _l("%(who)s mentioned your organisation in “%(title)s”"),
    "reply": _l("%(who)s answered you in “%(title)s”"),
    "message": _l("%(who)s wrote to you"),
    "invitation": _l("%(who)s invites you to “%(title)s”"),
    "application": _l("%(who)s asks to join “%(title)s”"),
    "accepted": _l("%(who)s accepted your answer or your request: “%(title)s”"),
    "interested": _l("%(who)s is interested in “%(title)s”"),
    "affiliation": _l("%(who)s asks you to confirm that they belong to an organisation"),
    "contact": _l("%(who)s would like you to know each other"),
    "report": _l("There is news about a report of “%(title)s”"),
    "referral": _l("Somebody who wants to join “%(title)s” asks for your word"),
    "appointed": _l("You are an admin of “%(title)s” now"),
    "idle": _l("Nobody wrote in “%(title)s” for a year: is it still needed?"),
    "news": _l("News that “%(title)s” reads could not be read any more"),
    "representing": _l("%(who)s invites you to speak for “%(title)s”"),
    "vouching": _l("%(who)s would like to speak for “%(title)s” and says that you know them"),
    "match": _l("A need and an offer fit each other: look at “%(title)s”"),
    "relation": _l("%(who)s changed how “%(title)s” and your organisation belong together"),
    "contested": _l("There is news about a contested tie of “%(title)s”"),
    "merged": _l("Records of your organisation were merged, or taken apart again: “%(title)s”"),
    "statement": _l("%(who)s wrote about your organisation: “%(title)s”"),
    "answered": _l("%(who)s answered what your organisation said: “%(title)s”"),
    "interest": _l("%(who)s would like to work with your organisation: “%(title)s”"),
    "turn": _l("“%(title)s” waits for your organisation"),
    "moved": _l("There is news in “%(title)s”"),
    "day": _l("A day comes nearer in “%(title)s”"),
    "widening": _l("More people will see “%(title)s” in seven days"),
}
UNTITLED: dict[str, Any] = {  # in mails that may not say what it is called
    "interest": _l("%(who)s would like to work with your organisation"),
    "turn": _l("A proposal waits for an answer of your organisation"),
    "moved": _l("There is news in a proposal of your organisation"),
    "day": _l("A day comes nearer in a proposal of your organisation"),
}


def why(name: str, who: str, title: str) -> str:
    """Why this member is asked, as one sentence."""
    return str(WHYS[name]) % {"who": who or _("Somebody"), "title": title}


def untitled(name: str, who: str) -> str:
    """The same without the name of the thing."""
    return str(UNTITLED.get(name, WHYS["message"])) % {"who": who or _("Somebody")}


def happened(doings: Iterable[Doing]) -> str:
    """“4 edits by 3 people”: what others did in one thread, what there is most to say about first."""
    some = list(doings)
    groups = {
        "begun": [one for one in some if not one.part and one.verb == "created"],
        "added": [one for one in some if one.part and one.verb == "created"],
        "changed": [one for one in some if one.verb not in ("created", HAILED)],
        "hailed": [one for one in some if one.verb == HAILED],
    }
    parts = [_SAYS[name](rows) for name, rows in groups.items() if rows]
    return _(" · ").join(parts)


def _people(rows: Sequence[Doing]) -> str:
    names = list({one.actor_id: one.name for one in rows}.values())
    if len(names) == 1:
        return names[0]
    return ngettext("%(num)s person", "%(num)s people", len(names))


def _times(rows: Sequence[Doing]) -> int:
    return sum(one.times for one in rows)


def _added(rows: Sequence[Doing]) -> str:
    return ngettext("%(num)s new post by %(who)s", "%(num)s new posts by %(who)s", _times(rows), who=_people(rows))


def _changed(rows: Sequence[Doing]) -> str:
    return ngettext("%(num)s edit by %(who)s", "%(num)s edits by %(who)s", _times(rows), who=_people(rows))


_SAYS: dict[str, Callable[[Sequence[Doing]], str]] = {
    "begun": lambda rows: _("New, by %(who)s", who=_people(rows)),
    "added": _added,
    "changed": _changed,
    "hailed": lambda rows: _("Recommended by %(who)s", who=_people(rows)),
}
