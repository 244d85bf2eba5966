"""Writing with a token: what works, and who may not."""

from __future__ import annotations

import pytest

from commons.api.organisations import PROPERTIES
from commons.db import transaction
from commons.members.actions import revoke_token
from commons.members.queries import tokens
from tests import make
from tests.cast import GROUP, Cast
from tests.commons.api.conftest import NEW, Ask, Program, count, last_change


def test_a_program_adds_an_organisation_in_its_owners_name(visitor: Program, program: Ask, cast: Cast) -> None:
    writer = program(cast.ana)
    answer = writer.post("/organisations", NEW | {"note": "From their website"})
    made = answer.get_json()
    assert answer.status_code == 201 and answer.headers["Location"] == f"/api/v1/organisations/{made['id']}"
    assert made == visitor.get(f"/organisations/{made['id']}").get_json()
    for name in ("name", "description", "type", "city", "languages", "founded", "focus", "sdgs", "external_ids"):
        assert made[name] == NEW[name], name
    assert (made["country"], made["version"], made["audience"]) == ("KE", 1, "public")
    assert sorted(made["aliases"]) == ["L'eau de pluie", "Maji"]
    assert made["lat"] is not None, "a town without coordinates gets those of the gazetteer"
    line = last_change()
    assert (line.actor_id, line.verb, line.note) == (cast.ana.id, "created", "From their website")
    assert line.via == f"token {tokens(cast.ana)[0].id}"


def test_an_area_can_be_named_by_its_label(program: Ask, cast: Cast) -> None:
    label = program(cast.ana).get("/focus?per_page=1").get_json()["items"][0]
    made = program(cast.ana).post("/organisations", {"name": "Labelled", "focus": [label["title"]]}).get_json()
    assert made["focus"] and made["focus"][0] != label["title"]


def test_only_the_named_fields_change(program: Ask, cast: Cast) -> None:
    made = make.organisation(
        "Solar Aid",
        description="Lamps",
        city="London",
        country="GB",
        names=[{"value": "SolarAid", "language": "en", "types": ["brand"]}],
    )
    writer = program(cast.ben)
    answer = writer.patch(f"/organisations/{made.id}", {"version": 1, "founded": 2006, "note": "From the register"})
    found = answer.get_json()
    assert (answer.status_code, found["version"], found["founded"], found["description"]) == (200, 2, 2006, "Lamps")
    assert answer.headers["ETag"] == f'W/"{made.id}-2"'
    kept = writer.patch(f"/organisations/{made.id}", {"version": 2, "aliases": ["SolarAid", "SA"]}).get_json()
    assert kept["names"][0] == {"value": "SolarAid", "language": "en", "types": ["brand"]}, (
        "what is known of a name stays"
    )
    assert kept["aliases"] == ["SolarAid", "SA"]


def test_a_change_that_changes_nothing_makes_no_version(program: Ask, cast: Cast) -> None:
    made = make.organisation("Solar Aid")
    answer = program(cast.ana).patch(f"/organisations/{made.id}", {"version": 1, "name": "Solar Aid"})
    assert (answer.status_code, answer.get_json()["version"]) == (200, 1)


def test_an_item_as_it_was_read_can_be_written_back_field_by_field(program: Ask, cast: Cast) -> None:
    other = make.organisation("The other")
    writer = program(cast.ana)
    relations = [{"type": "partner", "id": other.id}, {"type": "funder", "external_id": "abc", "name": "A fund"}]
    made = writer.post("/organisations", NEW | {"relations": relations}).get_json()
    assert {row["name"] for row in made["relations"]} == {"The other", "A fund"}
    for name in set(PROPERTIES) & set(made):
        answer = writer.patch(f"/organisations/{made['id']}", {"version": 1, name: made[name]})
        assert (answer.status_code, answer.get_json()["version"]) == (200, 1), (name, answer.text)


def test_edits_of_different_fields_are_both_kept(program: Ask, cast: Cast) -> None:
    made = make.organisation("Solar Aid", description="Lamps")
    program(cast.ana).patch(f"/organisations/{made.id}", {"version": 1, "description": "Lamps and lanterns"})
    found = program(cast.ben).patch(f"/organisations/{made.id}", {"version": 1, "founded": 2006}).get_json()
    assert (found["description"], found["founded"], found["version"]) == ("Lamps and lanterns", 2006, 3)


def test_a_conflict_shows_both_and_loses_neither(program: Ask, cast: Cast) -> None:
    made = make.organisation("Solar Aid", city="London", country="GB")
    program(cast.ana).patch(f"/organisations/{made.id}", {"version": 1, "name": "SolarAid"})
    answer = program(cast.ben).patch(f"/organisations/{made.id}", {"version": 1, "name": "Solar-Aid"})
    fault = answer.get_json()
    assert answer.status_code == 409 and fault["error"] == "conflict" and fault["version"] == 2
    assert fault["fields"] == {"name": {"base": "Solar Aid", "mine": "Solar-Aid", "theirs": "SolarAid"}}
    again = program(cast.ben).patch(f"/organisations/{made.id}", {"version": fault["version"], "name": "Solar-Aid"})
    assert (again.status_code, again.get_json()["name"]) == (200, "Solar-Aid")


