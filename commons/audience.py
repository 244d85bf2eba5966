"""Who may see what: one rule in three dialects, held together by tests.

An entry has one audience: `public`, `members`, `group:7`, `member:3` … Visible means: it is public, or it is `members` and I am one, or I
hold a seat at it. What is hidden answers as if it did not exist. No moderator and no administrator has a further door: a seat is
the only way in.
"""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.orm import InstrumentedAttribute

from commons.members.models import Member

PUBLIC, MEMBERS = "public", "members"
_DOORS: Any = bindparam("doors", expanding=True)


class Shown(Protocol):
    @property
    def audience(self) -> str: ...


def doors(viewer: Member | None) -> frozenset[str]:
    """The audiences that this viewer may enter."""
    if viewer is None or not viewer.is_active:
        return frozenset({PUBLIC})
    return frozenset({PUBLIC, MEMBERS, f"member:{viewer.id}", *(seat.audience for seat in viewer.seats)})


def may_see(viewer: Member | None, entry: Shown) -> bool:
    return entry.audience in doors(viewer)


def visible_to(viewer: Member | None, audience: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return audience.in_(sorted(doors(viewer)))


def through(audience: Any) -> ColumnElement[bool]:
    """The same for a statement that is built once: `keys(viewer)` goes with each execution."""
    return audience.in_(_DOORS)  # type: ignore[no-any-return]


def keys(viewer: Member | None) -> dict[str, list[str]]:
    return {"doors": sorted(doors(viewer))}


def index_filter(viewer: Member | None) -> frozenset[str]:
    """The audiences whose documents the index may count, rank and return for this viewer."""
    return doors(viewer)
