"""Makes commons/demo/organisations.jsonl.gz and SOURCES.md: four thousand real organisations for the demo community.

    COMMONS_SHARED=../shared python -m benchmarks.make_demo

Rows come through the same reading, mapping and cleaning as any import; what is left out and why stands in
make_demo.json. Nothing is added and nothing reworded: only the capitals of names and texts written wholly in capitals
are repaired, and a country is filled in from coordinates where everything around the point lies in it too. Mail
addresses and telephone numbers never come along: rows whose text has some are passed over. The same input gives the
same file, byte for byte.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from benchmarks.demo_sources import sources_page
from commons.places.countries import country_code
from commons.places.gazetteer import nearest
from directory.imports.casing import is_capitals
from directory.imports.mapping import FieldMapping, Skipped, load_mapping
from directory.imports.reading import RawRow, read_rows
from directory.imports.rows import OrganisationRow, to_row

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("COMMONS_SHARED", HERE.parent.parent / "shared"))
OUT = HERE.parent / "commons" / "demo" / "organisations.jsonl.gz"
RULES = json.loads((HERE / "make_demo.json").read_text("utf-8"))
SHORTEST, LONGEST = 80, 4_000
LICENCE = {"uk_charity_commission": "OGL-UK-3.0", "IRS_EO_BMF": "US-public-domain", "ProPublica": "US-public-domain"}
WIKIDATA = ("wikidata", "wikidata_subregion", "wikidata_unions", "wikidata_land_trusts")
OFFSETS = [(0.0, 0.0)] + [(math.sin(turn), math.cos(turn)) for turn in (step * math.pi / 4 for step in range(8))]
FIELDS = ("description", "type", "website", "country", "region", "city", "postcode", "lat", "lon")
FIELDS_TOO = ("founded", "focus", "language")

Raw = dict[str, Any]
Choice = tuple[OrganisationRow, Raw]


def pattern(name: str) -> re.Pattern[str]:
    return re.compile(RULES[name], re.IGNORECASE)


LEFT_OUT, PRIVATE, UNFIT = pattern("left_out_words"), pattern("private"), pattern("unfit")
LEGALESE, NO_RESEARCH, NO_NAMES = pattern("legalese"), pattern("research_left_out"), pattern("left_out_names")
PLAUSIBLE = {area: re.compile(words, re.IGNORECASE) for area, words in RULES["plausible"].items()}
RESEARCH = {area: re.compile(words, re.IGNORECASE) for area, words in RULES["research"].items()}
COMMON_WORDS = {language: set(words.split()) for language, words in RULES["common_words"].items()}
NEAR = set(RULES["europe_and_north_america"].split())


def rows(source: str, prepare: Callable[[Raw], Raw | None]) -> Iterator[Choice]:
    mapping = load_mapping(source)
    for raw in read_rows(SHARED / "data" / source / f"{source}.jsonl.gz"):
        if isinstance(raw, RawRow) and (values := prepare(raw.values)) is not None:
            mapped = mapping.apply(values)
            row = None if isinstance(mapped, Skipped) else to_row(mapped, country_code=country_code)
            if isinstance(row, OrganisationRow):
                yield row, raw.values


def readable(row: OrganisationRow) -> bool:
    text = row.description
    small = sum(map(str.islower, text))
    letters = sum(map(str.isalpha, text))
    return (
        SHORTEST <= len(text) <= LONGEST
        and small >= 0.8 * letters >= 0.5 * len(text)
        and not any(words.search(text) for words in (PRIVATE, UNFIT, LEFT_OUT))
        and not LEFT_OUT.search(row.name)
        and not (len(row.name) > 12 and row.name.isupper())
    )


def starts(codes: Iterable[str], unwanted: list[str]) -> bool:
    return any(code.startswith(tuple(unwanted)) for code in codes)


def uk_charities() -> Iterator[OrganisationRow]:
    def prepare(raw: Raw) -> Raw | None:
        codes = [*raw.get("ukcat", []), *raw.get("icnptso", [])]
        if raw.get("active") != "True" or not raw.get("activities") or starts(codes, RULES["ukcat_left_out"]):
            return None
        return {**raw, "objects": None}

    for row, _ in rows("org_uk_charities", prepare):
        if readable(row) and row.focus and not LEGALESE.search(row.description) and not NO_NAMES.search(row.name):
            yield replace(row, focus=row.focus[:4], extra={})


def us_nonprofits() -> Iterator[OrganisationRow]:
    def prepare(raw: Raw) -> Raw | None:
        code = raw.get("ntee") or raw.get("ntee_major")
        mission = raw.get("mission", "")
        if not code or not mission or is_capitals(mission) or starts([code], RULES["ntee_left_out"]):
            return None
        return {**raw, "programs": None} if len(mission) >= SHORTEST else raw

    for row, _ in rows("org_us_irs", prepare):
        paragraphs = row.description.split("\n")
        tidy = len(paragraphs) == len(set(paragraphs)) and row.description[0].isupper()
        if readable(row) and row.focus and tidy and not NO_NAMES.search(row.name):
            yield replace(row, extra={})


def commonweave() -> Iterator[OrganisationRow]:
    def prepare(raw: Raw) -> Raw | None:
        kept = raw["register"] == "uk_charity_commission" or raw["register"] in WIKIDATA
        return raw if kept else None

    for row, raw in rows("org_commonweave", prepare):
        focus = tuple(area for area in row.focus if all(map(PLAUSIBLE[area].search, (row.name, row.description))))
        if readable(row) and focus and not LEGALESE.search(row.description):
            licence = LICENCE.get(raw["register"], "CC0-1.0")
            language = "en" if raw["register"] == "uk_charity_commission" else row.language
            extra = {"register": raw["register"], "register_licence": licence}
            yield replace(row, focus=focus, language=language, extra=extra)


def solidarity() -> Iterator[OrganisationRow]:
    """The text in the language of the place, where there is one. A point outside the country that was typed is odd."""
    openings: Counter[str] = Counter()

    def prepare(raw: Raw) -> Raw:
        texts = raw.get("descriptions", {})
        language = next(iter(texts), "")
        text = texts.get(language) or raw.get("description")
        return {**raw, "description": text, "descriptions": None, "said_in": {"gr": "el"}.get(language, language)}

    for row, _ in rows("org_solidarity_susy", prepare):
        opening = re.sub(r"\W", "", row.description)[4:60]
        openings[opening] += 1
        around = countries_around(row.lat, row.lon)
        if readable(row) and row.focus and openings[opening] <= 2 and (not row.country or row.country in around):
            country = row.country or (around[0] if len(around) == 1 else "")
            language = row.extra.get("said_in") or language_of(row.description)
            yield replace(row, country=country, focus=row.focus[:5], language=language, extra={})


def open_technology() -> Iterator[OrganisationRow]:
    for row, _ in rows("org_open_sustainable_tech", lambda raw: raw):
        if readable(row) and row.focus:
            yield replace(row, extra={})


def research_institutes() -> Iterator[OrganisationRow]:
    def prepare(raw: Raw) -> Raw | None:
        wanted = raw.get("status") == "active" and "city" in raw and raw["country_code"] not in NEAR
        return raw if wanted and raw["types"][0] not in ("company", "healthcare") else None

    for row, _ in rows("org_ror", prepare):
        names = " | ".join([row.name, *(name.value for name in row.names if "acronym" not in name.types)])
        focus = tuple(area for area, words in RESEARCH.items() if words.search(names))
        if focus and row.lat is not None and not NO_RESEARCH.search(names) and not LEFT_OUT.search(names):
            relations = tuple(relation for relation in row.relations if relation.type in ("parent", "related"))[:5]
            yield replace(row, focus=focus[:3], relations=relations, extra={})


def countries_around(lat: float | None, lon: float | None) -> list[str]:
    """The countries of the towns nearest to a point and to eight others around it."""
    if lat is None or lon is None:
        return []
    found = (nearest(lat + 0.15 * north, lon + 0.2 * east, 60) for north, east in OFFSETS)
    return sorted({place.country if place else "" for place in found})


def language_of(text: str) -> str:
    """By the commonest words, and only when one language is clearly ahead."""
    counts = Counter(re.findall(r"\w+", text.lower()))
    scores = sorted(((sum(counts[word] for word in words), key) for key, words in COMMON_WORDS.items()), reverse=True)
    (best, language), (second, _) = scores[:2]
    return language if best >= 3 and best >= 1.5 * second else ""


def order(row: OrganisationRow) -> bytes:
    return blake2b(row.source_id.encode(), digest_size=8).digest()


def spread(
    candidates: Iterable[OrganisationRow], take: int, group: Callable[[OrganisationRow], str]
) -> list[OrganisationRow]:
    """Round and round the groups, so that small ones come in whole and large ones share the rest."""
    groups: dict[str, list[OrganisationRow]] = {}
    for row in sorted(candidates, key=order, reverse=True):
        groups.setdefault(group(row), []).append(row)
    chosen: list[OrganisationRow] = []
    print(f"{sum(map(len, groups.values())):6} candidates in {len(groups)} groups", flush=True)
    while len(chosen) < take and groups:
        for key in sorted(groups):
            chosen.append(groups[key].pop())
            if not groups[key]:
                del groups[key]
    return chosen[:take]


def document(row: OrganisationRow, mapping: FieldMapping) -> dict[str, Any]:
    found = {
        "source": mapping.source.title,
        "source_id": row.source_id,
        "licence": mapping.licence,
        "source_date": mapping.source.date,
        "name": row.name,
        "names": [{k: v for k, v in name._asdict().items() if v} for name in row.names],
        "relations": [{k: v for k, v in relation._asdict().items() if v} for relation in row.relations],
        "external_ids": dict(row.external_ids),
        "extra": dict(row.extra),
    }
    found |= {field: value for field in FIELDS + FIELDS_TOO if (value := getattr(row, field)) is not None}
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}
    return {key: value for key, value in plain.items() if value not in ("", [], {})}


SOURCES: dict[str, tuple[Callable[[], Iterator[OrganisationRow]], Callable[[OrganisationRow], str]]] = {
    "org_solidarity_susy": (solidarity, lambda row: row.country),
    "org_open_sustainable_tech": (open_technology, lambda row: row.country),
    "org_uk_charities": (uk_charities, lambda row: row.focus[0]),
    "org_us_irs": (us_nonprofits, lambda row: row.focus[0]),
    "org_commonweave": (commonweave, lambda row: f"{row.country} {row.focus[0]}"),
    "org_ror": (research_institutes, lambda row: row.country),
}


def chosen() -> Iterator[tuple[str, dict[str, Any]]]:
    seen: set[str] = set()
    for source, (candidates, group) in SOURCES.items():
        mapping = load_mapping(source)
        fresh = []
        for row in candidates():
            marks = {f"{scheme} {number}" for scheme, number in row.external_ids.items()}
            marks.add(re.sub(r"\W", "", row.name.lower()) + row.country)
            if not marks & seen:
                seen |= marks
                fresh.append(row)
        for row in sorted(spread(fresh, RULES["takes"][source], group), key=lambda row: row.source_id):
            yield source, document(row, mapping)


def main() -> None:
    taken = list(chosen())
    lines = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for _, row in taken)
    OUT.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    counts = Counter(source for source, _ in taken)
    (OUT.parent / "SOURCES.md").write_text(sources_page(counts, RULES["changes"]), "utf-8")
    summary = {
        "rows": len(taken),
        "bytes": OUT.stat().st_size,
        "sources": counts,
        "countries": Counter(row.get("country", "") for _, row in taken),
        "languages": Counter(row.get("language", "") for _, row in taken),
        "areas": Counter(area for _, row in taken for area in row.get("focus", [])),
    }
    print(json.dumps(summary, ensure_ascii=False))


if __name__ == "__main__":
    main()