def test_an_area_of_focus_is_changed_by_the_same_road(program: Ask, cast: Cast) -> None:
    writer = program(cast.ana)
    area = writer.get("/focus?per_page=1").get_json()["items"][0]
    answer = writer.patch(f"/focus/{area['id']}", {"version": area["version"], "label_fr": "Une autre étiquette"})
    assert answer.get_json()["labels"]["fr"] == "Une autre étiquette"
    for body, field in (
        ({"label_fr": 5}, "label_fr"),
        ({"synonyms_en": [1]}, "synonyms_en"),
        ({"parents": ["nowhere"]}, "parents"),
        ({"slug": "x"}, "slug"),
        ({"sdgs": [{}]}, "sdgs"),
    ):
        fault = writer.patch(f"/focus/{area['id']}", {"version": 2, **body})
        assert fault.status_code == 422 and list(fault.get_json()["fields"]) == [field], fault.text
    assert writer.post("/focus", {"title": "New"}).status_code == 405


def test_only_moderators_remove_and_they_say_why(visitor: Program, program: Ask, cast: Cast) -> None:
    made = make.organisation("To be removed")
    path = f"/organisations/{made.id}"
    assert program(cast.ana).delete(path, json={"note": "I dislike it"}).status_code == 403
    moderator = program(cast.mo)
    assert moderator.delete(path).get_json()["fields"].keys() == {"note"}
    assert moderator.delete(path, json={"note": "Spam", "force": True}).status_code == 422
    assert visitor.get(path).status_code == 200
    assert moderator.delete(path, json={"note": "Asked for by themselves"}).status_code == 204
    gone = visitor.get(path)
    assert gone.status_code == 410 and gone.get_json()["message"] == "Asked for by themselves"
    assert moderator.delete(path, query_string={"note": "Again"}).status_code == 410
    assert moderator.patch(path, {"version": 1, "city": "x"}).status_code == 410


def test_a_visitor_writes_nothing(visitor: Program) -> None:
    made = make.organisation()
    before = count()
    for answer in (
        visitor.post("/organisations", NEW),
        visitor.patch(f"/organisations/{made.id}", {"version": 1}),
        visitor.delete(f"/organisations/{made.id}"),
    ):
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert count() == before


def test_a_token_that_is_not_good_is_refused_even_for_reading(visitor: Program) -> None:
    for header in ("Bearer nonsense", "Bearer ", "Bearer", "Basic YTpi", "", "Bearer " + "x" * 3000, "bearer é"):
        answer = visitor.get("/organisations", headers={"Authorization": header})
        assert answer.status_code == 401 and "WWW-Authenticate" in answer.headers, header


def test_a_token_ends_when_it_is_taken_back_or_its_owner_is_suspended(program: Ask, cast: Cast) -> None:
    ana, ben = program(cast.ana), program(cast.ben)
    assert ana.get("/organisations").status_code == ben.get("/organisations").status_code == 200
    revoke_token(cast.ana, tokens(cast.ana)[0].id)
    with transaction():
        cast.ben.state = "suspended"
    assert ana.get("/organisations").status_code == ben.get("/organisations").status_code == 401
    assert ben.post("/organisations", NEW).status_code == 401


def test_a_token_may_do_only_what_its_scopes_say(program: Ask, cast: Cast) -> None:
    hidden = make.organisation("For members", audience="members")
    reader, blind = program(cast.ana, "read"), program(cast.ana, "write")
    assert reader.get(f"/organisations/{hidden.id}").status_code == 200
    assert reader.post("/organisations", NEW).status_code == 403
    assert blind.get(f"/organisations/{hidden.id}").status_code == 404
    assert blind.patch(f"/organisations/{hidden.id}", {"version": 1, "city": "x"}).status_code == 404, (
        "no writing without reading"
    )
    assert blind.post("/organisations", NEW).status_code == 201


def test_a_token_gives_its_owners_rights_and_no_more(program: Ask, cast: Cast) -> None:
    hidden = make.organisation("Seat only", audience=GROUP)
    assert program(cast.una).post("/organisations", NEW).status_code == 403, (
        "who has not proved an address does not write"
    )
    assert program(cast.chi).patch(f"/organisations/{hidden.id}", {"version": 1, "city": "x"}).status_code == 404
    assert program(cast.chi).delete(f"/organisations/{hidden.id}", json={"note": "x"}).status_code == 404
    assert program(cast.ben).patch(f"/organisations/{hidden.id}", {"version": 1, "city": "x"}).status_code == 200


def test_an_organisation_that_one_may_not_see_cannot_be_named(program: Ask, cast: Cast) -> None:
    hidden, missing = make.organisation("Seat only", audience=GROUP).id, 999_999
    writer = program(cast.chi)
    answers = []
    for number in (hidden, missing):
        for body in ({"relations": [{"type": "partner", "id": number, "name": "Guess"}]}, {"successor_id": number}):
            answer = writer.post("/organisations", {"name": "Curious", **body})
            assert answer.status_code == 422
            answers.append(answer.text.replace(str(number), "N"))
    assert answers[:2] == answers[2:]


@pytest.mark.parametrize("app", [{"WTF_CSRF_ENABLED": True}], indirect=True)
def test_the_api_asks_for_no_form_key_and_the_pages_do(visitor: Program, program: Ask, cast: Cast) -> None:
    assert program(cast.ana).post("/organisations", NEW).status_code == 201
    assert visitor.post("/organisations", NEW).status_code == 401
    assert visitor.client.post("/organisations/new", data=NEW).status_code == 400
