from __future__ import annotations

import gzip
import json
import math
import os
import re
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from commons.places.drawing import CONTINENTS, WORLD, Bounds, DrawnMap, dotted_map, local_bounds, local_map

SHARED = Path(os.environ.get("COMMONS_SHARED", Path(__file__).parents[4] / "shared"))
ROR = SHARED / "data" / "org_ror" / "org_ror.jsonl.gz"
VIENNA, KISUMU, TAVEUNI = (48.2085, 16.3721), (-0.1022, 34.7617), (-16.8, 179.99)


def packed(drawn: DrawnMap) -> int:
    return len(gzip.compress((drawn.land + drawn.abroad).encode()))


def dots(path: str) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for step, x, y in re.findall(r"([Mm])([-\d.]+) ([-\d.]+)h0", path):
        found.append((float(x), float(y)) if step == "M" else (found[-1][0] + float(x), found[-1][1] + float(y)))
    return found


def scattered(count: int) -> NDArray[np.float64]:
    random = np.random.default_rng(3)
    return np.stack([random.uniform(-50, 70, count), random.uniform(-180, 180, count)], axis=1)


def test_the_world_is_small_on_the_wire() -> None:
    drawn = dotted_map([], bounds=WORLD, width=720, height=360, spacing=7)
    assert 800 < len(dots(drawn.land)) < 4000
    assert packed(drawn) <= 6000
    assert drawn.abroad == "" and drawn.clusters == () and drawn.count == 0


def test_all_dots_lie_within_the_picture() -> None:
    for bounds in (WORLD, *CONTINENTS.values()):
        drawn = dotted_map([], bounds=bounds)
        places = dots(drawn.land)
        assert len(places) > 100
        assert all(0 <= x <= drawn.width + 1 and 0 <= y <= drawn.height for x, y in places)


def test_the_earth_is_not_shown_twice_on_a_wide_picture() -> None:
    narrow, wide = (dotted_map([], bounds=WORLD, width=width, height=300, spacing=8) for width in (700, 1200))
    assert wide.bounds.west == -180 and wide.bounds.east == 180
    assert len(dots(wide.land)) == pytest.approx(len(dots(narrow.land)), rel=0.1)


def test_a_picture_of_the_world_is_no_higher_than_the_world() -> None:
    assert dotted_map([], bounds=WORLD, width=460, height=433).height < 260


def test_no_point_is_lost_and_none_counted_twice() -> None:
    drawn = dotted_map(scattered(5000), bounds=WORLD, width=720, height=400)
    assert drawn.count == sum(cluster.count for cluster in drawn.clusters)
    assert drawn.count + drawn.outside == 5000
    assert drawn.count > 4900


def test_circles_do_not_hide_each_other_and_stay_within_the_picture() -> None:
    drawn = dotted_map(scattered(5000), bounds=WORLD, width=720, height=400)
    for number, one in enumerate(drawn.clusters):
        assert one.r <= one.x <= drawn.width - one.r and one.r <= one.y <= drawn.height - one.r
        for other in drawn.clusters[number + 1 :]:
            assert math.dist((one.x, one.y), (other.x, other.y)) > 0.75 * (one.r + other.r) - 0.2


def test_the_box_of_a_circle_holds_all_its_points_and_nothing_far_away() -> None:
    points = [(48.2, 16.3), (48.3, 16.5), (47.1, 15.4)]
    drawn = dotted_map(points, ids=[7, 8, 9], bounds=CONTINENTS["Europe"])
    (circle,) = drawn.clusters
    box = circle.bounds
    assert all(box.south <= lat <= box.north and box.west <= lon <= box.east for lat, lon in points)
    assert box.span < 1.2
    assert sorted(circle.ids) == [7, 8, 9]
    assert (circle.place, circle.country) == ("Vienna", "AT")
    assert box.query == "15.399,47.099,16.501,48.301"


def test_a_circle_over_the_date_line_has_a_narrow_box() -> None:
    drawn = dotted_map([(-16.8, 179.9), (-16.8, -179.9)], bounds=CONTINENTS["Oceania"])
    (circle,) = drawn.clusters
    assert circle.bounds.west > 179 and circle.bounds.east < -179
    assert circle.bounds.span < 0.3
    assert circle.country == "FJ"


def test_without_bounds_the_map_shows_what_its_points_need() -> None:
    kenya = dotted_map([(-1.29, 36.82), (-0.1, 34.76), (-4.05, 39.67)])
    assert kenya.outside == 0
    assert 4 < kenya.bounds.span < 9
    pacific = dotted_map([(-18.14, 178.44), (-13.83, -171.77)])
    assert pacific.outside == 0
    assert pacific.bounds.span < 20
    assert dotted_map([VIENNA]).bounds.span > 1.5
    assert dotted_map([(0, -120), (0, 0), (0, 120)]).bounds.span == 360


