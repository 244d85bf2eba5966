"""What a text links to by name, found without a converter and in time linear in its length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from commons.text.dialect import MENTION, TITLE
from commons.text.sections import outside
from commons.text.tags import TAG

MOST_LINKS = 10_000
_RELATIVE = (
    r"\]\([ \t]{0,9}(?:<(?P<pointed>[^<>\n]{1,500})>"
    r"|(?P<plain>[^\s()<>]{1,500}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?))(?:[ \t]{1,9}\"[^\"\n]{0,500}\")?"
    r"|\[(?:(?<=^\[)|(?<=^ \[)|(?<=^  \[)|(?<=^   \[))[^\^\[\]\n][^\[\]\n]{0,200}\]:"
    r"[ \t]*<?(?P<defined>[^\s<>]{1,500})>?[ \t]*(?:[\"'(].*)?$"
)
_ADDRESS = r":(?:(?<=https:)|(?<=http:))//[^\s<>\"'\[\]]{1,2000}"
_WORDS_OF_A_LINK = r"[^\[\]]{0,300}+\][(\[]"
_TARGET = re.compile(rf"{TITLE}|{MENTION}|{_RELATIVE}|{_ADDRESS}|{TAG}(?!{_WORDS_OF_A_LINK})", re.M)
"""Each begins with the sign that tells it, so that all the words between are passed over quickly."""
_ELSEWHERE = re.compile(r"[/\\?#]|[A-Za-z][A-Za-z0-9+.-]*:")


def names_in(text: str) -> list[str]:
    """Once each and in order, at most MOST_LINKS: `Composting` for `[[Composting|heaps]]`, `@ana` for a mention,
    `#Énergie` for a tag, `./../soil/humus.md` for `[words](../soil/humus.md#life)`. Nothing that stands in code."""
    return list(islice(dict.fromkeys(_found(outside(text))), MOST_LINKS))


def _found(text: str) -> Iterator[str]:
    for m in _TARGET.finditer(text):
        sign = m[0][0]
        if m[0].startswith("[["):
            name = m[1].strip().lstrip("#")
        elif sign == "@" or (sign == "#" and m[0][1].isalpha()):
            name = m[0]
        else:
            target = m["pointed"] or m["plain"] or m["defined"]
            name = f"./{target.partition('#')[0]}" if target and not _ELSEWHERE.match(target) else ""
        if name:
            yield name
