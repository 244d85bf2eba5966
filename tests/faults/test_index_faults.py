"""The index is missing, damaged or behind: every page answers, nothing hidden is shown, and the worker makes it again."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.db import db, lock, now, transaction
from commons.entries.actions import record, remove_entry
from commons.entries.followers import catch_up
from commons.search.commands import differences
from commons.search.engine import WhooshBackend, whoosh
from commons.search.index import CURRENT, POSITION, IndexStore
from directory.models import Organisation
from tests import make
from tests.cast import Cast, sign_in

SENTENCE = "The search is being rebuilt."
PAGES = (
    "/organisations",
    "/organisations?focus=water&country=KE",
    "/search?q=kisumu",
    "/search?q=kisumu&near=Nairobi",
    "/focus/water",
)
OTHERS = ("/", "/focus", "/search.atom?q=kisumu", "/search/complete?q=kis", "/organisations/filters", "/sitemap.xml")
CALLS = ("/api/v1/search?q=kisumu", "/api/v1/organisations?q=kisumu", "/api/v1/organisations")


def files(ending: str) -> Callable[[IndexStore], list[Path]]:
    return lambda store: sorted(store.directory().glob(f"MAIN_*{ending}"))


def toc(store: IndexStore) -> Path:
    return max(store.directory().glob("_MAIN_*.toc"))


def gone(store: IndexStore) -> None:
    shutil.rmtree(store.folder)


def no_pointer(store: IndexStore) -> None:
    (store.folder / CURRENT).unlink()


def pointer_to_nothing(store: IndexStore) -> None:
    (store.folder / CURRENT).write_text("index-999")


def pointer_of_zeros(store: IndexStore) -> None:
    (store.folder / CURRENT).write_bytes(bytes(8))


def no_position(store: IndexStore) -> None:
    (store.directory() / POSITION).unlink()


def half_a_position(store: IndexStore) -> None:
    path = store.directory() / POSITION
    path.write_text(path.read_text()[:20])


def another_version(store: IndexStore) -> None:
    path = store.directory() / POSITION
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": -1}))


def no_toc(store: IndexStore) -> None:
    toc(store).unlink()


def half_a_toc(store: IndexStore) -> None:
    path = toc(store)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed_toc(store: IndexStore) -> None:
    path = toc(store)
    path.write_bytes(bytes(path.stat().st_size))


def garbage_toc(store: IndexStore) -> None:
    toc(store).write_bytes(pickle.dumps({"not": "a table of contents"}) + b"\x80\x05garbage.")


def missing_segments(store: IndexStore) -> None:
    for path in store.directory().glob("MAIN_*"):
        path.unlink()


def one_missing_file(store: IndexStore) -> None:
    next(store.directory().glob("MAIN_*")).unlink()


def truncated_segments(store: IndexStore) -> None:
    for path in store.directory().glob("MAIN_*"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed_segments(store: IndexStore) -> None:
    for path in store.directory().glob("MAIN_*"):
        path.write_bytes(bytes(path.stat().st_size))


DAMAGES = (
    *(gone, no_pointer, pointer_to_nothing, pointer_of_zeros, no_position, half_a_position, another_version),
    *(
        no_toc,
        half_a_toc,
        zeroed_toc,
        garbage_toc,
        missing_segments,
        one_missing_file,
        truncated_segments,
        zeroed_segments,
    ),
)


@pytest.fixture
def kisumu(app: Flask) -> None:
    for number in range(6):
        make.organisation(
            f"Kisumu Wells {number}", country="KE", city="Kisumu", focus=["water"], description="Digs wells."
        )
        catch_up()


def forget(app: Flask) -> None:
    """What a process does that starts now."""
    app.extensions["search"] = WhooshBackend(whoosh().store.folder, follow=False)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_pages_answer_from_the_database_and_the_worker_makes_a_new_index(
    app: Flask, client: FlaskClient, kisumu: None, damage: Callable[[IndexStore], None]
) -> None:
    damage(whoosh().store)
    forget(app)
    for path in PAGES:
        page = client.get(path)
        assert page.status_code == 200, path
        assert "Kisumu Wells 3" in page.text, path
    assert SENTENCE in client.get("/organisations").text and SENTENCE in client.get("/search?q=kisumu").text
    for path in (*OTHERS, *CALLS):
        assert client.get(path).status_code == 200, path
    for call in CALLS:
        assert client.get(call).get_json()["total"] == 6, call
    catch_up()
    forget(app)
    assert differences() == []
    found = client.get("/search?q=kisumu").text
    assert SENTENCE not in found and "Kisumu Wells 3" in found
    assert client.get("/healthz").status_code == 200


def test_every_flipped_bit_is_found_by_the_check(app: Flask, kisumu: None) -> None:
    whoosh().store.compact()
    assert differences() == []
    for path in files("")(whoosh().store):
        content = path.read_bytes()
        for place in (0, len(content) // 3, len(content) - 1):
            path.write_bytes(content[:place] + bytes([content[place] ^ 16]) + content[place + 1 :])
            assert differences(), f"{path.name} at {place}"
        path.write_bytes(content)
    assert differences() == []


def test_an_index_older_than_the_database_is_followed_and_one_that_is_newer_is_made_again(
    app: Flask, kisumu: None
) -> None:
    """The database was brought back from a copy: the index knows of things that never were."""
    store = whoosh().store
    store.apply([], [], store.position + 1000)
    catch_up()
    assert differences() == []


def hide(id: int) -> None:
    with transaction():
        entry = db.session.get_one(Organisation, id)
        lock(entry)
        entry.audience, entry.updated = "members", now()
        record(entry, "hidden", None, actor=make.someone(), note="for members only")


def remove(id: int) -> None:
    remove_entry(db.session.get_one(Organisation, id), actor=Cast().mo, note="by mistake")


@pytest.mark.parametrize("act", [hide, remove], ids=["made members-only", "removed"])
def test_what_was_hidden_a_moment_ago_is_shown_nowhere_though_the_index_still_holds_it(
    app: Flask, client: FlaskClient, act: Callable[[int], None]
) -> None:
    made = make.organisation("Quetzal Refuge", country="GT", description="Shelter for those who need not be found.")
    others = [make.organisation(f"Plain {number}", country="GT") for number in range(2)]
    catch_up()
    page, slug, id = "/search?q=quetzal", made.slug, made.id
    assert "Quetzal Refuge" in client.get(page).text
    act(id)
    db.session.remove()
    held = whoosh().store.keys()
    assert id in held, "the follower stands still"
    for path in (
        page,
        "/organisations",
        "/organisations?q=quetzal",
        "/search?q=refuge",
        "/organisations?country=GT",
        "/organisations/filters",
    ):
        assert "Quetzal Refuge" not in client.get(path).text, path
    for path in (
        "/search.atom?q=quetzal",
        "/search/complete?q=que",
        "/api/v1/search?q=quetzal",
        "/api/v1/organisations?q=quetzal",
        "/api/v1/organisations",
        "/sitemap.xml",
    ):
        answer = client.get(path)
        assert answer.status_code == 200 and "refuge" not in answer.text.lower(), path
    assert (
        client.get(f"/organisations/{slug}").status_code
        == client.get(f"/e/{id}", follow_redirects=True).status_code
        != 200
    )
    assert client.get(f"/api/v1/organisations/{id}").status_code in (404, 410)
    assert "Quetzal" not in client.get(f"/organisations/{others[0].slug}").text
    assert client.get("/api/v1/search?q=quetzal").get_json()["total"] == 0
    catch_up()
    assert "Quetzal Refuge" not in client.get(page).text
    if act is hide:
        assert "Quetzal Refuge" in sign_in(app.test_client(), Cast().chi).get(page).text
