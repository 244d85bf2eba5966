"""The house's rules, held by a machine: floors, shelves, words, ceilings, templates that mirror packages.

When a rule is in the way, the design is wrong or the rule is: the decision is written in ARCHITECTURE.md and changed here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS: list[list[set[str]]] = [
    # each floor is a list of steps; a step may use the steps to its left on the same floor, and every floor above its line
    [
        {f"commons.{name}"}
        for name in ("config", "db", "disk", "mail", "room", "text", "fetch", "news", "web", "jobs", "cli", "static")
    ],
    [{"commons.members"}, {"commons.audience"}],
    [{"commons.places"}, {"commons.entries"}, {"commons.focus"}, {"commons.files"}],
    [{"commons.search"}, {"commons.feed"}, {"commons.moderation"}, {"commons.subjects"}],
    [
        {"commons.people", "commons.searches", "commons.announcements", "directory", "wiki"},
        {"commons.groups"},
        {"commons.forums"},
        {"commons.walls", "commons.talks"},
    ],
    [
        {"directory.representing", "directory.contact", "directory.statements", "directory.merging"},
        {"directory.partnerships.board"},
        {"directory.partnerships.dossiers"},
        {"directory.partnerships.matching"},
        {"directory.partnerships.matches"},
    ],
    [{"commons.demo"}, {"commons.api", "commons.export", "commons.pages"}, {"commons.admin"}, {"commons.app"}],
    [{"wsgi"}],
]
# what a file of the ground may know of its own floor: an order within it
SHELVES = ["models", "queries", "actions", "forms", "documents", "views", "commands", "__init__"]
MACHINES = {
    "commons.search",
    "commons.api",
    "commons.export",
    "commons.places",
    "directory.imports",
    "directory.duplicates",
    "directory.partnerships.matching",
    "commons.focus.suggesting",
    "commons.text",
    "commons.web",
    "commons.static",
    "commons.files.intake",
    "commons.news",
}
PARTS = {  # files beside the shelves, and the shelf whose neighbours they are (ARCHITECTURE.md, decision 6)
    "commons.members": {"door": "models", "passwords": "models", "post": "actions", "seats": "actions"},
    "commons.entries": {
        "values": "models",
        "changes": "models",
        "merging": "models",
        "followers": "queries",
        "links": "queries",
        "within": "queries",
        "marks": "queries",
        "asks": "queries",
        "bulk": "actions",
        "drafts": "actions",
        "hiding": "actions",
        "returning": "actions",
        "tagged": "documents",
        "checks": "actions",
    },
    "commons.focus": {"goals": "models", "subjects": "queries"},
    "commons.files": {"reading": "actions", "sweeping": "actions", "checks": "actions"},
    "commons.moderation": {"checks": "actions", "newcomers": "queries", "reports": "queries"},
    "commons.forums": {
        "addressing": "queries",
        "fields": "models",
        "rows": "queries",
        "checks": "actions",
        "landing": "actions",
        "importing": "actions",
    },
    "commons.groups": {
        "doors": "models",
        "fields": "models",
        "checks": "actions",
        "tending": "actions",
        "news": "queries",
        "holding": "queries",
        "newsreader": "actions",
        "newsforms": "forms",
        "letters": "documents",
        "panels": "documents",
    },
    "commons.talks": {"ending": "actions"},
    "commons.admin": {"checks": "queries"},
    "commons.demo": {"files": "actions", "pages": "actions", "topics": "actions", "deals": "actions"},
    "directory": {
        "fields": "models",
        "suspects": "queries",
        "relations": "queries",
        "ties": "documents",
        "relating": "actions",
        "importing": "actions",
        "landing": "actions",
        "panels": "documents",
    },
    "commons.announcements": {"fields": "models"},
    "directory.merging": {"rules": "models", "choosing": "models", "ledger": "actions", "checks": "actions"},
    "directory.representing": {
        "keys": "actions",
        "domains": "models",
        "sites": "queries",
        "checks": "actions",
        "panels": "documents",
    },
    "directory.statements": {"fields": "models", "tending": "actions"},
    "directory.partnerships.board": {"fields": "models", "tending": "actions", "checks": "actions"},
    "directory.partnerships.dossiers": {
        "transitions": "models",
        "fields": "models",
        "rules": "queries",
        "tending": "actions",
        "letters": "documents",
        "panels": "documents",
        "calendar": "documents",
        "checks": "actions",
    },
    "directory.partnerships.matches": {
        "cards": "queries",
        "keeper": "queries",
        "asking": "queries",
        "gaps": "queries",
        "follower": "actions",
        "telling": "actions",
        "panels": "documents",
    },
    "wiki": {
        "outlines": "models",
        "fields": "models",
        "resolving": "queries",
        "rows": "queries",
        "landing": "actions",
        "linking": "actions",
        "importing": "actions",
        "checks": "actions",
        "opening": "forms",
        "panels": "documents",
    },
}
FORBIDDEN = {
    "models": r"\b(current_user|url_for|request|session\.commit|viewer\(\))\b",
    "queries": r"\b(flash|redirect|render_template|transaction\(|\.add\(|\.delete\()",
    "actions": r"\b(from flask import [^\n]*(request|flash|redirect)|request\.|flash\(|redirect\(|<p>|<a )",
    "forms": r"\b(select\(|db\.session)",
    "documents": r"</(p|a|div|li|span)>",
    "views": r"\b(db\.session|select\(|from sqlalchemy import)",
}
DRAWERS = {"utils", "util", "helpers", "common", "misc", "base", "manager", "managers", "handlers"}
FILE, FUNCTION, VIEW = 300, 40, 20


def sources() -> list[Path]:
    return sorted(p for top in ("commons", "directory", "wiki") for p in (ROOT / top).rglob("*.py")) + [
        ROOT / "wsgi.py"
    ]


def module(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def own_imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (
                (alias.name, node.lineno)
                for alias in node.names
                if alias.name.split(".")[0] in ("commons", "directory", "wiki", "wsgi")
            )
        elif (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.split(".")[0] in ("commons", "directory", "wiki", "wsgi")
        ):
            for alias in node.names:
                below = ROOT / Path(*node.module.split(".")) / alias.name
                whole = (
                    f"{node.module}.{alias.name}"
                    if below.is_dir() or below.with_suffix(".py").exists()
                    else node.module
                )
                yield whole, node.lineno


def place(name: str) -> tuple[int, int]:
    best = (-1, -1, 0)
    for number, floor in enumerate(FLOORS):
        for step, rooms in enumerate(floor):
            for room in rooms:
                if (name == room or name.startswith(room + ".")) and len(room) > best[2]:
                    best = (number, step, len(room))
    return best[0], best[1]


def room_of(name: str) -> str:
    return max(
        (room for floor in FLOORS for step in floor for room in step if name == room or name.startswith(room + ".")),
        key=len,
        default="",
    )


def test_every_file_stands_on_a_floor() -> None:
    lost = [
        module(path)
        for path in sources()
        if place(module(path)) == (-1, -1) and module(path) not in ("commons", "wiki", "directory.partnerships")
    ]
    assert lost == []


def test_imports_only_go_down() -> None:
    faults = []
    for path in sources():
        own = module(path)
        for name, line in own_imports(path):
            here, there = place(own), place(name)
            if there == (-1, -1) or room_of(own) == room_of(name):
                continue
            if there >= here:
                faults.append(f"{own}:{line} uses {name}")
    assert faults == []


def test_rooms_side_by_side_do_not_see_each_other() -> None:
    apart = ("directory", "wiki")
    faults = []
    for path in sources():
        own = module(path)
        if room_of(own) in ("commons.people", "commons.groups", "commons.forums", "commons.walls", "commons.talks"):
            faults += [
                f"{own}:{line} uses {name}" for name, line in own_imports(path) if room_of(name).startswith(apart)
            ]
    assert faults == []


def test_no_import_hides_in_a_function() -> None:
    faults = []
    for path in sources():
        for function in (
            node for node in ast.walk(tree_of(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        ):
            faults += [
                f"{module(path)}:{node.lineno}"
                for node in ast.walk(function)
                if isinstance(node, (ast.Import, ast.ImportFrom))
            ]
    assert faults == []


def shelf(path: Path) -> str | None:
    room = room_of(module(path))
    if (
        not room
        or room in MACHINES
        or room.startswith(tuple(f"{machine}." for machine in MACHINES))
        or any(module(path).startswith(m + ".") or module(path) == m for m in MACHINES)
    ):
        return None
    rest = module(path).removeprefix(room).strip(".").split(".")[0] or "__init__"
    return PARTS.get(room, {}).get(rest, rest)


def test_rooms_have_only_the_known_shelves() -> None:
    unknown = []
    for path in sources():
        name = shelf(path)
        if (
            name
            and name not in SHELVES
            and place(module(path))[0] > 0
            and room_of(module(path)) not in ("commons.app", "commons.audience", "wsgi")
            and module(path) != "directory.partnerships"  # only holds its rooms
        ):
            unknown.append(module(path))
    assert unknown == []


def test_shelves_import_only_from_their_left() -> None:
    faults = []
    for path in sources():
        own, here = module(path), shelf(path)
        if here not in SHELVES:
            continue
        for name, line in own_imports(path):
            target = ROOT / Path(*name.split("."))
            file = target / "__init__.py" if target.is_dir() else target.with_suffix(".py")
            there = shelf(file) if file.exists() and room_of(name) == room_of(own) and file != path else None
            if there in SHELVES and SHELVES.index(there) > SHELVES.index(here):
                faults.append(f"{own}:{line} uses {name}")
    assert faults == []


@pytest.mark.parametrize("name", FORBIDDEN)
def test_words_that_a_shelf_never_holds(name: str) -> None:
    faults = []
    for path in sources():
        if path.stem == name and shelf(path) == name and room_of(module(path)) not in MACHINES:
            text = re.sub(r'"""[\s\S]*?"""', "", path.read_text(encoding="utf-8"))
            faults += [f"{module(path)}: {found.group()}" for found in re.finditer(FORBIDDEN[name], text)]
    assert faults == []


def test_files_and_functions_stay_small() -> None:
    faults = []
    for path in sources():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > FILE:
            faults.append(f"{module(path)}: {lines} lines")
        for node in ast.walk(tree_of(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                size = (node.end_lineno or 0) - node.lineno + 1
                most = VIEW if path.stem == "views" else FUNCTION
                if size > most:
                    faults.append(f"{module(path)}:{node.lineno} {node.name}: {size} lines, at most {most}")
    assert faults == []


def test_there_are_no_drawers() -> None:
    assert [str(path) for path in sources() if path.stem in DRAWERS or path.parent.name in DRAWERS] == []


def test_only_one_module_knows_flask_login() -> None:
    users = [module(path) for path in sources() if "flask_login" in path.read_text(encoding="utf-8")]
    assert users == ["commons.members.door"]


def test_templates_mirror_packages() -> None:
    allowed = {"macros", "errors", "mail"}
    strange = []
    for path in (ROOT / "templates").rglob("*.*"):
        folder = path.relative_to(ROOT / "templates").parent
        if folder.parts and folder.parts[0] not in allowed and not (ROOT / folder).is_dir():
            strange.append(str(folder))
    assert strange == []


def test_templates_hold_no_inline_style_or_script() -> None:
    faults = []
    for path in (ROOT / "templates").rglob("*.html"):
        if path.parent.name == "mail" or path.name == "takeout.html":  # no page: a file that people take away
            continue
        text = path.read_text(encoding="utf-8")
        faults += [
            f"{path.name}: {m.group()[:40]}"
            for m in re.finditer(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=\"", text)
        ]
    assert faults == []


def test_the_tree_holds_nothing_of_a_machine() -> None:
    words = re.compile(r"(/[w]ork/|/[r]oot/|[p]ypi\.org|[p]ythonhosted|registry\.[n]pmjs|deb\.[d]ebian)")
    faults = []
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT).parts
        if (
            path.is_file()
            and path.suffix in (".py", ".md", ".html", ".txt", ".toml", ".json", ".css", ".js", ".in", "")
            and not {
                ".git",
                ".venv",
                "node_modules",
                ".cache",
                "var",
                "built",
                ".mypy_cache",
                ".ruff_cache",
                ".pytest_cache",
                ".hypothesis",
            }
            & set(inside)
            and not any(part.startswith(".built") for part in inside)
        ):
            found = words.search(path.read_text(encoding="utf-8", errors="ignore"))
            if found:
                faults.append(f"{path.relative_to(ROOT)}: {found.group()}")
    assert faults == []
