"""The 17 global goals and their 169 targets, in the six languages of the United Nations.

The text never changes while the site runs, so it is read from `goals.json` once and kept. A language that the United
Nations do not use falls back to English.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
FILE = Path(__file__).with_name("goals.json")


def _said(words: Mapping[str, str], language: str) -> str:
    plain = language.replace("_", "-").partition("-")[0].lower()
    return words.get(plain) or words["en"]


@dataclass(frozen=True, slots=True)
class Target:
    code: str
    title: Mapping[str, str] = field(hash=False, repr=False)

    @property
    def goal(self) -> int:
        return int(self.code.partition(".")[0])

    def title_in(self, language: str) -> str:
        return _said(self.title, language)


@dataclass(frozen=True, slots=True)
class Goal:
    number: int
    short: Mapping[str, str] = field(hash=False)
    title: Mapping[str, str] = field(hash=False, repr=False)
    targets: tuple[Target, ...] = field(hash=False, repr=False)

    def short_in(self, language: str) -> str:
        return _said(self.short, language)

    def title_in(self, language: str) -> str:
        return _said(self.title, language)


@cache
def goals() -> tuple[Goal, ...]:
    read = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        Goal(one["number"], one["short"], one["title"], tuple(Target(t["code"], t["title"]) for t in one["targets"]))
        for one in read["goals"]
    )


def goal(number: int) -> Goal | None:
    return next((one for one in goals() if one.number == number), None)


@cache
def _targets() -> Mapping[str, Target]:
    return {one.code: one for each in goals() for one in each.targets}


def target(code: str) -> Target | None:
    return _targets().get(code)
