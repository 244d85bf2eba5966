"""The Markdown that members write: which extensions are on, and the few rules of our own.

Raw HTML is text here, never markup. `[[Title]]`, `@name`, `#tag` and `[words](../other/page.md)` become links where the
caller knows an address for them, and a link to an entry that stands alone in its paragraph a card; a picture from elsewhere
becomes a link to it, so that reading a page tells no other site who read it.
What leaves this file is not yet safe to show: commons.text.sanitise has the last word.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify_unicode
from markdown.inlinepatterns import InlineProcessor, SubstituteTagInlineProcessor
from markdown.util import AtomicString

from commons.text.building import Builder
from commons.text.finishing import ABOUT, Finish
from commons.text.finishing import Link as Link
from commons.text.sections import SOURCE_NEEDED
from commons.text.tags import MARKS, TAG

TITLE = r"\[\[([^\[\]\n|]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]"
MENTION = rf"@(?<![\w/@.+%{MARKS}]@)(?>\w[\w.-]{{0,39}}(?<!\.))(?!@)"
ADDRESS = r"https?://[^\s<>\"'\x02\x03]{1,2000}"


class TooSlow(Exception):
    pass


class _KnownLink(InlineProcessor):
    """`[[Title]]`, `[[Title|label]]`, `@name` or `#tag`: a link if the caller gave an address, else the words as they stand.
    An entry of another kind than a page is called by its own title, unless there is a label."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        target, label = (m[1].strip(), m[2]) if m[0].startswith("[[") else (m[0], m[0])
        link: Link | None = self.md.known.get(target)  # type: ignore[attr-defined]
        if link is None:
            return (None, None, None) if m[0][0] in "@#" else ((label or target).strip(), m.start(0), m.end(0))
        a = Element("a", link.attributes())
        if link.is_entry and m[0] != target:
            label = label or link.title or target.partition(":")[2]
            if not link.wanted:
                a.set(ABOUT, link.about)
        a.text = AtomicString((label or target).strip())
        return a, m.start(0), m.end(0)


class _SourceNeeded(InlineProcessor):
    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        span = Element("span", {"class": "source-needed"})
        span.text = AtomicString(m[0])
        return span, m.start(0), m.end(0)


class _BareAddress(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        address = m[0].rstrip(".,;:!?*_~'\"")
        if address.endswith(")") and address.count("(") < address.count(")"):
            address = address[:-1].rstrip(".,;:!?")
        a = Element("a", {"href": address})
        a.text = AtomicString(address)
        return a, m.start(0), m.start(0) + len(address)


class _Footnotes(FootnoteExtension):
    def makeFootnotesDiv(self, root: Element) -> Element | None:
        div = super().makeFootnotesDiv(root)
        for rule in div.findall("hr") if div is not None else []:
            div.remove(rule)  # type: ignore[union-attr]
        return div


class _Markdown(Markdown):
    def build_parser(self) -> _Markdown:
        super().build_parser()
        self.parser = Builder(self, _look)
        return self


def _look() -> None:
    if time.thread_time() > _here.until:
        raise TooSlow


def _watch_the_clock(md: Markdown) -> None:
    """Every step of the converter goes through one of these methods; each now looks at the clock first."""

    def watched(step: Callable[..., Any]) -> Callable[..., Any]:
        def look_and_step(*args: Any) -> Any:
            _look()
            return step(*args)

        return look_and_step

    for pattern in md.inlinePatterns:
        vars(pattern)["handleMatch"] = watched(pattern.handleMatch)
    for block in md.parser.blockprocessors:
        vars(block)["test"] = watched(block.test)


def _dialect() -> Markdown:
    md = _Markdown(
        extensions=[
            TableExtension(use_align_attribute=True),
            "def_list",
            _Footnotes(BACKLINK_TITLE="↩ {}"),
            TocExtension(baselevel=2, marker="", slugify=slugify_unicode),
            "pymdownx.tilde",
        ],
        extension_configs={"pymdownx.tilde": {"subscript": False}},
        output_format="html",
    )
    md.preprocessors.deregister("html_block")
    md.inlinePatterns.deregister("html")
    md.inlinePatterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "backslash_break", 185)
    md.inlinePatterns.register(_KnownLink(TITLE, md), "title", 175)
    md.inlinePatterns.register(_SourceNeeded(SOURCE_NEEDED, md), "source_needed", 174)
    md.inlinePatterns.register(_KnownLink(TAG, md), "tag", 105)
    md.inlinePatterns.register(_KnownLink(MENTION, md), "mention", 45)
    md.inlinePatterns.register(_BareAddress(ADDRESS, md), "address", 115)
    md.treeprocessors.register(Finish(md), "finish", 15)
    return md


_here = threading.local()


def to_html(text: str, known: Mapping[str, Link], seconds: float = float("inf")) -> str:
    """One converter per thread, for it keeps state. Raises TooSlow after `seconds` of work, or RecursionError."""
    md: Any = getattr(_here, "md", None)
    if md is None:
        md = _here.md = _dialect()
        _watch_the_clock(md)
    md.known = known
    _here.until = time.thread_time() + seconds
    try:
        html: str = md.convert(text)
    except BaseException:
        del _here.md  # halfway through a list it would go on with that list in the next text
        raise
    md.reset()
    return html
