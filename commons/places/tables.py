"""The tables of the gazetteer as they lie in memory: read once, at the first question, in about a fifth of a second.

Towns stand in the order of their population, so that the lowest number is always the largest town. The names are kept
as the one sorted block of bytes that is shipped (`key TAB places` per line) and are searched in place: no dictionary of
200,000 strings is built.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"

_LARGE = 2000  # towns above 350,000 inhabitants

Box = tuple[float, float, float, float]  # west, south, east, north; west > east where it crosses the date line


@dataclass(frozen=True, slots=True)
class Place:
    id: str  # "191245" (GeoNames) | "KE.26" | "KE"
    name: str
    kind: Literal["city", "region", "country"]
    country: str
    region: str
    lat: float
    lon: float
    population: int
    bbox: Box | None = None


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    code3: str
    name: str
    capital: str
    continent: str
    lat: float
    lon: float
    bbox: Box
    population: int
    languages: tuple[str, ...]
    native: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Towns:
    ids: NDArray[np.int64]
    names: list[bytes]
    countries: list[bytes]
    regions: list[bytes]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    population: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    iso: str
    name: str
    lat: float
    lon: float
    population: int
    bbox: Box


@lru_cache(maxsize=1)
def towns() -> Towns:
    ids, names, countries, regions, lat, lon, population = (
        line.split(b"\t") for line in gzip.decompress((DATA / "cities.tsv.gz").read_bytes()).split(b"\n")
    )
    return Towns(
        np.array(ids, dtype=np.int64),
        names,
        countries,
        regions,
        np.array(lat, dtype=np.float64),
        np.array(lon, dtype=np.float64),
        np.array(population, dtype=np.int64),
    )


@lru_cache(maxsize=1)
def _by_latitude() -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    order = np.argsort(towns().lat, kind="stable")
    return order, towns().lat[order]


def towns_between(south: float, north: float, west: float, span: float) -> NDArray[np.int64]:
    """Rows of the towns in a box, the largest first; `span` degrees eastward from `west`."""
    order, lat = _by_latitude()
    rows = order[np.searchsorted(lat, south) : np.searchsorted(lat, north, side="right")]
    return np.sort(rows[(towns().lon[rows] - west) % 360 <= span])


def largest_town(south: float, north: float, west: float, span: float) -> int | None:
    """The row of the largest town in a box; most boxes of a wide map hold one of the largest of the world."""
    lat, lon = towns().lat[:_LARGE], towns().lon[:_LARGE]
    inside = (lat >= south) & (lat <= north) & ((lon - west) % 360 <= span)
    if inside.any():
        return int(np.argmax(inside))
    rows = towns_between(south, north, west, span)
    return int(rows[0]) if len(rows) else None


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    rows = json.loads((DATA / "countries.json").read_text("utf-8"))
    for row in rows:
        row |= {name: tuple(row[name]) for name in ("bbox", "languages", "native")}
    return {row["code"]: Country(**row) for row in rows}


@lru_cache(maxsize=1)
def regions() -> dict[str, Region]:
    found = {}
    for line in gzip.decompress((DATA / "regions.tsv.gz").read_bytes()).decode().splitlines():
        code, iso, name, lat, lon, population, box = line.split("\t")
        west, south, east, north = map(float, box.split(","))
        found[code] = Region(code, iso, name, float(lat), float(lon), int(population), (west, south, east, north))
    return found


@lru_cache(maxsize=1)
def name_block() -> bytes:
    return gzip.decompress((DATA / "names.tsv.gz").read_bytes())


def _first_line_from(key: bytes) -> int:
    """Where the first line starts that is not smaller than the key."""
    block = name_block()
    low, high = 0, len(block)
    while low < high:
        start = block.rfind(b"\n", 0, (low + high) // 2) + 1
        stop = block.index(b"\n", start)
        if block[start : block.index(b"\t", start, stop)] < key:
            low = stop + 1
        else:
            high = start
    return low


def places_named(key: str) -> list[str]:
    """The places that bear exactly this (folded) name: "KE", "KE.26" or the row of a town."""
    encoded = key.encode()
    if not encoded:
        return []
    block, start = name_block(), _first_line_from(encoded)
    if not block.startswith(encoded + b"\t", start):
        return []
    return block[start + len(encoded) + 1 : block.index(b"\n", start)].decode().split(" ")


def places_beginning(key: str) -> list[str]:
    """The places with a name that begins so: countries and regions, then towns from the largest."""
    encoded = key.encode()
    lines = name_block()[_first_line_from(encoded) : _first_line_from(encoded + b"\xff")]
    references = {reference for line in lines.splitlines() for reference in line.partition(b"\t")[2].split(b" ")}
    towns_found = sorted(int(reference) for reference in references if reference.isdigit())
    others = sorted(reference.decode() for reference in references if not reference.isdigit())
    return [*others, *map(str, towns_found)]


@lru_cache(maxsize=2048)
def place_of(reference: str) -> Place:
    """The place behind a reference of the name block."""
    if reference.isdigit():
        return town_place(int(reference))
    if "." in reference:
        region = regions()[reference]
        country = reference.split(".")[0]
        return Place(
            reference,
            region.name,
            "region",
            country,
            region.name,
            region.lat,
            region.lon,
            region.population,
            region.bbox,
        )
    found = countries()[reference]
    return Place(reference, found.name, "country", reference, "", found.lat, found.lon, found.population, found.bbox)


def town_place(row: int) -> Place:
    table = towns()
    country = table.countries[row].decode()
    region = regions().get(f"{country}.{table.regions[row].decode()}")
    return Place(
        str(table.ids[row]),
        table.names[row].decode(),
        "city",
        country,
        region.name if region else "",
        float(table.lat[row]),
        float(table.lon[row]),
        int(table.population[row]),
    )
