"""The pages of proposals, dossiers and the register."""

from directory.partnerships.dossiers.views import (
    acting,
    agreeing,
    listing,
    mailing,
    meeting,
    reading,
    registering,
    running,
)
from directory.partnerships.dossiers.views.addresses import blueprint

__all__ = ["acting", "agreeing", "blueprint", "listing", "mailing", "meeting", "reading", "registering", "running"]
