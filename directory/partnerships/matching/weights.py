"""Every number that decides who is proposed to whom, in one place: the page that explains matches shows this table."""

from __future__ import annotations

from collections.abc import Mapping

# What each part adds to the directed score. The place has no weight of its own: it multiplies the text.
WEIGHTS: Mapping[str, float] = {"text": 0.45, "topic": 0.15, "graph": 0.20, "fit": 0.10, "alive": 0.10}
TUNED = ("text", "place", "topic", "graph", "fit", "alive")  # what an asker may turn down to 0 and up to 2

# What a candidate does not tell counts as this much: less than any good fact, more than a bad one.
EXPECTED: Mapping[str, float] = {"topic": 0.05, "graph": 0.05, "alive": 0.25}
EXPECTED_PLACE = {"same country": 0.3, "elsewhere": 0.05}

# The text
PROFILE = 0.6  # a word of the description against one of an offer
MOST_TERMS = 60
K1, B = 1.2, 0.75
TEXT_HALF = 0.25  # the share of all words' weight at which the part is one half

# The topic
UP = 0.5  # an area one step up counts half

# The place
REMOTE = 0.7
REACH = 300.0  # km, where no radius was named
ANYWHERE = 0.05

# The web of partnerships
DIRECT = 1.0
GRAPH_HALF = 1.0
NEIGHBOURS = 300

# Alive
HALF_CONFIRMED = 365.0  # days
ANSWERS = (2.0, 3.0)  # Beta prior: answered, not answered

# The other side's view, where it has said nothing
BACKGROUND = 300  # texts against which a fit is held
SILENT = (0.75, 0.25)
LEAST_SPREAD = 0.05

# Load and fairness
IMPRESSIONS = 0.4  # in 14 days, against a proposal
IMPRESSIONS_MOST = 0.5  # of the capacity: to be shown is no work, and who is wanted by many stays in sight
RESERVED = 2  # of 12 places, for the small and the new
SMALL = 10  # people
BRIDGING = 2  # of 12 places
BRIDGING_TOPIC = 0.5
PER_PARENT = 3
LOOKED_OVER = 60
DIVERSITY = 0.3
WEAK = 0.12

# Candidates
BY_TEXT, BY_PLACE, BY_GRAPH, BY_AREA = 500, 500, 300, 100
NEARBY_AMONG = 2000  # of the best by text, the nearest are looked for among so many

# Who complements whom, by type and by scope; every other pair is ORDINARY.
ORDINARY = 0.5
TYPES: Mapping[frozenset[str], float] = {
    frozenset({"foundation", "nonprofit"}): 0.8,
    frozenset({"foundation", "charity"}): 0.8,
    frozenset({"foundation", "community group"}): 0.8,
    frozenset({"foundation", "cooperative"}): 0.7,
    frozenset({"foundation", "social enterprise"}): 0.7,
    frozenset({"research", "nonprofit"}): 0.7,
    frozenset({"research", "charity"}): 0.7,
    frozenset({"research", "community group"}): 0.7,
    frozenset({"education", "nonprofit"}): 0.7,
    frozenset({"education", "community group"}): 0.7,
    frozenset({"government", "nonprofit"}): 0.6,
    frozenset({"government", "community group"}): 0.6,
    frozenset({"company", "social enterprise"}): 0.6,
    frozenset({"network", "community group"}): 0.6,
}
SCOPES: Mapping[frozenset[str], float] = {
    frozenset({"local", "international"}): 0.8,
    frozenset({"local", "national"}): 0.7,
    frozenset({"regional", "international"}): 0.7,
}
LANGUAGE = {"shared": 1.0, "untold": 0.5, "translated": 0.3}
