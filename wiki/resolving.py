"""Two people changed the same words: what both agree on, what each made of the rest, and a person's choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commons.entries.merging import merge_fields
from commons.entries.queries import is_hidden, state_at
from commons.members.models import Member
from commons.text import Collision, merge_parts, resolved, words_diff
from wiki.fields import FIELDS
from wiki.models import Page

Part = tuple[str, str]  # same or ins, and the words


def _marked(part: Collision) -> dict[str, list[Part]]:
    """Both sides with the words marked that the other does not have."""
    sides: dict[str, list[Part]] = {"mine_parts": [], "theirs_parts": []}
    for paragraph in words_diff(part.theirs, part.mine):
        for how, text in paragraph.parts:
            sides["mine_parts"] += [(how, text)] if how != "del" else []
            sides["theirs_parts"] += [("ins" if how == "del" else how, text)] if how != "ins" else []
        for side in sides.values():
            side.append(("same", "\n"))
    return sides


def readable_version(page: Page, number: int, viewer: Member | None) -> int:
    """The version whose words are shown beside mine: of one that a moderator has hidden since, what the page says now."""
    return page.version if is_hidden(page, number, viewer) else number


class Two:
    """The page at version `base` as `mine` changed it (field: value), and as it is at version `theirs`."""

    def __init__(self, page: Page, mine: Mapping[str, Any], base: int, theirs: int) -> None:
        self.base, self.theirs = min(max(base, 1), page.version), min(max(theirs, 1), page.version)
        self.mine = dict(mine)
        begun, there = state_at(page, self.base), state_at(page, self.theirs)
        self.parts = merge_parts(begun["text"] or "", self.mine.get("text", begun["text"]) or "", there["text"] or "")
        self.merged, found = merge_fields(FIELDS, begun, self.mine, there)
        self.fields = [one for one in found if one.field != "text"]

    def rows(self, choices: Mapping[str, str]) -> list[dict[str, Any]]:
        """The text in order: what is agreed, and numbered places to choose."""
        rows: list[dict[str, Any]] = []
        for part in self.parts:
            if isinstance(part, str):
                rows.append({"text": part})
            else:
                number = sum("number" in row for row in rows)
                choice = choices.get(f"choice-{number}", "both")
                rows.append(
                    {"number": number, "mine": part.mine, "theirs": part.theirs, "choice": choice, **_marked(part)}
                )
        return rows

    def chosen(self, choices: Mapping[str, str]) -> dict[str, Any]:
        """The values to save; where nothing was chosen, both texts stay, and of other fields mine."""
        many = sum(isinstance(part, Collision) for part in self.parts)
        picked = [choices.get(f"choice-{number}", "both") for number in range(many)]
        by_hand = choices.get("by_hand", "").replace("\r\n", "\n")
        values = self.merged | {"text": by_hand if by_hand.strip() else resolved(self.parts, picked)}
        for one in self.fields:
            values[one.field] = one.theirs if choices.get(f"choice-{one.field}") == "theirs" else one.mine
        return values
