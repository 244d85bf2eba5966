"""How well goals are suggested from a text, on texts that experts judged.

    python -m benchmarks.suggestion FILE

FILE as `sdg_benchmark.jsonl`: {text, positive, negative} a line. Counts only the judged goals of each text: a goal counts as suggested
from the score on that the site uses. Prints one JSON object. The set is for measuring only: nothing is learnt from it, no threshold
either. `benchmarks.suggestion_tags` measures the trainer on the tags of charities; `benchmarks.make_suggesting` prints how often a goal
is right for targets and indicators that were left out with their translations, in each language.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.make_suggesting import rows
from commons.focus.suggesting.model import shipped
from commons.focus.suggesting.reading import terms


def suggested_goals(text: str) -> set[int]:
    """All goals that reach the wanted score, without the limit of a list that people look at."""
    model = shipped()
    vector = model.vector(terms(text, model.fillers))
    reached = model.scores(*vector) >= model.wanted
    return {int(label) for label, yes in zip(model.labels, reached, strict=True) if yes and label.isdecimal()}


def figures(right: int, wrong: int, missed: int) -> dict[str, float]:
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    f1 = 2 * right / max(1, 2 * right + wrong + missed)
    return {"micro_f1": round(f1, 4), "precision": round(precision, 4), "recall": round(recall, 4)}


def judged(texts: Iterable[dict[str, Any]]) -> dict[str, float]:
    right = wrong = missed = 0
    for row in texts:
        found = suggested_goals(row["text"])
        right += len(found & set(row["positive"]))
        wrong += len(found & set(row["negative"]))
        missed += len(set(row["positive"]) - found)
    return figures(right, wrong, missed)


if __name__ == "__main__":
    print(json.dumps(judged(rows(Path(sys.argv[1])))))
