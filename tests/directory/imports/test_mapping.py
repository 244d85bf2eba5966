from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from directory.imports.mapping import BadMapping, Skipped, choose_mapping, load_mapping, mapping_names, read_mapping
from directory.imports.rules import compiled

AREAS = Path(__file__).resolve().parents[3] / "commons" / "focus" / "areas.jsonl"


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("a", "one"),
        ({"copy": ["none", "b"]}, "two"),
        ({"join": ["a", "b", "a"]}, "one\n\ntwo"),
        ({"join": ["a", "b"], "with": " / "}, "one / two"),
        ({"join": ["texts"]}, "eins\n\nun"),
        ({"list": ["a", "many", "none"]}, ["one", "x", "y"]),
        ({"constant": "GB"}, "GB"),
        ({"copy": "marks", "split": ";"}, ["p", "q"]),
        ({"copy": "a", "prefix": "https://"}, "https://one"),
        ({"copy": "a", "without": "on"}, "e"),
        ({"copy": "a", "without": "off"}, None),
        ({"copy": "marks", "replace": {"; ": "+"}}, "p+q;"),
        ({"copy": "many", "table": {"x": ["ex", "why"], "y": "why"}}, ["ex", "why"]),
        ({"copy": "code", "table": {"K": "food", "K31": "aid"}, "by": "prefix"}, "aid"),
        ({"copy": "code", "table": {"K": "food"}, "by": "whole"}, None),
        ({"copy": "loud", "case": "name"}, "The Big House of Wood"),
        ({"external_ids": {"A": {"copy": "a"}, "none": "none", "*": "ids"}}, {"A": "one", "grid": "g"}),
        ({"names": "names"}, [{"value": "N", "language": "fr", "types": ["label"]}, "plain"]),
        ({"relations": {"copy": ["none", "links"]}}, [{"type": "child", "id": "7", "name": "Seven"}]),
    ],
)
def test_each_rule_does_what_its_name_says(rule: Any, wanted: Any) -> None:
    values = {
        "a": "one",
        "b": "two",
        "many": ["x", "y"],
        "marks": "p; q;",
        "code": "K310",
        "loud": "THE BIG HOUSE OF WOOD",
        "texts": {"de": "eins", "fr": "un"},
        "ids": {"grid": "g"},
        "names": [{"value": "N", "lang": "fr", "types": ["label"], "odd": 1}, "plain"],
        "links": [{"type": "child", "id": "7", "label": "Seven"}],
    }
    assert compiled(rule)(values) == wanted


@pytest.mark.parametrize(
    "rule", [17, {}, {"copy": "a", "join": ["b"]}, {"copy": "a", "shout": True}, {"copy": "a", "case": "loud"}]
)
def test_a_rule_that_is_not_understood_is_refused_with_a_sentence(rule: Any) -> None:
    with pytest.raises(BadMapping):
        compiled(rule)


def test_the_synonyms_need_no_mapping() -> None:
    mapped = load_mapping("plain").apply(
        {
            "id": "7",
            "name": "A",
            "country_code": "KE",
            "town": "Kisumu",
            "state": "Kisumu County",
            "mission": "We dig.",
            "activities": "Wells.",
            "objects": "Water.",
            "programs": "Tanks.",
            "established": 1999,
            "types": ["nonprofit", "other"],
            "topics": ["water"],
            "tags": ["wells"],
            "domains": ["a.example"],
            "lang": "en",
            "shoe_size": 44,
            "relationships": [{"type": "child", "id": "8", "label": "B"}],
        }
    )
    assert mapped == {
        "source_id": "7",
        "name": "A",
        "country": "KE",
        "city": "Kisumu",
        "region": "Kisumu County",
        "description": "We dig.\n\nWells.\n\nWater.\n\nTanks.",
        "founded": 1999,
        "type": ["nonprofit", "other"],
        "focus": ["water", "wells"],
        "website": ["a.example"],
        "language": "en",
        "relations": [{"type": "child", "id": "8", "name": "B"}],
        "extra": {"shoe_size": 44},
    }


def test_nothing_is_dropped_in_silence() -> None:
    mapped = load_mapping("plain").apply(
        {"name": "A", "title": "B", "city": "C", "place": "C", "extra": {"x": 1}, "rank": 0}
    )
    assert mapped == {"name": "A", "city": "C", "extra": {"title": "B", "x": 1, "rank": 0}}


def test_rows_can_be_skipped_and_kept_by_what_they_say() -> None:
    mapping = read_mapping(
        {
            "name": "x",
            "fields": {"name": "name", "focus": {"copy": "code", "table": {"W": "water"}}},
            "keep": ["code"],
            "leave_out": ["noise"],
            "skip_when": [{"field": "kind", "is": ["person", "place"], "reason": "not an organisation"}],
        }
    )
    assert mapping.apply({"name": "A", "kind": "person"}) == Skipped("not an organisation")
    assert mapping.apply({"name": "A", "code": "W", "noise": 1}) == {
        "name": "A",
        "focus": "water",
        "extra": {"code": "W"},
    }


def test_a_mapping_is_chosen_by_name_by_source_or_by_the_marks_of_the_rows() -> None:
    ein = {"id": "US-EIN-1", "name": "A", "country_code": "US", "ntee": "C30"}
    assert choose_mapping("org_ror").name == "org_ror"
    assert choose_mapping(source="susy").name == "org_solidarity_susy"
    assert choose_mapping(first_rows=[ein, {**ein, "id": "US-EIN-2"}]).name == "org_us_irs"
    assert choose_mapping(first_rows=[ein, {**ein, "id": "other"}]).name == "plain"
    assert choose_mapping().name == "plain"
    with pytest.raises(BadMapping, match="There is no mapping"):
        choose_mapping("../../etc/passwd")


@pytest.mark.parametrize("name", mapping_names())
def test_every_shipped_mapping_says_where_its_rows_come_from_and_points_to_areas_that_exist(name: str) -> None:
    mapping = load_mapping(name)
    assert mapping.name == name and mapping.about
    assert name == "plain" or (
        mapping.licence and mapping.source.title and mapping.source.address and mapping.source.date
    )
    areas = {json.loads(line)["slug"] for line in AREAS.read_text("utf-8").splitlines()}
    content = json.loads((AREAS.parents[2] / "directory" / "mappings" / f"{name}.json").read_text("utf-8"))
    focus = content["fields"].get("focus", {})
    picked = [
        area
        for areas_of in focus.get("table", {}).values()
        for area in ([areas_of] if isinstance(areas_of, str) else areas_of)
    ]
    assert set(picked) <= areas
