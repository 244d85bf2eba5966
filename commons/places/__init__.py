"""Places without asking anybody: the offline gazetteer (`gazetteer.py`) and the drawn map (`drawing.py`).

The data lies in `data/`, made by `benchmarks/make_places.py`; where it comes from and whom to credit stands in
`SOURCES.md`. Nothing here knows the web, the database or any kind of entry.
"""
