"""What a question in plain words is understood as, and what stays a name."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from commons.entries.followers import catch_up
from commons.search.asking import Asked, asked_from
from commons.search.queries import find
from tests import make
from tests.cast import Cast


def asked(app: Flask, words: str, **more: str) -> Asked:
    with app.test_request_context():
        return asked_from(MultiDict({"q": words, **more}))


def read(one: Asked) -> list[str]:
    return [f"{each.sort}={each.value}{'!' if each.narrows else ''}" for each in one.understood]


UNDERSTOOD = [
    ("water in Kenya", ["focus=water", "country=KE"], "water in Kenya"),
    ("water kenya", ["focus=water", "country=KE"], "water kenya"),
    ("eau au Sénégal", ["focus=water", "country=SN"], "eau au Sénégal"),
    ("水 肯尼亚", ["country=KE"], "水 肯尼亚"),
    ("lanterns Burkina Faso", ["country=BF"], "lanterns Burkina Faso"),
    ("école à Paris", ["place=Paris"], "école à Paris"),
    ("clinics near Kisumu", ["near=Kisumu!"], "clinics"),
    ("cliniques près de Dakar", ["near=Dakar!"], "cliniques"),
    ("organisations for rainwater harvesting", ["kind=organisation!", "focus=water"], "rainwater harvesting"),
    ("who knows about biochar", ["kind=profile!"], "biochar"),
    ("quién sabe de biochar", ["kind=profile!"], "biochar"),
    ("needs for water", ["kind=need!", "focus=water"], "water"),
    ("needs lanterns", ["kind=need"], "needs lanterns"),
    ("groups in Kenya", ["kind=group!", "country=KE"], "in Kenya"),
    ("pages about ferns", ["kind=page!"], "ferns"),
    ("ferns in French", ["language=fr!"], "ferns"),
    ("fougères en anglais", ["language=en!"], "fougères"),
    ("water in kenya in french", ["focus=water", "country=KE", "language=fr!"], "water in kenya"),
    ("ODD 6", ["sdg=6!"], ""),
    ("SDG-13 lanterns", ["sdg=13!"], "lanterns"),
    ("objetivo 4", ["sdg=4!"], ""),
    ('"clean cooking" in Kenya', ["country=KE"], "in Kenya"),
]


def test_plain_words_say_more_than_themselves(app: Flask) -> None:
    for words, found, left in UNDERSTOOD:
        one = asked(app, words)
        assert (words, read(one), " ".join(one.query.typed)) == (words, found, left)


PLAIN = (
    "kenya", "in Kenya", "Paris", '"kenya" lanterns', "goal 18", "lanterns near Nowhereville", "groups", "French lanterns",
    "an evening in the lamplight", "", "-kenya lanterns", "in", "near", "near near near", "0", "in in in",
)  # fmt: skip


def test_words_that_say_nothing_more(app: Flask) -> None:
    for words in PLAIN:
        assert (words, read(asked(app, words))) == (words, [])


def test_a_word_that_was_taken_back_stays_a_word(app: Flask) -> None:
    assert read(asked(app, "water in Kenya", plain="kenya")) == ["focus=water"]
    assert read(asked(app, "water in Kenya", plain="Water,KENYA")) == []
    kept = asked(app, "clinics near New York", plain="near new york")
    assert read(kept) == [] and kept.query.terms == ("clinics", "near", "New", "York")
    assert read(asked(app, "SDG-6 lamps", plain="sdg 6")) == []


def test_a_choice_in_the_address_is_stronger_than_the_words(app: Flask) -> None:
    one = asked(app, "organisations for lanterns", kind="page")
    assert one.chosen["kind"] == ["page"] and read(one) == [] and one.query.terms == ("lanterns",)
    near = asked(app, "lanterns near Kisumu", near="Nairobi")
    assert near.near and near.near.name == "Nairobi" and read(near) == []


def test_a_list_of_one_kind_takes_words_as_words(app: Flask) -> None:
    with app.test_request_context():
        one = asked_from(MultiDict({"q": "organisations near Kisumu"}), kind="organisation")
    assert read(one) == [] and one.query.terms == ("organisations", "near", "Kisumu")


def test_nobody_asks_a_device_where_it_is(app: Flask) -> None:
    one = asked(app, "clinics near me")
    assert one.nearby and one.query.terms == ("clinics",) and one.near is None


def test_filters_in_the_words_are_understood_outright(app: Flask) -> None:
    one = asked(app, 'in:kenya area:water sdg:6 language:fr lamps sdg:99 kind:nonsense in:"the moon"')
    assert read(one) == ["country=KE!", "focus=water!", "sdg=6!", "language=fr!"]


NAMES = (
    "Water Aid Kenya", "Kenya Forest Service", "Near East Foundation", "Groups for Life", "Paris Water Works",
    "Women of Chad", "SDG 6 Alliance", "Organisations for Rain", "Teaching in French", "Nairobi Water Company",
)  # fmt: skip


def found(app: Flask, words: str, **more: str) -> list[str]:
    with app.test_request_context():
        return [entry.title for entry in find(asked_from(MultiDict({"q": words, **more})), None, 20).entries]


def test_a_name_is_a_name_whatever_its_words_could_mean(app: Flask, cast: Cast) -> None:
    for number, name in enumerate(NAMES):
        make.organisation(name, country="BO")
        make.organisation(
            f"Kenyan crops {number}", country="KE", city="Nairobi", description=f"{name}, women, Paris.", sdgs=[6]
        )
    catch_up()
    for name in NAMES:
        assert found(app, name)[0] == name
        assert read(asked(app, name)) == [], name
        assert found(app, name.lower())[0] == name
    assert found(app, "foundation near east")[0] == "Near East Foundation"
    assert found(app, "kenya forest service of")[0] == "Kenya Forest Service"


def test_what_is_in_the_place_comes_first_and_nothing_is_lost(app: Flask, cast: Cast) -> None:
    make.organisation("Kenya Lantern Fund Kenya Kenya", country="GB", description="Lanterns in Kenya, Kenya, Kenya.")
    make.organisation("Taa", country="KE", city="Nairobi", description="We lend lanterns and talk of much else. " * 20)
    make.organisation("Linternas", country="BO", description="Lanterns.")
    catch_up()
    assert found(app, "lanterns in Kenya") == ["Taa", "Kenya Lantern Fund Kenya Kenya"]
    assert found(app, "lanterns in Nairobi")[0] == "Taa"
    assert sorted(found(app, "lanterns in Kenya", plain="kenya")) == ["Kenya Lantern Fund Kenya Kenya", "Taa"]
    assert found(app, "lanterns in Kenya", plain="kenya")[0] == "Kenya Lantern Fund Kenya Kenya"


def test_chips_show_what_was_understood_and_lead_out_of_it(client: FlaskClient, cast: Cast) -> None:
    make.organisation("Taa", country="KE", city="Kisumu", lat=-0.09, lon=34.77, description="Lanterns")
    make.page("Lanterns near water", "About lanterns near the water.")
    catch_up()
    page = client.get("/search?q=organisations+for+lanterns+near+Kisumu").text
    assert "Understood as" in page and "within 50 km of Kisumu" in page and "Taa" in page
    assert "plain=near+kisumu" in page and "plain=organisations+for%2Cnear+kisumu" in page
    freed = client.get("/search?q=organisations+for+lanterns+near+Kisumu&plain=near+kisumu").text
    assert "within 50 km" not in freed and "plain=near+kisumu%2Corganisations+for" in freed
    outright = client.get("/search?q=lanterns+in%3Akenya").text
    assert 'href="/search?q=lanterns"' in outright
    words = client.get("/search?q=lanterns+in+kenya&plain=kenya").text
    assert "Understood as" not in words


def test_the_api_says_what_was_understood(client: FlaskClient, cast: Cast) -> None:
    found = client.get("/api/v1/search?q=lanterns+near+Kisumu+in+french").get_json()["interpreted"]
    assert [(one["kind"], one["value"], one["narrows"]) for one in found["understood"]] == [
        ("near", "Kisumu", True),
        ("language", "fr", True),
    ]
    assert (
        found["near"]["name"] == "Kisumu"
        and found["words"] == ["lanterns"]
        and found["filters"] == {"language": ["fr"]}
    )
