from __future__ import annotations

from pathlib import Path

from flask import Flask

from commons.search.commands import differences
from tests.commons.export.conftest import NewSite
from tests.commons.export.past import contents


def test_a_site_moves_by_two_commands(app: Flask, grown: dict[str, int], new_site: NewSite, tmp_path: Path) -> None:
    folder = str(tmp_path / "export")
    out = app.test_cli_runner().invoke(args=["site", "export", folder])
    assert out.exit_code == 0, out.output
    assert "password hashes" in out.output and "entries 3" in out.output.splitlines()[-1]
    with new_site("new") as new:
        runner = new.test_cli_runner()
        into = runner.invoke(args=["site", "import", folder])
        assert into.exit_code == 0, into.output
        assert into.output.splitlines()[-1].split(" s")[0].rsplit(" · ", 1)[0] in out.output
        assert differences() == []
        assert runner.invoke(args=["site", "check"]).exit_code == 0
        again = runner.invoke(args=["site", "import", folder])
        assert again.exit_code == 1 and "This site is not empty" in again.output
        assert runner.invoke(args=["site", "export", str(tmp_path / "second")]).exit_code == 0
    assert contents(tmp_path / "export") == contents(tmp_path / "second")


def test_the_public_export_says_nothing_of_hashes_and_is_not_for_import(
    app: Flask, grown: dict[str, int], new_site: NewSite, tmp_path: Path
) -> None:
    folder = str(tmp_path / "public")
    out = app.test_cli_runner().invoke(args=["site", "export", folder, "--public"])
    assert out.exit_code == 0 and "hashes" not in out.output
    with new_site("new") as new:
        refused = new.test_cli_runner().invoke(args=["site", "import", folder])
    assert refused.exit_code == 1 and "public export" in refused.output


def test_an_export_never_writes_over_anything(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "letter").write_text("x")
    refused = app.test_cli_runner().invoke(args=["site", "export", str(tmp_path / "here")])
    assert refused.exit_code == 1 and refused.output.startswith("Error: ") and "not empty" in refused.output
    assert "Traceback" not in refused.output
