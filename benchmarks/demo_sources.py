"""The page that says where the demo set comes from, made together with it so that the numbers are always right."""

from __future__ import annotations

from collections.abc import Mapping

from directory.imports.mapping import load_mapping

HEAD = """# Where the demo set comes from

`organisations.jsonl.gz` holds real organisations from open data, chosen by `python -m benchmarks.make_demo`; every row
names its own source, licence and date. `invented.jsonl` and `people.json` are invented for the demonstration, say so in
every entry, and are CC0.

Changed in all of them: fields renamed to ours; names and texts written wholly in capitals put into ordinary case;
spaces and invisible characters cleaned; web addresses completed. No text was reworded or shortened, nothing was added
about any organisation. Left out: e-mail addresses, telephone numbers, streets and people; rows whose text has some of
these; texts under 80 characters (except where the source has none); organisations for worship, sport, business or
party politics, and whatever a machine's list of words took for unfit for a demonstration. What the selection leaves out
says nothing about an organisation.

The files of the sets were cut beforehand from the addresses below, so that dates are those of the cut.
"""


def sources_page(counts: Mapping[str, int], changes: Mapping[str, str]) -> str:
    parts = [HEAD]
    for source, rows in counts.items():
        mapping = load_mapping(source)
        origin = mapping.source
        parts.append(
            f"## {origin.title}\n\n"
            f"- Rows: {rows}\n- Licence: {mapping.licence}\n- Attribution: {origin.attribution}\n"
            f"- From: {origin.address}\n- Date: {origin.date}\n- Changed: {changes[source]}\n"
        )
    return "\n".join(parts)
