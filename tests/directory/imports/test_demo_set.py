"""The organisations that ship with the site."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from commons.places.countries import country_code
from directory.imports.mapping import load_mapping
from directory.imports.reading import RawRow, read_rows
from directory.imports.rows import OrganisationRow, to_row

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "commons" / "demo"
OPEN = {"OGL-UK-3.0", "public-domain", "US-public-domain", "CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0"}


def rows_of(file: str) -> list[OrganisationRow]:
    found = []
    for raw in read_rows(DEMO / file):
        assert isinstance(raw, RawRow), raw
        mapped = load_mapping("plain").apply(raw.values)
        assert isinstance(mapped, dict)
        row = to_row(mapped, country_code=country_code)
        assert isinstance(row, OrganisationRow) and not row.warnings, row
        found.append(row)
    return found


@pytest.fixture(scope="module")
def real() -> list[OrganisationRow]:
    return rows_of("organisations.jsonl.gz")


@pytest.fixture(scope="module")
def invented() -> list[OrganisationRow]:
    return rows_of("invented.jsonl")


def test_the_set_is_of_a_size_that_ships(real: list[OrganisationRow]) -> None:
    assert 4_000 <= len(real) <= 6_000
    assert (DEMO / "organisations.jsonl.gz").stat().st_size <= 3_000_000
    assert len({(row.source, row.source_id) for row in real}) == len(real)


def test_every_row_says_where_it_comes_from_under_an_open_licence(real: list[OrganisationRow]) -> None:
    assert {row.licence for row in real} <= OPEN
    assert all(row.source and row.source_id and row.source_date for row in real)
    page = (DEMO / "SOURCES.md").read_text("utf-8")
    for source, count in Counter(row.source for row in real).items():
        assert f"## {source}\n\n- Rows: {count}\n" in page
    assert not {"unclear"} & {row.licence for row in real}


def test_it_is_spread_over_countries_languages_and_areas(real: list[OrganisationRow]) -> None:
    countries = Counter(row.country for row in real)
    assert len(countries) > 120 and max(countries.values()) < len(real) / 2
    assert len({row.language for row in real if row.description}) >= 12
    assert len({area for row in real for area in row.focus}) >= 100


def test_every_area_exists_and_every_organisation_has_one(
    real: list[OrganisationRow], invented: list[OrganisationRow]
) -> None:
    areas = {
        json.loads(line)["slug"]
        for line in (ROOT / "commons" / "focus" / "areas.jsonl").read_text("utf-8").splitlines()
    }
    assert {area for row in (*real, *invented) for area in row.focus} <= areas
    assert all(row.focus for row in (*real, *invented))


def test_descriptions_are_real_ones_and_give_no_private_addresses(real: list[OrganisationRow]) -> None:
    for row in real:
        assert row.source == "Research Organization Registry" or len(row.description) >= 80
        assert not row.email and not row.phone
        assert not re.search(r"[\w.+-]+@[\w-]+\.\w", row.description)
        assert not re.search(r"\b0\d{3,4}[ -]\d{3}[ -]?\d{3,4}\b", row.description)
        assert sum(map(str.isupper, row.description)) <= 0.2 * max(1, len(row.description))


def test_what_is_invented_says_so(invented: list[OrganisationRow]) -> None:
    assert 10 <= len(invented) <= 15 and len({row.country for row in invented}) >= 10
    assert {row.language for row in invented} >= {"en", "fr", "es", "ar", "pt", "hi", "zh"}
    known = {row.source_id for row in invented}
    for row in invented:
        assert "Invented for the demonstration" in row.description and row.extra == {"invented": True}
        assert row.website.endswith(".example") and {relation.id for relation in row.relations} <= known


def test_the_people_are_invented_and_one_moderates(invented: list[OrganisationRow]) -> None:
    people = json.loads((DEMO / "people.json").read_text("utf-8"))
    assert len({person["username"] for person in people}) == len(people) == 10
    assert [person["role"] for person in people].count("moderator") == 1
    assert {person["organisation"] for person in people} <= {row.source_id for row in invented}
    assert all(person["invented"] and person["bio"] and person["language"] for person in people)
