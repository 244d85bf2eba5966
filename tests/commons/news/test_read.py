"""Feeds as they are found, feeds as they should not be, and pages that are none."""

from __future__ import annotations

import io
import json
import resource
import socket
import threading
import time
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from commons.news import NOT_NEWS, TOO_MUCH, Item, News, NotNews, read

BASE = "https://news.example.org/blog/feed"
XML = "application/xml"


def rss(*items: str, title: str = "Water news", head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'{head}<rss version="2.0"><channel><title>{title}</title>{inside}</channel></rss>'.encode()


def titled(title: str, more: str = "") -> bytes:
    return rss(f"<title>{title}</title><link>https://example.org/a</link>{more}")


def first(body: bytes, content_type: str = XML) -> Item:
    return read(body, content_type, BASE).items[0]


def told(body: bytes, content_type: str = XML) -> list[tuple[str, str]]:
    return [(item.title, item.url) for item in read(body, content_type, BASE).items]


# --- the kinds of feed ---

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://atom.example/">
<title type="html">Wells &amp;amp; pumps</title><id>urn:feed</id><updated>2026-11-01T10:00:00+02:00</updated>
<entry><id>urn:1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>new</b> well</div></title>
<link rel="alternate" href="one"/><link rel="enclosure" href="one.mp3"/><published>2026-11-01T10:00:00+02:00</published></entry></feed>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.org/"><title>Wells &amp; pumps</title></channel>
<item rdf:about="https://atom.example/one"><title>A new well</title><link>https://atom.example/one</link>
<dc:date>2026-11-01T08:00:00Z</dc:date></item></rdf:RDF>"""
OLD = """<rss version="0.91"><channel><title>Wells &amp; pumps</title><item><title>A new well</title>
<link>https://atom.example/one</link><pubDate>Sun, 01 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>"""
NEW = OLD.replace("0.91", "2.0").replace("08:00:00 GMT", "03:00:00 -0500")
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Wells & pumps",
        "items": [
            {
                "id": 1,
                "title": "A new well",
                "url": "https://atom.example/one",
                "date_published": "2026-11-01T10:00:00+02:00",
            },
            "nonsense",
        ],
    }
)


@pytest.mark.parametrize(
    "text", [ATOM, RDF, OLD, NEW, JSON], ids=["atom", "rss 1.0", "rss 0.91", "rss 2.0", "json feed"]
)
def test_every_kind_of_feed_tells_the_same(text: str) -> None:
    news = read(text.encode(), "", BASE)
    assert news.title == "Wells & pumps"
    (item,) = news.items
    assert (item.title, item.url) == ("A new well", "https://atom.example/one")
    assert item.at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert len(item.key) == 64


@pytest.mark.parametrize(
    "kind", ["", "text/html; charset=utf-8", "text/plain", "application/octet-stream", "text/xml", "x" * 200]
)
def test_a_feed_is_known_by_what_it_holds_and_not_by_what_its_server_calls_it(kind: str) -> None:
    assert told(titled("Wéll"), kind) == [("Wéll", "https://example.org/a")]


# --- titles ---


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Tom &amp; Ana", "Tom & Ana"),
        ("Tom &amp;amp; Ana", "Tom & Ana"),
        ("<![CDATA[A <b>new</b> <i>well</i>]]>", "A new well"),
        ("<![CDATA[<p>Well<script>alert(1)</script></p>]]>", "Well"),
        ("On &lt;script&gt; tags", "On <script> tags"),
        ("Two\n  lines\tand&#8232;more", "Two lines and more"),
        ("snake_case * and [brackets](here)", "snake_case * and [brackets](here)"),
        ("in\u202evoice\u2066 \u200bgpj", "invoice gpj"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_titles_become_plain_lines(written: str, shown: str) -> None:
    assert first(titled(written)).title == shown
    assert read(rss(title=written), XML, BASE).title == shown


def test_a_long_title_is_cut() -> None:
    assert first(titled("word " * 1000)).title == ("word " * 60)[:299].rstrip() + "…"


def test_an_item_without_a_title_is_called_by_its_address() -> None:
    assert told(rss("<link>https://example.org/@ana/7/</link><description>Words</description>")) == [
        ("example.org/@ana/7", "https://example.org/@ana/7/")
    ]


def test_a_feed_without_a_title_is_called_by_its_host() -> None:
    assert read(rss(title=""), XML, BASE).title == "news.example.org"


def test_nothing_of_the_words_is_kept() -> None:
    body = titled("Well", "<description>secret &lt;img src='https://tracker.example/x'&gt;</description>")
    assert "secret" not in repr(read(body, XML, BASE)) and "tracker" not in repr(read(body, XML, BASE))


# --- addresses and keys ---


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://u:p@example.org/",
        "http://[::1",
        "",
        "   ",
    ],
)
def test_an_item_that_leads_nowhere_safe_is_left_out(link: str) -> None:
    assert told(rss(f"<title>A</title><link>{link}</link><guid isPermaLink='false'>1</guid>")) == []


