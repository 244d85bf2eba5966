"""Terms as people read them, what changed between two versions, and the text of an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.entries.models import Entry
from commons.focus.queries import tree
from commons.text import words_diff
from commons.text.comparing import visible
from commons.web import language_name
from directory.partnerships.dossiers.models import Terms

LABELS = {
    "title": _l("Title"),
    "goal": _l("Goal"),
    "starts": _l("From"),
    "ends": _l("Until"),
    "money": _l("Money"),
    "risks": _l("What could go wrong"),
    "notice": _l("Days of notice"),
    "focus": _l("Areas of focus"),
    "sdgs": _l("Goals"),
    "language": _l("Language"),
}


def lines(values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(name, label, words) of what the terms say, in the order of an agreement; what is empty is left out."""
    names = values["names"]
    gives = [
        (f"gives-{id}", _("%(organisation)s gives", organisation=names.get(id, id)), words)
        for id, words in sorted(values["gives"].items(), key=lambda one: int(one[0]))
    ]
    said = {name: _words(name, values) for name in LABELS}
    first = [("title", str(LABELS["title"]), said["title"]), ("goal", str(LABELS["goal"]), said["goal"])]
    rest = [(name, str(label), said[name]) for name, label in LABELS.items() if name not in ("title", "goal")]
    return [one for one in (*first, *gives, *rest) if one[2]]


def _words(name: str, values: Mapping[str, Any]) -> str:
    value = values.get(name)
    if name == "money":
        return str(values["money_words"]) if value == "flows" else _("No money flows.")
    if name == "focus":
        return ", ".join(node.label for node in tree().sorted(tuple(value or ())))
    if name == "sdgs":
        return ", ".join(str(number) for number in value or ())
    if name == "language":
        return language_name(value) if value else ""
    return "" if value is None else str(value)


def terms_shown(terms: Terms, names: Mapping[int, Entry]) -> dict[str, Any]:
    by = names.get(terms.organisation_id)
    return {
        "number": terms.number,
        "lines": lines(terms.values),
        "by": by.title if by else "",
        "at": terms.at,
        "note": terms.note,
        "digest": terms.digest,
        "language": terms.values["language"],
    }


def compared(old: Terms, new: Terms) -> list[dict[str, Any]]:
    """What differs between two versions, line by line, word by word."""
    before = {name: (label, words) for name, label, words in lines(old.values)}
    after = {name: (label, words) for name, label, words in lines(new.values)}
    rows = []
    for name in dict.fromkeys((*after, *before)):
        one, other = before.get(name, ("", ""))[1], after.get(name, ("", ""))[1]
        if one != other:
            found = words_diff(visible(one), visible(other))
            label = (after.get(name) or before[name])[0]
            rows.append({"label": label, "paragraphs": [paragraph.parts for paragraph in found]})
    return rows


def agreement_text(terms: Terms) -> str:
    """The agreement in plain text, to be kept and printed."""
    parts = [f"{label}\n{words}" for _name, label, words in lines(terms.values)]
    names = ", ".join(terms.values["names"].values())
    begin = _("Agreement between %(names)s, version %(number)s", names=names, number=terms.number)
    rule = _("This is a statement of will between organisations. It makes nobody liable beyond what it says.")
    return "\n\n".join([begin, *parts, rule, f"SHA-256 {terms.digest}"]) + "\n"
