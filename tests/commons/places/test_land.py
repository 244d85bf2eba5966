from __future__ import annotations

import numpy as np

from commons.places import tables
from commons.places.land import WATER, land


def owner(lat: float, lon: float) -> str:
    number = int(land().owner_at(np.array([lat]), np.array([lon]))[0])
    return {WATER: "water", 255: "nobody"}.get(number) or list(tables.countries())[number - 1]


def test_land_belongs_to_its_country() -> None:
    assert owner(48.21, 16.37) == "AT"
    assert owner(-0.10, 34.76) == "KE"
    assert owner(42.6, 21.0) == "XK"
    assert owner(45.0, 34.1) == "UA"
    assert owner(9.56, 44.06) == "SO"


def test_seas_and_large_lakes_are_water() -> None:
    assert owner(0, -30) == "water"
    assert owner(-1, 33) == "water"  # Lake Victoria
    assert owner(42, 51) == "water"  # the Caspian Sea
    assert owner(44, -87) == "water"  # Lake Michigan


def test_both_sides_of_the_date_line_are_land_where_there_is_land() -> None:
    assert owner(66.5, 179.9) == owner(66.5, -179.9) == owner(66.5, 180.1) == "RU"
    assert owner(60, -110) == "CA"  # and nothing was painted the long way round


def test_small_islands_are_not_forgotten() -> None:
    assert owner(4.1748, 73.5089) == "MV"
    assert owner(-8.5243, 179.1942) == "TV"


def test_poles_and_edges_are_on_the_grid() -> None:
    assert owner(90, 0) == "water"
    assert owner(-90, 180) == "AQ"
    assert owner(-89.99, -180) == "AQ"


def test_nearly_every_town_stands_on_land_of_its_own_country() -> None:
    towns, codes = tables.towns(), list(tables.countries())
    owners = land().owner_at(towns.lat, towns.lon)
    right = sum(
        codes[number - 1].encode() == code
        for number, code in zip(owners, towns.countries, strict=True)
        if 0 < number < 255
    )
    assert (owners == WATER).sum() < 20  # on the edge between two cells
    assert right / len(owners) > 0.985
