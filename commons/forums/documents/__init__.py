"""How forums, topics and posts leave: rows of pages, search documents, public records."""

from commons.forums.documents.posts import post_rows
from commons.forums.documents.topics import topic_page, topic_rows

__all__ = ["post_rows", "topic_page", "topic_rows"]
