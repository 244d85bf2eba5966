from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.imports.mapping import load_mapping
from directory.imports.rows import OrganisationRow, to_row

FIELDS = [field.name for field in dataclasses.fields(OrganisationRow) if field.name != "warnings"]
PLACES = {"kenya": "KE", "ke": "KE", "gb": "GB", "england": "GB"}


def code_of(text: str) -> str | None:
    return PLACES.get(text.casefold())


def row(**values: Any) -> OrganisationRow:
    found = to_row({"name": "A name", **values}, country_code=code_of)
    assert isinstance(found, OrganisationRow), found
    return found


def warned(**values: Any) -> list[str]:
    return [str(warning) for warning in row(**values).warnings]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (None, "The name is missing."),
        ("", "The name is missing."),
        (" \u200b\u202e\n", "The name is missing."),
        ("---", "The name has no letter or figure in it."),
        ("x" * 301, "The name is longer than 300 characters."),
        (["A"], "The name is a list and not a text."),
        (True, "The name is true or false and not a text."),
        (math.inf, "The name is a number out of range and not a text."),
    ],
)
def test_only_a_missing_or_unusable_name_refuses_a_row(name: Any, reason: str) -> None:
    assert to_row({"name": name, "city": "Kisumu"}, country_code=code_of) == [reason]
    assert to_row({}, country_code=code_of) == ["The name is missing."]


def test_texts_lose_what_cannot_be_seen_and_keep_what_is_meant() -> None:
    found = row(
        name=" Cafe\u0301\u202e \u200bGreen\t\tHill\x07 ", description="One\r\n\r\n\r\n\r\ntwo   three \n four\u2066"
    )
    assert (found.name, found.description) == ("Café Green Hill", "One\n\ntwo three\nfour")
    assert row(name="می\u200cخواهم 👩\u200d🌾").name == "می\u200cخواهم 👩\u200d🌾"
    assert len(row(name="Z" + "\u0301" * 200).name) <= 6


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("https://a.example.org/x?y=1#z", "https://a.example.org/x?y=1#z"),
        ("www.Example.ORG", "https://www.example.org"),
        ("HTTP://Example.org:80/Path", "http://example.org/Path"),
        ("example.org:8080/a b", ""),
        ("example.org:8080/ab", "https://example.org:8080/ab"),
        ("http://bücher.example/ü", "http://xn--bcher-kva.example/%C3%BC"),
        ("http://ex\u0430mple.org/", "http://xn--exmple-4nf.org/"),
        (["first.example", "second.example"], "https://first.example"),
        ("www.a.org; www.b.org", "https://www.a.org"),
        ("N/A", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("http://user:pass@example.org", ""),
        ("http://example.org\\@evil.example", ""),
        ("http://127.0.0.1/", ""),
        ("http://2130706433/", ""),
        ("http://0x7f.1/", ""),
        ("http://[::1]/", ""),
        ("http://[::1/", ""),
        ("http://localhost/", ""),
        ("http://printer.local", ""),
        ("http:example.org", ""),
        ("http://", ""),
        ("ftp://example.org", ""),
        ("http://a..example.org", ""),
        ("Instagram : @group", ""),
        (17, ""),
        ("https://example.org/" + "x" * 2000, ""),
    ],
)
def test_web_addresses_are_of_public_sites_or_left_out(given: Any, wanted: str) -> None:
    assert row(website=given).website == wanted
    assert wanted or given == "N/A" or warned(website=given)[0].startswith("website: ")


@pytest.mark.parametrize(
    ("lat", "lon", "country", "kept"),
    [
        (51.5, -0.1, "GB", (51.5, -0.1)),
        ("51,5", "-0.1", "GB", (51.5, -0.1)),
        (0, 0, "KE", None),
        (55.378, -3.436, "GB", None),
        (55.38, -3.44, "KE", (55.38, -3.44)),
        (91, 0, "KE", None),
        (10, 181, "KE", None),
        (10, None, "KE", None),
        ("north", "east", "KE", None),
        (10**400, 1, "KE", None),
        (math.nan, 1, "KE", None),
        ([1], 2, "KE", None),
    ],
)
def test_points_that_only_look_like_a_place_are_left_out_with_a_reason(
    lat: Any, lon: Any, country: str, kept: Any
) -> None:
    found = row(lat=lat, lon=lon, country=country)
    assert (found.lat, found.lon) == (kept or (None, None))
    assert [warning.field for warning in found.warnings] == ([] if kept else ["lat, lon"])


def test_lists_come_as_lists_as_texts_and_as_json_from_a_table() -> None:
    assert row(focus="Water; Soil | water;Water").focus == ("Water", "Soil", "water")
    assert row(sdgs=["6", 13, "SDG 4", "13.1", 6.0]).sdgs == (4, 6, 13)
    assert row(sdgs="6, 13;4").sdgs == (4, 6, 13)
    assert row(languages="en, pt_br; zh-hant-tw").languages == ("en", "pt-BR", "zh-Hant-TW")
    (name,) = row(names='[{"value": "Nom", "lang": "fr", "types": ["label"]}]').names
    assert (name.value, name.language, name.types) == ("Nom", "fr", ("label",))
    assert row(external_ids='{"wikidata": "Q1", "isni": ["1", "2"]}').external_ids == {"wikidata": "Q1", "isni": "1"}
    assert row(relations=[{"type": "Child", "id": 7, "label": "Seven"}]).relations == (("child", "7", "Seven"),)


