"""Two records of one organisation: a queue of suspects, a merge that moves every reference, and the way back for thirty days."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from commons.room import Follower, Panel, Room, Table
from directory.merging.actions import follow, forget_moved
from directory.merging.checks import checks
from directory.merging.commands import group
from directory.merging.documents import suspects_panel
from directory.merging.models import Merge, Suspect
from directory.merging.views import blueprint

room = Room(
    name="merging",
    blueprints=(blueprint,),
    panels={
        "organisation banner": (
            Panel(_l("Perhaps it is here twice"), "directory/merging/_suspects.html", suspects_panel, 20),
        ),
    },
    commands=(group,),
    followers=(Follower("duplicates", follow), Follower("moved rows", forget_moved)),
    tables=(Table(Suspect, public=False), Table(Merge, public=False)),
    checks=checks,
)
