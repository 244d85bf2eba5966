"""How well goals are suggested from a text, on texts that experts judged.

    python -m benchmarks.suggestion FILE            sdg_benchmark.jsonl: {text, positive, negative} a line
    python -m benchmarks.suggestion --targets FOLDER   the goals' targets in three languages, each left out with its translations
    python -m benchmarks.suggestion --tags FOLDER   the tags of charities, five-fold, with the trainer of `make_suggesting`

Each prints one JSON object as its last line. The first counts only the judged goals of each text, as the site would suggest them:
a goal counts as suggested from the score on that the site uses.
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
