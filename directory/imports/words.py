"""Lists of words for repairing capitals and for knowing languages; each list in `words.json` says what it is for."""

from __future__ import annotations

import json
from pathlib import Path

WORDS: dict[str, list[str]] = {
    name: entry["words"] for name, entry in json.loads(Path(__file__).with_suffix(".json").read_text("utf-8")).items()
}
