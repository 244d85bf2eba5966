"""Small forms about matches."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

REASON_LABELS = {
    "field": _l("Another field"),
    "far": _l("Too far away"),
    "big": _l("Too big or too small"),
    "partners": _l("We are partners already"),
    "other": _l("Another reason"),
}
PART_LABELS = {
    "text": _l("Words: what one needs and the other offers"),
    "topic": _l("Areas of focus"),
    "place": _l("Distance and region"),
    "graph": _l("Common partners"),
    "fit": _l("Kind and scale of the organisation"),
    "alive": _l("Freshness, and how they answer"),
}
FACTOR_LABELS = {
    "0.0": _l("nothing"),
    "0.5": _l("half"),
    "1.0": _l("as published"),
    "1.5": _l("one and a half times"),
    "2.0": _l("double"),
}
