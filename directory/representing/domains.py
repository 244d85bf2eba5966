"""Whose address proves what: a letter box at an organisation's own domain, and at no other.

Domains are compared label by label, never by how they end. Services where anybody gets an address, or a site under the service's
name, prove nothing.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import idna

from directory.duplicates.webs import SHARED, TENANTED

# Our own list, beside those that the directory knows as shared: services that give an address to everybody who asks.
_LISTED: Final = """
126.com 139.com 163.com aim.com aliyun.com aol.com att.net bigpond.com bol.com.br cock.li daum.net disroot.org
duck.com email.com fastmail.com fastmail.fm firemail.de foxmail.com freemail.hu freenet.de gmail.com gmx.at gmx.ch
gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com hotmail.com hushmail.com icloud.com inbox.com inbox.lv
kolabnow.com list.ru live.com mail.bg mail.com mail.de mail.ee mail.ru mailbox.org mailfence.com mailinator.com
mailo.com me.com msn.com mweb.co.za naver.com netcourrier.com onmail.com optusnet.com.au outlook.com pm.me posteo.de
posteo.net poste.it proton.me protonmail.ch protonmail.com rediffmail.com rocketmail.com runbox.com sapo.pt seznam.cz
sina.com skiff.com startmail.com t-online.de tuta.com tuta.io tutamail.com tutanota.com tutanota.de ukr.net web.de
yahoo.ca yahoo.co.in yahoo.co.jp yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.it yandex.com yandex.ru yeah.net
ymail.com zoho.com zohomail.com
"""
PROVIDERS: Final = frozenset(_LISTED.split()) | SHARED | TENANTED
# Below the two letters of a country these are where names are given out, and belong to nobody.
_SECOND_LISTED: Final = """
ac co com edu go gob gouv gov gub govt ltd mil ne net ngo nom or org plc sch uni
"""
_SECOND: Final = frozenset(_SECOND_LISTED.split())


def host_of(website: str) -> str:
    """The host of an address, in ASCII and without `www`; empty where there is none that has a name."""
    try:
        host = urlsplit(website).hostname or ""
    except ValueError:
        return ""
    return _name(host).removeprefix("www.")


def _name(text: str) -> str:
    try:
        name: str = idna.encode(text.strip().rstrip("."), uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        return ""
    labels = name.split(".")
    return name if len(labels) > 1 and not labels[-1].isdigit() else ""


def mail_domain(address: str) -> str:
    """The domain of a mail address, in ASCII; empty where it is none."""
    local, _at, domain = address.rpartition("@")
    return _name(domain) if local else ""


def is_own(domain: str, host: str) -> bool:
    """Is this domain of a letter box the host of the website, or does the website stand below it?"""
    if not domain or not host or _given_to_all(domain) or _given_to_all(host):
        return False
    return host == domain or (host.endswith(f".{domain}") and not _given_out_below(domain))


def _given_to_all(domain: str) -> bool:
    """A public service, or anything below one: the free address of a site there has no letter boxes of its own."""
    labels = domain.split(".")
    return any(".".join(labels[number:]) in PROVIDERS for number in range(len(labels) - 1))


def _given_out_below(domain: str) -> bool:
    first, _dot, last = domain.rpartition(".")
    return len(last) == 2 and first in _SECOND
