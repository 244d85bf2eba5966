"""Makes commons/demo/pages.jsonl.gz: real pages with their whole histories, for the demo community; and the part of
commons/demo/SOURCES.md that says where they are from (`make_demo`, which writes the rest, goes first).

    COMMONS_SHARED=../shared python -m benchmarks.make_demo_pages

Pages were chosen by hand: useful to many groups, and linked to each other. The same input gives the same file.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.site import SHARED
from commons.config import ROOT

DEMO = ROOT / "commons" / "demo"
OUT = DEMO / "pages.jsonl.gz"
MASKED = "[[email]](mailto:[email])"  # as the set has it; two brackets would ask for a page “email”
HEAD = "# Where the pages come from"
ABOUT = """
`pages.jsonl.gz` holds real pages with every version, author, time and note, chosen by `python -m benchmarks.make_demo_pages`.
The pages in `written/` were written for the demonstration; its invented members sign them, and they are CC BY-SA 4.0.

Chosen by hand: what is useful to many groups. Left out: pages about particular people or with ways to reach them, pages
that were emptied or hold only links, drafts, and profiles of businesses. Changed: titles were completed; areas of focus and the
language were added; e-mail addresses were masked before; and where the last thing that happened to a page was that its
source removed or moved it, that removal is left out, so that the page can be read. No word of any text was changed.
Pictures and files that the pages show stayed at their sources.
"""
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
        if "text" in row:
            row["text"] = row["text"].replace(MASKED, "[email]")
        kept = {key: row[key] for key in ("page", "rev", "user", "time", "summary", "text", "deleted") if key in row}
        if row["page"] not in begun and "text" in row:
            begun.add(row["page"])
            title, focus = chosen[row["page"]]
            kept |= {"title": title, "focus": focus.split(), "language": "en"}
            kept |= {"source": name, "licence": LICENCE, "url": url}
        yield kept | {"source": name}
    assert begun == chosen.keys(), chosen.keys() - begun


def sources_page() -> str:
    parts = [f"{HEAD}\n{ABOUT}"]
    for name, url, folder in CHOSEN:
        found = list(rows((name, url, folder)))
        writers = ", ".join(sorted({row["user"] for row in found}))
        pages = len({row["page"] for row in found})
        parts.append(
            f"## {name}\n\n- Pages: {pages}, versions: {sum('text' in row for row in found)}\n- Licence: {LICENCE}\n"
            f"- Attribution: {name}, by {writers}\n- From: {url}\n- To: {max(row['time'] for row in found)[:10]}\n"
        )
    return "\n".join(parts)


def write(path: Path) -> int:
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for source in CHOSEN for row in rows(source)]
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=9, mtime=0, filename="") as packed:
        packed.write("".join(lines).encode())
    return len(lines)


if __name__ == "__main__":
    page = DEMO / "SOURCES.md"
    before = page.read_text(encoding="utf-8").partition(HEAD)[0].rstrip()
    page.write_text(f"{before}\n\n{sources_page()}", encoding="utf-8")
    print(f"{write(OUT):,} rows, {sum(map(len, CHOSEN.values()))} pages, {OUT.stat().st_size:,} bytes")
