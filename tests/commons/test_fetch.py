"""Servers on loopback that behave and that do not; and every spelling of an address that must never be called."""

from __future__ import annotations

import gzip
import resource
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import pytest

from commons.fetch import (
    BROKEN,
    NO_ADDRESS,
    NOWHERE,
    ROUND,
    SLOW,
    TOO_MUCH,
    UNSAFE,
    Address,
    Fetched,
    Unreachable,
    fetch,
    public,
)

Serve = Callable[[socket.socket, bytes], None]
NEWS = "news.example.org"
# made for this test alone: for news.example.org, from 2020 to 2120, known to nobody as an authority
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBhTCCASygAwIBAgIBATAKBggqhkjOPQQDAjAbMRkwFwYDVQQDDBBuZXdzLmV4
YW1wbGUub3JnMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAbMRkw
FwYDVQQDDBBuZXdzLmV4YW1wbGUub3JnMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAEat2PndJ5Tx8ZaU+/tKslGWd/QDKL/XqB4eSvkQvM/0rBW78PPFpH7tIS/0XZ
UtSrRMfE69P+BPYSIxml3ZerUqNfMF0wGwYDVR0RBBQwEoIQbmV3cy5leGFtcGxl
Lm9yZzAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIChDAdBgNVHQ4EFgQU
D5UsWrPZJQ+L2k8nRbY6GYDPerMwCgYIKoZIzj0EAwIDRwAwRAIgKurNdh487fqT
HSRTcvqNyHW3EjgPh2UY+yqN1z2t0T0CICWwyx4GyABpZItTxpBZRlV1TGsAMY6t
lQH7SnLOlRyd
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg99kR72oMuOsqdc4u
wL170O1XltnRVoQJ84A97ijbUFKhRANCAARq3Y+d0nlPHxlpT7+0qyUZZ39AMov9
eoHh5K+RC8z/SsFbvw88Wkfu0hL/RdlS1KtEx8Tr0/4E9hIjGaXdl6tS
-----END PRIVATE KEY-----
"""


class Names:
    """A name service that answers what it was told, one answer after the other, and counts the questions."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), list[str]()

    def __call__(self, name: str) -> list[str]:
        self.asked.append(name)
        return self.answers.pop(0) if self.answers else []


def loopback(address: Address) -> bool:
    return address == ip_address("127.0.0.1")


