"""The Markdown that members write: which extensions are on, and the few rules of our own.

Raw HTML is text here, never markup. `[[Title]]` and `@name` become links where the caller knows an address for them;
a picture from elsewhere becomes a link to it, so that reading a page tells no other site who read it.
What leaves this file is not yet safe to show: commons.text.sanitise has the last word.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify_unicode
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from commons.text.sanitise import OWN_FILE

TITLE = r"\[\[([^\[\]\n|]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]"
MENTION = r"(?<![\w/@.])@(\w[\w.-]{0,39}(?<!\.))"
ADDRESS = r"https?://[^\s<>\"'\x02\x03]{1,2000}"
TASK = re.compile(r"\[([ xX])\][ \t]+")


class TooSlow(Exception):
    pass


class Link(NamedTuple):
    href: str
    wanted: bool = False


class _KnownLink(InlineProcessor):
    """`[[Title]]`, `[[Title|label]]` or `@name`: a link if the caller gave an address, else the words as they stand."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        target, label = (m[1].strip(), m[2] or m[1]) if m[0].startswith("[[") else (m[0], m[0])
        link: Link | None = self.md.known.get(target)  # type: ignore[attr-defined]
        if link is None:
            return (None, None, None) if m[0].startswith("@") else (label.strip(), m.start(0), m.end(0))
        a = Element("a", {"href": link.href})
        if link.wanted:
            a.set("class", "wanted")
        a.text = AtomicString(label.strip())
        return a, m.start(0), m.end(0)


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


class _Finish(Treeprocessor):
    """Pictures from elsewhere become links, `[x]` at the start of a list item a ballot box."""

    def run(self, root: Element) -> None:
        for img in [img for img in root.iter("img") if not OWN_FILE.match(img.get("src", ""))]:
            source, title = img.get("src", ""), img.get("alt") or img.get("src", "")
            img.attrib.clear()
            img.tag, img.text = "a", AtomicString(title)
            img.set("href", source)
        for item in root.iter("li"):
            words = item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
            task = TASK.match(words.text or "")
            if task:
                box = "☐" if task[1] == " " else "☑"
                words.text = f"{box} {(words.text or '')[task.end() :]}"
                item.set("class", "task")


class _Footnotes(FootnoteExtension):
    def makeFootnotesDiv(self, root: Element) -> Element | None:
        div = super().makeFootnotesDiv(root)
        for rule in div.findall("hr") if div is not None else []:
            div.remove(rule)  # type: ignore[union-attr]
        return div


def _watch_the_clock(md: Markdown) -> None:
    """Every step of the converter goes through one of these methods; each now looks at the clock first."""

    def watched(step: Callable[..., Any]) -> Callable[..., Any]:
        def look_and_step(*args: Any) -> Any:
            if time.thread_time() > _here.until:
                raise TooSlow
            return step(*args)

        return look_and_step

    for pattern in md.inlinePatterns:
        vars(pattern)["handleMatch"] = watched(pattern.handleMatch)
    for block in md.parser.blockprocessors:
        vars(block)["test"] = watched(block.test)


def _dialect() -> Markdown:
    md = Markdown(
        extensions=[
            TableExtension(use_align_attribute=True),
            "fenced_code",
            "def_list",
            "sane_lists",
            _Footnotes(BACKLINK_TITLE="↩ {}"),
            TocExtension(baselevel=2, marker="", slugify=slugify_unicode),
            "pymdownx.tilde",
        ],
        extension_configs={"pymdownx.tilde": {"subscript": False}},
        output_format="html",
    )
    md.preprocessors.deregister("html_block")
    md.inlinePatterns.deregister("html")
    md.inlinePatterns.register(_KnownLink(TITLE, md), "title", 175)
    md.inlinePatterns.register(_KnownLink(MENTION, md), "mention", 45)
    md.inlinePatterns.register(_BareAddress(ADDRESS, md), "address", 115)
    md.treeprocessors.register(_Finish(md), "finish", 15)
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
