"""Search and filters: the page's question, read strictly, and never a word that is not for everybody."""

from __future__ import annotations

from collections.abc import Callable

from tests import make
from tests.cast import Cast
from tests.commons.api.conftest import EVERY_ITEM, ROW, SECRET, Program


def test_a_list_takes_the_filters_of_the_search(visitor: Program, indexed: Callable[[], None]) -> None:
    make.organisation("Water in Kisumu", country="KE", city="Kisumu", sdgs=[6], languages=["sw"], focus=["water"])
    make.organisation("Forests of Ghana", country="GH", city="Accra", sdgs=[15], languages=["en"])
    indexed()
    for query in (
        "q=water",
        "country=KE",
        "country=ke",
        "country=Kenya",
        "sdg=6",
        "language=sw",
        "focus=water",
        "near=Kisumu&km=20",
        "q=in:kenya",
    ):
        found = visitor.get(f"/organisations?{query}").get_json()
        assert [item["title"] for item in found["items"]] == ["Water in Kisumu"], query
        assert found["total"] == 1 and found["items"][0].keys() >= EVERY_ITEM | ROW


def test_the_search_gives_what_the_page_gives(visitor: Program, indexed: Callable[[], None]) -> None:
    made = make.organisation("Water in Kisumu", country="KE", description="Clean <b>water</b> & tanks for schools")
    indexed()
    found = visitor.get("/search?q=water+tanks&kind=organisation").get_json()
    assert set(found) == {"total", "page", "per_page", "items", "facets", "interpreted", "suggestion"}
    assert found["total"] == 1
    item = found["items"][0]
    assert set(item) == {"id", "kind", "url", "title", "snippet", "language", "score", "reasons"}
    assert (
        item["id"] == made.id and item["score"] > 0 and "<mark>" not in item["snippet"] and "& tanks" in item["snippet"]
    )
    assert {"value": "KE", "label": "Kenya", "count": 1} in found["facets"]["country"]
    assert found["interpreted"]["words"] == ["water", "tanks"]


def test_a_search_for_nothing_finds_nothing_and_says_so(visitor: Program) -> None:
    found = visitor.get("/search").get_json()
    assert (found["total"], found["items"], found["suggestion"]) == (0, [], None)


BAD_PARAMETERS = [
    ("per_page=101", "per_page"),
    ("per_page=0", "per_page"),
    ("page=0", "page"),
    ("page=x", "page"),
    ("page=" + "9" * 30, "page"),
    ("focus=no-such-area", "focus"),
    ("country=XX", "country"),
    ("country=Atlantis", "country"),
    ("sdg=18", "sdg"),
    ("near=nowhereatallxyz", "near"),
    ("near=Nairobi&km=0", "km"),
    ("bbox=1,2,3", "bbox"),
    ("sort=title;drop", "sort"),
    ("source=x&q=water", "source"),
    ("after=-1", "after"),
]


def test_a_parameter_that_means_nothing_is_named(visitor: Program) -> None:
    for query, field in BAD_PARAMETERS:
        answer = visitor.get(f"/organisations?{query}")
        assert answer.status_code == 422 and list(answer.get_json()["fields"]) == [field], (query, answer.text)


def test_the_search_refuses_a_kind_that_it_does_not_show(visitor: Program) -> None:
    assert visitor.get("/search?q=a&kind=draft").status_code == 422
    assert visitor.get("/search?q=a&kind=nonsense").status_code == 422


def test_a_word_for_members_is_in_no_answer_to_a_visitor(
    visitor: Program, program: Callable[..., Program], cast: Cast, indexed: Callable[[], None]
) -> None:
    hidden = make.organisation(
        f"The {SECRET} circle", audience="members", country="KE", description=f"{SECRET} matters"
    )
    make.organisation("Open circle", country="KE", description="An open one")
    indexed()
    queries = [
        f"q={SECRET}",
        f"q={SECRET[:6]}*",
        f"q={SECRET[:-1]}",
        f"q={SECRET}x",
        f'q="{SECRET}+matters"',
        "q=circle",
        "country=KE",
    ]
    for query in queries:
        found = visitor.get(f"/search?{query}").get_json()
        assert hidden.id not in [item["id"] for item in found["items"]]
        del found["interpreted"]  # the question, said again
        assert SECRET not in str(found)
        assert SECRET not in str(visitor.get(f"/organisations?{query}").get_json())
    for path in ("/organisations", "/changes?after=0", f"/organisations/{hidden.id}", "/openapi.json"):
        visitor.get(path)  # Program.call looks for the word
    assert hidden.id not in [line["id"] for line in visitor.get("/changes?after=0").get_json()["items"]]
    member = program(cast.chi, "read")
    assert member.get(f"/search?q={SECRET}").get_json()["items"][0]["id"] == hidden.id
    assert hidden.id in [item["id"] for item in member.get("/organisations").get_json()["items"]]


def test_a_program_asks_what_a_text_is_about(visitor: Program) -> None:
    said = {"text": "Nous creusons des forages pour l’eau potable.", "language": "fr"}
    found = visitor.call("POST", "/suggest", json=said).get_json()["items"]
    assert found[0]["goal"] == 6 and "forages" in found[0]["words"] and found[0]["score"] >= 1
    assert "water" in [one.get("area") for one in found]
    assert visitor.call("POST", "/suggest", json={"text": ""}).get_json() == {"items": []}


def test_a_question_about_a_text_is_read_strictly(visitor: Program) -> None:
    for body, field in (({"texts": "x"}, "texts"), ({"text": 7}, "text"), ({"text": "x" * 20_001}, "text")):
        answer = visitor.call("POST", "/suggest", json=body)
        assert answer.status_code == 422 and list(answer.get_json()["fields"]) == [field]
    assert visitor.call("POST", "/suggest", data="text=x").status_code == 415
