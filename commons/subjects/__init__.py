"""What the community knows about a subject, on one page: an area of focus, a goal, a country.

Nothing is kept: each box is a question to the search within what the viewer may read, its rows are read again from the database.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from commons.room import Panel, Room
from commons.subjects import documents
from commons.subjects.views import blueprint

alike = Panel(_l("About the same, and why"), "commons/subjects/_alike.html", documents.alike_panel, 60)
room = Room(
    name="subjects",
    blueprints=(blueprint,),
    panels={
        "subject": (
            Panel("", "commons/subjects/_boxes.html", documents.boxes_panel, 10),
            Panel(_l("Where"), "commons/subjects/_map.html", documents.map_panel, 50),
            Panel(_l("What is missing"), "commons/subjects/_missing.html", documents.missing_panel, 60),
        ),
        "page": (alike,),
        "file": (alike,),
        "group": (alike,),
        "need": (alike,),
        "offer": (alike,),
        "topic end": (alike,),
    },
)
