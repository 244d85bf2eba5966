"""Points on the map, and the points that only look like one.

Registers often give the middle of a country where they know no place. The table has the middles as they stand in such
data (to two decimals); a pin there would claim what nobody said.
"""

from __future__ import annotations

from typing import Any

from directory.imports.cleaning import Doubtful, number

NEAR = 0.006
MIDDLES: dict[str, tuple[float, float]] = {
    "AR": (-38.42, -63.62),
    "AT": (47.52, 14.55),
    "AU": (-25.27, 133.78),
    "BE": (50.5, 4.47),
    "BO": (-16.29, -63.59),
    "BR": (-14.24, -51.93),
    "CA": (56.13, -106.35),
    "CH": (46.82, 8.23),
    "CL": (-35.68, -71.54),
    "CN": (35.86, 104.19),
    "CO": (4.57, -74.3),
    "CR": (9.75, -83.75),
    "CU": (21.52, -77.78),
    "DE": (51.17, 10.45),
    "DK": (56.26, 9.5),
    "DO": (18.74, -70.16),
    "EC": (-1.83, -78.18),
    "EG": (26.82, 30.8),
    "ES": (40.46, -3.75),
    "ET": (9.14, 40.49),
    "FI": (61.92, 25.75),
    "FR": (46.23, 2.21),
    "GB": (55.38, -3.44),
    "GH": (7.95, -1.02),
    "GR": (39.07, 21.82),
    "GT": (15.78, -90.23),
    "GY": (4.86, -58.93),
    "HN": (15.2, -86.24),
    "HU": (47.16, 19.5),
    "ID": (-0.79, 113.92),
    "IN": (20.59, 78.96),
    "IT": (41.87, 12.57),
    "JM": (18.11, -77.3),
    "JP": (36.2, 138.25),
    "MX": (23.63, -102.55),
    "MZ": (-18.67, 35.53),
    "NG": (9.08, 8.67),
    "NI": (12.87, -85.21),
    "NL": (52.13, 5.29),
    "NO": (60.47, 8.47),
    "NZ": (-40.9, 174.89),
    "PA": (8.54, -80.78),
    "PE": (-9.19, -75.02),
    "PH": (12.88, 121.77),
    "PL": (51.92, 19.15),
    "PY": (-23.44, -58.44),
    "RW": (-1.94, 29.87),
    "SE": (60.13, 18.64),
    "SN": (14.5, -14.45),
    "SR": (3.92, -56.03),
    "TH": (15.87, 100.99),
    "TR": (38.96, 35.24),
    "TT": (10.69, -61.22),
    "TZ": (-6.37, 34.89),
    "UG": (1.37, 32.29),
    "US": (27.8, -81.6),
    "VE": (6.42, -66.59),
    "VN": (14.06, 108.28),
    "ZA": (-30.56, 22.94),
    "ZM": (-13.13, 27.85),
}


def point(lat: Any, lon: Any, country: str) -> tuple[float, float]:
    north, east = round(number(lat), 6), round(number(lon), 6)
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise Doubtful("is not on the globe")
    if abs(north) < 0.001 and abs(east) < 0.001:
        raise Doubtful("is 0, 0 in the Gulf of Guinea, which stands for an unknown place")
    middle = MIDDLES.get(country)
    if middle and abs(north - middle[0]) < NEAR and abs(east - middle[1]) < NEAR:
        raise Doubtful("is the middle of the country and not a place in it")
    return north, east
