"""Every write to a group: founding and settings, who sees it, who belongs to it, and how one comes in.

Joining and leaving are no lines of the log: nobody is monitored. Founding, settings, opening and archiving are.
"""

from commons.groups.actions.applying import apply, decide, vouch, withdraw
from commons.groups.actions.founding import add_group, archive, edit_group, may_edit, need_it, reopen, set_terms, takes
from commons.groups.actions.inviting import (
    decline_invitation,
    invite_by_mail,
    invite_by_name,
    leads_to,
    make_link,
    revoke,
    use_invitation,
)
from commons.groups.actions.removing import bring_back_group, may_remove, remove_group
from commons.groups.actions.roles import appoint, ask_for_admin, change_role, leave, remove_member
from commons.groups.actions.seats import join
from commons.groups.actions.showing import change_visibility, stop_widening

__all__ = [
    "add_group",
    "appoint",
    "apply",
    "archive",
    "ask_for_admin",
    "bring_back_group",
    "change_role",
    "change_visibility",
    "decide",
    "decline_invitation",
    "edit_group",
    "invite_by_mail",
    "invite_by_name",
    "join",
    "leads_to",
    "leave",
    "make_link",
    "may_edit",
    "may_remove",
    "need_it",
    "remove_group",
    "remove_member",
    "reopen",
    "revoke",
    "set_terms",
    "stop_widening",
    "takes",
    "use_invitation",
    "vouch",
    "withdraw",
]
