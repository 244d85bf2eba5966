from __future__ import annotations

import random

from commons.places import tables
from commons.places.names import folded


def test_names_lie_in_the_order_in_which_they_are_searched() -> None:
    keys = [line.partition(b"\t")[0] for line in tables.name_block().splitlines()]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys) > 200_000


def test_every_key_is_found_and_points_to_places_that_exist() -> None:
    lines = tables.name_block().decode().splitlines()
    for line in [lines[0], lines[-1], *random.Random(7).sample(lines, 500)]:
        key, references = line.split("\t")
        assert tables.places_named(key) == references.split(" ")
        assert folded(key) == key
        assert all(tables.place_of(reference).name for reference in references.split(" "))


def test_a_key_that_is_missing_finds_nothing() -> None:
    for key in ("", "kisum", "\x00", "\U0010ffff", "\n", "\t", "kisumu\t"):
        assert tables.places_named(key) == []


def test_towns_lie_from_the_largest_to_the_smallest() -> None:
    population = tables.towns().population
    assert (population[:-1] >= population[1:]).all()
    assert population[-1] >= 5000


def test_towns_in_a_box_may_lie_over_the_date_line() -> None:
    rows = tables.towns_between(-22, -12, 177, 12)
    assert {tables.towns().countries[row].decode() for row in rows} >= {"FJ", "WS", "TO"}
    largest = tables.largest_town(-22, -12, 177, 12)
    assert largest == rows[0]
    assert tables.largest_town(-60, -59, 0, 10) is None
