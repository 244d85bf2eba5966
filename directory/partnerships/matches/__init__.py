"""Matches: who could work with whom, with reasons that both records bear out."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from commons.room import Follower, Panel, Room, Table
from directory.partnerships.matches import follower, telling
from directory.partnerships.matches.commands import group
from directory.partnerships.matches.models import Refusal, Told, Tuning
from directory.partnerships.matches.panels import best_of_posting, of_organisation, would_see_it
from directory.partnerships.matches.views import blueprint

BEST = Panel(_l("Organisations that fit"), "directory/partnerships/matches/_best.html", best_of_posting, 20)
SEEN_BY = Panel(
    _l("Organisations that would see this today"), "directory/partnerships/matches/_seen_by.html", would_see_it
)

room = Room(
    name="matches",
    blueprints=(blueprint,),
    panels={
        "need": (BEST,),
        "offer": (BEST,),
        "posting preview": (SEEN_BY,),
        "organisation": (Panel(_l("Matches"), "directory/partnerships/matches/_way.html", of_organisation, 12),),
    },
    commands=(group,),
    followers=(Follower("matches", follower.follow), Follower("match notices", telling.follow)),
    tables=(Table(Refusal, public=False), Table(Tuning, public=False), Table(Told, public=False)),
)
