"""The last hand at the tree of a text: links between pages, cards, figures, pictures from elsewhere, ballot boxes."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from commons.text.sanitise import KIND, OWN_FILE

_TASK = re.compile(r"\[([ xX])\][ \t]+")
_RELATIVE = re.compile(r"(?![/#?\\]|[A-Za-z][A-Za-z0-9+.-]*:)([^#]+)(?:#(.*))?\Z", re.S)
ABOUT = "about"
"""An attribute of links between the steps of the converter: what a card would tell. It goes before the text is shown."""


class Link(NamedTuple):
    """Where a name leads. `wanted`: nothing is there yet. `kind`, `title` and `about` are the entry's own."""

    href: str
    wanted: bool = False
    kind: str = ""
    title: str = ""
    about: str = ""

    @property
    def is_entry(self) -> bool:
        """Named with its kind, `[[organisation:Solar Aid]]`; a page is called by its title alone."""
        return self.kind != "page" and KIND.fullmatch(self.kind) is not None

    def attributes(self) -> dict[str, str]:
        names = [f"to-{self.kind}"] if KIND.fullmatch(self.kind) else []
        names += ["wanted"] if self.wanted else []
        return {"href": self.href, "class": " ".join(names)} if names else {"href": self.href}


class Finish(Treeprocessor):
    def run(self, root: Element) -> None:
        for img in [img for img in root.iter("img") if not OWN_FILE.match(img.get("src", ""))]:
            source, title = img.get("src", ""), img.get("alt") or img.get("src", "")
            img.attrib.clear()
            img.tag, img.text = "a", AtomicString(title)
            img.set("href", source)
        for a in root.iter("a"):
            self._lead(a)
        for parent in [root, *root.iter("blockquote")]:
            for p in parent:
                if p.tag == "p" and len(p) == 1 and not (p.text or "").strip() and not (p[0].tail or "").strip():
                    _stand_alone(p, p[0])
        for a in root.iter("a"):
            a.attrib.pop(ABOUT, None)
        for item in root.iter("li"):
            _tick(item)

    def _lead(self, a: Element) -> None:
        """`../heat/intro.md#x` leads where the caller says that `./../heat/intro.md` is, at its heading x."""
        relative = _RELATIVE.match(a.get("href", ""))
        link: Link | None = self.md.known.get(f"./{relative[1]}") if relative else None  # type: ignore[attr-defined]
        if relative and link:
            a.attrib.update(link.attributes())
            if relative[2] and "#" not in link.href:
                a.set("href", f"{link.href}#t-{relative[2]}")


def _stand_alone(p: Element, only: Element) -> None:
    """A paragraph that is one link to an entry becomes a card, one that is a picture with a title a figure."""
    only.tail = None
    if only.tag == "a" and ABOUT in only.attrib:
        p.tag = "div"
        p.set("class", f"card {only.attrib.pop('class')}")
        only.set("dir", "auto")
        if only.attrib[ABOUT]:
            SubElement(p, "p", {"dir": "auto"}).text = AtomicString(only.attrib[ABOUT])
    elif only.tag == "img" and only.get("title"):
        p.tag = "figure"
        SubElement(p, "figcaption", {"dir": "auto"}).text = AtomicString(only.attrib.pop("title"))


def _tick(item: Element) -> None:
    words = item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
    task = _TASK.match(words.text or "")
    if task:
        box = "☐" if task[1] == " " else "☑"
        words.text = f"{box} {(words.text or '')[task.end() :]}"
        item.set("class", "task")
