"""As much of JSON Schema as the files beside an export use, by the specification: type, required, lengths, patterns."""

from __future__ import annotations

import re
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def faults(schema: dict[str, Any], row: dict[str, Any]) -> list[str]:
    assert schema["type"] == "object" and schema["additionalProperties"] is False
    found = [f"{name} is missing" for name in schema["required"] if name not in row]
    found += [f"{name} is not known" for name in row if name not in schema["properties"]]
    return found + [
        f"{name}: {value!r} is not {rule}"
        for name, rule in schema["properties"].items()
        if name in row and not fits(rule, value := row[name])
    ]


def fits(rule: dict[str, Any], value: Any) -> bool:
    allowed = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    if not any(isinstance(value, TYPES[one]) and (one == "boolean" or type(value) is not bool) for one in allowed):
        return False
    if not isinstance(value, str):
        return True
    return len(value) <= rule.get("maxLength", len(value)) and re.search(rule.get("pattern", ""), value) is not None
