"""Twelve kinds of group, seven kinds of viewer, and every way in which the site tells of things: who may not see a group meets no
word of it anywhere, and who may see it does. A new output is one more line in OUTPUTS."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from itertools import product
from string import ascii_lowercase
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from commons.db import db, transaction
from commons.entries.followers import catch_up
from commons.entries.models import Entry
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

pytestmark = pytest.mark.timeout(900)
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
VIEWERS = ("visitor", "outside", "applicant", "member", "admin", "moderator", "administrator")
INSIDE = ("member", "admin")
SEES: dict[str, tuple[str, ...]] = {"public": VIEWERS, "members": VIEWERS[1:], "private": INSIDE}
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
    Output("sitemap", "/sitemap-0.xml", ("page", "file"), open_only=True),
    Output("changes", "/changes?kind=group", ("name",)),
    Output("changes of pages and files", "/changes?kind=page&kind=file"),
    Output("changes feed", "/changes.atom", (), open_only=True),
    Output("area of focus", "/focus/water", ()),
    Output("page within", "/wiki/{page_slug}", ("page",), own=True),
    Output("all pages", "/wiki/all", ("page",)),
    Output("file within", "/files/{file_slug}", ("file",), own=True),
    Output("content of the file", "/files/{file_slug}/download", ("file",), own=True),
    Output("all files", "/files", ("file",)),
    Output("card of a mention", "/wiki/{naming}", ("name", "summary")),
    Output("profile of the admin", "/members/ana", ()),
    Output("group above", "/groups/{above}", ("name",)),
    Output("watching", "/watching", ("name",), for_viewers=INSIDE),
    Output("feed", "/feed", ()),
    Output("notices", "/notices", ()),
    Output("home", "/", ()),
)  # fmt: skip


@dataclass
class Planted:
    """A group by its number: what the site tells is asked after its rows have left the session."""

    id: int
    words: dict[str, str]
    slugs: dict[str, Any] = field(default_factory=dict)

    @property
    def group(self) -> Group:
        return db.session.get_one(Group, self.id)

    def address(self, output: Output, slug: str, joining: str) -> str:
        name = self.words["name"]
        more = {"begin": name[:8], "misspelt": f"{name[:9]}{'z' if name[9] != 'z' else 'y'}{name[10:]}"}
        return output.address.format(**self.words, **self.slugs, **more, slug=slug, id=self.id, joining=joining)


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
    said: dict[str, Any] = {"title": words["name"].capitalize(), "summary": f"For {words['summary']}", "focus": water}
    group = makers.group(
        visibility=visibility, joining=joining, within=above, members=(cast.ben,), questions=["Why?"], **said
    )
    actions.edit_group(group, {"text": f"Because {words['text']}"}, version=1, actor=cast.ana)
    page: Page = makers.put(group, make.page(f"On {words['page']}", "Words.", actor=cast.ben))
    file: File = makers.put(group, make.file(f"Of {words['file']}", words["file"].encode(), actor=cast.ben))
    db.session.execute(update(Entry).where(Entry.id == group.id).values(slug=f"g-{number}"))
    db.session.commit()  # an address that says nothing, so that public pages can name it
    naming = make.page(f"Naming {number}", f"See:\n\n[[group:g-{number}]]\n", actor=cast.ana)
    with transaction():
        db.session.add(Application(group_id=group.id, member_id=applicant.id, answers=[["Why?", "Because"]]))
    watch(group, actor=cast.ben)
    slugs = {"page_slug": page.slug, "file_slug": file.slug, "naming": naming.slug, "above": above.slug}
    return Planted(group.id, words, slugs)


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


def closed_to(site: Site, viewer: str, inside: tuple[str, ...] = INSIDE) -> list[Planted]:
    sees = SEES | {"private": inside}
    return [planted for planted in site.groups if viewer not in sees[planted.group.visibility]]


def leaks(
    site: Site, viewers: tuple[str, ...] = VIEWERS, inside: tuple[str, ...] = INSIDE, without: tuple[str, ...] = ()
) -> list[tuple[str, ...]]:
    """Every word of a group that somebody met who may not see it, of all hidden groups at once in each answer."""
    found: list[tuple[str, ...]] = []
    for viewer in viewers:
        hidden, known = closed_to(site, viewer, inside), set[str]()
        where = [(one, one.group.slug, one.group.joining, one.group.visibility) for one in hidden]
        for (planted, slug, joining, visibility), output in product(where, OUTPUTS):
            address = planted.address(output, slug, joining)
            if address in known or output.name in without:
                continue
            known.add(address)
            told, asked = site.ask(viewer, address)[1], {planted.words[name] for name in output.asks}
            met = [
                word
                for one in hidden
                for word in one.words.values()
                if word in told and word not in asked and word not in address
            ]
            found += [(viewer, output.name, visibility, joining, word) for word in met]
    return sorted(set(found))


def missed(site: Site, wanted: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """`wanted`: viewer: the ways of joining whose groups they look for."""
    found: list[tuple[str, ...]] = []
    for viewer, planted in product(wanted, site.groups):
        group, known = planted.group, dict[str, str]()
        slug, joining, visibility = group.slug, group.joining, group.visibility
        if viewer not in SEES[visibility] or joining not in wanted[viewer]:
            continue
        for output in OUTPUTS:
            if output.shows and viewer in output.for_viewers and (visibility == "public" or not output.open_only):
                address = planted.address(output, slug, joining)
                told = known[address] if address in known else known.setdefault(address, site.ask(viewer, address)[1])
                lost = [name for name in output.shows if planted.words[name] not in told]
                found += [(viewer, output.name, visibility, joining, name) for name in lost]
    return sorted(set(found))


def test_the_table_of_ways_names_every_combination() -> None:
    assert set(WAYS) == set(product(VISIBILITIES, JOININGS)) and len(WAYS) == 12


def test_who_may_not_see_a_group_meets_no_word_of_it_in_any_output(site: Site) -> None:
    assert leaks(site) == []


def test_who_may_see_a_group_finds_it_in_every_output(site: Site) -> None:
    some = dict.fromkeys(VIEWERS, ("open",))
    assert missed(site, some | {"outside": ("apply", "invitation"), "member": JOININGS}) == []


def test_a_hidden_group_and_a_missing_one_answer_the_same_bytes(site: Site) -> None:
    for viewer in ("visitor", "outside", "administrator"):
        for planted in closed_to(site, viewer):
            slug, joining = planted.group.slug, planted.group.joining
            for output in (one for one in OUTPUTS if one.own and "{slug}" in one.address):
                address = planted.address(output, slug, joining)
                answers = [site.ask(viewer, one) for one in (address, address.replace(slug, "nothing-like-it"))]
                bare = [
                    TOKEN.sub("", told).replace(slug, "").replace("nothing-like-it", "") for _status, told in answers
                ]
                assert [status for status, _told in answers] == [404, 404] and bare[0] == bare[1], (viewer, address)


def test_what_closes_is_gone_at_once_while_the_index_still_knows_it_and_for_who_leaves(site: Site, cast: Cast) -> None:
    ana = cast.ana
    for planted in site.groups:
        if planted.group.visibility != "private":
            assert actions.change_visibility(planted.group, "private", actor=ana) == "now"
    # until the worker's next turn the index corrects spelling by words that were public a moment ago
    assert leaks(site, ("visitor", "moderator"), without=("misspelt",)) == []
    assert missed(site, {"member": ("open",)}) == []
    for planted in site.groups:
        actions.leave(planted.group, actor=cast.ben)
    assert leaks(site, ("member",), inside=("admin",), without=("misspelt",)) == []
    catch_up()
    assert leaks(site, ("outside",)) == []