@pytest.mark.parametrize(
    ("field", "value", "warning"),
    [
        ("founded", 999, "founded: is not a year between 1000 and 2100; left out"),
        ("founded", "about 1990", "founded: is not a number; left out"),
        ("founded", 1990.5, "founded: is not a whole number; left out"),
        ("founded", True, "founded: is true or false and not a number; left out"),
        ("sdgs", [18, 3], "sdgs: one value “18” is not a goal from 1 to 17; left out"),
        ("languages", ["english"], "languages: one value “english” is not the tag of a language; left out"),
        ("country", "Atlantis", "country: “Atlantis” is not the name or code of a country; left out"),
        ("country", ["KE"], "country: is a list and not a text; left out"),
        ("city", {"name": "X"}, "city: is an object and not a text; left out"),
        ("postcode", "1" * 21, "postcode: is longer than 20 characters; left out"),
        ("email", "a@b.example\nBcc: c@d.example", "email: is not one mail address; left out"),
        ("email", "nobody", "email: is not a mail address; left out"),
        ("phone", "call me", "phone: is not a telephone number; left out"),
        ("description", 5, "description: is a number out of range and not a text; left out"),
        ("relations", ["x"], "relations: one value is not an object with type, id and name; left out"),
        ("external_ids", "Q1", "external_ids: is a text and not an object of schemes; left out"),
        ("focus", {"a": 1}, "focus: is an object and not a list; left out"),
    ],
)
def test_a_wrong_optional_field_is_left_out_with_one_clear_sentence(field: str, value: Any, warning: str) -> None:
    assert warning in warned(**{field: value})


def test_a_text_that_is_too_long_is_cut_and_said() -> None:
    found = row(description="word " * 10_000)
    assert len(found.description) <= 20_000 and found.description.endswith("word…")
    assert [str(warning) for warning in found.warnings] == ["description: is longer than 20,000 characters; cut there"]


def test_lists_are_bounded() -> None:
    found = row(focus=[f"area {n}" for n in range(500)], names=[f"name {n}" for n in range(500)])
    assert len(found.focus) == len(found.names) == 200


def test_what_no_field_takes_is_kept_within_bounds() -> None:
    found = row(
        extra={"big": 10**30, "nan": math.nan, "deep": [[[[[["x"]]]]]], "text": "a\u202eb", "ok": 1, "x" * 500: 1}
    )
    assert found.extra["big"] == str(10**30) and found.extra["text"] == "ab" and found.extra["ok"] == 1
    assert any("nan" in str(warning) for warning in found.warnings)
    huge = row(extra={f"k{n}": "x" * 4_000 for n in range(50)})
    assert len(json.dumps(huge.extra)) < 25_000 and "left out" in str(huge.warnings[0])
    assert row(type=["education", "funder"]).extra == {"types": ["funder"]}


def test_founding_dates_come_as_years_and_as_days() -> None:
    assert [row(founded=given).founded for given in (1993, "1993", "1993-06-25", "1993.0", "1993-06-25T00:00:00Z")] == [
        1993
    ] * 5


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["=1+1", "javascript:x", "0,0", "[{", "{}"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_nothing_that_json_can_say_ever_raises(values: dict[str, Any]) -> None:
    found = to_row({"name": "A name", **values}, country_code=code_of)
    if isinstance(found, list):
        assert all(reason.startswith("The name ") and reason.endswith(".") for reason in found)
        return
    kept = json.dumps(dataclasses.asdict(found), ensure_ascii=False, allow_nan=False)
    kept.encode()
    assert "\0" not in kept and "\u202e" not in kept


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*FIELDS, "topics", "mission", "domains", "relationships", "zzz"]), JSON))
def test_no_mapping_stumbles_over_odd_values(values: dict[str, Any]) -> None:
    for name in ("plain", "org_ror", "org_us_irs", "org_uk_charities", "org_commonweave"):
        mapped = load_mapping(name).apply(values)
        if isinstance(mapped, dict):
            to_row(mapped, country_code=code_of)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_a_cleaned_row_cleans_to_itself(values: dict[str, Any]) -> None:
    first = to_row({"name": "A name", **values}, country_code=code_of)
    if isinstance(first, OrganisationRow):
        plain = json.loads(json.dumps(dataclasses.asdict(first)))
        plain["names"] = [dict(zip(("value", "language", "types"), name, strict=True)) for name in plain["names"]]
        plain["relations"] = [dict(zip(("type", "id", "name"), link, strict=True)) for link in plain["relations"]]
        again = to_row({key: value for key, value in plain.items() if key != "warnings"}, country_code=code_of)
        assert isinstance(again, OrganisationRow)
        assert dataclasses.replace(again, warnings=()) == dataclasses.replace(first, warnings=())
