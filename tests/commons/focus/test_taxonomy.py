"""The areas of focus and the global goals as the repository ships them."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.make_focus import lost_rows, made_goals, rows, slug_of, unknown_targets
from commons.focus.goals import LANGUAGES, goal, goals, target

Area = dict[str, Any]

ROOT = Path(__file__).parents[3]
FOCUS = ROOT / "commons" / "focus"
SHARED = Path(os.environ.get("COMMONS_SHARED", ROOT.parent / "shared"))
WISEREARTH = SHARED / "data" / "tax_wiserearth_areas" / "areas.jsonl"
SDG = SHARED / "data" / "tax_sdg" / "sdg.jsonl"
WRITTEN = ("en", "fr", "es")


@pytest.fixture(scope="module")
def areas() -> list[Area]:
    return rows(FOCUS / "areas.jsonl")


@pytest.fixture(scope="module")
def by_slug(areas: list[Area]) -> dict[str, Area]:
    return {area["slug"]: area for area in areas}


def of_the_set(file: Path) -> list[Area]:
    if not file.exists():
        pytest.skip(f"{file.name} is not here: set COMMONS_SHARED to the folder that holds data/{file.parent.name}")
    return rows(file)


def steps_up(slug: str, by_slug: dict[str, Area]) -> int:
    """The longest way to a heading. A cycle or an unknown parent ends it with an error."""
    return max((1 + steps_up(parent, by_slug) for parent in by_slug[slug]["parents"]), default=0)


def test_every_area_and_issue_of_wiserearth_has_its_place(areas: list[Area]) -> None:
    assert list(lost_rows(areas, of_the_set(WISEREARTH))) == []


def test_a_lost_issue_is_noticed(areas: list[Area]) -> None:
    without = [area for area in areas if area["slug"] != "wetlands"]
    assert list(lost_rows(without, of_the_set(WISEREARTH))) == ["Inland Water Ecosystems: Wetlands"]


def test_an_issue_that_leaves_its_area_is_noticed(areas: list[Area]) -> None:
    moved = [area | {"parents": ["media"]} if area["slug"] == "dams" else area for area in areas]
    assert list(lost_rows(moved, of_the_set(WISEREARTH))) == ["Water: Dams"]


def test_no_more_than_twelve_headings_and_none_is_empty(areas: list[Area]) -> None:
    headings = {area["slug"] for area in areas if not area["parents"]}
    assert 1 < len(headings) <= 12
    assert headings <= {parent for area in areas for parent in area["parents"]}


def test_every_area_reaches_a_heading_in_at_most_two_steps_and_never_itself(by_slug: dict[str, Area]) -> None:
    assert Counter(steps_up(slug, by_slug) for slug in by_slug) == {0: 12, 1: 51, 2: 278}


def test_a_parent_stands_above_its_child_in_the_file(areas: list[Area]) -> None:
    seen: set[str] = set()
    for area in areas:
        assert set(area["parents"]) <= seen, area["slug"]
        assert len(area["parents"]) == len(set(area["parents"]))
        seen.add(area["slug"])


def test_slugs_are_unique_and_come_from_the_english_label(areas: list[Area]) -> None:
    slugs = [area["slug"] for area in areas]
    assert len(slugs) == len(set(slugs))
    assert [slug_of(area["labels"]["en"]) for area in areas] == slugs


def test_numbers_of_wiserearth_are_unique(areas: list[Area]) -> None:
    numbers = Counter(area["wiserearth_id"] for area in areas if area["wiserearth_id"] is not None)
    assert len(numbers) == 263
    assert set(numbers.values()) == {1}


@pytest.mark.parametrize("language", WRITTEN)
def test_every_area_has_a_label_a_definition_and_synonyms(areas: list[Area], language: str) -> None:
    for area in areas:
        assert area["labels"][language].strip(), area["slug"]
        assert area["definition"][language].endswith("."), area["slug"]
        known = area["labels"][language].casefold()
        assert known not in [word.casefold() for word in area["synonyms"][language]], area["slug"]
        assert all(word == word.strip() and word for word in area["synonyms"][language]), area["slug"]


@pytest.mark.parametrize("language", WRITTEN)
def test_the_two_upper_levels_know_the_words_that_members_type(by_slug: dict[str, Area], language: str) -> None:
    for slug, area in by_slug.items():
        if steps_up(slug, by_slug) < 2:
            assert len(area["synonyms"][language]) >= 2, slug


@pytest.mark.parametrize("language", WRITTEN)
def test_a_word_means_one_area_only(areas: list[Area], language: str) -> None:
    """So two areas never share a label either, as siblings or otherwise."""
    meant = Counter(
        word
        for area in areas
        for word in {w.casefold() for w in (area["labels"][language], *area["synonyms"][language])}
    )
    assert [word for word, times in meant.items() if times > 1] == []


def test_goals_of_an_area_exist_and_hold_its_targets(areas: list[Area]) -> None:
    for area in areas:
        assert 1 <= len(area["sdgs"]) <= 4, area["slug"]
        assert len(set(area["sdgs"])) == len(area["sdgs"])
        assert all(goal(number) for number in area["sdgs"]), area["slug"]
        assert all(found and found.goal in area["sdgs"] for found in map(target, area["targets"])), area["slug"]


def test_every_goal_has_areas(areas: list[Area]) -> None:
    assert {number for area in areas for number in area["sdgs"]} == set(range(1, 18))


def test_every_target_has_an_area_that_works_on_it(areas: list[Area]) -> None:
    assert {each.code for one in goals() for each in one.targets} == {
        code for area in areas for code in area["targets"]
    }


def test_a_target_that_does_not_exist_is_noticed() -> None:
    made = json.loads((FOCUS / "goals.json").read_text(encoding="utf-8"))
    assert list(unknown_targets([{"slug": "x", "targets": ["6.1", "6.9", "18.1"]}], made)) == [
        "x: no target 6.9",
        "x: no target 18.1",
    ]


def test_seventeen_goals_with_169_targets_in_six_languages() -> None:
    assert [one.number for one in goals()] == list(range(1, 18))
    targets = [each for one in goals() for each in one.targets]
    assert len({each.code for each in targets}) == len(targets) == 169
    for one in goals():
        assert set(one.short) == set(one.title) == set(LANGUAGES)
        assert all(each.goal == one.number and set(each.title) == set(LANGUAGES) for each in one.targets)
    texts = [
        text for title in [each.title for each in goals()] + [each.title for each in targets] for text in title.values()
    ]
    assert all(text and text == " ".join(text.split()) for text in texts)


def test_goals_speak_the_language_asked_for_and_else_english() -> None:
    water = goal(6)
    assert water
    assert water.short_in("fr") == "Eau propre et assainissement"
    assert water.short_in("zh-Hans") == water.short_in("zh_CN") == "清洁饮水和卫生设施"
    assert water.short_in("de") == water.short_in("en") == "Clean water and sanitation"
    assert water.title_in("es").startswith("Garantizar la disponibilidad")
    assert water.targets[0].title_in("sw") == water.targets[0].title_in("en")
    assert goal(0) is None and goal(18) is None and target("6.9") is None


def test_the_goals_are_what_the_set_says() -> None:
    assert made_goals(of_the_set(SDG)) == json.loads((FOCUS / "goals.json").read_text(encoding="utf-8"))
    assert (FOCUS / "goals.json").stat().st_size < 600_000
