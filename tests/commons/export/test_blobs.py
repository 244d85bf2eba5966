"""The content of files goes out and comes in byte for byte; of what is not public, no public export holds anything."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask

from commons.entries.actions import remove_entry
from commons.export.folder import SUMS, sha256
from commons.export.reading import import_site
from commons.export.tables import Refused
from commons.export.writing import export_site
from commons.files.actions import add_file, replace_file
from commons.files.checks import checks
from commons.files.intake import store
from commons.files.reading import follow
from commons.files.sweeping import orphans, sweep
from tests.cast import Cast
from tests.commons.export.conftest import NewSite
from tests.commons.export.past import contents, narrow, rows
from tests.commons.files.samples import odt, picture, striped
from tests.services import Postgres

SAID = {"title": "A tank", "licence": "CC0 1.0", "people": "none"}
SECRET = "Zqxwords that only members read"


@pytest.fixture
def kept(app: Flask, cast: Cast) -> dict[str, str]:
    """A site with a picture that was replaced, a document for members and one that was removed."""
    shown = add_file(io.BytesIO(striped((900, 90))), "a.png", SAID, actor=cast.ana)
    first = shown.digest
    replace_file(shown, io.BytesIO(picture(colour="red")), "b.jpg", version=1, actor=cast.ana)
    hidden = add_file(io.BytesIO(odt(SECRET)), "c.odt", SAID | {"title": "Minutes"}, actor=cast.ben)
    gone = add_file(io.BytesIO(picture(colour="blue")), "d.jpg", SAID | {"title": "Gone"}, actor=cast.ben)
    remove_entry(gone, actor=cast.mo, note="Not ours")
    at = 0
    while (now := follow(at)) != at:
        at = now
    narrow(hidden)
    return {"shown": shown.digest, "first": first, "hidden": hidden.digest, "gone": gone.digest}


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "files").iterdir()}


def test_content_goes_out_under_its_digest_and_stands_in_the_sums(kept: dict[str, str], tmp_path: Path) -> None:
    export_site(tmp_path / "out")
    assert names(tmp_path / "out") == set(kept.values())
    for digest in kept.values():
        path = tmp_path / "out" / "files" / digest
        assert sha256(path) == digest and path.stat().st_mode & 0o777 == 0o600
        assert f"{digest}  files/{digest}" in (tmp_path / "out" / SUMS).read_text()


def test_content_comes_in_and_goes_out_again_byte_for_byte(
    kept: dict[str, str], tmp_path: Path, new_site: NewSite
) -> None:
    export_site(tmp_path / "out")
    with new_site("second"):
        import_site(tmp_path / "out")
        assert [fault for check in checks for fault in check.faults()] == []
        assert {path.name for path in store.all_paths()} == set(kept.values())
        export_site(tmp_path / "again")
        assert sweep()["pictures given thumbnails"] == 1, "the striped one is wider than thumbnails"
    assert contents(tmp_path / "out") == contents(tmp_path / "again")


def test_content_travels_to_postgresql_and_back(
    kept: dict[str, str], tmp_path: Path, new_site: NewSite, server: Postgres
) -> None:
    export_site(tmp_path / "out")
    with server.database() as url, new_site("second", url):
        import_site(tmp_path / "out")
        export_site(tmp_path / "again")
    assert contents(tmp_path / "out") == contents(tmp_path / "again")


def test_a_public_export_holds_the_content_of_public_live_files_alone(kept: dict[str, str], tmp_path: Path) -> None:
    export_site(tmp_path / "out", public=True)
    assert names(tmp_path / "out") == {kept["shown"]}
    assert [row["digest"] for row in rows(tmp_path / "out", "blob")] == [kept["shown"]]
    assert [row["digest"] for row in rows(tmp_path / "out", "file")] == [kept["shown"]]
    for inside in contents(tmp_path / "out").values():
        assert SECRET.encode() not in inside


def test_the_words_of_documents_travel_too(kept: dict[str, str], tmp_path: Path) -> None:
    export_site(tmp_path / "out")
    assert any(SECRET in row["words"] for row in rows(tmp_path / "out", "blob"))


def test_an_export_that_lost_content_is_refused(kept: dict[str, str], tmp_path: Path, new_site: NewSite) -> None:
    export_site(tmp_path / "out")
    (tmp_path / "out" / "files" / kept["shown"]).unlink()
    with new_site("second"), pytest.raises(Refused, match="missing"):
        import_site(tmp_path / "out")


def test_content_under_another_name_is_refused(kept: dict[str, str], tmp_path: Path, new_site: NewSite) -> None:
    export_site(tmp_path / "out")
    changed, sums = tmp_path / "out" / "files" / kept["shown"], tmp_path / "out" / SUMS
    changed.write_bytes(b"<script>")
    sums.write_text(sums.read_text().replace(f"{kept['shown']}  ", f"{sha256(changed)}  "))
    with new_site("second"):
        with pytest.raises(Refused, match="not what its name says"):
            import_site(tmp_path / "out")
        assert orphans(-1) == list(store.all_paths()), "what came in before it belongs to no row"


def test_a_site_that_lost_content_says_so(kept: dict[str, str], tmp_path: Path) -> None:
    store.path_of(kept["first"]).unlink()
    with pytest.raises(Refused, match="not on the disk"):
        export_site(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_a_killed_export_left_is_cleared_away(kept: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "out.part" / "files").mkdir(parents=True)
    (tmp_path / "out.part" / "files" / kept["shown"]).write_bytes(b"half")
    export_site(tmp_path / "out")
    assert not (tmp_path / "out.part").exists()
