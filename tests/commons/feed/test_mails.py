"""Mails: an ask at once, a digest when it is due; written and allowed at the moment they are sent, each with its own way to stop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient

from commons.db import db, now, transaction
from commons.entries.actions import remove_entry
from commons.entries.followers import position
from commons.entries.hiding import show_to
from commons.feed.actions import change_wishes, follow_asks, follow_digests, mark_seen, posting, watch
from commons.feed.models import Digest, Watch
from commons.feed.queries import wishes_of
from commons.forums.actions import remove_post
from commons.forums.models import Topic
from commons.mail import Letter, deliver
from commons.members.models import Outgoing
from commons.members.post import send_due
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.feed import makers
from tests.commons.feed.makers import block, changed, leave
from tests.commons.test_mail import Mood, _read
from tests.services import free_port
from wiki.actions import edit_page


@pytest.fixture
def mood(app: Flask) -> Iterator[Mood]:
    made = Mood()
    controller = Controller(made, hostname="127.0.0.1", port=free_port())
    controller.start()
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{controller.port}?tls=none&timeout=2"
    yield made
    controller.stop()


def mails(mood: Mood) -> list[Any]:
    return [_read(one.content) for one in mood.taken if isinstance(one.content, bytes)]


def text(mail: Any, kind: str = "plain") -> str:
    return str(mail.get_body((kind,)).get_content())


def due(*, days: float = 8) -> None:
    """So many days pass for whatever waits."""
    with transaction():
        for row in db.session.query(Digest).all():
            row.due -= timedelta(days=days)
        for one in db.session.query(Outgoing).all():
            one.due = now()


def worker() -> None:
    follow_asks(position("asks"))
    follow_digests(0)
    send_due()


def mentioned(cast: Cast, **values: Any) -> Any:
    return make.page("Wells", "What does @ben think?", actor=cast.chi, **values)


def test_a_mention_becomes_one_mail_at_once_with_text_and_html(app: Flask, cast: Cast, mood: Mood) -> None:
    mentioned(cast)
    worker()
    worker()
    (mail,) = mails(mood)
    assert mail["To"] == "ben@example.org" and "Chi mentioned you in “Wells”" in mail["Subject"]
    for kind in ("plain", "html"):
        assert "Chi mentioned you in “Wells”" in text(mail, kind) and "http://localhost/e/" in text(mail, kind)
    assert "<img" not in text(mail, "html") and mail["Message-ID"].startswith("<ask-")
    assert db.session.query(Outgoing).count() == 0


def _revoked(page: Any, cast: Cast) -> None:
    show_to(page, "group:99", actor=cast.ana)


def _removed(page: Any, cast: Cast) -> None:
    remove_entry(page, actor=cast.mo, note="spam")


def _read_it(page: Any, cast: Cast) -> None:
    mark_seen(page, actor=cast.ben)


def _muted(page: Any, cast: Cast) -> None:
    watch(page, actor=cast.ben, how="muted")


def _blocked(page: Any, cast: Cast) -> None:
    block(cast.ben, cast.chi)


def _unwanted(page: Any, cast: Cast) -> None:
    change_wishes({"asks": "never"}, actor=cast.ben)


def _gone(page: Any, cast: Cast) -> None:
    with transaction():
        cast.ben.state = "suspended"


@pytest.mark.parametrize("change", [_revoked, _removed, _read_it, _muted, _blocked, _unwanted, _gone])
def test_what_changed_while_the_worker_stood_still_is_asked_again_before_sending(
    app: Flask, cast: Cast, mood: Mood, change: Any
) -> None:
    page = mentioned(cast)
    follow_asks(0)
    assert db.session.query(Outgoing).count() == 1
    change(page, cast)
    worker()
    assert mails(mood) == [] and db.session.query(Outgoing).count() == 0


def test_a_seat_that_was_taken_away_stops_the_mail(app: Flask, cast: Cast, mood: Mood) -> None:
    village = makers.group("Village", cast.ben, actor=cast.ana, private=True)
    topic = makers.topic("Lamps", actor=cast.ana, within=village, sort="share")
    makers.post(topic, "What says @ben?", actor=cast.ana)
    follow_asks(0)
    leave(cast.ben, village.door)
    worker()
    assert mails(mood) == []


def test_of_a_private_group_a_mail_says_the_title_and_of_a_talk_not_even_that(
    app: Flask, cast: Cast, mood: Mood
) -> None:
    village = makers.group("Village", cast.ben, actor=cast.ana, private=True)
    topic = makers.topic("Lamps", actor=cast.ana, within=village, sort="share")
    makers.post(topic, "Sesamwort for @ben", actor=cast.ana)
    makers.sit(cast.ben, "talk:1")
    talk = makers.topic("Kirschkern", actor=cast.ana, audience="talk:1", sort="talk")
    makers.post(talk, "Apfelmus for @ben", actor=cast.ana)
    worker()
    told = [str(mail) + text(mail) + text(mail, "html") for mail in mails(mood)]
    assert len(told) == 2 and "Lamps" in told[0] and "wrote to you" in told[1]
    for word in ("Sesamwort", "Kirschkern", "Apfelmus"):
        assert not any(word in one for one in told), word


def digest_of(cast: Cast) -> Topic:
    topic = makers.topic("Lamps", actor=cast.ana, within=makers.forum("Talk", actor=cast.mo))
    watch(topic, actor=cast.ben)
    makers.post(topic, actor=cast.chi)
    return topic


def test_a_digest_tells_once_what_is_new_and_nothing_of_my_own(app: Flask, cast: Cast, mood: Mood) -> None:
    topic = digest_of(cast)
    makers.post(topic, actor=cast.ben)
    worker()
    assert mails(mood) == [], "not before it is due"
    due()
    worker()
    (mail,) = mails(mood)
    assert mail["Message-ID"].startswith("<digest-") and "1 new post by Chi" in text(mail)
    assert "Lamps" in text(mail, "html") and text(mail).count("Lamps") == 1
    due()
    worker()
    assert len(mails(mood)) == 1, "an empty one is never sent"


def test_a_thread_that_stands_in_two_followed_things_is_told_in_one_mail_once(
    app: Flask, cast: Cast, mood: Mood
) -> None:
    village = makers.group("Village", cast.ben, actor=cast.ana)
    topic = makers.topic("Lamps", actor=cast.ana, within=village, sort="share")
    pumps = make.organisation("Pumps")
    for one in (village, topic, pumps, makers.profile(cast.chi)):
        watch(one, actor=cast.ben)
    makers.post(topic, actor=cast.chi)
    changed(pumps, cast.chi, "moved")
    due()
    worker()
    subjects = sorted(mail["Subject"] for mail in mails(mood))
    assert subjects == ["Common Ground: 1 thing that you follow", "Common Ground: News of Village"]
    assert sum(text(mail).count("* Lamps") for mail in mails(mood)) == 1
    assert sum(text(mail).count("* Pumps") for mail in mails(mood)) == 1


def test_what_a_mail_of_its_own_asked_about_is_not_told_again(app: Flask, cast: Cast, mood: Mood) -> None:
    topic = digest_of(cast)
    mark_seen(topic, actor=cast.ben)
    makers.post(topic, "What does @ben think?", actor=cast.chi)
    due()
    worker()
    assert [mail["Message-ID"][:5] for mail in mails(mood)] == ["<ask-"]


def test_who_wants_asks_with_the_digest_gets_them_there_and_not_at_once(app: Flask, cast: Cast, mood: Mood) -> None:
    change_wishes({"asks": "digest"}, actor=cast.ben)
    watch(make.page("Pumps"), actor=cast.ben)
    mentioned(cast)
    worker()
    assert mails(mood) == []
    due()
    worker()
    (mail,) = mails(mood)
    assert "Chi mentioned you in “Wells”" in text(mail)


@pytest.mark.parametrize("change", ["post", "narrow", "leave"])
def test_a_digest_holds_what_may_be_seen_when_it_is_sent(app: Flask, cast: Cast, mood: Mood, change: str) -> None:
    village = makers.group("Village", cast.ben, actor=cast.ana, private=change == "leave")
    topic = makers.topic("Lamps", actor=cast.ana, within=village, sort="share")
    watch(topic, actor=cast.ben)
    said = makers.post(topic, actor=cast.ana)
    due()
    follow_digests(0)
    assert db.session.query(Outgoing).count() == 1
    if change == "post":
        remove_post(said, actor=cast.mo, note="spam")
    elif change == "narrow":
        leave(cast.ben, village.door)
        show_to(village, village.door, actor=cast.ana)
    else:
        leave(cast.ben, village.door)
    worker()
    assert mails(mood) == []


def test_a_digest_run_that_is_killed_half_way_tells_nobody_twice_and_leaves_nobody_out(
    app: Flask, cast: Cast, mood: Mood, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make.page("Wells")
    everybody = (cast.ben, cast.chi, cast.mo)
    for member in everybody:
        watch(page, actor=member)
    for text_now in ("Deeper.", "Deeper still."):
        edit_page(page, {"text": text_now}, version=page.version, actor=cast.ana)
    due()
    written = posting._digest

    def killed(row: Digest) -> None:
        """The second one dies inside its transaction, when everything is written and nothing is kept."""
        with transaction():
            written(row)
            if row.member_id == cast.chi.id:
                raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(posting, "_digest", killed)
        with pytest.raises(KeyboardInterrupt):
            follow_digests(0)
    db.session.rollback()
    worker()
    worker()
    assert sorted(mail["To"] for mail in mails(mood)) == sorted(str(member.email) for member in everybody)


def stop_link(mail: Any) -> str:
    found = re.fullmatch(r"<http://localhost(/stop-mails/[\w.-]+)>", mail["List-Unsubscribe"])
    assert found and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", mail["List-Unsubscribe"]
    return found[1]


def test_the_header_stops_its_kind_of_mails_by_one_post_signed_out(
    app: Flask, cast: Cast, mood: Mood, client: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    mentioned(cast)
    worker()
    link = stop_link(mails(mood)[0])
    assert client.get(link).status_code == 200 and wishes_of(cast.ben).asks == "now"
    assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    db.session.expire_all()
    assert wishes_of(cast.ben).asks == "never" and wishes_of(cast.ben).digest == "weekly"
    assert wishes_of(cast.chi).asks == "now"
    assert client.post(link + "x").status_code == 404 and client.get("/stop-mails/x").status_code == 404


def test_the_digest_of_a_group_stops_for_that_group_alone_and_the_choice_stays(
    app: Flask, cast: Cast, mood: Mood, client: FlaskClient
) -> None:
    village = makers.group("Village", cast.ben, actor=cast.ana)
    watch(village, actor=cast.ben)
    makers.topic("Lamps", actor=cast.ana, within=village, sort="share")
    due()
    worker()
    client.post(stop_link(mails(mood)[0]), data={"List-Unsubscribe": "One-Click"})
    db.session.expire_all()
    assert (
        db.session.get_one(Watch, (cast.ben.id, village.id)).mail == "never" and wishes_of(cast.ben).digest == "weekly"
    )
    makers.topic("Pumps", actor=cast.ana, within=village, sort="share")
    due()
    worker()
    assert len(mails(mood)) == 1


def test_members_choose_their_mails_on_a_page(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    assert "A mail at once" in client.get("/settings/mails").text
    assert client.post("/settings/mails", data={"asks": "digest", "digest": "daily"}).status_code == 303
    db.session.expire_all()
    assert (wishes_of(cast.ben).asks, wishes_of(cast.ben).digest) == ("digest", "daily")
    assert client.post("/settings/mails", data={"asks": "loudly", "digest": "daily"}).status_code == 422


# --- the server's moods ---


def test_a_server_that_asks_for_patience_gets_the_same_letter_later(app: Flask, cast: Cast, mood: Mood) -> None:
    mood.says["DATA"] = "451 later"
    mentioned(cast)
    worker()
    (row,) = db.session.query(Outgoing).all()
    assert row.tries == 1 and "451" in row.fault and row.due > now()
    mood.says["DATA"] = "250 taken"
    due()
    worker()
    assert len(mails(mood)) == 1 and db.session.query(Outgoing).count() == 0


def test_a_letter_that_is_refused_for_good_is_given_up_and_holds_up_no_other(
    app: Flask, cast: Cast, mood: Mood, caplog: pytest.LogCaptureFixture
) -> None:
    mood.says["DATA"] = "550 never"
    mentioned(cast)
    worker()
    assert db.session.query(Outgoing).count() == 0 and "given up" in caplog.text


def test_a_letter_that_never_leaves_is_given_up_after_two_days(
    app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{free_port()}?tls=none&timeout=1"
    mentioned(cast)
    worker()
    (row,) = db.session.query(Outgoing).all()
    assert row.tries == 1 and "perhaps" not in row.fault
    for _day in range(3):
        with transaction():
            row.created, row.due = row.created - timedelta(days=1), now()
        send_due()
    assert db.session.query(Outgoing).count() == 0 and "given up" in caplog.text


def test_a_server_that_dies_with_the_letter_in_its_hands_gets_it_once_more_under_the_same_name(
    app: Flask, cast: Cast, mood: Mood
) -> None:
    kept: list[Any] = []

    async def dies(server: Any, session: Any, envelope: Any) -> str:
        kept.append(_read(envelope.content))
        server.transport.abort()
        return "250 never heard"

    mood.handle_DATA = dies  # type: ignore[method-assign]
    mentioned(cast)
    worker()
    for _time in range(4):
        due()
        send_due()
    assert len(kept) == 2 and len({mail["Message-ID"] for mail in kept}) == 1
    assert db.session.query(Outgoing).count() == 0


def test_a_worker_that_dies_between_sending_and_noting_it_sends_at_most_one_copy_more(
    app: Flask, cast: Cast, mood: Mood, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any) -> bool:
        raise KeyboardInterrupt

    mentioned(cast)
    follow_asks(0)
    with monkeypatch.context() as patched:
        patched.setattr("commons.members.post._done", dies)
        for _time in range(4):
            with pytest.raises(KeyboardInterrupt):
                send_due()
            db.session.rollback()
    send_due()
    assert len(mails(mood)) == 2 and len({mail["Message-ID"] for mail in mails(mood)}) == 1
    assert db.session.query(Outgoing).count() == 0


def test_a_letter_nobody_can_write_waits_and_the_others_go(app: Flask, cast: Cast, mood: Mood) -> None:
    with transaction():
        db.session.add(Outgoing(recipient="x@example.org", letter="nobody's", key="strange"))
    mentioned(cast)
    worker()
    assert len(mails(mood)) == 1
    (row,) = db.session.query(Outgoing).all()
    assert row.tries == 1 and "KeyError" in row.fault


def test_a_slow_server_is_tried_again(app: Flask, cast: Cast, mood: Mood) -> None:
    app.config["MAIL_URL"] = app.config["MAIL_URL"].replace("timeout=2", "timeout=0.3")
    mood.waits = 2
    mentioned(cast)
    worker()
    (row,) = db.session.query(Outgoing).all()
    assert row.tries == 1 and mails(mood) == []


def test_a_long_address_in_a_header_stays_in_one_piece(app: Flask, mood: Mood) -> None:
    from_site = f"<https://community.example.org/stop-mails/{'a' * 90}>"
    deliver(Letter("a@b.org", "s", "t", headers={"List-Unsubscribe": from_site}), app.config["MAIL_URL"])
    (one,) = mood.taken
    assert isinstance(one.content, bytes) and b"List-Unsubscribe: " + from_site.encode() in one.content
