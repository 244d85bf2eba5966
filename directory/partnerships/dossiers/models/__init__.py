"""The tables of proposals and of the register."""

from directory.partnerships.dossiers.models.dossier import (
    LATE,
    RESULTS,
    Account,
    Assent,
    Commitment,
    Meeting,
    Observer,
    Party,
    Proposal,
    ShutDoor,
    Step,
    Terms,
)
from directory.partnerships.dossiers.models.register import STANDINGS, Partner, Partnership

__all__ = [
    "LATE",
    "RESULTS",
    "STANDINGS",
    "Account",
    "Assent",
    "Commitment",
    "Meeting",
    "Observer",
    "Partner",
    "Partnership",
    "Party",
    "Proposal",
    "ShutDoor",
    "Step",
    "Terms",
]