def test_addresses_are_made_whole() -> None:
    assert told(titled("A").replace(b"https://example.org/a", b"/b?c=1&amp;d=2#e")) == [
        ("A", "https://news.example.org/b?c=1&d=2#e")
    ]


def test_a_name_that_is_an_address_serves_as_one() -> None:
    assert told(rss("<title>A</title><guid>https://example.org/7</guid>")) == [("A", "https://example.org/7")]


def test_a_key_is_the_items_own_name_and_stays_when_title_and_address_change() -> None:
    before = first(rss("<title>A</title><link>https://example.org/a</link><guid isPermaLink='false'>n1</guid>"))
    after = first(rss("<title>B</title><link>https://example.org/b</link><guid isPermaLink='false'>n1</guid>"))
    other = first(rss("<title>A</title><link>https://example.org/a</link><guid isPermaLink='false'>n2</guid>"))
    assert before.key == after.key != other.key


def test_one_name_is_one_item() -> None:
    twice = "<title>A</title><link>https://example.org/a</link><guid isPermaLink='false'>n1</guid>"
    assert len(read(rss(twice, twice), XML, BASE).items) == 1


def test_fifty_items_are_kept_the_newest_first() -> None:
    items = [
        f"<title>{day}</title><link>https://example.org/{day}</link><pubDate>{datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day):%d %b %Y} 00:00:00 GMT</pubDate>"
        for day in range(80)
    ]
    assert [title for title, _url in told(rss(*items))] == [str(day) for day in range(79, 29, -1)]


def test_without_times_the_feeds_own_order_stays() -> None:
    items = [f"<title>{number}</title><link>https://example.org/{number}</link>" for number in (3, 1, 2)]
    assert [title for title, _url in told(rss(*items))] == ["3", "1", "2"]


# --- times ---


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "0001-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sun, 31 Feb 2026 25:61:00 GMT",
    ],
)
def test_a_time_that_makes_no_sense_is_none(written: str) -> None:
    assert first(titled("A", f"<pubDate>{written}</pubDate>")).at is None


@pytest.mark.parametrize(
    "body", [titled("A", "<pubDate>Sun, 01 Jan 2090 00:00:00 GMT</pubDate>"), JSON.replace("2026", "2090").encode()]
)
def test_no_time_is_in_the_future(body: bytes) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    at = first(body).at
    assert at and before <= at <= datetime.now(UTC)
    assert at.utcoffset() == timedelta(0)


# --- what is no feed ---


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("feed.xml", titled("A"))
    return file.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"hello",
        b"<!DOCTYPE html><html><head><title>A page</title></head><body><article><p>Words</article></body></html>",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><title>A page</title></html>',
        b'<?xml version="1.0"?><urlset><url><loc>https://example.org/</loc></url></urlset>',
        b'{"version": "1.0", "items": []}',
        b'{"version": "https://jsonfeed.org/version/1", "items": ',
        b"[]",
        b"{" * 100_000,
        b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 1_000_000,
        b"%PDF-1.7\n",
        b"\x00" * 100_000,
        b"\x89PNG\r\n\x1a\n" + bytes(1000),
        zipped(),
    ],
)
def test_what_is_no_feed_is_told_in_a_sentence(body: bytes) -> None:
    with pytest.raises(NotNews) as refused:
        read(body, "text/html", BASE)
    assert str(refused.value) == str(NOT_NEWS) == "This address is no news feed."


