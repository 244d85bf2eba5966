"""The pages of forums, topics and posts."""

from commons.forums.views import acting, editing, grouped, organising, reading, similar, writing
from commons.forums.views.addresses import blueprint

__all__ = ["acting", "blueprint", "editing", "grouped", "organising", "reading", "similar", "writing"]
