"""How well the trainer of the suggestions finds the tags that people gave to charities, five-fold.

    python -m benchmarks.suggestion_tags FOLDER

FOLDER holds `org_uk_charities` and `tax_ukcat`. In each fold the ridge of `make_suggesting` learns the words of name, activities
and objects on four fifths; UK-CAT's own rules (regular expressions) are read as further words. A second, small model, the same for
all tags, learns on what each text got while it was left out how far score and rules are to be believed together. Prints micro-F1 over
the 254 tags and over their 24 categories, each learnt for itself.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.make_suggesting import fillers, learn, likeness, rows, vocabulary
from benchmarks.suggestion import figures
from commons.focus.suggesting.reading import terms

FOLDS = 5
FIELDS = {"name": 0.5, "activities": 0.7, "objects": 0.4}  # what each field's likeness counts
RULES = 0.3  # what it counts that the same rules hold
FLOOR = 0.03  # a label with less, and without a rule, is not looked at
SHRINK, USUAL = 5, 0.15  # a rule of which nothing is known is right so often, as if seen so many times
Rule = Callable[[str], int]
Matrix = NDArray[Any]


def rules_of(tag: dict[str, Any]) -> Rule:
    """How often the tag's words stand in a text; 0 where words stand that exclude it."""
    wanted, unwanted = (re.compile(tag.get(name) or r"(?!)", re.I) for name in ("regex", "exclude_regex"))
    return lambda text: 0 if unwanted.search(text) else len(wanted.findall(text))


def held_rules(texts: Sequence[dict[str, Any]], tags: Sequence[dict[str, Any]]) -> Matrix:
    """field × text × tag: how often its rule holds."""
    rules = [rules_of(tag) for tag in tags]
    return np.array([[[rule(row.get(name) or "") for rule in rules] for row in texts] for name in FIELDS], np.float32)


def alike(texts: Sequence[dict[str, Any]], rules: Matrix) -> Matrix:
    found = np.zeros((len(texts), len(texts)), np.float32)
    stops = fillers()
    for name, share in FIELDS.items():
        seen = [terms(row.get(name) or "", stops) for row in texts]
        known = vocabulary(seen, ())
        found += share * likeness([known.vector(one) for one in seen], len(known.places))
    held = (rules.sum(0) > 0) * np.log(1 + len(texts) / np.maximum((rules.sum(0) > 0).sum(0), 1))
    held /= np.maximum(np.linalg.norm(held, axis=1, keepdims=True), 1e-9)
    found += RULES * (held @ held.T).astype(np.float32)
    return found


def believed(scores: Matrix, rules: Matrix, right: Matrix, often: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """The (text, label) pairs worth a look, and what the second model sees of each. `right`: how often each rule is right,
    in any field and in the name; `often`: how common each label is (both as logarithms)."""
    text, label = np.where((rules.sum(0) > 0) | (scores > FLOOR))
    score = scores[text, label]
    best, rank = scores.max(1)[text], (-scores).argsort(1).argsort(1)[text, label]
    fields = [(one > 0)[text, label].astype(float) for one in rules]
    held = np.maximum.reduce(fields)
    many = np.log1p((rules.sum(0) > 0).sum(1))[text]
    total = np.clip(scores, 0, 1).sum(1)[text]
    seen = [
        score,
        np.sqrt(np.clip(score, 0, 1)),
        score**2,
        best,
        score / np.maximum(best, 0.05),
        np.log1p(rank),
        *fields,
    ]
    seen += [
        np.log1p(rules.sum(0))[text, label],
        many,
        total,
        held,
        right[0][label] * held,
        right[1][label] * fields[0],
    ]
    seen += [often[label], score * held, score * fields[0], held * many, score * many, score * often[label]]
    return text, label, np.stack([*seen, often[label] * held, fields[0] * fields[1], fields[1] * fields[2]], 1)


def judge(seen: Matrix, truth: Matrix, steps: int = 25) -> Callable[[Matrix], Matrix]:
    """Logistic regression by Newton's method."""
    middle, spread = seen.mean(0), seen.std(0) + 1e-6

    def ready(given: Matrix) -> Matrix:
        widened: Matrix = np.c_[(given - middle) / spread, np.ones(len(given))]
        return widened

    def chance(given: Matrix, weights: Matrix) -> Matrix:
        found: Matrix = 1 / (1 + np.exp(-ready(given) @ weights))
        return found

    weights = np.zeros(seen.shape[1] + 1)
    for _ in range(steps):
        now = chance(seen, weights)
        bend = (ready(seen) * (now * (1 - now))[:, None]).T @ ready(seen) + np.eye(len(weights))
        weights -= np.linalg.solve(bend, ready(seen).T @ (now - truth) + weights)
    return partial(chance, weights=weights)


def measured(likely: Matrix, rules: Matrix, truth: Matrix) -> dict[str, float]:
    """`rules`: field × text × label."""
    fold = np.random.default_rng(0).permutation(len(truth)) % FOLDS
    right = wrong = 0
    for number in range(FOLDS):
        own, other = np.where(fold != number)[0], np.where(fold == number)[0]
        learnt = learn(likely[np.ix_(own, own)], truth[own], np.ones(len(own), np.float32), [""] * len(own))
        scores = likely[np.ix_(other, own)] @ learnt.parts + learnt.usual
        trust = np.stack(list(trusted(rules[:, own], truth[own])))
        often = np.log1p(truth[own].sum(0))
        text, label, seen = believed(learnt.left_out, rules[:, own], trust, often)
        asked = judge(seen, truth[own][text, label])
        at = threshold(asked(seen), truth[own][text, label], float(truth[own].sum()))
        text, label, seen = believed(scores, rules[:, other], trust, often)
        yes = asked(seen) >= at
        right += int((yes * truth[other][text, label]).sum())
        wrong += int((yes * (1 - truth[other][text, label])).sum())
    return figures(right, wrong, int(truth.sum()) - right)


def trusted(rules: Matrix, truth: Matrix) -> Iterator[Matrix]:
    for held in (rules.sum(0) > 0, rules[0] > 0):
        share = ((held * truth).sum(0) + USUAL * SHRINK) / (held.sum(0) + SHRINK)
        yield np.log(share / (1 - share))


def threshold(chances: Matrix, truth: Matrix, all_right: float) -> float:
    def f1(at: float) -> float:
        return float(2 * (truth * (chances >= at)).sum() / ((chances >= at).sum() + all_right))

    return float(max(np.arange(0.1, 0.6, 0.02), key=f1))


def main(folder: Path) -> dict[str, Any]:
    tags = list(rows(folder / "tax_ukcat" / "ukcat.jsonl"))
    every = rows(folder / "org_uk_charities" / "org_uk_charities.jsonl.gz")
    texts = [row for row in every if row.get("ukcat")]
    truth = np.array([[tag["code"] in row["ukcat"] for tag in tags] for row in texts], np.float32)
    rules = held_rules(texts, tags)
    likely = alike(texts, rules)
    categories = sorted({tag["category"] for tag in tags})
    inside = np.array([[tag["category"] == one for one in categories] for tag in tags], np.float32)
    coarse = measured(likely, rules @ inside, np.minimum(truth @ inside, 1))
    return {"texts": len(texts), "tags": measured(likely, rules, truth), "categories": coarse}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
