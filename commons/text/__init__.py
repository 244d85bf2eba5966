"""Texts that people write: let in (gate, names), shown (rendering), compared and put together (comparing).

Knows no member and no kind of entry. Everything other rooms need is named here.
"""

from commons.text.comparing import Collision, Paragraph, merge_texts, words_diff
from commons.text.dialect import Link
from commons.text.gate import clean_line, clean_text, csv_cell, json_depth_ok, problems, safe_url
from commons.text.names import mail_key, reserved, skeleton, slug
from commons.text.plain import Heading, excerpt, headings, plain
from commons.text.rendering import PAGE, POST, as_written, linked, markdown

__all__ = [
    "PAGE",
    "POST",
    "Collision",
    "Heading",
    "Link",
    "Paragraph",
    "as_written",
    "clean_line",
    "clean_text",
    "csv_cell",
    "excerpt",
    "headings",
    "json_depth_ok",
    "linked",
    "mail_key",
    "markdown",
    "merge_texts",
    "plain",
    "problems",
    "reserved",
    "safe_url",
    "skeleton",
    "slug",
    "words_diff",
]
