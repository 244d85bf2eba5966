"""Makes `commons/focus/goals.json` and checks `commons/focus/areas.jsonl`: `python benchmarks/make_focus.py FOLDER`.

FOLDER holds the two sets that `commons/focus/SOURCES.md` names: `tax_sdg/sdg.jsonl` and
`tax_wiserearth_areas/areas.jsonl`. The goals are the text of the set but for the slips corrected below. The areas
are written by hand: here they are only compared with the set, so that no area or issue of WiserEarth gets lost. Says
what is wrong and ends with 1 if anything is.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]

HERE = Path(__file__).parents[1] / "commons" / "focus"
LANGUAGES = {"ar": "ar", "zh-Hans": "zh", "en": "en", "fr": "fr", "ru": "ru", "es": "es"}  # the set's code: ours
SPACES = re.compile(r"\s+")
CHINESE = str.maketrans({",": "，", ";": "；", "<": "〈", ">": "〉"})
TATWEEL = "\u0640"  # stretches an Arabic line to the margin; a search would not find the word
SLIPS = {  # (code, language): (what the set says, what it should say)
    ("7", "ar"): ("إالى", "إلى"),
    ("7.b", "ar"): ("وسيع نطاق", "توسيع نطاق"),
    ("15", "ar"): ("وكافحة", "ومكافحة"),
    ("16", "ar"): ("إالى", "إلى"),
    ("17", "ru"): (" Финансирование", ""),
}
SHORT = {  # as the United Nations print them in a sentence, where the set has other capitals or a slip
    "fr": {
        2: "Faim « zéro »",
        7: "Énergie propre et d’un coût abordable",
        8: "Travail décent et croissance économique",
    },
    "es": {
        1: "Fin de la pobreza",
        2: "Hambre cero",
        3: "Salud y bienestar",
        4: "Educación de calidad",
        5: "Igualdad de género",
        6: "Agua limpia y saneamiento",
        7: "Energía asequible y no contaminante",
        9: "Industria, innovación e infraestructura",
        10: "Reducción de las desigualdades",
        12: "Producción y consumo responsables",
        13: "Acción por el clima",
        14: "Vida submarina",
        15: "Vida de ecosistemas terrestres",
        16: "Paz, justicia e instituciones sólidas",
        17: "Alianzas para lograr los objetivos",
    },
    "ru": {8: "Достойная работа и экономический рост"},
    "zh": {17: "促进目标实现的伙伴关系"},
}


def rows(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def cleaned(text: str, language: str) -> str:
    text = SPACES.sub(" ", text).strip().replace(TATWEEL, "")
    return text.translate(CHINESE) if language == "zh" else text


def titles(row: Row) -> dict[str, str]:
    found = {ours: cleaned(row["title"][theirs], ours) for theirs, ours in LANGUAGES.items()}
    for (code, language), (wrong, right) in SLIPS.items():
        if code == row["code"]:
            if wrong not in found[language]:
                raise ValueError(f"{code} in {language} no longer says “{wrong}”")
            found[language] = found[language].replace(wrong, right)
    return found


def shorts(row: Row) -> dict[str, str]:
    found = {ours: cleaned(row["short"][theirs], ours) for theirs, ours in LANGUAGES.items()}
    return found | {language: names[int(row["code"])] for language, names in SHORT.items() if int(row["code"]) in names}


def made_goals(sdg: list[Row]) -> Row:
    targets = [row for row in sdg if row["kind"] == "target"]
    goals = []
    for row in (row for row in sdg if row["kind"] == "goal"):
        below = [
            {"code": each["code"], "title": titles(each)}
            for each in targets
            if each["code"].startswith(row["code"] + ".")
        ]
        goals.append({"number": int(row["code"]), "short": shorts(row), "title": titles(row), "targets": below})
    return {"goals": goals}


def slug_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("'", "")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def lost_rows(areas: Iterable[Row], wiserearth: Iterable[Row]) -> Iterator[str]:
    """The rows of the set that no area stands for: by name, by number, and under the right parent."""
    named: dict[str, list[Row]] = {}
    for area in areas:
        for name in {slug_of(each) for each in (area["labels"]["en"], *area["synonyms"]["en"])}:
            named.setdefault(name, []).append(area)
    for row in wiserearth:
        above = {area["slug"] for area in named.get(slug_of(row.get("area", "")), [])}
        if not any(
            area["wiserearth_id"] == row.get("wiserearth_id")
            and (row["kind"] == "area" or above & set(area["parents"]))
            for area in named.get(slug_of(row["name"]), [])
        ):
            yield f"{row.get('area', 'areas')}: {row['name']}"


def unknown_targets(areas: Iterable[Row], goals: Row) -> Iterator[str]:
    known = {target["code"] for goal in goals["goals"] for target in goal["targets"]}
    for area in areas:
        yield from (f"{area['slug']}: no target {code}" for code in area["targets"] if code not in known)


def main(folder: Path) -> int:
    goals = made_goals(rows(folder / "tax_sdg" / "sdg.jsonl"))
    text = json.dumps(goals, ensure_ascii=False, separators=(",", ":"))
    (HERE / "goals.json").write_text(text + "\n", encoding="utf-8")
    areas = rows(HERE / "areas.jsonl")
    wrong = [f"lost: {row}" for row in lost_rows(areas, rows(folder / "tax_wiserearth_areas" / "areas.jsonl"))]
    wrong += unknown_targets(areas, goals)
    targets = sum(len(goal["targets"]) for goal in goals["goals"])
    print(f"{len(goals['goals'])} goals, {targets} targets, {len(areas)} areas")
    print("\n".join(wrong) or "nothing is lost")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
