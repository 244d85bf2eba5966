"""The plain shapes in which people leave: search documents, public records, rows of lists, panels."""

from commons.people.documents.knowing import who_knows, who_knows_words
from commons.people.documents.panels import people_panel, steps_panel
from commons.people.documents.profiles import about_line, record, search_document, search_documents, teasers

__all__ = [
    "about_line",
    "people_panel",
    "record",
    "search_document",
    "search_documents",
    "steps_panel",
    "teasers",
    "who_knows",
    "who_knows_words",
]
