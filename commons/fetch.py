"""The one road to other people's addresses: the public web is read, and nothing that only this machine can reach.

Whoever gives us an address may mean harm with it, and so may whoever answers. The name is asked for once; every address it
has is checked, and the connection goes to the address that was checked, while certificate and Host keep the name. A redirect
is a new address and is checked like the first. One clock runs over everything, whether a server is silent or sends a letter
a second; what comes is counted after unpacking. No proxy from the environment, no cookie, no password.
"""

from __future__ import annotations

import http.client
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from flask_babel import lazy_gettext as _l
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.response import BaseHTTPResponse

from commons.text import safe_url

Address = IPv4Address | IPv6Address
Resolve = Callable[[str], Iterable[str]]

LIMIT = 2_000_000  # bytes of an answer, unpacked
SECONDS = 10.0  # for everything together: names, connections, redirects, the answer
HOPS = 3  # redirects
PORTS = frozenset({80, 443})
TRIED = 4  # addresses of one name
PIECE = 64 * 1024
KEPT = ("Content-Type", "ETag", "Last-Modified")
MOVED = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}
# IANA, registries of special-purpose addresses for IPv4 and IPv6
CLOSED_4 = [
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
    )
]
OPEN_6 = ip_network("2000::/3")  # all that is given out; mapped, translated (NAT64) and local addresses lie outside
CLOSED_6 = [
    ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]  # Teredo and other protocols, examples, 6to4, a sink of the name service, examples
# the last part begins with a letter, so that no spelling of a number is a name
NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
PLAIN = re.compile(r"[\x20-\x7e]{1,200}")

NO_ADDRESS = _l("This is not an address that can be read here.")
NOWHERE = _l("This address could not be found on the public web.")  # as well for what is hidden: nobody learns which
SLOW = _l("This address did not answer in time.")
BROKEN = _l("The connection to this address broke off.")
UNSAFE = _l("This address could not prove that it is what it claims to be.")
TOO_MUCH = _l("This address holds more than can be read here.")
ROUND = _l("This address leads on to others too many times.")


class Unreachable(Exception):
    """Why an address is not read: a sentence without placeholders, in the language of whoever turns it into text."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status; `url` is the address that gave it, after redirects. A 304 has no body."""

    status: int
    body: bytes
    content_type: str
    etag: str
    modified: str
    url: str


class _Site(NamedTuple):
    url: str
    secure: bool
    host: str
    port: int
    names: str  # for Host
    target: str


def public(address: Address) -> bool:
    """Is this an address on the public web?"""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in CLOSED_4)
    return address in OPEN_6 and not any(address in network for network in CLOSED_6)


def looked_up(name: str) -> list[str]:
    """The addresses of a name, as it stands: the dot keeps the machine's own domains from being tried. Raises OSError."""
    found = socket.getaddrinfo(f"{name}.", None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_rest, place in found))


def fetch(
    url: str,
    *,
    limit: int = LIMIT,
    seconds: float = SECONDS,
    etag: str = "",
    modified: str = "",
    allowed: Callable[[Address], bool] = public,
    resolve: Resolve = looked_up,
    ports: Collection[int] = PORTS,
) -> Fetched:
    """What `url` answers, at most `limit` bytes of it, within `seconds`. `etag` and `modified` are those of the last answer.
    Raises Unreachable. Tests alone give `allowed`, `resolve` and `ports`."""
    until = time.monotonic() + seconds
    wishes = {"If-None-Match": _plain(etag), "If-Modified-Since": _plain(modified)}
    try:
        for _hop in range(HOPS + 1):
            site = _site(url, ports)
            connection = _connected(site, _addresses(site.host, allowed, resolve, until), until)
            answer = _answer(connection, site, wishes, limit, until)
            if isinstance(answer, Fetched):
                return answer
            url = answer
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        raise Unreachable(_why(error, until)) from error
    raise Unreachable(ROUND)


