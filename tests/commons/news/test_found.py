from __future__ import annotations

import pytest

from commons.news import found
from tests.pace import within

BASE = "https://example.org/blog/page"
RSS = '<link rel="alternate" type="application/rss+xml" href="/feed">'


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (RSS, "https://example.org/feed"),
        ("<LINK HREF='feed.xml' TYPE='application/atom+xml' REL='Alternate'/>", "https://example.org/blog/feed.xml"),
        (
            "<link rel=alternate type=application/feed+json href=https://feeds.example.net/a.json >",
            "https://feeds.example.net/a.json",
        ),
        (
            '<link\n rel = "feed alternate"\n type="application/rss+xml; charset=utf-8"\n href="?feed=rss2&amp;lang=fr"\n>',
            "https://example.org/blog/page?feed=rss2&lang=fr",
        ),
        (f'<base href="https://cdn.example.net/x/">{RSS}', "https://cdn.example.net/feed"),
        (f'<base href="/sub/">{RSS.replace("/feed", "feed")}', "https://example.org/sub/feed"),
        (f"<!-- {RSS.replace('/feed', '/old')} -->{RSS}", "https://example.org/feed"),
        (RSS.replace("/feed", "javascript:alert(1)") + RSS, "https://example.org/feed"),
        (RSS.replace("/feed", "http://[::1") + RSS, "https://example.org/feed"),
        (RSS + RSS.replace("/feed", "/comments"), "https://example.org/feed"),
        ('<link data-href="/a" rel="alternate" type="application/rss+xml" href="/feed">', "https://example.org/feed"),
        (f"<p>é</p>{RSS}", "https://example.org/feed"),
    ],
)
def test_the_feed_that_a_page_names_is_found(page: str, address: str) -> None:
    assert found(f"<!DOCTYPE html><html><head>{page}</head>".encode(), BASE) == address
    assert found(page.encode("latin-1"), BASE) == address


@pytest.mark.parametrize(
    "page",
    [
        "",
        '<link rel="stylesheet" type="application/rss+xml" href="/feed">',
        '<link rel="alternate" hreflang="fr" href="/fr">',
        '<link rel="alternate" type="application/json" href="/wp-json/pages/2">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" type="application/rss+xml" href="  ">',
        '<link rel="alternate" type="application/rss+xml" href="ftp://example.org/feed">',
        f"<!-- {RSS}",
        "x" * 300_000 + RSS,
    ],
)
def test_where_no_feed_is_named_none_is_found(page: str) -> None:
    assert found(page.encode(), BASE) is None


@pytest.mark.parametrize(
    "piece",
    [
        "<link ",
        "<link rel=",
        "<",
        "<!--",
        "-->",
        "<base href=",
        "<link " + "a" * 2990 + ">",
        "<link " + "rel " * 700 + ">",
        "<link " + "href='" * 400 + ">",
        "<link " + 'type="' * 400 + ">",
        "<link rel" + " " * 2900 + ">",
        RSS.replace("/feed", "ftp:x"),
    ],
)
def test_no_page_makes_the_search_slow(piece: str) -> None:
    page = (piece * (2_000_000 // len(piece))).encode()
    with within(1.5):
        assert found(page, BASE) is None