@contextmanager
def serving(*answers: Serve, certificate: Path | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """A port of loopback where each call gets the next answer, and what the callers said; the last answer stays."""
    heard: list[bytes] = []
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    def serve() -> None:
        while True:
            try:
                line, _caller = door.accept()
            except OSError:
                return
            with line, suppress(OSError):
                line.settimeout(10)
                secured = context.wrap_socket(line, server_side=True) if context else line
                with secured:
                    heard.append(secured.recv(10_000))
                    answers[min(len(heard), len(answers)) - 1](secured, heard[-1])

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield door.getsockname()[1], heard
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join(15)


def saying(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> Serve:
    said = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]

    def answer(line: socket.socket, _asked: bytes) -> None:
        line.sendall("\r\n".join([*said, "", ""]).encode() + body)

    return answer


def moved(to: str) -> Serve:
    return saying(b"", f"Location: {to}", status="302 Found")


def read(port: int, path: str = "/", **how: object) -> Fetched:
    given: dict[str, object] = {"allowed": loopback, "ports": {port}, "seconds": 5.0} | how
    return fetch(f"http://127.0.0.1:{port}{path}", **given)  # type: ignore[arg-type]


# --- what is never called ---

FORBIDDEN = """
    http://127.0.0.1/ http://127.1/ http://127.0.1/ http://127.000.000.001/ http://0177.0.0.1/ http://0x7f.1/
    http://0x7f000001/ http://0x7F.0.0.1/ http://2130706433/ http://017700000001/ http://127.0.0.1./ http://127.1./
    http://127.255.255.254/ http://0/ http://0.0.0.0/ http://0.1.2.3/ http://localhost/ http://localhost./ http://LOCALHOST/
    http://10.0.0.1/ http://10.255.255.255/ http://172.16.0.1/ http://172.31.255.255/ http://192.168.1.1/
    http://192.168.257/ http://169.254.169.254/ http://0xa9fea9fe/ http://2852039166/ http://100.64.0.1/
    http://100.127.255.255/ http://192.0.0.192/ http://192.0.2.1/ http://192.88.99.1/ http://198.18.0.1/
    http://198.51.100.7/ http://203.0.113.9/ http://224.0.0.1/ http://239.255.255.250/ http://240.0.0.1/
    http://255.255.255.255/ http://4294967295/ http://4294967296/ http://1.2.3.4.5/ http://256.1.1.1/ http://1.2.3/
    http://[::1]/ http://[::]/ http://[0:0:0:0:0:0:0:1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/
    http://[::ffff:8.8.8.8]/ http://[::127.0.0.1]/ http://[64:ff9b::7f00:1]/ http://[64:ff9b::169.254.169.254]/
    http://[64:ff9b:1::1]/ http://[2002:7f00:1::]/ http://[2002:a9fe:a9fe::1]/ http://[2001::1]/
    http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/ http://[2001:db8::1]/ http://[3fff::1]/ http://[fe80::1]/
    http://[fe80::1%25eth0]/ http://[fe80::1%eth0]/ http://[2606:4700::1%25lo]/ http://[fc00::1]/ http://[fd00:ec2::254]/
    http://[ff02::1]/ http://[fec0::1]/ http://[100::1]/ http://[5f00::1]/ http://[::1/
    http://１２７.０.０.１/ http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://１２７．１/ http://ｌｏｃａｌｈｏｓｔ/
    http://127%2e0%2e0%2e1/ http://%31%32%37.0.0.1/ http://loc\u00adalhost/ http://127.0.0.1\u200b/
    http://intranet/ http://a..b/ http://.example.org/ http://example.org./ http://-a.example/ http://example.0x1/
    http:///path http:// http:127.0.0.1 //127.0.0.1/ 127.0.0.1 http://user@example.org/ http://a:b@example.org/
    http://example.org@127.0.0.1/ http://127.0.0.1\\@example.org/ http://example.org\\.localhost/
    ftp://example.org/ file:///etc/passwd gopher://example.org/ data:text/xml,a javascript:1 unix:///run/a ws://example.org/
    http://example.org:22/ http://example.org:0/ http://example.org:8080/ https://example.org:6379/ http://example.org:99999/
    http://example.org:x/ http://example.org:443443/
""".split()  # noqa: SIM905


@pytest.mark.parametrize(
    "url", [*FORBIDDEN, "", " ", "http://127.0.0.1\r\nHost: a/", "http://exa mple.org/", "http://a\x00.org/"]
)
def test_no_spelling_of_a_forbidden_address_is_called_or_looked_up(url: str) -> None:
    names = Names(["127.0.0.1"])
    with pytest.raises(Unreachable) as refused:
        fetch(url, resolve=names, seconds=2)
    assert str(refused.value) in (str(NO_ADDRESS), str(NOWHERE))
    assert names.asked == []


def test_at_least_fifty_spellings_are_tried() -> None:
    assert len(set(FORBIDDEN)) > 100


HIDDEN = """
    127.0.0.1 10.1.2.3 100.64.9.9 169.254.169.254 172.20.0.1 192.168.0.1 192.0.0.8 198.19.255.255 0.0.0.0 255.255.255.255 224.1.1.1
    ::1 :: ::ffff:10.0.0.1 64:ff9b::a00:1 2001::5 2002:a00:1::1 fe80::1%lo fc00::1 ff0e::1
""".split()  # noqa: SIM905


@pytest.mark.parametrize("address", HIDDEN)
def test_a_name_with_one_hidden_address_among_public_ones_is_not_called(address: str) -> None:
    with pytest.raises(Unreachable) as refused:
        fetch(f"https://{NEWS}/", resolve=Names(["93.184.215.14", address, "2606:4700::1111"]))
    assert str(refused.value) == str(NOWHERE)


def test_a_hidden_name_and_a_missing_name_are_answered_alike() -> None:
    said = set()
    for answer in (["10.0.0.1"], []):
        with pytest.raises(Unreachable) as refused:
            fetch(f"http://{NEWS}/", resolve=Names(answer))
        said.add(str(refused.value))
    assert len(said) == 1


@pytest.mark.parametrize(
    "text",
    [
        "1.1.1.1",
        "93.184.215.14",
        "100.128.0.1",
        "172.32.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "2001:4860:4860::8888",
    ],
)
def test_public_addresses_are_public(text: str) -> None:
    assert public(ip_address(text))


# --- the checked address is the one that is called ---


def test_a_name_that_changes_its_mind_is_asked_once_and_its_first_answer_is_called() -> None:
    names, judged = Names(["127.0.0.2"], ["127.0.0.1"]), list[str]()

    def first_only(address: Address) -> bool:
        judged.append(str(address))
        return str(address) == "127.0.0.2"

    with serving(saying(b"inside")) as (port, heard):
        with pytest.raises(Unreachable):
            fetch(f"http://{NEWS}:{port}/", resolve=names, allowed=first_only, ports={port}, seconds=1)
        assert names.asked == [NEWS]
        assert judged == ["127.0.0.2"]
        assert heard == []


def test_the_name_stays_in_the_request_though_the_address_is_called() -> None:
    names = Names(["127.0.0.1"])
    with serving(
        saying(
            b"<rss/>", "Content-Type: application/rss+xml", 'ETag: "a1"', "Last-Modified: Sun, 22 Nov 2026 10:00:00 GMT"
        )
    ) as (port, heard):
        got = fetch(f"http://NEWS.Example.org:{port}/a%20b/é?q=ü#part", resolve=names, allowed=loopback, ports={port})
    assert got == Fetched(
        200,
        b"<rss/>",
        "application/rss+xml",
        '"a1"',
        "Sun, 22 Nov 2026 10:00:00 GMT",
        f"http://{NEWS}:{port}/a%20b/%C3%A9?q=%C3%BC#part",
    )
    said = heard[0].decode().split("\r\n")
    assert said[0] == "GET /a%20b/%C3%A9?q=%C3%BC HTTP/1.1"
    assert f"Host: {NEWS}:{port}" in said
    assert names.asked == [NEWS]


def test_the_next_address_is_called_when_the_first_takes_no_calls() -> None:
    def near(address: Address) -> bool:
        return address.is_loopback

    with serving(saying(b"here")) as (port, _heard):
        got = fetch(f"http://{NEWS}:{port}/", resolve=Names(["127.0.0.9", "127.0.0.1"]), allowed=near, ports={port})
    assert got.body == b"here"


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(saying(b"direct")) as (port, _heard), serving(saying(b"proxy")) as (other, passed):
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{other}")
        assert read(port).body == b"direct"
        assert passed == []


# --- redirects ---


def test_a_redirect_is_followed_and_its_end_is_told() -> None:
    with serving(moved("/feed?x=1"), saying(b"news")) as (port, heard):
        got = read(port)
    assert (got.body, got.url) == (b"news", f"http://127.0.0.1:{port}/feed?x=1")
    assert len(heard) == 2


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "//169.254.169.254/latest",
        "http://2130706433/",
        "file:///etc/passwd",
        "http://user@example.org/",
        "http://127.0.0.1:22/",
    ],
)
def test_a_redirect_to_a_forbidden_address_is_refused(to: str) -> None:
    """The first server may be called; nothing else, not even the same machine."""
    names = Names(["127.0.0.2"], ["127.0.0.1"])

    def second(address: Address) -> bool:
        return str(address) == "127.0.0.2"

    with serving(saying(b"secret")) as (_inner, heard), socket.create_server(("127.0.0.2", 0)) as door:
        port = door.getsockname()[1]
        thread = threading.Thread(target=lambda: _once(door, moved(to)))
        thread.start()
        with pytest.raises(Unreachable) as refused:
            fetch(f"http://{NEWS}:{port}/", resolve=names, allowed=second, ports={port, 80})
        thread.join(10)
    assert str(refused.value) in (str(NOWHERE), str(NO_ADDRESS))
    assert heard == []


