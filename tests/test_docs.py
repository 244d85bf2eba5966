"""The documents say what the code does: settings, commands, files that are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from commons.config import SETTINGS, settings

ROOT = Path(__file__).resolve().parent.parent


def test_every_setting_is_documented_with_its_default_and_sentence() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else "empty"
        assert f"| `{setting.name}` | {default} | {setting.sentence}" in text, setting.name
    assert len(re.findall(r"^\| `[A-Z_]+` \|", text, re.M)) == len(SETTINGS)


def test_a_setting_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="REGISTRATION"):
        settings({"COMMONS_DATA": tmp_path, "REGISTRATION": "perhaps"})


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    first, second = (settings({"COMMONS_DATA": tmp_path, "SECRET_KEY": ""})["SECRET_KEY"] for _ in range(2))
    assert first == second and len(first) > 40
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_between_documents_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target


def test_the_first_screen_of_the_readme_has_two_commands() -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8").split("---")[0]
    assert re.findall(r"^(make \w+|flask .+|pip .+)", first, re.M) == ["make run", "make test"]


def test_commands_of_the_surface_exist(app: Flask) -> None:
    groups = {name: set(getattr(command, "commands", {})) for name, command in app.cli.commands.items()}
    assert {"worker", "serve", "demo", "members", "organisations", "search", "site"} <= set(groups)
    assert {"create", "token"} <= groups["members"]
    assert {"import", "undo", "imports"} <= groups["organisations"]
    assert {"rebuild", "update", "status", "check", "follow", "evaluate"} <= groups["search"]
    assert {"check", "export", "import"} <= groups["site"]
