"""What may be posted on whose wall, and what a share says."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from commons.db import db, now, transaction
from commons.entries.models import Entry, EntryLink
from commons.entries.within import place_in
from commons.files.models import File
from commons.forums.actions import remove_post
from commons.forums.models import Post, Topic
from commons.members.models import Member
from commons.people.actions import own_profile
from commons.walls.actions import MOST, TEXT, Picture, add_share
from commons.web import Forbidden, Invalid
from tests import make
from tests.cast import Cast
from tests.commons.files.samples import picture as sample
from tests.commons.forums.makers import group
from tests.commons.walls.makers import opened, poll, share, speaking


def said(topic: Topic) -> str:
    found = db.session.scalar(select(Post.text).where(Post.topic_id == topic.id, Post.number == 1))
    assert found is not None
    return found


def picture(alt: str = "A pump", people: str = "none", size: tuple[int, int] = (40, 30)) -> Picture:
    return Picture(io.BytesIO(sample(size=size)), "pump.jpg", alt, people, "CC BY-SA 4.0")


def test_a_share_stands_on_the_wall_and_begins_its_own_title(app: Flask, cast: Cast) -> None:
    made = share("The pump runs *again*. #water", actor=cast.ben)
    wall = own_profile(cast.ben)
    assert (made.sort, made.within_id, made.audience) == ("share", wall.id, "members")
    assert made.title == "The pump runs again. #water" and made.posts == 1
    assert db.session.scalar(select(func.count()).where(EntryLink.slug == "water")) == 1


def test_a_wall_open_to_all_takes_what_is_only_for_members(app: Flask, cast: Cast) -> None:
    opened(cast.ben)
    assert share("One", actor=cast.ben).audience == "public"
    assert share("Two", actor=cast.ben, members=True).audience == "members"


def test_nobody_posts_on_the_wall_of_somebody_else(app: Flask, cast: Cast) -> None:
    wall = own_profile(cast.ben)
    with pytest.raises(Forbidden):
        place_in(wall.id, "topic", cast.chi)
    with pytest.raises(Forbidden):
        place_in(wall.id, "topic", cast.mo)


def test_only_representatives_post_for_an_organisation_and_in_its_name(app: Flask, cast: Cast) -> None:
    wells = speaking(cast.ben)
    made = share("We dig.", actor=cast.ben, on=wells)
    assert (made.voice_id, made.audience, made.within_id) == (wells.id, "public", wells.id)
    for other in (cast.chi, cast.ana, cast.mo):
        with pytest.raises(Forbidden):
            place_in(wells.id, "topic", other)


def test_a_share_in_a_private_group_is_behind_its_door(app: Flask, cast: Cast) -> None:
    house = group(members=(cast.ben,), admin=cast.ana)
    assert share("Inside", actor=cast.ben, on=house).audience == house.door


def test_a_link_says_where_it_leads_and_nothing_else(app: Flask, cast: Cast) -> None:
    made = share("Read", actor=cast.ben, link="www.example.org/a(b)c", link_title="On [pumps]")
    assert said(made) == "Read\n\n[On \\[pumps\\]](<https://www.example.org/a(b)c>) (example.org)"
    bare = share("", actor=cast.ben, link="https://example.org/x")
    assert said(bare) == "[example.org](<https://example.org/x>)" and bare.title == "example.org"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * (TEXT + 1)}, "text"),
        ({"text": "x", "link": "javascript:alert(1)"}, "link"),
        ({"text": "x", "link": "https://"}, "link"),
        ({"text": "x", "choices": ["One"]}, "choices"),
        ({"text": "x", "choices": ["One", "one"]}, "choices"),
        ({"text": "x", "choices": [str(number) for number in range(MOST + 1)]}, "choices"),
        ({"text": "x", "choices": ["One", "Two"], "until": "soon"}, "until"),
        ({"text": "x", "choices": ["One", "Two"], "until": "2001-01-01"}, "until"),
        ({"text": "x", "choices": ["One", "Two"], "until": "9999-12-31"}, "until"),
        ({"text": "", "choices": ["One", "Two"], "until": (now() + timedelta(days=2)).date().isoformat()}, "text"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(app: Flask, cast: Cast, values: dict[str, object], field: str) -> None:
    wall = own_profile(cast.ben)
    with pytest.raises(Invalid) as fault:
        add_share(values, wall=wall, place=place_in(wall.id, "topic", cast.ben), actor=cast.ben)
    assert field in fault.value.fields
    assert db.session.scalar(select(func.count()).select_from(Topic)) == 0


def test_the_same_form_sent_twice_is_one_share(app: Flask, cast: Cast) -> None:
    assert share("Again", actor=cast.ben).id == share("Again", actor=cast.ben).id
    assert db.session.scalar(select(func.count()).select_from(Topic)) == 1


def test_a_poll_has_its_choices_and_its_end(app: Flask, cast: Cast) -> None:
    made = poll("Monday", "Friday", actor=cast.ben, days=3)
    assert made.choices == ["Monday", "Friday"]
    assert made.choose_until is not None and timedelta(days=2) < made.choose_until - now() < timedelta(days=4)


def brought(member: Member, wall: Entry, text: str = "Look", **more: object) -> Topic:
    place = place_in(wall.id, "topic", member)
    with current_app.test_request_context():
        return add_share({"text": text}, wall=wall, place=place, actor=member, picture=picture(**more))  # type: ignore[arg-type]


def test_a_picture_is_seen_by_those_who_see_the_share_and_nobody_else(app: Flask, cast: Cast) -> None:
    house = group(members=(cast.ben,), admin=cast.ana)
    made = brought(cast.ben, house)
    file = db.session.scalars(select(File)).one()
    assert (file.audience, file.within_id, file.alt) == (house.door, house.id, "A pump")
    assert f"![A pump](/files/{file.slug}" in said(made)
    again = brought(cast.ben, house)
    assert again.id == made.id and db.session.scalar(select(func.count()).select_from(File)) == 1
    open_wall = opened(cast.ben)
    brought(cast.ben, open_wall)
    assert sorted(db.session.scalars(select(File.audience))) == sorted([house.door, "public"])


def test_a_picture_needs_words_and_the_yes_of_those_in_it(app: Flask, cast: Cast) -> None:
    wall = own_profile(cast.ben)
    for more, field in (({"alt": " "}, "picture_alt"), ({"people": "asked"}, "picture_people")):
        with pytest.raises(Invalid) as fault:
            brought(cast.ben, wall, **more)
        assert list(fault.value.fields) == [field]
    assert db.session.scalar(select(func.count()).select_from(File)) == 0


def test_new_members_bring_no_pictures(app: Flask, cast: Cast) -> None:
    with transaction():
        cast.ben.trusted = None
    with pytest.raises(Invalid) as fault:
        brought(cast.ben, own_profile(cast.ben))
    assert list(fault.value.fields) == ["picture"]


def test_a_share_that_was_answered_leaves_a_stone(app: Flask, cast: Cast) -> None:
    made = share("Gone soon", actor=cast.ben)
    first = db.session.scalars(select(Post).where(Post.topic_id == made.id)).one()
    remove_post(first, actor=cast.ben)
    db.session.refresh(made)
    assert made.state == "deleted"


def test_who_has_not_proved_their_address_shares_nothing(app: Flask, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        share("Hello", actor=cast.una)


def test_a_page_is_no_wall(app: Flask, cast: Cast) -> None:
    with transaction(), pytest.raises(Forbidden):
        place_in(make.page("Heaps").id, "topic", cast.ben)


def test_a_poll_without_a_day_ends_after_two_weeks(cast: Cast) -> None:
    made = share("Which day?", actor=cast.ana, choices=["Monday", "Friday"])
    assert made.choose_until is not None and timedelta(days=13) < made.choose_until - now() < timedelta(days=16)
