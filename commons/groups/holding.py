"""What stands in a group, one kind at a time: its pages, its files. It knows no kind; those that it lists stand on other floors."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from commons.entries.models import Entry
from commons.entries.queries import visible
from commons.groups.models import Group
from commons.members.models import Member


def held(group: Group, kind: str, viewer: Member | None) -> Select[Any]:
    """What stirred last first."""
    rows = select(Entry).where(Entry.within_id == group.id, Entry.kind == kind, visible(viewer))
    return rows.options(joinedload(Entry.author)).order_by(Entry.stirred.desc(), Entry.id.desc())
