"""What a room hands up, and what the ground hands down.

A room is a folder of one subject: a blueprint, its navigation entry, the kinds of entry it owns, their search documents, panels on
other rooms' pages, commands, followers of the log and export tables. Everything here is a plain dataclass: this file knows no member,
no kind and no other room. `wsgi.py` names the rooms, `commons.app` puts them together, and whoever needs the assembled whole
(search, export, entries) reads it from `current_app.extensions["commons"]` through `rooms()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app

from commons.mail import Letter

if TYPE_CHECKING:
    from click import Command
    from flask import Blueprint


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One entry as the search index sees it. Nothing here may be narrower than `audience`."""

    id: int
    kind: str
    audience: str
    language: str  # BCP 47, "" when unknown
    title: str
    names: Sequence[str] = ()  # aliases, acronyms, names in other languages
    labels: Sequence[str] = ()  # other words by which it is found; names of `areas` need not be said
    place: str = ""
    text: str = ""
    areas: Sequence[int] = ()  # ids of areas of focus, parents included
    sdgs: Sequence[int] = ()
    country: str = ""  # ISO 3166 alpha-2
    type: str = ""
    languages: Sequence[str] = ()  # working languages
    lat: float | None = None
    lon: float | None = None
    updated: int = 0  # seconds since 1970, UTC
    confirmed: int = 0  # the same, 0 = never confirmed
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Field:
    """A versioned field of a kind: how its history is shown and how two edits of it are merged."""

    name: str
    label: Any  # a lazy string
    how: str = "line"  # line | text (merged by lines) | list (merged as a set) | choice | number | table
    private: bool = False  # kept and merged, but in no page, comparison, feed or public export


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry: its table, its place in addresses and its versioned fields."""

    name: str  # organisation
    collection: str  # organisations: the first part of its addresses
    model: type[Any]
    label: Any  # lazy: Organisation
    plural: Any  # lazy: Organisations
    fields: tuple[Field, ...]
    page: Callable[[Any], str]  # the address of its page
    documents: Callable[[Sequence[int]], Iterable[SearchDocument]] | None = None
    document: Callable[[Any], SearchDocument] | None = None  # the same of an entry that is in memory already
    record: Callable[[Any], dict[str, Any]] | None = None  # public record for API and export
    may_edit: Callable[[Any, Any], bool] | None = None  # (viewer, entry)
    edit: Callable[..., dict[str, Any]] | None = None  # the action that history's restore calls
    remove: Callable[..., None] | None = None  # (entry, *, actor, note, via): where more than the entry itself goes
    bring_back: Callable[..., None] | None = None  # (entry, *, actor, note)
    resource: str = ""  # its name in the API, where that is not the collection: pages
    tabs: Callable[[Any, str], list[dict[str, Any]]] | None = (
        None  # (entry, the current one): what stands over its pages
    )
    new: Callable[[str], str] | None = None  # the address where one with this title is begun
    about: Callable[[Any], str] | None = None  # one line under its name on a card
    takes: Callable[[Any, Any, str], str | None] | None = (
        None  # (viewer, entry, kind): who will see what the viewer puts into it; None: they may not
    )
    may_watch: Callable[[Any, Any], bool] | None = None  # (viewer, entry): where watching asks for a yes first
    teasers: Callable[[Sequence[int], Any], Mapping[int, str]] | None = (
        None  # (ids, viewer): the words that a feed shows of each
    )
    tells: tuple[str, ...] = ()  # the verbs that whoever follows one hears of
    answer: Callable[[Any, Any], str] | None = (
        None  # (entry, member): where they answer, by the link of a mail, what it asks; empty: nowhere
    )


@dataclass(frozen=True, slots=True)
class Panel:
    """Something one room shows on another room's page: `items(entry, viewer)` feeds the template."""

    title: Any
    template: str
    items: Callable[[Any, Any], Any]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Navigation:
    label: Any
    endpoint: str
    icon: str
    order: int = 50
    also: tuple[str, ...] = ()  # beginnings of further addresses that belong to it


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One more filter of the list of a kind, `?name=value`, which the database answers at the moment of asking."""

    kind: str
    name: str
    value: str
    title: Any  # over the choice
    label: Any
    ids: Callable[[], Sequence[int]]  # of the entries that pass


@dataclass(frozen=True, slots=True)
class Follower:
    """Follows the log of changes at its own position; `handle(after)` returns the position reached."""

    name: str
    handle: Callable[[int], int]
    alone: bool = False  # in a thread of its own: somebody waits for it, however much the others have to do


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the export: rows come and go as plain dictionaries in key order."""

    model: type[Any]
    private: tuple[str, ...] = ()  # columns that the public export leaves out
    public: bool = True  # False: the whole table stays out of the public export


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: yields a sentence per violation."""

    name: str
    faults: Callable[[], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Room:
    name: str
    blueprints: tuple[Blueprint, ...] = ()
    navigation: tuple[Navigation, ...] = ()
    kinds: tuple[Kind, ...] = ()
    narrowings: tuple[Narrowing, ...] = ()
    panels: Mapping[str, tuple[Panel, ...]] = field(default_factory=dict)  # kind name -> panels on its page
    commands: tuple[Command, ...] = ()
    followers: tuple[Follower, ...] = ()
    tables: tuple[Table, ...] = ()
    checks: tuple[Check, ...] = ()
    letters: Mapping[str, Callable[[Any], Letter | None]] = field(default_factory=dict)  # writers of waiting mails
    seated: Callable[[Any, str, str], None] | None = (
        None  # (member, audience, role or nothing): they sit there now, or no more; within that transaction
    )
    start: Callable[[Flask], None] | None = None


@dataclass(slots=True)
class Rooms:
    """All rooms of this site, in floor order."""

    all: tuple[Room, ...]
    kinds: dict[str, Kind] = field(default_factory=dict)
    collections: dict[str, Kind] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for room in self.all:
            for kind in room.kinds:
                self.kinds[kind.name] = self.collections[kind.collection] = kind

    def resources(self) -> dict[str, Kind]:
        """The kinds that the API shows, by their names there: those that hand up a public record."""
        return {kind.resource or kind.collection: kind for kind in self.kinds.values() if kind.record}

    def letters(self) -> dict[str, Callable[[Any], Letter | None]]:
        """Who writes a mail at the moment it is sent; None says that it may not, or need not, be sent any more."""
        return {name: write for room in self.all for name, write in room.letters.items()}

    def narrowings(self, kind: str) -> list[Narrowing]:
        """The further filters of the list of this kind."""
        return [one for room in self.all for one in room.narrowings if one.kind == kind]

    def panels(self, kind: str) -> list[Panel]:
        found = [panel for room in self.all for panel in room.panels.get(kind, ())]
        return sorted(found, key=lambda panel: panel.order)


def rooms() -> Rooms:
    """The rooms of the running site."""
    return cast(Rooms, current_app.extensions["commons"])
