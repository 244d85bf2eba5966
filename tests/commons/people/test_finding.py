"""Finding people: what is not shown to the viewer matches nothing, counts nothing, and is offered to nobody."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.queries import latest
from commons.focus.queries import area_from
from commons.members.models import Block, Member
from commons.people.queries import key_of
from commons.people.queries.finding import Sought, choices, people
from tests.cast import Cast
from tests.commons.people import makers
from tests.commons.people.test_profiles import SEES

ASKED = {
    "words of a text": Sought(words="canaryabout"),
    "the beginning of a word": Sought(words="canaryab"),
    "skill": Sought(skill="canaryskill"),
    "what they help with": Sought(skill="canaryhelp"),
    "language": Sought(language="sw"),
    "country": Sought(country="MT"),
    "name of the country": Sought(words="malta"),
    "place": Sought(place="canarypl"),
    "area": Sought(area="water"),
}


def found(sought: Sought, viewer: Member | None) -> list[str]:
    return [profile.slug for profile in latest(people(sought, viewer), 50)]


def ben_shows(cast: Cast, shown: str, audience: str = "public") -> None:
    water = area_from("water")
    assert water is not None
    makers.profile(cast.ben, audience, shown, **makers.WORDS, country="MT", languages="sw, en", areas=[water.id])


@pytest.mark.parametrize("shown", ["nobody", "groups", "members", "public"])
def test_only_what_a_viewer_may_read_finds_counts_and_is_offered(shown: str, cast: Cast) -> None:
    ben_shows(cast, shown)
    for name in ("visitor", "chi", "mo", "ana"):
        viewer = None if name == "visitor" else getattr(cast, name)
        reads = shown in SEES[name]
        for what, sought in ASKED.items():
            assert found(sought, viewer) == (["ben"] if reads else []), (name, what)
        offered = [key for values in choices(Sought(), viewer).values() for key, _words, _many in values]
        assert bool(offered) == reads, name
        assert found(Sought(words="ben"), viewer) == ["ben"]


def test_the_page_says_no_word_that_is_not_for_the_viewer(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    ben_shows(cast, "groups")
    for name, reads in (("visitor", False), ("chi", False), ("mo", False), ("ana", True)):
        page = browser(name).get("/members").text
        assert ("canary" in page) == reads
        assert "/members/ben" in page
    for way in ("skill=canaryskill", "q=canaryabout", "country=MT", "language=sw", "area=water", "place=canaryplace"):
        assert "/members/ben" not in browser("chi").get(f"/members?{way}").text
        assert "/members/ben" in browser("ana").get(f"/members?{way}").text


def test_order_and_numbers_tell_nothing_of_hidden_fields(cast: Cast) -> None:
    makers.profile(cast.ana, "public", "nobody", skills="zebra")
    makers.profile(cast.ben, "public", "nobody", skills="aardvark")
    assert found(Sought(), cast.chi) == ["ana", "ben"], "by their names"
    makers.profile(cast.ana, "own", "public", skills="zebra")
    assert found(Sought(), cast.chi) == ["ben"]
    assert choices(Sought(), cast.chi)["skills"] == []


def test_several_things_asked_must_all_be_true(cast: Cast) -> None:
    makers.profile(cast.ben, "public", "public", skills="Well-Digging, sewing", country="MT", about="In the hills")
    assert found(Sought(skill="well digging", country="MT", words="hills"), None) == ["ben"]
    assert found(Sought(skill="well digging", country="KE"), None) == []
    assert found(Sought(words="hills sewing"), None) == ["ben"]
    assert found(Sought(words="hills nothing"), None) == []


def test_accents_case_and_signs_make_no_difference(cast: Cast) -> None:
    makers.profile(cast.ben, "public", "public", skills="Énergie solaire", about="Größe zählt")
    for words in ("energie", "ÉNERGIE", "solaire", "grosse", "zahlt"):
        assert found(Sought(words=words), None) == ["ben"], words
    assert key_of(" Énergie-Solaire ") == "energie solaire"


def test_an_area_finds_who_chose_one_below_it(cast: Cast) -> None:
    below = area_from("drinking-water") or area_from("water")
    assert below is not None
    makers.profile(cast.ben, "public", "public", areas=[below.id])
    assert found(Sought(area="water"), None) == ["ben"]
    assert found(Sought(area="no such area"), None) == []


def test_signs_and_wildcards_find_nobody(cast: Cast) -> None:
    ben_shows(cast, "public")
    for words in ("%", "_", "%%", "'", "()"):
        assert found(Sought(words=words), cast.ana) == [], words
        assert found(Sought(place=words), cast.ana) == [], words


def test_whoever_blocked_somebody_meets_them_in_no_list(cast: Cast) -> None:
    ben_shows(cast, "public")
    with transaction():
        db.session.add(Block(member_id=cast.chi.id, other_id=cast.ben.id, how="block"))
    assert found(Sought(), cast.chi) == []
    assert found(Sought(), cast.ana) == ["ben"]


def names(page: str) -> list[str]:
    """The headings and the people to whom a page leads."""
    return re.findall(r"<h[12][^>]*>.*?</h[12]>|/members/\w+", page)


@pytest.mark.parametrize("how", ["block", "mute"])
def test_the_list_and_the_page_of_a_person_do_not_tell_whom_they_blocked(
    cast: Cast, browser: Callable[[str], FlaskClient], how: str
) -> None:
    ben_shows(cast, "public")
    pages = ("/members", "/members?q=canaryabout", "/members/ben")
    chi = browser("chi")
    before = [(answer.status_code, names(answer.text)) for answer in map(chi.get, pages)]
    with transaction():
        db.session.add(Block(member_id=cast.ben.id, other_id=cast.chi.id, how=how))
    after = [(answer.status_code, names(answer.text)) for answer in map(chi.get, pages)]
    assert after == before and all("/members/ben" in " ".join(found) for _status, found in after[:2])


def test_suspended_members_are_not_found(cast: Cast) -> None:
    ben_shows(cast, "public")
    with transaction():
        ben = db.session.scalars(select(Member).where(Member.username == "ben")).one()
        ben.state = "suspended"
    assert found(Sought(), cast.ana) == []