def _site(url: str, ports: Collection[int]) -> _Site:
    clean = safe_url(url)
    parts = urlsplit(clean or "")
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port if parts.port is not None else 443 if secure else 80
    if clean is None or port not in ports or "%" in host or not (_literal(host) or NAME.fullmatch(host)):
        raise Unreachable(NO_ADDRESS)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Site(clean, secure, host, port, parts.netloc, target)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _addresses(host: str, allowed: Callable[[Address], bool], resolve: Resolve, until: float) -> list[Address]:
    """Where a host is. Raises Unreachable when a single one of its addresses is not for us."""
    literal = _literal(host)
    found = [literal] if literal else [ip_address(text) for text in _resolved(host, resolve, until)]
    if not found or not all(allowed(address) for address in found):
        raise Unreachable(NOWHERE)
    return found[:TRIED]


def _resolved(host: str, resolve: Resolve, until: float) -> list[str]:
    """In a thread of its own, because the system's resolver knows no deadline but its own."""
    answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(list(resolve(host)))
        except (OSError, ValueError):
            answers.put([])

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=_left(until))
    except queue.Empty:
        raise Unreachable(SLOW) from None


def _connected(site: _Site, addresses: list[Address], until: float) -> HTTPConnection:
    """To the first address that takes the call; each has its share of the time that is left."""
    trouble: Exception = OSError("no address")
    for number, address in enumerate(addresses):
        share = _left(until) / (len(addresses) - number)
        connection = _connection(site, str(address), share)
        try:
            connection.connect()
            return connection
        except (HTTPError, OSError) as error:
            connection.close()
            trouble = error
    raise trouble


def _connection(site: _Site, address: str, seconds: float) -> HTTPConnection:
    if not site.secure:
        return HTTPConnection(address, site.port, timeout=seconds)
    context = ssl.create_default_context()
    return HTTPSConnection(address, site.port, timeout=seconds, ssl_context=context, server_hostname=site.host)


def _answer(connection: HTTPConnection, site: _Site, wishes: dict[str, str], limit: int, until: float) -> Fetched | str:
    """The answer, or the address that it leads on to."""
    headers = {"Host": site.names, "User-Agent": "CommonGround", "Accept": "*/*", "Accept-Encoding": "gzip"}
    clock = threading.Timer(_left(until), _cut, [connection.sock])
    clock.daemon = True
    clock.start()
    try:
        connection.timeout = _left(until)
        connection.request(
            "GET", site.target, headers=headers | {k: v for k, v in wishes.items() if v}, preload_content=False
        )
        with closing(connection.getresponse()) as response:
            location = response.headers.get("Location")
            if response.status in MOVED and location:
                return urljoin(site.url, location)
            body = _body(response, limit)
            _left(until)  # a line that we cut ourselves may look like the end of the answer
            kind, etag, modified = (_plain(response.headers.get(name, "")) for name in KEPT)
            return Fetched(response.status, body, kind, etag, modified, site.url)
    finally:
        clock.cancel()
        connection.close()


def _cut(line: socket.socket) -> None:
    """Ends what another thread waits for; a TLS line is cut below the TLS."""
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _body(response: BaseHTTPResponse, limit: int) -> bytes:
    body = bytearray()
    while piece := response.read(PIECE):
        body += piece
        if len(body) > limit:
            raise Unreachable(TOO_MUCH)
    return bytes(body)


def _plain(value: str) -> str:
    """A header's value if it can be kept and sent again, else nothing."""
    return value if PLAIN.fullmatch(value) else ""


def _left(until: float) -> float:
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise Unreachable(SLOW)
    return seconds


def _why(error: Exception, until: float) -> object:
    late = isinstance(error, (TimeoutError, ConnectTimeoutError)) and not isinstance(error, NewConnectionError)
    if late or time.monotonic() >= until:
        return SLOW
    return UNSAFE if isinstance(error, ssl.SSLError) else BROKEN
