"""What do people do to a name, and is the organisation still recognised among a hundred thousand?

    python -m benchmarks.duplicates_variants FILE [--sample 2000] [--seed 7]      org_ror, org_keep_partners

A sample of names is asked with one slip of the finger, without accents, without or with another legal form, in
capitals, as an acronym only, and with a slip and no place. `absent` asks organisations that were left out of the
directory: all that is suggested for them counts as false, though near-duplicates and namesakes in real registers make
that too strict.
"""

from __future__ import annotations

import argparse
import json
import random
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from benchmarks.duplicates import ASKED, read_rows, register_card
from directory.duplicates import Card, DuplicateIndex

Change = Callable[[Card, random.Random], str]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FORMS = ("Ltd", "Limited", "e.V.", "GmbH", "ASBL", "Inc.", "CIC", "S.A.", "Onlus")


def one_slip(card: Card, dice: random.Random) -> str:
    name = card.name
    at = dice.choice([i for i, letter in enumerate(name) if letter.isalpha() and i] or [len(name) - 1])
    swapped = name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]
    dropped, doubled = name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:]
    return dice.choice((swapped, dropped, doubled, name[:at] + dice.choice(LETTERS) + name[at + 1 :]))


def plain(card: Card, dice: random.Random) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", card.name) if not unicodedata.combining(c))


def other_form(card: Card, dice: random.Random) -> str:
    words = card.name.split()
    ends = words[-1].strip(".,").lower() in (
        "ltd",
        "limited",
        "gmbh",
        "inc",
        "ev",
        "srl",
        "spa",
        "sa",
        "ab",
        "oy",
        "as",
    )
    return " ".join(words[:-1]) if ends and len(words) > 1 else f"{card.name} {dice.choice(FORMS)}"


def capitals(card: Card, dice: random.Random) -> str:
    return card.name.upper()


def acronym(card: Card, dice: random.Random) -> str:
    given = [alias for alias in card.aliases if alias.isupper() and 2 <= len(alias) <= 9 and " " not in alias]
    return given[0] if given else ""


CHANGES: dict[str, Change] = {
    "one slip": one_slip,
    "accents dropped": plain,
    "legal form": other_form,
    "capitals": capitals,
    "acronym only": acronym,
}


def asked_as(card: Card, name: str) -> Card:
    """A person gives the name, the country and the town, not yet more."""
    return Card(ASKED, name, country=card.country, city=card.city)


def ask(index: DuplicateIndex, questions: Iterable[tuple[Card, int]], times: list[float]) -> dict[str, float]:
    asked = found = shown = touched = 0
    for card, id in questions:
        began = perf_counter()
        suspects = [suspect.id for suspect in index.suspects(card)]
        times.append((perf_counter() - began) * 1000)
        asked += 1
        found += id in suspects
        shown += len(suspects)
        touched += any(suspect != id for suspect in suspects)
    return {
        "asked": asked,
        "recall": round(found / asked, 4) if asked else 0.0,
        "others_shown": round(touched / asked, 4) if asked else 0.0,
        "suggestions": round(shown / asked, 2) if asked else 0.0,
    }


def measure(cards: list[Card], sample: int, dice: random.Random) -> dict[str, object]:
    chosen = dice.sample(cards, min(sample, len(cards) // 2))
    absent = {card.id for card in dice.sample(cards, min(sample, len(cards) // 2))} - {card.id for card in chosen}
    began = perf_counter()
    index = DuplicateIndex(card for card in cards if card.id not in absent)
    result: dict[str, object] = {"directory": len(index), "build_s": round(perf_counter() - began, 2)}
    times: list[float] = []
    for kind, change in CHANGES.items():
        named = [(card, change(card, dice)) for card in chosen]
        if kind == "accents dropped":
            named = [(card, name) for card, name in named if name != card.name]
        result[kind] = ask(index, ((asked_as(card, name), card.id) for card, name in named if name.strip()), times)
    nowhere = [replace(asked_as(card, one_slip(card, dice)), country="", city="") for card in chosen]
    result["one slip, no place"] = ask(index, zip(nowhere, (card.id for card in chosen), strict=True), times)
    result["absent"] = ask(index, ((asked_as(card, card.name), ASKED) for card in cards if card.id in absent), times)
    cuts = quantiles(times, n=20)
    return result | {"p50_ms": round(cuts[9], 2), "p95_ms": round(cuts[18], 2)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duplicates_variants")
    parser.add_argument("file", type=Path)
    parser.add_argument("--sample", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    cards = [register_card(row, number) for number, row in enumerate(read_rows(options.file)) if row.get("name")]
    print(json.dumps(measure(cards, options.sample, random.Random(options.seed))))


if __name__ == "__main__":
    main()
