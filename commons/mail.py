"""Letters on their way out: to a mail server, to a folder, or nowhere.

`deliver` does one letter and either returns, or says whether trying again can help: MailDown (the server is away, slow
or asks for patience), MailUnsure (it went away when it had the letter) or MailRefused (it will not take this letter, today
or tomorrow). Waiting and trying again is the worker's affair. The Message-ID belongs to the letter, so that a letter sent
twice by accident is still one letter.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, getaddresses, make_msgid
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import idna

SECONDS = 20.0
_BREAK = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]|[\ud800-\udfff]")
_OURS = {"from", "to", "cc", "bcc", "subject", "date", "message-id", "auto-submitted", "mime-version", "sender"}


class MailDown(Exception):
    """Not now: try again later."""


class MailUnsure(MailDown):
    """The server had the whole letter and went away without an answer: perhaps it was taken."""


class MailRefused(Exception):
    """Not ever: the letter or its address is wrong for that server."""


@dataclass(frozen=True, slots=True)
class Letter:
    to: str
    subject: str
    text: str
    html: str = ""
    message_id: str = field(default_factory=lambda: make_msgid(domain="commons.invalid"))
    headers: Mapping[str, str] = field(default_factory=dict)


class _Unbroken(EmailPolicy):
    """A header without a space, as an address of the web, goes out in one piece: breaking it up means spelling it in a way
    that programs which look for the address do not read."""

    def fold_binary(self, name: str, value: str) -> bytes:
        whole = f"{name}: {value}"
        if name.lower().startswith("list-") and value.isascii() and " " not in value and len(whole) < 998:
            return whole.encode() + self.linesep.encode()
        return super().fold_binary(name, value)


PLAIN = _Unbroken(linesep="\r\n")
BEYOND_ASCII = PLAIN.clone(utf8=True)


class _Envelope(NamedTuple):
    sender: str
    to: str
    message: EmailMessage

    @property
    def beyond_ascii(self) -> bool:
        return not (self.sender + self.to).isascii()

    def as_bytes(self) -> bytes:
        return self.message.as_bytes(policy=BEYOND_ASCII if self.beyond_ascii else PLAIN)


def deliver(letter: Letter, mail_url: str, *, sender: str = "Common Ground <noreply@localhost>") -> None:
    """Raises ValueError for a letter that must not be sent to anybody (a line break in a header, no address)."""
    url = urlsplit(mail_url)
    envelope = _envelope(letter, sender)
    if url.scheme == "file":
        _file(envelope.as_bytes(), Path(unquote(url.netloc + url.path)))
    elif url.scheme == "smtp":
        _send(envelope, url)
    elif url.scheme != "null":
        raise ValueError(f"MAIL_URL begins with file:, smtp:// or null:, not {url.scheme}:")


def _envelope(letter: Letter, sender: str) -> _Envelope:
    message = EmailMessage(policy=PLAIN)
    to, ours = _address(letter.to), _address(sender)
    message["From"], message["To"] = ours, to
    message["Subject"] = _line(letter.subject)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = _line(letter.message_id)
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        if name.lower() in _OURS or not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,60}", name):
            raise ValueError(f"{name!r} is not a header that a letter may set")
        message[name] = _line(value)
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    return _Envelope(ours.addr_spec, to.addr_spec, message)


def _line(text: str) -> str:
    if _BREAK.search(text):
        raise ValueError("a line break or control character in a header")
    return text


def _address(text: str) -> Address:
    """`ana@example.org` or `Ana <ana@example.org>`; the domain in its ASCII form."""
    (shown, spec), *others = getaddresses([_line(text)])
    local, at, domain = spec.rpartition("@")
    if others or not (local and at) or re.search(r"[\s,;<>()\[\]\\\":]", spec):
        raise ValueError("not an e-mail address")
    try:
        domain = idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError("not an e-mail address") from error
    return Address(display_name=shown, username=local, domain=domain)


def _file(message: bytes, folder: Path) -> None:
    """One .eml per letter, in the order they came; a reader never sees half of one."""
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"
    part = folder / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(message)
        part.rename(folder / f"{name}.eml")
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise MailDown(f"the mail folder cannot be written: {error.strerror}") from error


def _send(envelope: _Envelope, url: SplitResult) -> None:
    try:
        _hand_over(envelope, url)
    except smtplib.SMTPAuthenticationError as error:
        raise MailDown(f"the mail server does not accept our password ({error.smtp_code})") from error
    except smtplib.SMTPResponseException as error:
        raise _verdict(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailDown(f"the mail server is not to be reached: {error}") from error


def _hand_over(envelope: _Envelope, url: SplitResult) -> None:
    server = _connected(url)
    try:
        if envelope.beyond_ascii and not server.has_extn("smtputf8"):
            raise MailRefused("the mail server takes no addresses with letters beyond ASCII")
        options = ("SMTPUTF8", "BODY=8BITMIME") if envelope.beyond_ascii else ()
        _said(server.mail(envelope.sender, options), 250)
        _said(server.rcpt(envelope.to), 250, 251)
        _said(server.docmd("DATA"), 354)
        _said(_content(server, envelope.as_bytes()), 250)
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()  # the letter is taken: a server that is slow to say goodbye must not get it twice
    finally:
        server.close()


def _content(server: smtplib.SMTP, message: bytes) -> tuple[int, bytes]:
    """Everything behind DATA, where a line that is only a dot would be the end."""
    try:
        server.send(re.sub(rb"(?m)^\.", b"..", message).removesuffix(b"\r\n") + b"\r\n.\r\n")
        return server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise MailUnsure(f"the mail server went away without an answer: {error}") from error


def _said(answer: tuple[int, bytes], *right: int) -> None:
    if answer[0] not in right:
        raise _verdict(*answer)


def _connected(url: SplitResult) -> smtplib.SMTP:
    wishes = {key: values[-1] for key, values in parse_qs(url.query).items()}
    how = wishes.get("tls", "starttls" if url.username else "none")
    seconds = float(wishes.get("timeout", SECONDS))
    host = url.hostname or "localhost"
    if how not in ("starttls", "ssl", "none"):
        raise ValueError("MAIL_URL: tls is starttls, ssl or none")
    secure = ssl.create_default_context()
    if how == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=seconds, context=secure)
    else:
        server = smtplib.SMTP(host, url.port or (587 if how == "starttls" else 25), timeout=seconds)
    try:
        if how == "starttls":
            server.starttls(context=secure)
        server.ehlo_or_helo_if_needed()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _verdict(code: int, said: bytes | str) -> MailDown | MailRefused:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    kind = MailRefused if 500 <= code < 600 else MailDown
    return kind(f"the mail server answered {code} {words}")
