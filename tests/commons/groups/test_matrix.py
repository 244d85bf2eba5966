"""Twelve kinds of group, seven kinds of viewer, and every way in which the site tells of things: who may not see a group meets no
word of it anywhere, and who may see it does. A new output is one more line in OUTPUTS."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import product
from string import ascii_lowercase
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.db import db, transaction
from commons.entries.followers import catch_up
from commons.feed.actions import watch
from commons.files.models import File
from commons.groups import actions
from commons.groups.doors import WAYS
from commons.groups.models import JOININGS, VISIBILITIES, Application, Group
from commons.members.models import Member
from commons.people.actions import edit_profile
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.groups import makers
from wiki.models import Page

VIEWERS = ("visitor", "outside", "applicant", "member", "admin", "moderator", "administrator")
INSIDE = ("member", "admin")
SEES = {"public": VIEWERS, "members": VIEWERS[1:], "private": INSIDE}
WORDS = ("name", "summary", "text", "page", "file")


@dataclass
class Output:
    """One address. `shows`: the words that who may see the group finds there; `asks`: words that stand in the question.
    `open_only`: it shows what everybody may see, to everybody. `own`: for who may not see the group the address is not there."""

    name: str
    address: str
    shows: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    open_only: bool = False
    own: bool = False
    for_viewers: tuple[str, ...] = VIEWERS


OUTPUTS = (
    Output("list", "/groups", ("name", "summary")),
    Output("list of an area", "/groups?area=water&joining={joining}", ("name", "summary")),
    Output("mine", "/groups?mine=1", ("name",), for_viewers=INSIDE),
    Output("page", "/groups/{slug}", ("name", "summary", "text", "page", "file"), own=True),
    Output("members", "/groups/{slug}/members", ("name",), for_viewers=INSIDE),
    Output("settings", "/groups/{slug}/settings", ("name",), for_viewers=("admin",)),
    Output("history", "/groups/{slug}/history", ("name",), own=True),
    Output("comparison", "/groups/{slug}/diff/1/2", ("text",), own=True),
    Output("history feed", "/groups/{slug}/history.atom", ("name",), open_only=True),
    Output("permanent address", "/e/{id}", (), own=True),
    Output("search by name", "/search?q={name}", ("name", "summary"), ("name",)),
    Output("search by text", "/search?q={text}", ("name",), ("text",)),
    Output("search in what stands in it", "/search?q={page}", ("page",), ("page",)),
    Output("suggestions", "/search/complete?q={begin}", ("name",), open_only=True),
    Output("misspelt", "/search?q={misspelt}"),
    Output("API search", "/api/v1/search?q={summary}", (), ("summary",)),
    Output("API list", "/api/v1/groups?per_page=100", ("name", "summary", "text"), open_only=True),
    Output("API record", "/api/v1/groups/{id}", ("name", "summary", "text"), open_only=True),
    Output("API log", "/api/v1/changes?after=0&limit=500"),
    Output("Atom", "/groups.atom", ("name", "summary"), open_only=True),
    Output("sitemap", "/sitemap-0.xml", ("name",), open_only=True),
    Output("changes", "/changes?kind=group&kind=page&kind=file", ("name", "page", "file")),
    Output("changes feed", "/changes.atom", (), open_only=True),
    Output("area of focus", "/focus/water", ()),
    Output("page within", "/wiki/{page_slug}", ("page",), own=True),
    Output("all pages", "/wiki/all", ("page",)),
    Output("file within", "/files/{file_slug}", ("file",), own=True),
    Output("content of the file", "/files/{file_slug}/download", ("file",), own=True),
    Output("all files", "/files", ("file",)),
    Output("card of a mention", "/wiki/{naming}", ("summary",), ("name",)),
    Output("profile of the admin", "/members/ana", ()),
    Output("group above", "/groups/{above}", ("name",)),
    Output("watching", "/watching", ("name",), for_viewers=INSIDE),
    Output("feed", "/feed", ()),
    Output("notices", "/notices", ()),
    Output("home", "/", ()),
)  # fmt: skip


@dataclass
class Planted:
    group: Group
    words: dict[str, str]
    slugs: dict[str, Any] = field(default_factory=dict)

    def address(self, output: Output) -> str:
        name = self.words["name"]
        more = {"begin": name[:8], "misspelt": f"{name[:9]}{'z' if name[9] != 'z' else 'y'}{name[10:]}"}
        known = {"slug": self.group.slug, "id": self.group.id, "joining": self.group.joining}
        return output.address.format(**self.words, **self.slugs, **more, **known)


@dataclass
class Site:
    clients: dict[str, FlaskClient]
    groups: list[Planted]

    def ask(self, viewer: str, address: str) -> tuple[int, str]:
        answer = self.clients[viewer].get(address)
        told = answer.data.decode(errors="replace").lower()
        answer.close()
        assert answer.status_code < 500, (viewer, address)
        return answer.status_code, told


def planted(number: int, visibility: str, joining: str, above: Group, applicant: Member, cast: Cast) -> Planted:
    pick = random.Random(number)
    words = {name: "".join(pick.choices(ascii_lowercase, k=16)) for name in WORDS}
    water = make.organisation(f"Works {number}", focus=["water"]).focus
    said = {"title": words["name"].capitalize(), "summary": f"For {words['summary']}", "focus": water}
    group = makers.group(
        visibility=visibility, joining=joining, within=above, members=(cast.ben,), questions=["Why?"], **said
    )
    actions.edit_group(group, {"text": f"Because {words['text']}"}, version=1, actor=cast.ana)
    page: Page = makers.put(group, make.page(f"On {words['page']}", "Words.", actor=cast.ben))
    file: File = makers.put(group, make.file(f"Of {words['file']}", words["file"].encode(), actor=cast.ben))
    naming = make.page(f"Naming {number}", f"See [[group:{group.slug}]].", actor=cast.ana)
    with transaction():
        db.session.add(Application(group_id=group.id, member_id=applicant.id, answers=[["Why?", "Because"]]))
    watch(group, actor=cast.ben)
    slugs = {"page_slug": page.slug, "file_slug": file.slug, "naming": naming.slug, "above": above.slug}
    return Planted(group, words, slugs)


@pytest.fixture
def site(app: Flask, cast: Cast) -> Site:
    applicant, ruler = makers.person("applicant"), makers.person("ruler", "administrator")
    edit_profile({}, {}, audience="public", actor=cast.ana)
    above = makers.group("The network")
    made = [
        planted(number, visibility, joining, above, applicant, cast)
        for number, (visibility, joining) in enumerate(product(VISIBILITIES, JOININGS))
    ]
    catch_up()
    people = {"outside": cast.chi, "applicant": applicant, "member": cast.ben, "admin": cast.ana, "moderator": cast.mo}
    clients = {name: sign_in(app.test_client(), who) for name, who in (people | {"administrator": ruler}).items()}
    return Site(clients | {"visitor": app.test_client()}, made)


def leaks(site: Site, viewers: tuple[str, ...] = VIEWERS) -> list[tuple[str, ...]]:
    """Every word of a group that somebody met who may not see it, of all groups at once in each answer."""
    found = []
    for viewer in viewers:
        known: dict[str, str] = {}
        for planted, output in product(site.groups, OUTPUTS):
            address = planted.address(output)
            if address not in known:
                known[address] = site.ask(viewer, address)[1]
            asked = {planted.words[name] for name in output.asks}
            for other in site.groups:
                if viewer not in SEES[other.group.visibility]:
                    told = [word for word in other.words.values() if word in known[address] and word not in asked]
                    found += [(viewer, output.name, other.group.visibility, other.group.joining, word) for word in told]
    return found


def missed(site: Site) -> list[tuple[str, ...]]:
    found = []
    for viewer, planted, output in product(VIEWERS, site.groups, OUTPUTS):
        sees = viewer in SEES[planted.group.visibility] and (planted.group.visibility == "public" or not output.open_only)
        if not output.shows or viewer not in output.for_viewers or not sees:
            continue
        told = site.ask(viewer, planted.address(output))[1]
        lost = [name for name in output.shows if planted.words[name] not in told]
        found += [(viewer, output.name, planted.group.visibility, planted.group.joining, name) for name in lost]
    return found


def test_the_table_of_ways_names_every_combination() -> None:
    assert set(WAYS) == set(product(VISIBILITIES, JOININGS)) and len(WAYS) == 12


def test_who_may_not_see_a_group_meets_no_word_of_it_in_any_output(site: Site) -> None:
    assert leaks(site) == []


def test_who_may_see_a_group_finds_it_in_every_output(site: Site) -> None:
    assert missed(site) == []


def test_a_hidden_group_and_a_missing_one_answer_the_same_bytes(site: Site) -> None:
    for viewer, planted, output in product(VIEWERS, site.groups, OUTPUTS):
        if output.own and viewer not in SEES[planted.group.visibility]:
            address = planted.address(output)
            status, told = site.ask(viewer, address)
            folder, slug = address.split("/")[1:3]
            beside = address.replace(slug, "9999999" if slug.isdigit() else "nothing-of-this-name", 1)
            missing = site.ask(viewer, beside)
            assert status == missing[0] == 404, (viewer, address)
            if folder == "groups":
                assert told.replace(slug, "") == missing[1].replace("nothing-of-this-name", ""), (viewer, address)


def test_what_closes_is_gone_at_once_while_the_index_still_knows_it(site: Site, cast: Cast) -> None:
    for planted in site.groups:
        if planted.group.visibility != "private":
            assert actions.change_visibility(planted.group, "private", actor=cast.ana) == "now"
    assert leaks(site, ("visitor", "outside", "applicant", "moderator", "administrator")) == []
    catch_up()
    assert leaks(site, ("visitor", "outside", "moderator")) == []
    assert missed(site) == []


def test_who_leaves_meets_no_word_any_more(site: Site, cast: Cast) -> None:
    ben = cast.ben
    for planted in site.groups:
        actions.leave(planted.group, actor=ben)
    ranks = {name: tuple(one for one in who if one != "member") for name, who in SEES.items()}
    before = SEES["private"]
    SEES["private"] = ranks["private"]
    try:
        assert leaks(site, ("member",)) == []
    finally:
        SEES["private"] = before
