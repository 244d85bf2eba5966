"""The last word on every piece of HTML that came from a member: what is not on these lists is gone.

Nothing touches the HTML after it was here; `clean(clean(x)) == clean(x)`. Ids and links inside a text get its own
prefix: so two texts on one page never share an id and no text can take the id of something else on the page.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import nh3

HEADINGS = ("h2", "h3", "h4", "h5", "h6")
ATTRIBUTES = {
    "a": {"href", "title", "class", "dir"},
    "p": {"dir"},
    "figcaption": {"dir"},
    "span": {"class"},
    "img": {"src", "alt", "title"},
    "th": {"align"},
    "td": {"align"},
    "ol": {"start"},
    "code": {"class"},
    "div": {"class"},
    "li": {"class", "id"},
    "sup": {"id"},
    **{heading: {"id", "class"} for heading in HEADINGS},
}
BARE = frozenset(
    {
        "br",
        "hr",
        "strong",
        "em",
        "del",
        "pre",
        "blockquote",
        "figure",
        "ul",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tr",
    }
)
TAGS = BARE | ATTRIBUTES.keys()
KIND = re.compile(r"[a-z]{1,20}")
CLASSES = {
    "a": re.compile(rf"(?:to-{KIND.pattern} )?wanted|to-{KIND.pattern}|footnote-ref|footnote-backref"),
    "code": re.compile(r"language-[\w+#-]{1,30}"),
    "div": re.compile(rf"footnote|as-written|card to-{KIND.pattern}"),
    "li": re.compile(r"task"),
    "span": re.compile(r"source-needed"),
    **{heading: re.compile(r"inner") for heading in HEADINGS},
}
SCHEMES = frozenset({"http", "https", "mailto"})
REL = "nofollow noopener ugc"
OWN_FILE = re.compile(r"(?!.*\.\.)/files/[\w./%-]+(?:\?[\w=&.-]*)?\Z")
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\x00-\x20\x7f\\]+\Z|/(?![/\\])[^\x00-\x20\x7f\\]*\Z", re.I)
_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")
_PLAIN = {"align": re.compile(r"left|center|right"), "start": re.compile(r"\d{1,9}"), "dir": re.compile(r"auto")}


def clean(html: str, anchor: str = "t") -> str:
    def own(value: str) -> str:
        return value if value.startswith(f"{anchor}-") else f"{anchor}-{value}"

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            return own(value)
        if attribute == "href" and value.startswith("#"):
            return f"#{_UNFIT.sub(lambda sign: quote(sign[0]), own(value[1:]))}"
        if attribute == "href":
            return value if _ADDRESS.match(value) else None
        if attribute == "src":
            return value if OWN_FILE.match(value) else None
        if attribute == "class":
            return value if tag in CLASSES and CLASSES[tag].fullmatch(value) else None
        return value if attribute not in _PLAIN or _PLAIN[attribute].fullmatch(value) else None

    cleaner = nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=kept,
        url_schemes=SCHEMES,
        link_rel=REL,
        set_tag_attribute_values={"img": {"loading": "lazy"}},
    )
    return cleaner.clean(cleaner.clean(html))  # an attribute that goes leaves the others in another order: once more
