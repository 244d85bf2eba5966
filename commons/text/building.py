"""The tree of a text from its blocks: Python-Markdown's parser with lists, quotes, headings and code read by ours.

Left to its own processors are tables, notes, terms, definitions of links, and paragraphs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor, EmptyBlockProcessor, ParagraphProcessor, ReferenceProcessor
from markdown.util import AtomicString, code_escape

from commons.text.blocks import DEEPEST, Block, blocks


class Builder(BlockParser):
    """`look` is called at every level of every list and quote, and may raise."""

    def __init__(self, md: Markdown, look: Callable[[], None]) -> None:
        super().__init__(md)
        self.look = look
        self.depth = 0
        self.blockprocessors.register(EmptyBlockProcessor(self), "empty", 100)
        self.blockprocessors.register(_Meaning(self), "meaning", 90)
        self.blockprocessors.register(ReferenceProcessor(self), "reference", 15)
        self.blockprocessors.register(ParagraphProcessor(self), "paragraph", 10)

    def parseChunk(self, parent: Element, text: str) -> None:
        self.build(parent, text.split("\n"))

    def build(self, parent: Element, lines: Sequence[str]) -> bool:
        """Whether blank lines stand between what is in here."""
        self.look()
        if self.depth == DEEPEST:
            SubElement(parent, "p").text = "\n".join(lines)
            return False
        self.depth += 1
        found = blocks(lines)
        for block in found:
            self._build(parent, block, lines)
        self.depth -= 1
        gaps = any(after.start > before.end for before, after in pairwise(found))
        return gaps or any("" in lines[block.start : block.end] for block in found if block.kind == "words")

    def _build(self, parent: Element, block: Block, lines: Sequence[str]) -> None:
        if block.kind == "words":
            self.parseBlocks(parent, "\n".join(lines[block.start : block.end]).split("\n\n"))
        elif block.kind == "heading":
            heading = SubElement(parent, f"h{block.number}")
            heading.text = block.words
            if parent is not self.root:
                heading.set("class", "inner")
        elif block.kind == "list":
            self._list(parent, block)
        elif block.kind == "quote":
            self.build(SubElement(parent, "blockquote"), block.inner[0])
        elif block.kind == "rule":
            SubElement(parent, "hr")
        else:
            code = SubElement(SubElement(parent, "pre"), "code")
            if block.words:
                code.set("class", f"language-{block.words}")
            code.text = AtomicString(code_escape("".join(f"{line}\n" for line in block.inner[0])))

    def _list(self, parent: Element, block: Block) -> None:
        made = SubElement(parent, "ul" if block.number < 0 else "ol")
        if block.number not in (-1, 1):
            made.set("start", str(block.number))
        spaced = block.spaced
        for inner in block.inner:
            spaced = self.build(SubElement(made, "li"), inner) or spaced
        for item in made if not spaced else ():
            _tighten(item)


class _Meaning(BlockProcessor):
    """Lists, quotes and code inside the meaning of a term."""

    def test(self, parent: Element, block: str) -> bool:
        return parent.tag == "dd" and any(part.kind != "words" for part in blocks(block.split("\n")))

    def run(self, parent: Element, blocks: list[str]) -> None:
        self.parser.parseChunk(parent, blocks.pop(0))


def _tighten(item: Element) -> None:
    """The words of its paragraphs as words of the item itself."""
    kept: list[Element] = []
    for child in item:
        if child.tag != "p":
            kept.append(child)
        elif kept:
            kept[-1].tail = child.text
        else:
            item.text = child.text
    item[:] = kept
