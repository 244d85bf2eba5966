"""The ground's knowledge of the web: faults and their pages, headers, languages, static files, lists in pages.

It knows no member and no kind of entry.
"""

from commons.web.addresses import Pager, back, page_number, pager, whole_number, with_values, without_value
from commons.web.faults import Collision, Conflict, Forbidden, Gone, Invalid, TooBusy, Waiting
from commons.web.languages import date_words, language_name, number, own_names, reader

__all__ = [
    "Collision",
    "Conflict",
    "Forbidden",
    "Gone",
    "Invalid",
    "Pager",
    "TooBusy",
    "Waiting",
    "back",
    "date_words",
    "language_name",
    "number",
    "own_names",
    "page_number",
    "pager",
    "reader",
    "whole_number",
    "with_values",
    "without_value",
]
