"""Two versions of a text as readers see them: what was added and taken away marked in the rendered words.

Signs that no text holds are put round changed words before rendering and become `<ins>` and `<del>` after it. That is
believed only if what remains without the one is what the other version looks like by itself; else both are shown whole.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from markupsafe import Markup

from commons.text.aligning import runs
from commons.text.comparing import phrases, visible
from commons.text.passages import Passage, passages
from commons.text.rendering import as_written

Render = Callable[[str], Markup]
Pair = tuple[str, str]

LONGEST = 600_000
LINES = 30_000
MOST = 10_000
CHANGED = 80_000
SHORT = 4_000
SECONDS, PATIENCE = 1.2, 2.5  # of work here; of waiting, which counts what children of the renderer do
_WORK = 3_000_000
_CELLS = 2_500
_ENOUGH = 0.4
_DEL, _INS = ("\uf5a0", "\uf5a1"), ("\uf5a2", "\uf5a3")
_SIGN = re.compile("[\uf5a0-\uf5a3]")
_TAGS = {_DEL[0]: "<del>", _DEL[1]: "</del>", _INS[0]: "<ins>", _INS[1]: "</ins>"}
_WORD = re.compile(
    r"!?\[\[[^\[\]\n]{1,400}\]\]|!?\[[^\[\]\n]{0,400}\]\([^()\n]{0,2000}\)|`[^`\n]{1,400}`|https?://[^\s<>)]{1,2000}"
    r"|\*\*[^*\n]{1,200}\*\*|\*[^*\s\n][^*\n]{0,200}\*|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|⟦U\+\w+⟧|\w+|\s+|[^\w\s]"
)
_MARK = re.compile(r"\s*(?:(?:[-*+]|\d{1,9}[.)]|>|#{1,6})[ \t]+)*(?:\[[ xX]\][ \t]+)?")
_LISTED = re.compile(r"\s*(?:[-*+]\s|\d{1,9}[.)]\s|[>|])", re.M)
_TAG = re.compile(r'<(/?)(\w+)(?:"[^"]*"|[^<>"])*>|[\uf5a0-\uf5a3]')
_ID = re.compile(r'(<(?:h\d|li|sup)\b(?:"[^"]*"|[^<>"])*?) id="[^"]*"')
_EMPTY = re.compile(r'<(\w+)(?:"[^"]*"|[^<>"])*>\s*</\1>')
_VOID = ("br", "hr", "img")


class Piece(NamedTuple):
    """`blocks` of the text that are alike in what became of them. A long unchanged stretch has no `html`."""

    kind: Literal["same", "ins", "del", "changed"]
    html: Markup
    blocks: int = 1


class _TooMuch(Exception):
    pass


def rendered_diff(old: str, new: str, render: Render) -> list[Piece] | None:
    """The new text in pieces, with what is gone where it stood; None where the texts are too large or take too long.
    `render` gives clean HTML. Ids are left out, since both versions of a thing may be shown."""
    if any(len(text) > LONGEST or text.count("\n") > LINES for text in (old, new)):
        return None
    before, after = (passages(_ready(text)) for text in (old, new))
    if len(before) + len(after) > MOST:
        return None
    proof = _Proof(render)
    try:
        return list(proof.pieces(before, after))
    except _TooMuch:
        return None


def _ready(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return visible(_SIGN.sub("\ufffd", text))


class _Proof:
    def __init__(self, render: Render) -> None:
        self.render = render
        self.until = time.thread_time() + SECONDS, time.monotonic() + PATIENCE
        self.purse, self.room = [_WORK], CHANGED

    def pieces(self, before: Sequence[Passage], after: Sequence[Passage]) -> Iterator[Piece]:
        known = {passage.whole: passage for passage in (*before, *after)}
        for gone, come, same in runs([p.whole for p in before], [p.whole for p in after], self.purse):
            self.room -= sum(map(len, gone)) + sum(map(len, come))
            if self.room < 0:
                raise _TooMuch
            for old, new in _paired(gone, come):
                yield from self.turned(known.get(old), known.get(new))
            yield from self.unchanged(same)

    def unchanged(self, same: list[str]) -> Iterator[Piece]:
        """What stands next to a change is shown; what lies between, if it is short."""
        for stretch in (same[:1], same[1:-1], same[1:][-1:]):
            text = "\n\n".join(stretch)
            if stretch:
                html = self.html(text) if len(stretch) == 1 or len(text) <= SHORT else Markup()
                yield Piece("same", html, len(stretch))

    def turned(self, old: Passage | None, new: Passage | None) -> Iterator[Piece]:
        gone, come = (self.html(passage.whole) if passage else Markup() for passage in (old, new))
        if old and new and gone == come:
            yield Piece("same", come)
            return
        if old and new:
            marked = str(self.html(_marked(old, new, self.purse)))
            if _holds(marked, str(gone), str(come)):
                yield Piece("changed", Markup(_SIGN.sub(lambda m: _TAGS[m[0]], marked)))
                return
        if old:
            yield Piece("del", gone)
        if new:
            yield Piece("ins", come)

    def html(self, text: str) -> Markup:
        if time.thread_time() > self.until[0] or time.monotonic() > self.until[1]:
            raise _TooMuch
        html = Markup(_ID.sub(r"\1", str(self.render(text))))
        return html if html.strip() else as_written(text)


def _paired(gone: list[str], come: list[str]) -> list[Pair]:
    """Which became which, in order, so that as much as possible stays; "" where something has no other side."""
    if not gone or not come or len(gone) * len(come) > _CELLS:
        return [*((old, "") for old in gone), *(("", new) for new in come)]
    words = [[Counter(_WORD.findall(text)) for text in side] for side in (gone, come)]
    best = [[0.0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    for i in reversed(range(len(gone))):
        for j in reversed(range(len(come))):
            alike = _alike(words[0][i], words[1][j])
            best[i][j] = max(best[i + 1][j], best[i][j + 1], alike and best[i + 1][j + 1] + alike)
    pairs: list[Pair] = []
    i = j = 0
    while i < len(gone) or j < len(come):
        if i < len(gone) and best[i][j] == best[i + 1][j]:
            pairs.append((gone[i], ""))
            i += 1
        elif j < len(come) and best[i][j] == best[i][j + 1]:
            pairs.append(("", come[j]))
            j += 1
        else:
            pairs.append((gone[i], come[j]))
            i, j = i + 1, j + 1
    return pairs


def _alike(old: Counter[str], new: Counter[str]) -> float:
    """The share of words that are in both; 0 where it is too small to speak of a change."""
    share = 2 * (old & new).total() / ((old.total() + new.total()) or 1)
    return share if share >= _ENOUGH else 0.0


def _marked(old: Passage, new: Passage, purse: list[int]) -> str:
    """Markdown that holds both versions, with signs round what is in one only."""
    listed = _LISTED.search(old.text) or _LISTED.search(new.text)
    text = (_by_lines if listed else _by_words)(old.text, new.text, purse)
    addresses = dict.fromkeys([*new.carried.split("\n"), *old.carried.split("\n")])
    return text + "\n\n" + "\n".join(addresses)


def _by_words(old: str, new: str, purse: list[int]) -> str:
    found: list[str] = []
    for gone, come, same in phrases(_WORD.findall(old), _WORD.findall(new), purse):
        before, after = "".join(gone), "".join(come)
        spaced = before and after and not before.strip() and not after.strip()
        found += [after] if spaced else [_signed(before, _DEL), _signed(after, _INS)]
        found += same
    return "".join(found)


def _by_lines(old: str, new: str, purse: list[int]) -> str:
    """Where lines begin with signs of their own (lists, tables, quotes), nothing may stand before those."""
    found: list[str] = []
    for gone, come, same in runs(old.split("\n"), new.split("\n"), purse):
        for before, after in _paired(gone, come):
            mark = _begin(after)
            if before and after and _begin(before) == mark:
                found.append(mark + _by_words(before[len(mark) :], after[len(mark) :], purse))
            else:
                found += [_row(before, _DEL)] if before.strip() else []
                found += [_row(after, _INS)] if after.strip() or not before else []
        found += same
    return "\n".join(found)


def _begin(line: str) -> str:
    match = _MARK.match(line)
    return match[0] if match else ""


def _row(line: str, signs: Pair) -> str:
    if line.lstrip().startswith("|"):
        return re.sub(r"[^|]*[^|\s:-][^|]*", lambda cell: _signed(cell[0], signs), line)
    mark = _begin(line)
    return mark + _signed(line[len(mark) :], signs)


def _signed(text: str, signs: Pair) -> str:
    return f"{signs[0]}{text}{signs[1]}" if text else ""


def _holds(marked: str, old: str, new: str) -> bool:
    """Are the signs still there, in pairs that cross no tag, and is each version in it as it is by itself?"""
    open_tags: list[str] = []
    for match in _TAG.finditer(marked):
        sign = match[0]
        if len(sign) > 1 and _SIGN.search(sign):
            return False
        if sign in (_DEL[0], _INS[0]) or (match[2] and not match[1] and match[2] not in _VOID):
            open_tags.append(match[2] or sign)
        elif match[2] not in _VOID:
            opening = match[2] or (_DEL[0] if sign == _DEL[1] else _INS[0])
            if not open_tags or open_tags.pop() != opening:
                return False
    return (
        not open_tags
        and _version(marked, _INS) == _version(old, _INS)
        and _version(marked, _DEL) == _version(new, _DEL)
    )


def _version(html: str, without: Pair) -> str:
    """The HTML without what stands between these signs; spaces and what is empty do not count."""
    html = _SIGN.sub("", re.sub(f"{without[0]}[^{without[1]}]*{without[1]}", "", html))
    emptied = ""
    while emptied != html:
        emptied, html = html, _EMPTY.sub("", html)
    return re.sub(r"\s*(<[^<>]*>)\s*", r"\1", " ".join(html.split()))
