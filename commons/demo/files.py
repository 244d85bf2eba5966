"""Two files of the demo community, drawn and written for it: a picture that a page shows, and a checklist to print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commons.files.actions import add_file
from commons.focus.queries import area_from
from commons.members.models import Member

FOLDER = Path(__file__).parent / "files"
FILES: Mapping[str, dict[str, Any]] = {
    "rain-tank.png": {
        "title": "Rain from a roof into a tank",
        "alt": (
            "A house with a sloping roof. A gutter leads to a pipe with a first flush, and on to a closed tank "
            "with a lid, an overflow and a tap."
        ),
        "credit": "Drawn for this demonstration",
        "licence": "CC0 1.0",
        "language": "en",
        "people": "none",
        "focus": ("water",),
    },
    "solar-pump-checklist.txt": {
        "title": "Before you buy a solar pump: a checklist",
        "description": "One sheet to print and take along to the seller.",
        "credit": "Written for this demonstration",
        "licence": "CC0 1.0",
        "language": "en",
        "focus": ("water",),
    },
}


def load_files(people: Mapping[str, Member]) -> int:
    """Brought by the first of the invented members."""
    actor = next(iter(people.values()))
    for name, said in FILES.items():
        areas = sorted(area.id for slug in said["focus"] if (area := area_from(slug)))
        with (FOLDER / name).open("rb") as stream:
            add_file(stream, name, {**said, "focus": areas}, actor=actor, note="For the pages on water", again=True)
    return len(FILES)
