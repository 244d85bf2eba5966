"""What a group holds, in the same table: its pages, files, forum, news and its own search, for every kind of group and viewer."""

from __future__ import annotations

import pytest

from commons.db import db, now, transaction
from commons.entries.actions import record
from commons.groups.models import NewsItem, Subscription
from tests.cast import Cast
from tests.commons.groups import test_matrix as matrix
from tests.commons.groups.test_matrix import INSIDE, VIEWERS, Output, Site, leaks, missed, site

__all__ = ["site"]
pytestmark = pytest.mark.timeout(900)
HELD = (
    Output("its pages", "/groups/{slug}/pages", ("page",), own=True),
    Output("its files", "/groups/{slug}/files", ("file",), own=True),
    Output("its forum", "/groups/{slug}/forum", ("name",), own=True),
    Output("its news", "/groups/{slug}/news", ("name", "news"), own=True),
    Output("feed of its news", "/groups/{slug}/news.atom", ("news",), open_only=True, own=True),
    Output("search in it", "/groups/{slug}/search?q={page}", ("page",), ("page",), own=True),
    Output("all that it holds", "/groups/{slug}/search", ("page", "file"), own=True),
    Output("search in the group above", "/groups/{above}/search?q={page}", ("page",), ("page",)),
    Output("all that the group above holds", "/groups/{above}/search"),
    Output("a new page", "/wiki/new?within={id}", ("name",), for_viewers=INSIDE),
    Output("a new file", "/files/new?within={id}", ("name",), for_viewers=INSIDE),
)


@pytest.fixture
def holding(site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Every group reads something, and the table holds these pages."""
    monkeypatch.setattr(matrix, "OUTPUTS", HELD)
    for number, planted in enumerate(site.groups):
        planted.words["news"] = f"newsword{number}x"
        with transaction():
            group = planted.group
            record(group, "edited", None, actor=None)
            group.modules = ["forum", "pages", "files", "news"]
            one = Subscription(group_id=group.id, url="http://example.org/", title="There", by_id=cast.ana.id)
            db.session.add(one)
            db.session.flush()
            item = NewsItem(subscription_id=one.id, key="k", title=planted.words["news"], url="http://example.org/1")
            item.at = now()
            db.session.add(item)
    return site


def test_who_may_not_see_a_group_meets_nothing_of_what_it_holds(holding: Site) -> None:
    assert leaks(holding) == []


def test_who_may_see_a_group_finds_what_it_holds(holding: Site) -> None:
    wanted: dict[str, tuple[str, ...]] = dict.fromkeys(VIEWERS, ("open",))
    assert missed(holding, wanted) == []


def test_the_pages_of_a_hidden_group_and_of_none_answer_the_same_bytes(holding: Site) -> None:
    matrix.test_a_hidden_group_and_a_missing_one_answer_the_same_bytes(holding)
