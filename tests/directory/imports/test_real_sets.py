"""The sets of real organisations, whole: nothing refused without need, and quick enough."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from commons.places.countries import country_code
from directory.imports.mapping import Skipped, choose_mapping
from directory.imports.reading import RawRow, read_rows
from directory.imports.rows import OrganisationRow, to_row

ROWS = {
    "org_ror": 102_367,
    "org_us_irs": 47_759,
    "org_uk_charities": 3_929,
    "org_commonweave": 17_824,
    "org_keep_partners": 35_528,
    "org_uk_coops": 4_389,
    "org_solidarity_susy": 1_035,
    "org_open_sustainable_tech": 715,
}


@pytest.mark.parametrize("source", ROWS)
def test_every_row_of_a_real_set_comes_in_by_the_mapping_that_its_fields_choose(shared: Path, source: str) -> None:
    path = shared / source / f"{source}.jsonl.gz"
    first = [row.values for _, row in zip(range(50), read_rows(path), strict=False) if isinstance(row, RawRow)]
    mapping = choose_mapping(first_rows=first)
    assert mapping.name == source
    taken, ids, warnings = 0, set(), Counter[str]()
    began = time.process_time()
    for raw in read_rows(path):
        assert isinstance(raw, RawRow), raw
        mapped = mapping.apply(raw.values)
        if not isinstance(mapped, Skipped):
            row = to_row(mapped, country_code=country_code)
            assert isinstance(row, OrganisationRow), row
            taken += 1
            ids.add(row.source_id)
            warnings.update(warning.field for warning in row.warnings)
    seconds = time.process_time() - began
    assert taken == len(ids) == ROWS[source]
    assert sum(count for field, count in warnings.items() if field not in ("lat, lon", "country")) < taken / 100
    if source == "org_ror":
        print(f"{taken / seconds:,.0f} rows a second")
        assert seconds < 60, "15 seconds are wanted on a quiet machine"


def test_the_middle_of_a_country_is_no_place(shared: Path) -> None:
    path = shared / "org_commonweave" / "org_commonweave.jsonl.gz"
    everything = (row.values for row in read_rows(path) if isinstance(row, RawRow))
    rows = [values for values in everything if (values.get("lat"), values.get("lon")) == (55.38, -3.44)]
    assert len(rows) > 6_000
    mapping = choose_mapping("org_commonweave")
    for values in rows[:1_000]:
        mapped = mapping.apply(values)
        found = to_row(mapped, country_code=country_code) if isinstance(mapped, dict) else []
        assert isinstance(found, OrganisationRow) and (found.lat, found.lon) == (None, None)