def _once(door: socket.socket, answer: Serve) -> None:
    line, _caller = door.accept()
    with line:
        answer(line, line.recv(10_000))


def test_the_name_behind_a_redirect_is_asked_anew() -> None:
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    with serving(moved("http://inner.example.org/")) as (port, heard), pytest.raises(Unreachable):
        fetch(f"http://{NEWS}:{port}/", resolve=names, allowed=loopback, ports={port, 80})
    assert names.asked == [NEWS, "inner.example.org"]
    assert len(heard) == 1


def test_three_redirects_are_followed_and_a_fourth_is_not() -> None:
    with serving(*[moved("/on")] * 3, saying(b"end")) as (port, _heard):
        assert read(port).body == b"end"
    with serving(moved("/round")) as (port, heard), pytest.raises(Unreachable) as refused:
        read(port)
    assert str(refused.value) == str(ROUND)
    assert len(heard) == 4


# --- answers ---


def test_what_was_read_before_is_not_sent_again() -> None:
    with serving(saying(b"", 'ETag: "a1"', status="304 Not Modified", length=0)) as (port, heard):
        got = read(port, etag='"a1"', modified="Sun, 22 Nov 2026 10:00:00 GMT")
    assert (got.status, got.body, got.etag) == (304, b"", '"a1"')
    assert b'\r\nIf-None-Match: "a1"\r\n' in heard[0]
    assert b"\r\nIf-Modified-Since: Sun, 22 Nov 2026 10:00:00 GMT\r\n" in heard[0]