def test_points_without_a_position_are_left_out() -> None:
    drawn = dotted_map([(math.nan, 1.0), (1.0, math.inf), (91.0, 1.0), VIENNA], ids=[1, 2, 3, 4])
    assert drawn.count == 1
    assert drawn.clusters[0].ids == (4,)


def test_every_point_needs_its_id() -> None:
    with pytest.raises(ValueError, match="every point needs its id"):
        dotted_map([VIENNA, KISUMU], ids=[1])


def test_a_local_map_is_small_and_names_its_towns() -> None:
    drawn = local_map(*KISUMU)
    assert packed(drawn) <= 3000
    assert 3 <= len(drawn.towns) <= 6
    assert "Kisumu" in [town.name for town in drawn.towns]
    assert drawn.here is not None and not drawn.here.ring
    assert drawn.abroad  # Uganda
    in_the_lake = [1 for x, y in dots(drawn.land + drawn.abroad) if x < 60 and y > 150]
    assert len(in_the_lake) < 4  # Lake Victoria has islands


def test_a_local_map_is_as_wide_as_it_says() -> None:
    for lat in (0, 46, 69):
        bounds = local_map(lat, 15.0, km=300).bounds
        assert bounds.span * 111.195 * math.cos(math.radians(lat)) == pytest.approx(300, rel=0.01)


def test_names_of_towns_lie_within_the_picture_and_not_on_each_other() -> None:
    for place in (VIENNA, KISUMU, TAVEUNI, (50.71, 3.83), (35.68, 139.7)):
        drawn = local_map(*place)
        for number, town in enumerate(drawn.towns):
            assert 0 < town.text_x < drawn.width and 0 < town.text_y < drawn.height
            for other in drawn.towns[number + 1 :]:
                assert abs(town.text_y - other.text_y) > 9 or abs(town.text_x - other.text_x) > 20


def test_who_stands_amid_neighbours_becomes_a_ring_and_hides_nobody() -> None:
    around_vienna = [(VIENNA[0] + 0.01 * step, VIENNA[1]) for step in range(5)]
    drawn = local_map(*VIENNA, points=around_vienna)
    assert drawn.here is not None and drawn.here.ring
    assert [circle.count for circle in drawn.clusters] == [5]
    alone = local_map(*VIENNA, points=[VIENNA])
    assert alone.here is not None and not alone.here.ring
    assert alone.clusters == ()


def test_a_local_map_over_the_date_line_is_whole() -> None:
    drawn = local_map(*TAVEUNI, points=[(-16.8, -179.5), (-16.5, 179.4)])
    assert drawn.bounds.west > 0 > drawn.bounds.east
    assert drawn.count == 2
    assert any(x < 140 for x, _ in dots(drawn.land)) and any(x > 140 for x, _ in dots(drawn.land))


def test_neighbours_can_be_fetched_by_the_box_of_the_map_to_be() -> None:
    assert local_bounds(*KISUMU) == local_map(*KISUMU).bounds


def test_the_smallest_island_has_its_dot() -> None:
    assert len(dots(local_map(4.175, 73.509).land)) >= 3


def test_the_open_sea_and_the_poles_can_be_drawn() -> None:
    assert local_map(10, -40).land == ""
    for lat in (89.9, -89.9):
        assert local_map(lat, 0).bounds.span > 0


def test_a_box_that_is_the_whole_turn_is_not_an_empty_one() -> None:
    assert Bounds(-180, -50, 180, 50).span == 360
    assert Bounds(170, 0, -170, 1).span == 20


def test_a_hundred_thousand_organisations_are_drawn_at_once() -> None:
    if not ROR.exists():
        pytest.skip(f"NOT MEASURED: {ROR} is absent, set COMMONS_SHARED")
    with gzip.open(ROR, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        found = np.array([(row["lat"], row["lon"]) for row in rows if row.get("lat") is not None])
    points = np.concatenate([found, found, found])[:102_367]
    ids = np.arange(len(points))
    best = math.inf
    for _ in range(8):
        start = time.process_time()
        drawn = dotted_map(points, ids=ids, bounds=WORLD, width=720, height=360, spacing=7)
        best = min(best, time.process_time() - start)
    assert drawn.count + drawn.outside == len(points) == 102_367
    assert 20 < len(drawn.clusters) < 120
    assert best < 0.06  # 0.02 on an idle core
