"""Makes commons/demo/pages.jsonl.gz: real pages with their whole histories, for the demo community.

    python -m benchmarks.make_demo_pages

Pages were chosen by hand: what is useful to many groups, and what links to each other. Pages that name or could reach
people, that were vandalised or emptied, and plain lists of links were left out. Changed: the title of some pages was
completed; areas of focus and language were added; where the last thing that happened to a page was that the source
moved it to another site, that removal is left out. Texts, times, notes and authors are as published.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.site import SHARED
from commons.config import ROOT

OUT = ROOT / "commons" / "demo" / "pages.jsonl.gz"
LICENCE = "CC BY-SA 4.0"
ENERGY = ("OpenEnergyMonitor Learn", "https://github.com/openenergymonitor/learn", "wiki_oem_learn")
HANDBOOK = ("Enspiral Handbook", "https://github.com/enspiral/handbook", "wiki_enspiral_handbook")

CT = "electricity-monitoring/ct-sensors/"
AC = "electricity-monitoring/ac-power-theory/"
BUILDING = "sustainable-energy/building-energy-model/"
SUPPLY = "sustainable-energy/energy/"
VOLTAGE = "electricity-monitoring/voltage-sensing/"
# source: page there: title, areas of focus
CHOSEN: dict[tuple[str, str, str], dict[str, tuple[str, str]]] = {
    ENERGY: {
        "heatpumps/basics": ("Heat pump basics", "energy sustainable-building"),
        "heatpumps/guide": ("Heat pump case studies", "energy sustainable-building"),
        "sustainable-energy/introduction": (
            "Understanding the zero carbon energy system",
            "renewable-energy climate-change",
        ),
        f"{SUPPLY}renewableheat": ("Renewable heat", "renewable-energy sustainable-building"),
        f"{SUPPLY}cars": ("Cars: energy and carbon", "energy greenhouse-gases"),
        f"{SUPPLY}hydrogen": ("Hydrogen electrolysis", "energy-storage alternative-fuels"),
        f"{SUPPLY}sabatier-process": ("Sabatier process", "energy-storage alternative-fuels"),
        f"{BUILDING}MyHomeEnergyPlanner": ("MyHomeEnergyPlanner: getting started", "sustainable-building energy"),
        f"{BUILDING}dynamicmodel": ("Dynamic building model", "sustainable-building"),
        f"{BUILDING}radiatormodel": ("Radiator model", "sustainable-building"),
        "sustainable-energy/tools/electricity-audit-and-savings-case-study": (
            "Electricity audit and savings",
            "electric-power sustainable-living",
        ),
        f"{CT}installation": ("Installing a current transformer", "electric-power open-hardware"),
        f"{CT}extending-ct-cable": ("Extending the cable of a current transformer", "electric-power open-hardware"),
        f"{AC}arduino-maths": ("AC power theory: Arduino maths", "electric-power open-hardware"),
        f"{AC}advanced-maths": ("AC power theory: advanced maths", "electric-power"),
        "electricity-monitoring/ctac/how-to-build-an-arduino-energy-monitor": (
            "How to build an energy monitor",
            "electric-power open-hardware",
        ),
        "electricity-monitoring/ctac/calibration": ("Calibrating an energy monitor", "electric-power open-hardware"),
        f"{VOLTAGE}measuring-voltage-with-an-acac-power-adapter": (
            "Measuring AC voltage with a power adapter",
            "electric-power open-hardware",
        ),
        f"{VOLTAGE}why-cant-i-use-a-single-transformer": ("Why not a single transformer", "electric-power"),
        "electricity-monitoring/pulse-counting/gas-meter-monitoring": ("Gas meter monitoring", "energy open-hardware"),
        "pv-diversion/background/meters": ("How electricity meters count", "electric-power renewable-energy"),
        "pv-diversion/Choosing an Energy Diverter": (
            "Choosing an energy diverter",
            "renewable-energy energy-storage",
        ),
    },
    HANDBOOK: {
        "guides/retreats": ("Retreats", "community-development"),
        "guides/conflict-resolution": ("Conflict resolution", "conflict-resolution restorative-justice"),
        "guides/values": ("Values of a network", "community-development"),
        "guides/contributing": ("Contributing to a handbook", "community-training"),
        "guides/improvements": ("Improving how we work", "community-development"),
        "agreements/decisions": ("Decisions agreement", "good-governance"),
        "agreements/diversity": ("Diversity agreement", "human-rights-and-social-justice"),
        "agreements/financial": ("Collective finances agreement", "good-governance community-enterprise"),
        "agreements/harassment_and_abuse": ("Harassment and abuse policy", "human-rights-and-social-justice"),
        "agreements/personal_conduct": ("Personal conduct guidelines", "community-development"),
        "agreements/board": ("Board agreement", "good-governance"),
        "agreements/nodes": ("Nodes agreement", "good-governance federated-networks"),
        "agreements/foundation-stewards": ("Foundation stewards agreement", "good-governance"),
        "agreements/brand": ("Brand agreement", "good-governance"),
        "money/README": ("Money in a network", "community-enterprise"),
        "money/collabfunding": ("Collaborative funding", "participatory-budgeting community-enterprise"),
        "working-groups/README": ("Working groups", "community-development good-governance"),
        "foundation/README": ("A foundation for a network", "nonprofit-law good-governance"),
    },
}


def rows(source: tuple[str, str, str]) -> Iterator[dict[str, Any]]:
    name, url, folder = source
    chosen = CHOSEN[source]
    with gzip.open(SHARED / "data" / folder / "revisions.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [row for row in map(json.loads, lines) if row["page"] in chosen]
    last = {row["page"]: number for number, row in enumerate(found)}
    begun: set[str] = set()
    for number, row in enumerate(found):
        if row.get("deleted") and last[row["page"]] == number:
            continue
        kept = {key: row[key] for key in ("page", "rev", "user", "time", "summary", "text", "deleted") if key in row}
        if row["page"] not in begun and "text" in row:
            begun.add(row["page"])
            title, focus = chosen[row["page"]]
            kept |= {"title": title, "focus": focus.split(), "language": "en"}
            kept |= {"source": name, "licence": LICENCE, "url": url}
        yield kept | {"source": name}
    assert begun == chosen.keys(), chosen.keys() - begun


def write(path: Path) -> int:
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for source in CHOSEN for row in rows(source)]
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=9, mtime=0, filename="") as packed:
        packed.write("".join(lines).encode())
    return len(lines)


if __name__ == "__main__":
    print(f"{write(OUT):,} rows, {sum(map(len, CHOSEN.values()))} pages, {OUT.stat().st_size:,} bytes")
