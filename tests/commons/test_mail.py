"""Letters against a real mail server in every mood: friendly, slow, full, refusing, and not there."""

from __future__ import annotations

import asyncio
import email.policy
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from commons.mail import Letter, MailDown, MailRefused, deliver

LETTER = Letter(
    "Ana <ana@example.org>", "Grüße from the heap", "Hello Ana\n\nWarm — 60 °C.\n", "<p>Hello <b>Ana</b></p>"
)


class Mood:
    def __init__(self) -> None:
        self.says = {"RCPT": "250 ok", "DATA": "250 taken"}
        self.waits = 0.0
        self.taken: list[Envelope] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self.waits)
        envelope.rcpt_tos.append(address)
        return self.says["RCPT"]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.says["DATA"].startswith("250"):
            self.taken.append(envelope)
        return self.says["DATA"]

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return self.says.get("QUIT", "221 bye")

    def message(self) -> EmailMessage:
        (envelope,) = self.taken
        assert isinstance(envelope.content, bytes)
        return _read(envelope.content)


def _read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture
def mood() -> Mood:
    return Mood()


@pytest.fixture
def server(mood: Mood) -> Iterator[str]:
    controller = Controller(mood, hostname="127.0.0.1", port=_free_port(), enable_SMTPUTF8=True)
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}?tls=none&timeout=2"
    controller.stop()


def test_a_letter_arrives_as_text_and_html(server: str, mood: Mood) -> None:
    deliver(LETTER, server, sender="Common Ground <noreply@site.org>")
    message = mood.message()
    assert mood.taken[0].mail_from == "noreply@site.org" and mood.taken[0].rcpt_tos == ["ana@example.org"]
    assert message["Subject"] == "Grüße from the heap" and message["From"] == "Common Ground <noreply@site.org>"
    assert (
        message["Auto-Submitted"] == "auto-generated" and message["Date"] and message["Message-ID"] == LETTER.message_id
    )
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and text.get_content().replace("\r\n", "\n") == LETTER.text
    assert html is not None and html.get_content().strip() == LETTER.html


def test_a_letter_keeps_its_id_when_it_is_sent_again(server: str, mood: Mood) -> None:
    deliver(LETTER, server)
    deliver(LETTER, server)
    assert len({_read(e.content)["Message-ID"] for e in mood.taken if isinstance(e.content, bytes)}) == 1
    assert Letter("a@b.org", "", "").message_id != Letter("a@b.org", "", "").message_id


def test_letters_may_carry_headers_of_their_own(server: str, mood: Mood) -> None:
    deliver(Letter("a@b.org", "s", "t", headers={"List-Unsubscribe": "<https://site.org/off>"}), server)
    assert mood.message()["List-Unsubscribe"] == "<https://site.org/off>"


def test_a_domain_in_any_script_is_reached_by_its_ascii_form(server: str, mood: Mood) -> None:
    deliver(Letter("Jörg <info@bücher.de>", "s", "t"), server)
    assert (
        mood.taken[0].rcpt_tos == ["info@xn--bcher-kva.de"] and mood.message()["To"] == "Jörg <info@xn--bcher-kva.de>"
    )


def test_a_name_in_any_script_before_the_at_sign_is_reached_where_the_server_knows_how(server: str, mood: Mood) -> None:
    deliver(Letter("用户@example.org", "s", "t"), server)
    assert mood.taken[0].rcpt_tos == ["用户@example.org"]


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "meaning"), [("451 later", MailDown), ("421 full", MailDown), ("550 no such person", MailRefused)]
)
def test_the_answer_says_whether_to_try_again(
    server: str, mood: Mood, step: str, answer: str, meaning: type[Exception]
) -> None:
    mood.says[step] = answer
    with pytest.raises(meaning, match=answer):
        deliver(LETTER, server)


def test_a_slow_server_is_tried_again(server: str, mood: Mood) -> None:
    mood.waits = 3
    with pytest.raises(MailDown):
        deliver(LETTER, server.replace("timeout=2", "timeout=0.3"))
    assert mood.taken == []