def test_a_mark_that_would_break_a_header_is_neither_kept_nor_sent() -> None:
    with serving(saying(b"x", "ETag: \x01é")) as (port, heard):
        got = read(port, etag="a\r\nX-Evil: 1", modified="é")
    assert got.etag == ""
    assert b"X-Evil" not in heard[0] and b"If-" not in heard[0]


def test_a_missing_page_is_an_answer() -> None:
    with serving(saying(b"gone", status="410 Gone")) as (port, _heard):
        assert read(port).status == 410


def test_packed_answers_are_unpacked() -> None:
    with serving(saying(gzip.compress(b"<rss/>" * 1000), "Content-Encoding: gzip")) as (port, _heard):
        assert read(port).body == b"<rss/>" * 1000


def test_a_gigabyte_of_nothing_packed_small_is_refused_early() -> None:
    packer, megabyte = zlib.compressobj(9, zlib.DEFLATED, 31), bytes(2**20)
    first, other = (packer.compress(megabyte) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    bomb = first + 1023 * other
    assert len(bomb) < 1_500_000
    with serving(saying(bomb, "Content-Encoding: gzip")) as (port, _heard):
        before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        tracemalloc.start()
        try:
            with pytest.raises(Unreachable) as refused:
                read(port)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert str(refused.value) == str(TOO_MUCH)
    assert most < 12_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes
    assert time.process_time() - begun < 2


def test_bombs_within_bombs_are_refused() -> None:
    packed = bytes(50_000_000)
    for _ in range(3):
        packed = gzip.compress(packed)
    with serving(saying(packed, "Content-Encoding: gzip, gzip, gzip")) as (port, _heard), pytest.raises(Unreachable):
        read(port)
    with (
        serving(saying(packed, f"Content-Encoding: {'gzip, ' * 50}gzip")) as (port, _heard),
        pytest.raises(Unreachable),
    ):
        read(port)


def test_a_long_answer_is_refused_at_its_limit() -> None:
    with serving(saying(b"x" * 1000)) as (port, _heard):
        assert len(read(port, limit=1000).body) == 1000
        with pytest.raises(Unreachable) as refused:
            read(port, limit=999)
    assert str(refused.value) == str(TOO_MUCH)


# --- servers that misbehave ---


def dripping(start: bytes) -> Serve:
    def drip(line: socket.socket, _asked: bytes) -> None:
        line.sendall(start)
        for _ in range(200):
            time.sleep(0.05)
            line.sendall(b"a")

    return drip


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5",
    ],
)
def test_a_server_that_drips_is_left_in_time(start: bytes) -> None:
    with serving(dripping(start)) as (port, _heard):
        begun = time.monotonic()
        with pytest.raises(Unreachable) as refused:
            read(port, seconds=0.6)
        assert time.monotonic() - begun < 3
    assert str(refused.value) == str(SLOW)