@pytest.mark.parametrize(
    "body",
    [
        rss("<title>Wéll</title><link>https://example.org/a</link>", head='<?xml version="1.0" encoding="utf-99"?>'),
        rss("<title>W\u00e9ll</title><link>https://example.org/a</link>").decode().encode("latin-1"),
        rss("<title>Wéll</title><link>https://example.org/a</link>", head="").decode().encode("utf-16"),
        b"\n\n" + rss("<title>Wéll</title><link>https://example.org/a</link>"),
        rss("<title>Wéll</title><link>https://example.org/a</link>")[:-20],
        rss("<title>W&eacute;ll</title><link>https://example.org/a</link>"),
    ],
    ids=["unknown encoding", "wrong encoding", "utf-16", "blank lines first", "broken off", "entities of html"],
)
def test_careless_feeds_are_read_all_the_same(body: bytes) -> None:
    assert told(body) == [("Wéll", "https://example.org/a")]


def test_bytes_of_no_encoding_do_no_harm() -> None:
    assert (
        len(told(rss("<title>ab</title><link>https://example.org/a</link>").replace(b"ab", b"a\xff\xfe\x00\xc3b"))) <= 1
    )


# --- feeds that mean harm ---

CHANNEL = b'<rss version="2.0"><channel>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "' + b"lol" * 10 + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(10))
    + b']><rss version="2.0"><channel><title>&k;</title></channel></rss>'
)  # fmt: skip
HOSTILE = {
    "billion laughs": LAUGHS,
    "one long entity": b'<!DOCTYPE rss [<!ENTITY a "'
    + b"a" * 50_000
    + b'">]>'
    + CHANNEL
    + b"<title>"
    + b"&a;" * 100_000,
    "nested tags": CHANNEL + b"<a>" * 600_000,
    "nested markup": CHANNEL + b"<item><description>" + b"&lt;div&gt;" * 180_000,
    "nested xhtml": b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml">' + b"<div>" * 390_000,
    "bare ampersands": CHANNEL + b"<title>" + b"&" * 1_900_000,
    "many entities": b"<!DOCTYPE rss [" + b"<!ENTITY " * 200_000,
    "many comments": CHANNEL + b"<!--" * 450_000,
    "many items": CHANNEL + b"<item><title>a</title><link>http://e.org/</link></item>" * 34_000,
    "a list of lists": b'{"version":"https://jsonfeed.org/version/1","items":[' + b"[]," * 630_000 + b"[]]}",
    "a long number": b'{"version":"https://jsonfeed.org/version/1","id":' + b"9" * 1_900_000 + b"}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_feed_is_answered_in_time_and_in_bounds(name: str) -> None:
    body, begun = HOSTILE[name], time.monotonic()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert len(body) <= 2_000_000
    try:
        news = read(body, XML, BASE)
        assert len(news.title) <= 300 and len(news.items) <= 50
    except NotNews as refused:
        assert str(refused) in (str(NOT_NEWS), str(TOO_MUCH))
    assert time.monotonic() - begun < 8  # five seconds; the rest is for a busy machine's own delays
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_maxrss <= max(spent.ru_maxrss, 200_000)  # kilobytes
    assert after.ru_utime + after.ru_stime - spent.ru_utime - spent.ru_stime < 5


def test_a_feed_beyond_the_limit_is_not_even_begun() -> None:
    begun = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(NotNews) as refused:
        read(rss() + b" " * 2_000_000, XML, BASE)
    assert str(refused.value) == str(TOO_MUCH)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime == begun


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss SYSTEM "{url}">',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "{url}">]>',
        '<!DOCTYPE rss [<!ENTITY % x SYSTEM "{url}"> %x;]>',
        '<?xml-stylesheet href="{url}"?>',
    ],
)
def test_a_feed_makes_nobody_open_a_file_or_an_address(doctype: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        called: list[object] = []
        thread = threading.Thread(target=lambda: _called(door, called))
        thread.start()
        port = door.getsockname()[1]
        for url in (f"http://127.0.0.1:{port}/x", "file:///etc/hostname"):
            head = '<?xml version="1.0"?>' + doctype.replace("{url}", url)
            news = read(rss("<title>A &x;</title><link>https://example.org/a</link>", head=head), XML, BASE)
            assert news.items[0].title in ("A &x;", "A")
        door.shutdown(socket.SHUT_RDWR)
        thread.join(10)
    assert called == []


def _called(door: socket.socket, called: list[object]) -> None:
    try:
        called.append(door.accept())
    except OSError:
        return


def test_the_same_bytes_are_read_the_same_way() -> None:
    assert read(ATOM.encode(), XML, BASE) == read(ATOM.encode(), XML, BASE) != News("", ())
