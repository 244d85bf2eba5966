"""The wiki's pages: reading, writing, lists, and copies to take away. One blueprint; each file adds its views to it."""

from wiki.views import lists, reading, takeout, writing
from wiki.views.door import blueprint

__all__ = ["blueprint", "lists", "reading", "takeout", "writing"]