def test_a_server_that_says_wait_for_ever_is_left_in_time() -> None:
    def waits(line: socket.socket, _asked: bytes) -> None:
        for _ in range(200):
            line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            time.sleep(0.05)

    with serving(waits) as (port, _heard), pytest.raises(Unreachable) as refused:
        read(port, seconds=0.6)
    assert str(refused.value) == str(SLOW)


def test_redirects_have_one_clock_together() -> None:
    def slow(line: socket.socket, asked: bytes) -> None:
        time.sleep(0.4)
        moved("/on")(line, asked)

    with serving(slow) as (port, heard), pytest.raises(Unreachable) as refused:
        read(port, seconds=0.6)
    assert str(refused.value) == str(SLOW)
    assert len(heard) == 2


def test_a_name_service_that_is_silent_is_left_in_time() -> None:
    def silent(_name: str) -> list[str]:
        time.sleep(2)
        return ["127.0.0.1"]

    begun = time.monotonic()
    with pytest.raises(Unreachable) as refused:
        fetch(f"http://{NEWS}/", resolve=silent, seconds=0.2)
    assert time.monotonic() - begun < 1.5
    assert str(refused.value) == str(SLOW)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"\x00" * 100,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_a_server_that_closes_or_talks_nonsense_is_told_in_a_sentence(said: bytes) -> None:
    with serving(lambda line, _asked: line.sendall(said)) as (port, _heard), pytest.raises(Unreachable) as refused:
        read(port)
    assert str(refused.value) == str(BROKEN)


def test_a_port_where_nobody_listens_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(Unreachable) as refused:
        read(port)
    assert str(refused.value) == str(BROKEN)


# --- certificates ---


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "both.pem"
    path.write_text(CERTIFICATE, encoding="ascii")
    return path


def securely(port: int, name: str = NEWS, seconds: float = 5.0) -> Fetched:
    return fetch(
        f"https://{name}:{port}/", resolve=Names(["127.0.0.1"]), allowed=loopback, ports={port}, seconds=seconds
    )


def test_a_certificate_must_come_from_an_authority(certificate: Path) -> None:
    with serving(saying(b"secret"), certificate=certificate) as (port, heard), pytest.raises(Unreachable) as refused:
        securely(port)
    assert str(refused.value) == str(UNSAFE)
    assert heard == []


def test_a_certificate_must_be_for_the_name_and_not_for_the_address(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(saying(b"safe"), certificate=certificate) as (port, heard):
        assert securely(port).body == b"safe"
        with pytest.raises(Unreachable) as refused:
            securely(port, "other.example.org")
        with pytest.raises(Unreachable):
            fetch(f"https://127.0.0.1:{port}/", allowed=loopback, ports={port})
    assert str(refused.value) == str(UNSAFE)
    assert f"Host: {NEWS}:{port}".encode() in heard[0]
    assert len(heard) == 1


def test_a_secure_server_that_drips_or_is_silent_is_left_in_time(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    for served in (certificate, None):  # without one it is a server that never shakes hands
        with serving(dripping(b"HTTP/1.1 200 OK\r\n\r\n" if served else b""), certificate=served) as (port, _heard):
            begun = time.monotonic()
            with pytest.raises(Unreachable):
                securely(port, seconds=0.6)
            assert time.monotonic() - begun < 3
