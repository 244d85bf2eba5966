"""Whose website is it? The registrable part of an address, or nothing where many share a host."""

from __future__ import annotations

import re
from typing import Final

_SHARED_LISTED: Final = """
facebook.com fb.com fb.me twitter.com x.com instagram.com linkedin.com youtube.com youtu.be tiktok.com t.me
telegram.me wa.me whatsapp.com vk.com meetup.com eventbrite.com linktr.ee github.com github.io gitlab.com gitlab.io
medium.com substack.com wordpress.com wordpress.org blogspot.com blogger.com tumblr.com wix.com wixsite.com
weebly.com jimdo.com jimdofree.com jimdosite.com squarespace.com webnode.com webnode.page strikingly.com ucraft.net
site123.me webs.com yolasite.com over-blog.com canalblog.com altervista.org free.fr sites.google.com google.com
goo.gl bit.ly docs.google.com drive.google.com notion.site notion.so carrd.co mystrikingly.com godaddysites.com
square.site business.site e-monsite.com wikipedia.org wikidata.org web.archive.org archive.org opencollective.com
gofundme.com justgiving.com globalgiving.org patreon.com charity.org ecosia.org mailchi.mp about.me neocities.org
netlify.app vercel.app herokuapp.com pages.dev gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.fr ymail.com
hotmail.com hotmail.co.uk hotmail.fr outlook.com live.com live.co.uk msn.com aol.com icloud.com me.com mac.com
proton.me protonmail.com gmx.de gmx.net gmx.com web.de t-online.de mail.ru yandex.ru bk.ru rambler.ru ukr.net qq.com
163.com 126.com btinternet.com btconnect.com sky.com talktalk.net virginmedia.com ntlworld.com orange.fr wanadoo.fr
laposte.net sfr.fr libero.it tiscali.it virgilio.it tin.it alice.it seznam.cz wp.pl o2.pl onet.pl interia.pl
uol.com.br bol.com.br terra.com.br rediffmail.com zoho.com riseup.net posteo.de mailbox.org tutanota.com
fastmail.com comcast.net verizon.net att.net sbcglobal.net telenet.be skynet.be bluewin.ch
"""
SHARED: Final = frozenset(_SHARED_LISTED.split())
# On these, the part before the host is somebody's own.
_TENANTED_LISTED: Final = """
wordpress.com blogspot.com wixsite.com weebly.com jimdo.com jimdofree.com jimdosite.com github.io gitlab.io
tumblr.com webnode.com webnode.page over-blog.com canalblog.com altervista.org carrd.co godaddysites.com square.site
business.site e-monsite.com strikingly.com mystrikingly.com yolasite.com webs.com ucraft.net netlify.app
substack.com free.fr
"""
TENANTED: Final = frozenset(_TENANTED_LISTED.split())
_SECOND_LISTED: Final = """
ac co com edu gob gouv gov gub govt ltd mil net ngo nom or org plc sch uni
"""
_SECOND: Final = frozenset(_SECOND_LISTED.split())
# A part of a large body (physics.uni.example) keeps its own host; only these say nothing.
_PREFIXES: Final = frozenset(("www", "www1", "www2", "web", "m", "mail", "en", "de", "fr", "es"))
_HOST: Final = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/@?#]*@)?([^/:?#\s]+)", re.IGNORECASE)


def domain(address: str) -> str:
    """`https://www.maji.or.ke/en` and `info@maji.or.ke` both give `maji.or.ke`."""
    found = _HOST.match(address.strip()) if address else None
    if not found:
        return ""
    labels = found[1].lower().strip(".").split(".")
    if len(labels) < 2 or all(label.isdigit() for label in labels):
        return ""
    wide = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND
    own = ".".join(labels[-3:] if wide else labels[-2:])
    while len(labels) > own.count(".") + 1 and labels[0] in _PREFIXES:
        labels = labels[1:]
    host = ".".join(labels)
    if own in TENANTED:
        return host if host != own else ""
    return "" if own in SHARED or host in SHARED else host
