"""The servers and the browser that other tests stand on are real and answer."""

from __future__ import annotations

import smtplib
import struct
import time
from email.message import EmailMessage

import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests import chromium, services


def test_postgresql_starts_keeps_what_it_is_told_and_forgets_a_dropped_database() -> None:
    with services.postgres() as server:
        with server.database() as url:
            engine = create_engine(url)
            with engine.begin() as link:
                assert int(link.scalar(text("SHOW server_version_num"))) >= 150000
                link.execute(text("CREATE TABLE word (text text)"))
                link.execute(text("INSERT INTO word VALUES ('café'), ('水')"))
            with engine.connect() as link:
                assert link.scalars(text("SELECT text FROM word ORDER BY text")).all() == ["café", "水"]
        engine.dispose()
        with pytest.raises(OperationalError, match="does not exist"), create_engine(url).connect():
            pass


def test_a_replica_follows_its_primary() -> None:
    with services.postgres() as server:
        if server.cluster is None:
            pytest.skip("COMMONS_TEST_PG names a server that is not ours to copy")
        primary, replica = create_engine(server.address), create_engine(server.cluster.replica())
        with primary.begin() as link:
            link.execute(text("CREATE TABLE word AS SELECT 'water' AS text"))
        with replica.connect() as link:
            assert link.scalar(text("SELECT pg_is_in_recovery()")) is True
            for _ in range(200):
                if link.scalar(text("SELECT count(*) FROM pg_tables WHERE tablename = 'word'")):
                    break
                link.rollback()
                time.sleep(0.02)
            assert link.scalar(text("SELECT text FROM word")) == "water"
        primary.dispose()
        replica.dispose()


def test_valkey_counts_as_redis_would() -> None:
    with services.valkey() as url, redis.Redis.from_url(url) as client:
        assert client.incr("visits") == 1
        assert client.incr("visits") == 2


def test_a_mail_arrives_with_its_subject_its_text_and_its_recipients() -> None:
    with services.smtp() as postbox:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "site@example.org", "ana@example.org", "Für Ana: нова тема"
        mail.set_content("Hello — and welcome.\n")
        host, port = postbox.url.removeprefix("smtp://").split(":")
        with smtplib.SMTP(host, int(port)) as link:
            link.send_message(mail)
    (received,) = postbox.received
    assert (received.sender, received.recipients) == ("site@example.org", ["ana@example.org"])
    assert received.message["Subject"] == "Für Ana: нова тема"
    assert received.message.get_content().strip() == "Hello — and welcome."


def test_chromium_runs_a_script_draws_a_form_and_takes_its_picture() -> None:
    with chromium.browser() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 200})
        page.set_content("<h1>Água</h1><label>Name <input></label><script>document.title = 6 * 7</script>")
        page.get_by_label("Name").fill("Ana")
        assert page.title() == "42"
        assert page.get_by_role("heading").bounding_box() is not None
        picture = page.screenshot()
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (320, 200)
