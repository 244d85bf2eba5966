"""Who speaks for an organisation, and what it says of its record: claims, roles, the inbox, its own version, reminders."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons.room import Follower, Panel, Room, Table
from directory.representing.actions.looking import follow_sites
from directory.representing.actions.reminders import follow_freshness
from directory.representing.actions.seats import seated
from directory.representing.actions.versions import follow_edits
from directory.representing.checks import checks
from directory.representing.documents.letters import letters
from directory.representing.documents.panels import banner, speakers_panel
from directory.representing.keys import forget_keys
from directory.representing.models import Claim, Confirmation, MailKey, Reminder, Voucher
from directory.representing.views import blueprint
from directory.representing.views.freshness import stop


def start(app: Flask) -> None:
    app.extensions["csrf"].exempt(stop)  # mail programs press it: the address is the proof


room = Room(
    name="representing",
    blueprints=(blueprint,),
    panels={
        "organisation": (Panel(_l("Who speaks for it"), "directory/representing/_speakers.html", speakers_panel, 35),),
        "organisation banner": (Panel("", "directory/representing/_banner.html", banner, 10),),
    },
    followers=(
        Follower("own versions", follow_edits),
        Follower("claims", follow_sites),
        Follower("reminders", follow_freshness),
        Follower("mail keys", forget_keys),
    ),
    tables=(
        Table(Claim, public=False),
        Table(Voucher, public=False),
        Table(Confirmation, private=("by_id",)),
        Table(Reminder, public=False),
    ),
    checks=checks,
    letters=letters,
    seated=seated,
    start=start,
)
__all__ = ["MailKey", "room"]
