"""What a text is about, for programs: goals and areas, each with the words that say so. Nothing is kept."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_babel import gettext as _

from commons.api import gate
from commons.api.document import NUMBER, body, gives, several, thing
from commons.api.records import answer
from commons.api.shapes import Json
from commons.focus.queries import tree
from commons.focus.suggesting import LONGEST, suggest
from commons.focus.suggesting.offering import own_phrases
from commons.web import Invalid

TAKEN = ("text", "title", "language")


def suggest_for() -> Response:
    """Raises Invalid for a field that does not exist, has no text in it, or is longer than LONGEST."""
    given = gate.given_object()
    if strange := [name for name in given if name not in TAKEN]:
        raise Invalid(dict.fromkeys(strange, _("This field does not exist.")))
    if wrong := [name for name, value in given.items() if not isinstance(value, str)]:
        raise Invalid(dict.fromkeys(wrong, _("This does not have the right form.")))
    if long := [name for name, value in given.items() if len(value) > LONGEST]:
        raise Invalid(dict.fromkeys(long, _("At most %(limit)s characters.", limit=LONGEST)))
    found = suggest(given.get("text", ""), given.get("title", ""), given.get("language", ""), own_phrases())
    known = tree().by_slug
    rows = [
        {("goal" if isinstance(one.label, int) else "area"): one.label, "score": one.score, "words": one.words}
        for one in found
        if isinstance(one.label, int) or one.label in known
    ]
    return answer({"items": rows})


def suggest_words() -> Json:
    text: dict[str, Any] = {"type": "string", "maxLength": LONGEST}
    item = {"goal": NUMBER, "area": {"type": "string"}, "words": several({"type": "string"})}
    item["score"] = {"type": "number", "minimum": 1, "description": "1 is where something begins to be suggested"}
    example = {"text": "We drill boreholes and repair hand pumps.", "language": "en"}
    return {
        "summary": "Goals and areas of focus that a text speaks of",
        "description": "Each with the words that say so, best first. In English, French and Spanish. Nothing is kept.",
        "requestBody": body(dict.fromkeys(TAKEN, text), ["text"], example),
        "responses": gives(200, thing({"items": several(thing(item))}), "Suggestions", (400, 401, 413, 415, 422, 429)),
    }
