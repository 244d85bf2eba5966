"""What somebody wrote, as the quote with which a reply begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from commons.text.rows import cited, coded

MOST = 1_200
_MORE = ">\n> …\n"
_SIGN = re.compile(r"[\\`*_{}\[\]#~]")
_SENTENCE = re.compile(r"[.!?…][.!?…\"'”’»)*_]*(?=\s|\Z)|[。！？।॥؟۔][」』”）]*")


def quoted(text: str, name: str, limit: int = MOST) -> str:
    """Markdown: the words as a quote under the name of who wrote them, and the blank line behind which the reply begins.
    What they quoted themselves is left out. At most `limit` characters: up to the end of a line or a sentence, code as
    a whole or not at all, and `…` where something is missing."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    own = [row for row, other in zip(rows, cited(rows), strict=True) if not other]
    head = f"> **{_SIGN.sub(_as_it_stands, ' '.join(name.split()))}**:\n"
    return f"{head}{''.join(_lines(own, limit - len(head) - len(_MORE) - 1))}\n"


def _as_it_stands(sign: re.Match[str]) -> str:
    return f"\\{sign[0]}"


def _lines(rows: Sequence[str], room: int) -> Iterator[str]:
    gap, begun = ">\n", False
    for code, run in groupby(zip(rows, coded(rows), strict=True), lambda row: row[1]):
        together = [row for row, _ in run]
        for part in [together] if code else [[row] for row in together]:
            if not code and not part[0].strip():
                gap = ">\n"
                continue
            words = gap + "".join(f"> {row}\n" if row.strip() else ">\n" for row in part)
            if len(words) > room:
                some = "" if code else _beginning(part[0], room - len(gap) - len("> \n"), not begun)
                yield f"{gap}> {some}\n{_MORE}" if some else _MORE
                return
            yield words
            room, gap, begun = room - len(words), "", True


def _beginning(row: str, room: int, always: bool) -> str:
    """Up to the last end of a sentence that fits; `always`: else to the last word, or as far as it goes."""
    some = row[: max(room, 0)]
    ends = [sentence.end() for sentence in _SENTENCE.finditer(row, 0, len(some) + 1) if sentence.end() <= len(some)]
    if ends or not always:
        return row[: ends[-1]] if ends else ""
    return some.rpartition(" ")[0] or some