def test_a_server_that_says_goodbye_badly_has_the_letter_all_the_same(server: str, mood: Mood) -> None:
    mood.says["QUIT"] = "451 not yet"
    deliver(LETTER, server)
    assert len(mood.taken) == 1


def test_a_dead_server_is_tried_again() -> None:
    with pytest.raises(MailDown):
        deliver(LETTER, f"smtp://127.0.0.1:{_free_port()}?tls=none&timeout=1")


def test_a_door_behind_which_nobody_speaks_is_tried_again() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(MailDown):
            deliver(LETTER, f"smtp://127.0.0.1:{silent.getsockname()[1]}?tls=none&timeout=0.3")


def test_a_server_without_the_encryption_we_ask_for_gets_nothing(server: str, mood: Mood) -> None:
    for tls in ("starttls", "ssl"):
        with pytest.raises(MailDown):
            deliver(LETTER, server.replace("tls=none", f"tls={tls}"))
    assert mood.taken == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(("password", "right"), [("s%40cret", True), ("wrong", False)])
def test_a_password_is_shown_when_there_is_one(mood: Mood, password: str, right: bool) -> None:
    def ask(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ana", b"s@cret")
        return AuthResult(success=known)

    controller = Controller(
        mood, hostname="127.0.0.1", port=_free_port(), authenticator=ask, auth_required=True, auth_require_tls=False
    )
    controller.start()
    try:
        url = f"smtp://ana:{password}@127.0.0.1:{controller.port}?tls=none&timeout=2"
        if right:
            deliver(LETTER, url)
        else:
            with pytest.raises(MailDown):
                deliver(LETTER, url)
    finally:
        controller.stop()
    assert len(mood.taken) == right


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: all@example.org", "x\nBcc: a@b.org", "x\rBcc: a@b.org", "x\x00", "x\u2028Bcc: a", "x\x85y"]
)
def test_a_line_break_in_a_header_is_refused(tmp_path: Path, evil: str) -> None:
    letters = [
        Letter("a@b.org", evil, "t"),
        Letter(f"{evil} <a@b.org>", "s", "t"),
        Letter(f"a@b.org{evil}", "s", "t"),
        Letter("a@b.org", "s", "t", message_id=evil),
        Letter("a@b.org", "s", "t", headers={"X-Kind": evil}),
        Letter("a@b.org", "s", "t", headers={f"X-{evil}": "v"}),
    ]
    for letter in letters:
        with pytest.raises(ValueError):
            deliver(letter, f"file:{tmp_path}")
    with pytest.raises(ValueError):
        deliver(LETTER, f"file:{tmp_path}", sender=f"{evil} <a@b.org>")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address", ["", "ana", "@x.org", "ana@", "a@b@c.org", "a@b.org, c@d.org", "a@-b.com", "a b@c.org", '"><img>@x.org']
)
def test_what_is_no_address_gets_no_letter(address: str) -> None:
    with pytest.raises(ValueError):
        deliver(Letter(address, "s", "t"), "null:")


@pytest.mark.parametrize("name", ["Bcc", "to", "SUBJECT", "From", "Message-ID"])
def test_a_letter_does_not_set_the_headers_that_are_ours(name: str) -> None:
    with pytest.raises(ValueError):
        deliver(Letter("a@b.org", "s", "t", headers={name: "x"}), "null:")


def test_letters_in_a_folder_are_whole_private_and_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "mail"
    for number in range(20):
        deliver(Letter("a@b.org", f"Letter {number} ü", "t" * 100_000), f"file:{folder}")
    files = sorted(folder.iterdir())
    assert [_read(file.read_bytes())["Subject"] for file in files] == [f"Letter {n} ü" for n in range(20)]
    assert all(file.suffix == ".eml" and file.stat().st_mode & 0o077 == 0 for file in files)


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(MailDown):
        deliver(LETTER, f"file:{tmp_path / 'mail'}")


def test_null_takes_everything_and_an_unknown_way_nothing() -> None:
    deliver(LETTER, "null:")
    with pytest.raises(ValueError):
        deliver(LETTER, "carrier-pigeon:")
