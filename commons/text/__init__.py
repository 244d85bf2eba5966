"""Texts that people write: let in (gate, names), shown (rendering), compared and put together (comparing).

Knows no member and no kind of entry. Everything other rooms need is named here.
"""

from commons.text.blame import origins, paragraphs
from commons.text.comparing import Collision, Paragraph, merge_parts, merge_texts, resolved, visible, words_diff
from commons.text.dialect import Link
from commons.text.gate import clean_line, clean_text, csv_cell, json_depth_ok, problems, safe_url
from commons.text.names import mail_key, reserved, skeleton, slug
from commons.text.patches import grown, hunks, redone, undone
from commons.text.plain import Heading, excerpt, headings, plain, with_edit_links
from commons.text.proofs import Piece, rendered_diff
from commons.text.quoting import quoted
from commons.text.rendering import HUGE, PAGE, POST, as_written, keep_in, linked, markdown
from commons.text.sections import Section, section_text, sections, sources_needed, with_section
from commons.text.tags import tag_key

__all__ = [
    "HUGE",
    "PAGE",
    "POST",
    "Collision",
    "Heading",
    "Link",
    "Paragraph",
    "Piece",
    "Section",
    "as_written",
    "clean_line",
    "clean_text",
    "csv_cell",
    "excerpt",
    "grown",
    "headings",
    "hunks",
    "json_depth_ok",
    "keep_in",
    "linked",
    "mail_key",
    "markdown",
    "merge_parts",
    "merge_texts",
    "origins",
    "paragraphs",
    "plain",
    "problems",
    "quoted",
    "redone",
    "reserved",
    "rendered_diff",
    "resolved",
    "safe_url",
    "section_text",
    "sections",
    "skeleton",
    "slug",
    "sources_needed",
    "tag_key",
    "undone",
    "visible",
    "with_edit_links",
    "with_section",
    "words_diff",
]
