"""Every write of members about themselves and each other."""

from commons.people.actions.affiliations import (
    ask_affiliation,
    confirm_affiliation,
    decline_affiliation,
    end_affiliation,
)
from commons.people.actions.contacts import agree, ask_contact, decline, end_contact, follow_person
from commons.people.actions.evidence import follow_evidence
from commons.people.actions.hiding import hide, unhide
from commons.people.actions.inviting import forget_addresses, invite, revoke_invitation
from commons.people.actions.photos import remove_photo, set_photo
from commons.people.actions.profiles import edit_profile, own_profile, rewrite_words, takes, widened
from commons.people.actions.steps import follow, skip_steps

__all__ = [
    "agree",
    "ask_affiliation",
    "ask_contact",
    "confirm_affiliation",
    "decline",
    "decline_affiliation",
    "edit_profile",
    "end_affiliation",
    "end_contact",
    "follow",
    "follow_evidence",
    "follow_person",
    "forget_addresses",
    "hide",
    "invite",
    "own_profile",
    "remove_photo",
    "revoke_invitation",
    "rewrite_words",
    "set_photo",
    "skip_steps",
    "takes",
    "unhide",
    "widened",
]
