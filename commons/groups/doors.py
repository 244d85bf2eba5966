"""Who sees a group, and how one comes to a seat in it: three kinds of visibility and four of joining, as one table.

`outside`: what a member of the site may do who sees the group and does not sit in it; empty: nothing. `by_member`: where a link
leads that a plain member of the group hands on: to a seat, to the questions, or nowhere (they cannot make one). The links of an
admin always lead to a seat. Nobody outside sees a private group, so there everything begins with a link.

| visibility       | joining    | outside | by_member |                                                            |
| ---------------- | ---------- | ------- | --------- | ---------------------------------------------------------- |
| public, members  | open       | join    | seat      | a button                                                   |
| public, members  | apply      | apply   | apply     | questions; admins decide                                   |
| public, members  | referral   | refer   | seat      | names a member, who says yes; or has a link from a member  |
| public, members  | invitation |         |           | only a link or a mail from an admin                        |
| private          | open       |         | seat      | whoever has a link from a member                           |
| private          | apply      |         | apply     | a link from a member leads to the questions; admins decide |
| private          | referral   |         | seat      | a link for one person: handing it on is the word           |
| private          | invitation |         |           | only a link or a mail from an admin                        |
"""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l


class Way(NamedTuple):
    outside: str  # join, apply, refer or nothing
    by_member: str  # seat, apply or nothing
    sentence: Any  # how one joins, for people


_OPEN = Way("join", "seat", _l("Every member of this site can join by pressing a button."))
_APPLY = Way("apply", "apply", _l("Who wants to join answers the questions of its admins, and they decide."))
_REFERRAL = Way("refer", "seat", _l("Who wants to join needs the word of one member of the group."))
_INVITATION = Way("", "", _l("Its admins invite who joins."))
WAYS: dict[tuple[str, str], Way] = {
    ("public", "open"): _OPEN,
    ("public", "apply"): _APPLY,
    ("public", "referral"): _REFERRAL,
    ("public", "invitation"): _INVITATION,
    ("members", "open"): _OPEN,
    ("members", "apply"): _APPLY,
    ("members", "referral"): _REFERRAL,
    ("members", "invitation"): _INVITATION,
    ("private", "open"): Way("", "seat", _l("Whoever has a link from one of its members can join.")),
    ("private", "apply"): Way(
        "", "apply", _l("Who has a link from one of its members answers the questions of its admins, and they decide.")
    ),
    ("private", "referral"): Way("", "seat", _l("Each member can bring in one person at a time, by a link.")),
    ("private", "invitation"): _INVITATION,
}
SEEN = {
    "public": _l("Everybody can read this group, also without an account."),
    "members": _l("Members of this site can read this group."),
    "private": _l("Only its own members know that this group exists."),
}
FEWEST_FIRST = ("private", "members", "public")


def breadth(visibility: str) -> int:
    return FEWEST_FIRST.index(visibility)
