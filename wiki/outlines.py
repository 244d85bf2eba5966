"""Outlines: what a page of a certain sort usually says, as headings to fill in. A part that is missing is said, never demanded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from commons.text import sections


@dataclass(frozen=True, slots=True)
class Part:
    heading: Any  # lazy
    hint: Any  # lazy: what belongs under it
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    label: Any
    about: Any
    parts: tuple[Part, ...]

    def text(self) -> str:
        """The page to begin with, in the reader's language."""
        return "".join(f"## {part.heading}\n\n*{part.hint}*\n\n" for part in self.parts)

    def missing(self, text: str) -> list[str]:
        """Headings that a good page has and that are not there, or still hold nothing but their hint."""
        return [str(part.heading) for part in self.parts if part.needed and not _is_written(part, text)]


def _is_written(part: Part, text: str) -> bool:
    for section in sections(text)[1:]:
        if section.title.casefold() == str(part.heading).casefold():
            body = text[section.start : section.end].partition("\n")[2]
            return bool(body.replace(f"*{part.hint}*", "").strip())
    return False


OUTLINES = {
    "solution": Outline(
        _l("Solution"),
        _l("Something that works, so that others can do it too"),
        (
            Part(_l("The problem"), _l("Who has it, where, how large is it?"), True),
            Part(_l("How it works"), _l("What is done, step by step, in plain words."), True),
            Part(_l("What it needs"), _l("People, skills, materials, money, time.")),
            Part(_l("What came of it"), _l("What was seen or measured, by whom, when. What did not work?"), True),
            Part(_l("Who does it"), _l("Organisations as links: [[organisation:Name]].")),
            Part(_l("Sources"), _l("Where does this come from?"), True),
        ),
    ),
    "project": Outline(
        _l("Project"),
        _l("What is planned, who takes part and how far it is"),
        (
            Part(_l("Aim"), _l("What will be different at the end, for whom?"), True),
            Part(_l("Who takes part"), _l("Organisations as links, and what each does."), True),
            Part(_l("Where and when"), _l("Places, beginning, end.")),
            Part(_l("What is done so far"), _l("The newest first, with dates.")),
            Part(_l("What is needed"), _l("Skills, things, money, partners.")),
            Part(_l("Sources"), _l("Plans, reports, pictures.")),
        ),
    ),
    "how-to": Outline(
        _l("How-to"),
        _l("One task, from the first step to the last"),
        (
            Part(_l("What you get"), _l("What is there when you have done it? How long does it take?"), True),
            Part(_l("What you need"), _l("Materials and tools, with amounts."), True),
            Part(_l("Steps"), _l("One step a line, in order."), True),
            Part(_l("When it goes wrong"), _l("What often fails, and what helps.")),
            Part(_l("Safety"), _l("What can hurt somebody?")),
            Part(_l("Sources"), _l("Where does this come from?")),
        ),
    ),
    "minutes": Outline(
        _l("Minutes"),
        _l("What a meeting talked about and decided"),
        (
            Part(_l("When and who"), _l("Date, place, who was there, who wrote this."), True),
            Part(_l("What we talked about"), _l("One point a heading, short.")),
            Part(_l("What we decided"), _l("Each decision as one sentence."), True),
            Part(_l("Who does what by when"), _l("- [ ] Name: task, date"), True),
        ),
    ),
    "area": Outline(
        _l("Area lead"),
        _l("The introduction to an area of focus"),
        (
            Part(_l("What it is about"), _l("Two paragraphs for somebody who has never heard of it."), True),
            Part(_l("What is known"), _l("What works, with links to pages: [[Page]]."), True),
            Part(_l("What is open"), _l("What nobody knows yet, what people disagree about.")),
            Part(_l("Who works on it"), _l("Organisations as links: [[organisation:Name]].")),
            Part(_l("Sources"), _l("Where does this come from?"), True),
        ),
    ),
}


def outline_rows(address: Any) -> list[dict[str, Any]]:
    """The choices, with the address that begins each."""
    return [
        {"key": key, "label": one.label, "about": one.about, "new_url": address(key)} for key, one in OUTLINES.items()
    ]
